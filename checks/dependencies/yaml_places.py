"""YAML from strangers with the places of its values: composed, not constructed, so that aliases cost nothing."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from checks.errors import Unreadable
from checks.model import Span

SIZE_LIMIT = 256 << 10  # characters: without libyaml, PyYAML reads about 100,000 in a second
DEPTH_LIMIT = 40

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml_nodes(text: str) -> yaml.Node | None:
    """The root node of a YAML document, `None` for an empty one. Unreadable, in one line, for what is none."""
    if len(text) > SIZE_LIMIT:
        raise Unreadable(f"it has {len(text):,} characters, and the limit is {SIZE_LIMIT:,}")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > DEPTH_LIMIT:
                raise Unreadable(f"it is nested more than {DEPTH_LIMIT} deep")
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f" in line {mark.line + 1}" if mark is not None else ""
        reason = " ".join(str(getattr(error, "problem", None) or "it can't be read").split())[:160]
        raise Unreadable(f"it is not valid YAML{place}: {reason}") from None
    except (RecursionError, ValueError) as error:
        raise Unreadable(f"it is not valid YAML: {' '.join(str(error).split())[:160]}") from None


def pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    """The keys of a mapping that are texts, with their values; nothing for another node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode):
                yield key.value, value


def at(node: yaml.Node | None, *keys: str) -> yaml.Node | None:
    """The value at some keys, `None` where there is none."""
    for key in keys:
        node = next((value for name, value in pairs(node) if name == key), None)
    return node


def items(node: yaml.Node | None) -> list[yaml.Node]:
    """The items of a sequence; of another node none."""
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def scalar(node: yaml.Node | None) -> str:
    """The text of a scalar as it is written, empty for another node."""
    return str(node.value) if isinstance(node, yaml.ScalarNode) else ""


def span_of(node: yaml.Node) -> Span:
    """The place of a node."""
    start, end = node.start_mark, node.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)

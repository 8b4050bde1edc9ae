"""YAML from strangers: plain data only, without aliases, doubled keys or deep nesting."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

import yaml

from checks.errors import UserError, quoted

DEPTH_LIMIT = 20
_ALIAS = "aliases are not read; a pattern that begins with `*` needs quotes"


def read_yaml(text: str, path: str) -> Any:
    """The data of one YAML document, None for an empty one. UserError, one line, naming the file and the line.

    The caller bounds the size. Aliases are refused: a few of them can stand for gigabytes.
    """
    try:
        _refuse_bombs(text, path)
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        place = _place(path, getattr(error, "problem_mark", None))
        reason = getattr(error, "problem", None) or "it can't be read"
        if "alias" in (getattr(error, "context", None) or ""):
            reason = _ALIAS
        raise UserError(f"{place}: not valid YAML: {' '.join(str(reason).split())[:200]}") from None
    except (ValueError, RecursionError) as error:  # an impossible date, a number with millions of digits
        raise UserError(f"{path}: not valid YAML: {' '.join(str(error).split())[:200]}") from None


def _refuse_bombs(text: str, path: str) -> None:
    depth = 0
    events: Iterator[yaml.Event] = yaml.parse(text, Loader=yaml.SafeLoader)
    for event in events:
        place = _place(path, event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            raise UserError(f"{place}: {_ALIAS}")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH_LIMIT:
            raise UserError(f"{place}: nested more than {DEPTH_LIMIT} deep")


def _place(path: str, mark: Any) -> str:
    return path if mark is None else f"{path}:{mark.line + 1}"


class _Loader(yaml.SafeLoader):
    """The safe loader, to which a doubled key is an error: PyYAML itself keeps the last one in silence."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if isinstance(key_node, yaml.ScalarNode):
                if key_node.value in seen:
                    raise yaml.constructor.ConstructorError(
                        None, None, f"the key {quoted(key_node.value)} stands twice", key_node.start_mark
                    )
                seen.add(key_node.value)
        return super().construct_mapping(node, deep)

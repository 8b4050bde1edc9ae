"""Which files render a template: a change of what a template reads of rows is judged where the rows are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable

from checks.engine.project import Project
from checks.frameworks.templates import Hole, Node, TemplateFile, is_template

MAX_TEMPLATES = 40
_ROUNDS = 4
_GENERIC = re.compile(r"^(\w+?)_(?:list|detail|form|confirm_delete|archive(?:_\w+)?)$")
_SHARED = "context_processors"


def changed_templates(base: Project, head: Project, paths: Iterable[str]) -> set[str]:
    """Those of some paths that are templates which read other values than before, or in other tags."""
    return {path for path in paths if is_template(path) and _reads(base, path) != _reads(head, path)}


def _reads(project: Project, path: str) -> list[str]:
    """The tags and values of a template in their order; where it can't be read, its lack."""
    document = project.document(path)
    return list(_texts(document.template.root)) if isinstance(document, TemplateFile) else ["?"]


def _texts(node: Node) -> Iterable[str]:
    for child in node.children:
        if isinstance(child, Hole):
            yield child.expression.text
        else:
            if child.tag is not None:
                yield f"{child.tag.name} {child.tag.arguments}"
            yield from _texts(child)


def renderers(project: Project, templates: Iterable[str]) -> set[str]:
    """The Python files that name one of some templates, or one that includes or extends it, or that may mean it.

    A generic view means `order_list.html` by its model.
    """
    reached = _with_those_above(project, set(templates))
    if not reached:
        return set()
    names = [re.escape(_name(path)) for path in sorted(reached)]
    models = {match[1] for path in reached if (match := _GENERIC.match(_stem(path)))}
    named = re.compile("|".join(names).encode())
    meant = re.compile(rf"\b(?:{'|'.join(sorted(models))})\b".encode(), re.IGNORECASE) if models else None
    found: set[str] = set()
    for path in project.tree.paths():
        if not path.endswith(".py"):
            continue
        text = project.search.text(path)
        if named.search(text) or (meant is not None and b"View" in text and meant.search(text)):
            found.add(path)
        elif _SHARED in path:
            found.add(path)  # what it gives may be printed there
    return found


def _with_those_above(project: Project, templates: set[str]) -> set[str]:
    """The templates, and those that name them: what includes or extends them prints them."""
    reached, fresh = set(templates), set(templates)
    for _ in range(_ROUNDS):
        if not fresh or len(reached) > MAX_TEMPLATES:
            break
        named = re.compile("|".join(re.escape(_name(path)) for path in sorted(fresh)).encode())
        fresh = {
            path
            for path in project.tree.paths()
            if is_template(path) and path not in reached and named.search(project.search.text(path))
        }
        reached |= fresh
    return reached


def mentioning_templates(project: Project, pattern: re.Pattern[bytes]) -> set[str]:
    """The templates that hold one of some words, but for words that many templates hold."""
    found: dict[bytes, set[str]] = {}
    for path in project.tree.paths():
        if is_template(path):
            for word in set(pattern.findall(project.search.text(path))):
                found.setdefault(word, set()).add(path)
    return {path for paths in found.values() if len(paths) <= MAX_TEMPLATES for path in paths}


def _name(path: str) -> str:
    """What code calls a template by: its path below the last folder of templates."""
    _, found, below = path.rpartition("templates/")
    return below if found else path.rpartition("/")[2]


def _stem(path: str) -> str:
    return path.rpartition("/")[2].partition(".")[0]

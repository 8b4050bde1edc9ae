"""The hook's entry in a `.pre-commit-config.yaml`: put into the text as it stands, its comments kept."""

from __future__ import annotations

from typing import Any

import yaml

from checks.errors import UserError
from checks.plain_yaml import read_yaml

PRE_COMMIT_FILE = ".pre-commit-config.yaml"
HOOK = "rubricate"


def with_entry(text: str, entry: str) -> str | None:
    """The configuration with the entry at the end of its repositories, None when it has the hook already.

    `entry` is a block of lines that begins with a dash in the first column. UserError where the file is not as
    pre-commit takes it, or is written in a way that can't be added to.
    """
    before = read_yaml(text, PRE_COMMIT_FILE)
    if before is not None and (not isinstance(before, dict) or not isinstance(before.get("repos", []), list)):
        raise UserError(f"{PRE_COMMIT_FILE} is not as pre-commit takes it: `repos` must be a list")
    repos = (before or {}).get("repos", [])
    if any(_has_hook(repo) for repo in repos):
        return None
    line_end = "\r\n" if "\r\n" in text else "\n"
    after = _insert(text, entry.rstrip("\n").split("\n"), line_end)
    wanted = {**(before or {}), "repos": [*repos, *yaml.safe_load(entry)]}
    try:
        if read_yaml(after, PRE_COMMIT_FILE) == wanted:
            return after
    except UserError:
        pass
    raise UserError(
        f"{PRE_COMMIT_FILE} is written in a way that can't be added to; add this to its `repos`:\n{entry}"
    )


def _has_hook(repo: Any) -> bool:
    hooks = repo.get("hooks") if isinstance(repo, dict) else None
    return isinstance(hooks, list) and any(
        isinstance(hook, dict) and hook.get("id") == HOOK for hook in hooks
    )


def _insert(text: str, entry: list[str], line_end: str) -> str:
    repos = _repos(text)
    if repos is None:
        head = text if not text or text.endswith("\n") else text + line_end
        return head + "".join(f"{line}{line_end}" for line in ("repos:", *(f"  {line}" for line in entry)))
    if repos.flow_style:  # only an empty list can be written anew without losing anything
        block = "".join(f"{line_end}  {line}" for line in entry)
        return text[: repos.start_mark.index].rstrip(" ") + block + text[repos.end_mark.index :]
    position = _end(repos)
    if position and text[position - 1] != "\n":
        newline = text.find("\n", position)
        position = len(text) if newline < 0 else newline + 1
    head = text[:position] if text[:position].endswith("\n") else text[:position] + line_end
    indent = " " * repos.start_mark.column
    return head + "".join(f"{indent}{line}{line_end}" for line in entry) + text[position:]


def _repos(text: str) -> yaml.SequenceNode | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if isinstance(root, yaml.MappingNode):
        for key, value in root.value:
            if key.value == "repos" and isinstance(value, yaml.SequenceNode):
                return value
    return None


def _end(node: yaml.Node) -> int:
    """Where a node's text ends. A block's own mark stands behind the comments that follow it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)

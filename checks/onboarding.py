"""What a first pull request would add to a project: the commented configuration, and a baseline of what stands."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checks.baseline import BASELINE_FILE, dump
from checks.commands.init import configuration, frameworks
from checks.commands.project import configured
from checks.config import CONFIG_FILE, Files, is_configured, load_pull_requests
from checks.engine.run import Options, scan
from checks.engine.tree import DictTree, Tree, Unreadable

# A file of this size can be shown, committed and read back; a project with more findings reviews its changes without.
LARGEST_BASELINE = 8 << 20
MOST_LOOKED_AT = 20_000
WEB = ("django", "flask")
_IMPORT = re.compile(rb"^[ \t]*(?:from|import)[ \t]+(?:django|flask)\b", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Onboarding:
    """The files to add, and the findings of the baseline by section; without files `reason` is why, in a sentence.

    `too_many` is how many findings there are where a baseline would be too large.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    sections: Mapping[str, int] = field(default_factory=dict)
    too_many: int = 0
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON values."""
        files = {path: base64.b64encode(content).decode() for path, content in self.files.items()}
        sections = dict(self.sections)
        return {"files": files, "sections": sections, "too_many": self.too_many, "reason": self.reason}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Onboarding:
        """What `to_dict` wrote, read back. Raises ValueError or KeyError when it is something else."""
        files = {path: base64.b64decode(text, validate=True) for path, text in data["files"].items()}
        if not files.keys() <= {CONFIG_FILE, BASELINE_FILE}:
            raise ValueError("other files than ours")
        sections = {str(name): int(count) for name, count in data["sections"].items()}
        return cls(files, sections, int(data["too_many"]), str(data["reason"]))


def onboarding(
    tree: Tree, defaults: Files, *, jobs: int = 1, progress: Callable[[int, int], None] | None = None
) -> Onboarding:
    """What to add to a project. `defaults` is its owner's configuration for all, which may want no such offers.

    UserError for an owner's configuration that can't be used.
    """
    if not load_pull_requests(DictTree({}), defaults).onboarding:
        return Onboarding(reason="Its owner wants no such pull requests.")
    if is_configured(tree) or any(path.endswith(f"/{CONFIG_FILE}") for path in tree.paths()):
        return Onboarding(reason="It has a configuration.")
    found = frameworks(tree)
    if not {*WEB} & {*found} and not _imports(tree):
        return Onboarding(reason="It uses neither Django nor Flask.")
    text = configuration(found if {*WEB} & {*found} else ())
    files, sections, too_many = {CONFIG_FILE: text.encode()}, Counter[str](), 0
    if BASELINE_FILE not in tree:
        config = configured(DictTree(files))
        findings = scan(tree, config, options=Options(jobs, progress=progress)).findings
        accepted = dump(findings).encode()
        if len(accepted) > LARGEST_BASELINE:
            too_many = len(findings)
        elif findings:
            files[BASELINE_FILE] = accepted
            sections.update(finding.checklist.partition(".")[0] for finding in findings)
    return Onboarding(files, dict(sections), too_many)


def _imports(tree: Tree) -> bool:
    """Whether a file imports one of the frameworks: a project in a folder may have its manifest there, or none."""
    python = [path for path in tree.paths() if path.endswith(".py")]
    for path in python[:MOST_LOOKED_AT]:
        try:
            if _IMPORT.search(tree.read(path)):
                return True
        except Unreadable:
            continue
    return False

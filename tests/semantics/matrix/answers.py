"""What programs do when they are run, and what the interpreter says of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from checks.engine.project import Project
from checks.engine.tree import DictTree
from checks.frameworks.world import world_of
from checks.semantics.flows import flows
from tests.semantics.matrix.programs import Program

RUNNER = Path(__file__).with_name("runner.py")


@dataclass(frozen=True, slots=True)
class Truth:
    """What runs of a program showed: an input that did harm, whether the sink was reached at all."""

    harm: str | None
    reached: bool


def truths(programs: Sequence[Program]) -> dict[str, Truth]:
    """Run all programs in a child process; by package."""
    job = {
        "programs": [
            {"package": one.package, "kind": one.kind, "inputs": one.inputs, "files": one.files}
            for one in programs
        ]
    }
    done = subprocess.run(
        [sys.executable, "-I", str(RUNNER)],
        input=json.dumps(job),
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    return {
        package: Truth(answer["harm"], answer["reached"])
        for package, answer in json.loads(done.stdout).items()
    }


def reported(programs: Sequence[Program]) -> set[str]:
    """The packages in which the interpreter sees a request reach the program's kind of sink."""
    project = Project(DictTree({path: text.encode() for one in programs for path, text in one.files.items()}))
    world = world_of(project)
    found = set()
    for one in programs:
        for path in one.files:
            file = project.file(path)
            assert file is not None
            for flow in flows(world.facts(file).reaches):
                if flow.kind == one.kind and flow.label == "request":
                    found.add(one.package)
    return found

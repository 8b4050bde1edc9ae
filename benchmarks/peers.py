"""The tools that ours is measured beside, each in a virtual environment of its own, and how they are called.

All are told to read every Python file of a folder: what they leave out of themselves (tests, vendored folders, files
of a size) would make them look faster than they are.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RULES = Path(__file__).parent / "semgrep"
PINNED = {"ruff": "0.17.6", "bandit": "1.9.4", "semgrep": "1.182.0"}
FLOOR = """
import ast, gc, os, pathlib, warnings
gc.disable(); warnings.simplefilter("ignore"); kept = []
for path in pathlib.Path().rglob("*.py"):
    try: kept.append(ast.parse(path.read_bytes()))
    except (SyntaxError, ValueError): pass
os._exit(0)
"""
"""What any tool must do that is written in Python: parse every file and keep the trees. No clean-up, no collector."""


@dataclass(frozen=True, slots=True)
class Call:
    """How a tool is called in the folder that it reads, and the exit codes that mean that it worked."""

    name: str
    argv: tuple[str, ...]
    codes: tuple[int, ...] = (0,)
    version: str = ""


def floor() -> Call:
    """Parsing every file with `ast`, and nothing else."""
    return Call("ast.parse of every file", (sys.executable, "-I", "-c", FLOOR))


def calls(names: Sequence[str], folder: Path, jobs: int) -> list[Call]:
    """The calls of tools, which are installed below `folder` when they are not there."""
    return [_call(name, _program(name, folder), jobs) for name in names]


def _call(name: str, program: Path, jobs: int) -> Call:
    if name == "ruff":
        rules = ["check", "--isolated", "--select", "S,DJ,B", "--no-cache", "--exit-zero"]
        everything = ["--exclude", ".nothing", "--no-respect-gitignore"]
        argv = [*rules, *everything, "--output-format", "json", "--output-file", "/dev/null", "."]
    elif name == "bandit":
        argv = ["-r", ".", "-q", "-f", "json", "-o", "/dev/null", "--exit-zero"]
    else:
        offline = ["scan", "--config", str(RULES), "--metrics", "off", "--disable-version-check"]
        everything = ["--no-git-ignore", "--max-target-bytes", "0", "--project-root", "."]
        argv = [*offline, *everything, "--jobs", str(jobs), "--quiet", "--json", "--output", "/dev/null", "."]
    return Call(f"{name} {PINNED[name]}", (str(program), *argv), version=PINNED[name])


def _program(name: str, folder: Path) -> Path:
    """The program of a tool at its pinned version."""
    environment = folder / "tools" / f"{name}-{PINNED[name]}"
    program = environment / "bin" / name
    if not program.exists():
        shutil.rmtree(environment, ignore_errors=True)
        uv = str(_uv())
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(environment)], check=True)
        python = str(environment / "bin" / "python")
        subprocess.run(
            [uv, "pip", "install", "--quiet", "--python", python, f"{name}=={PINNED[name]}"], check=True
        )
    return program


def _uv() -> Path:
    beside = Path(sys.executable).with_name("uv")
    found = beside if beside.exists() else shutil.which("uv")
    if found is None:
        raise SystemExit("uv is missing: `make` installs it into .venv")
    return Path(found)

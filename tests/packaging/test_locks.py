"""The lock files agree with pyproject.toml and with each other. `make lock` writes them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.source import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
LOCKS = {"dev.txt": "bot", "action.txt": "action", "app.txt": "bot"}


def pins(name: str) -> dict[str, Requirement]:
    text = re.sub(r"\\\n", " ", (ROOT / "requirements" / name).read_text())
    lines = [
        line.partition("--hash")[0]
        for line in text.splitlines()
        if line and not line.lstrip().startswith("#")
    ]
    return {canonicalize_name(pin.name): pin for pin in map(Requirement, lines)}


def wanted(extra: str) -> list[Requirement]:
    """What an extra asks for, with the extras that it names and the base."""
    listed = list(PROJECT["dependencies"])
    todo = [extra]
    while todo:
        for text in PROJECT["optional-dependencies"][todo.pop()]:
            requirement = Requirement(text)
            if requirement.name == "rubricate":
                todo += requirement.extras
            else:
                listed.append(text)
    return [Requirement(text) for text in listed]


@pytest.mark.parametrize(("name", "extra"), LOCKS.items())
def test_every_dependency_is_pinned_as_the_project_asks(name: str, extra: str) -> None:
    held = pins(name)
    for requirement in wanted(extra):
        pin = held.get(canonicalize_name(requirement.name))
        assert pin is not None, f"{requirement} is not in {name}: run `make lock`"
        (version,) = pin.specifier
        assert version.operator == "==" and requirement.specifier.contains(version.version), (
            f"{pin}: run `make lock`"
        )


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_no_index_is_named(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text()
    for block in re.split(r"(?m)^(?=[a-z0-9])", text)[1:]:
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", block), block.splitlines()[0]
    assert "://" not in text and "--index" not in text and "--find-links" not in text


@pytest.mark.parametrize("name", ["action.txt", "app.txt"])
def test_what_is_installed_is_what_was_tested(name: str) -> None:
    tested = pins("dev.txt")
    assert {pin: str(found.specifier) for pin, found in pins(name).items()} == {
        pin: str(tested[pin].specifier) for pin in pins(name)
    }


def test_the_action_installs_no_more_than_the_app() -> None:
    assert set(pins("action.txt")) < set(pins("app.txt"))


def test_development_tools_are_in_no_other_lock() -> None:
    for name in ("action.txt", "app.txt"):
        assert not {"pytest", "mypy", "ruff", "hypothesis"} & set(pins(name))


def test_the_locks_are_where_the_action_looks_for_them() -> None:
    text = (ROOT / "action/environment.py").read_text()
    assert '"requirements" / "action.txt"' in text and Path(ROOT, "requirements/action.txt").exists()

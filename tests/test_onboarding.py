"""What a first pull request would add to a project."""

from __future__ import annotations

import json

import pytest

from checks import onboarding as onboarding_module
from checks.baseline import BASELINE_FILE
from checks.config import CONFIG_FILE
from checks.engine.tree import DictTree
from checks.errors import UserError
from checks.onboarding import Onboarding, onboarding

NOTHING = DictTree({})
DEBUG = "INSTALLED_APPS = []\nROOT_URLCONF = 'a.urls'\nDEBUG = True\n"
PROJECT = {"requirements.txt": "Django==5.2\n", "a/settings.py": DEBUG}


def of(files: dict[str, str], defaults: str = "") -> Onboarding:
    return onboarding(DictTree(files), DictTree({CONFIG_FILE: defaults} if defaults else {}))


def test_the_baseline_holds_what_is_counted() -> None:
    found = of(PROJECT)
    accepted = json.loads(found.files[BASELINE_FILE])["findings"]
    assert "security/debug-enabled" in {each["rule"] for each in accepted}
    assert sum(found.sections.values()) == len(accepted)


def test_a_baseline_that_is_there_stays_as_it_is() -> None:
    kept = '{"version": 1, "findings": []}\n'
    assert set(of({**PROJECT, BASELINE_FILE: kept}).files) == {CONFIG_FILE}


def test_a_baseline_that_would_be_too_large_is_left_out_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onboarding_module, "LARGEST_BASELINE", 100)
    found = of(PROJECT)
    assert (set(found.files), found.sections, found.too_many > 0) == ({CONFIG_FILE}, {}, True)


@pytest.mark.parametrize(
    "files",
    [
        {"a.py": "print('from django import forms')\n"},
        {"a.py": "import djangofoo\n"},
        {"requirements.txt": "fastapi\nsqlalchemy\n", "a.py": "import fastapi\n"},
        {"docs/a.txt": "import flask\n"},
    ],
)
def test_a_project_of_another_kind_is_none_of_ours(files: dict[str, str]) -> None:
    assert of(files).reason == "It uses neither Django nor Flask."


@pytest.mark.parametrize(
    "line", ["import flask", "    from django.db import models", "from flask import Flask"]
)
def test_a_project_in_a_folder_is_known_by_what_it_imports(line: str) -> None:
    found = of({"apps/a/b.py": f"if True:\n{line if line[0] == ' ' else '    ' + line}\n"})
    assert b"\n#frameworks:" in found.files[CONFIG_FILE]


def test_an_owner_who_wants_none_is_heard_and_a_mistake_of_theirs_is_theirs() -> None:
    assert of(PROJECT, "pull-request: {onboarding: false}\n").files == {}
    with pytest.raises(UserError, match=r"the owner's repository \.github"):
        of(PROJECT, "pull-request: {onboarding: maybe}\n")


def test_it_comes_back_from_json_as_it_was_and_with_our_files_alone() -> None:
    found = of(PROJECT)
    assert Onboarding.from_dict(json.loads(json.dumps(found.to_dict()))) == found
    with pytest.raises(ValueError, match="other files"):
        Onboarding.from_dict({**found.to_dict(), "files": {"setup.py": ""}})

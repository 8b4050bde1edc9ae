"""Dependency files by their names."""

from __future__ import annotations

import time

import pytest

from checks.dependencies.kinds import dependency_kind


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("requirements.txt", "requirements"),
        ("requirements.in", "requirements"),
        ("requirements-dev.txt", "requirements"),
        ("dev-requirements.txt", "requirements"),
        ("requirements_test.in", "requirements"),
        ("requirements.prod.txt", "requirements"),
        ("requirement.txt", "requirements"),
        ("deploy/requirements/base.txt", "requirements"),
        ("requirements/common/db.in", "requirements"),
        ("requirements/install.pip", "requirements"),
        ("reqs/web.txt", "requirements"),
        ("requirements.lock", "requirements"),
        ("constraints.txt", "requirements"),
        ("pyproject.toml", "pyproject"),
        ("packages/api/pyproject.toml", "pyproject"),
        ("setup.cfg", "setup-cfg"),
        ("Pipfile", "pipfile"),
        ("environment.yml", "conda"),
        ("conda-environment.yaml", "conda"),
        ("environment-dev.yml", "conda"),
        ("uv.lock", "lock"),
        ("poetry.lock", "lock"),
        ("pdm.lock", "lock"),
        ("Pipfile.lock", "lock"),
        ("pylock.toml", "lock"),
        ("pylock.web.toml", "lock"),
        (".python-version", "python-version"),
        ("runtime.txt", "python-version"),
        (".github/workflows/ci.yml", "workflow"),
        ("sub/.github/workflows/tests.yaml", "workflow"),
    ],
)
def test_dependency_files_by_their_names(path: str, kind: str) -> None:
    assert dependency_kind(path) == kind


@pytest.mark.parametrize(
    "path",
    [
        "requirements.md",
        "docs/requirements.rst",
        "myrequirements.txt",
        "requirements.txt.bak",
        "package-lock.json",
        "yarn.lock",
        "Cargo.lock",
        "flake.lock",
        "shop/environment.py",
        "environments.yml",
        "pyproject.toml.j2",
        "pylock.a.b.toml",
        ".github/dependabot.yml",
        ".github/workflows/scripts/x.yml",
        "robots.txt",
        "templates/email/runtime.txt.txt",
        "shop.egg-info/requires.txt",
        "shop-1.0.dist-info/requirements.txt",
        "venv/lib/python3.13/site-packages/x/requirements.txt",
        "node_modules/x/requirements.txt",
        "shop/templates/requirements/shop.txt",
        "{{cookiecutter.name}}/pyproject.toml",
        "setup.py",
        "pipfile.txt",
        "",
    ],
)
def test_other_files_are_none(path: str) -> None:
    assert dependency_kind(path) is None


def test_hostile_paths_end() -> None:
    started = time.process_time()
    for path in (
        "requirements-" * 70 + ".txt",
        "a/" * 450 + "x.txt",
        "requirements/" * 60 + ".in",
        "-_." * 300 + ".txt",
    ):
        dependency_kind(path)
    assert time.process_time() - started < 1

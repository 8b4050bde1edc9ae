"""A missing part of the machine is a skip for a user, and a failure on the build server."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from tests import needs


def test_on_a_users_machine_the_test_is_skipped_and_says_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"uv is missing: .*pip install uv"):
        needs.missing("uv", "`pip install uv`")


def test_on_the_build_server_it_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="uv is missing"):
        needs.missing("uv", "`pip install uv`")


def test_uv_is_found_beside_this_python_or_on_the_path(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception):
        needs.require_uv()
    (tmp_path / "bin").mkdir()
    shutil.copy("/bin/true", tmp_path / "bin/uv")
    assert needs.require_uv() == str(tmp_path / "bin/uv")
    (tmp_path / "uv").touch()
    assert needs.require_uv() == str(tmp_path / "uv")

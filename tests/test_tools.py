from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from checks.errors import UserError
from checks.tools import NOWHERE, Git, ToolError, find, run

PYTHON = sys.executable


def python(code: str) -> list[str]:
    return [PYTHON, "-I", "-c", code]


def test_output_input_and_exit_code_come_back() -> None:
    completed = run(
        python("import sys; data = sys.stdin.read(); print(data.upper()); sys.exit(3)"), stdin=b"abc"
    )
    assert (completed.returncode, completed.stdout) == (3, b"ABC\n")


def test_input_larger_than_a_pipe_and_output_at_the_same_time() -> None:
    data = b"x" * 3_000_000
    completed = run(
        python("import sys, shutil; shutil.copyfileobj(sys.stdin.buffer, sys.stdout.buffer)"), stdin=data
    )
    assert completed.stdout == data


def test_a_tool_that_does_not_listen_is_no_error() -> None:
    assert run(python("print(1)"), stdin=b"x" * 1_000_000).stdout == b"1\n"


def test_no_secret_home_or_working_folder_is_handed_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "ghs_secret")
    monkeypatch.setenv("GIT_DIR", "/elsewhere")
    monkeypatch.chdir(tmp_path)
    shown = run(
        python("import os; print(sorted(os.environ), os.environ['HOME'], os.getcwd())")
    ).stdout.decode()
    assert "TOKEN" not in shown and "GIT_DIR" not in shown
    assert shown.split()[-2:] == [NOWHERE, "/"]


def test_what_the_caller_adds_to_the_environment_is_there() -> None:
    assert (
        run(python("import os; print(os.environ['ADDED'])"), environment={"ADDED": "yes"}).stdout == b"yes\n"
    )


def test_a_slow_tool_is_ended_with_its_children(tmp_path: Path) -> None:
    # The grandchild would write the file a second later, long after its parent was ended.
    grandchild = f"import time; time.sleep(1.5); open({str(tmp_path / 'late')!r}, 'w')"
    code = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {grandchild!r}]); time.sleep(60)"
    with pytest.raises(ToolError, match="took too long"):
        run(python(code), timeout=1)
    time.sleep(2)
    assert not (tmp_path / "late").exists()


def test_a_tool_that_closed_its_pipes_and_lives_on_is_ended() -> None:
    with pytest.raises(ToolError, match="took too long"):
        run(python("import os, time; os.close(1); os.close(2); time.sleep(60)"), timeout=0.5)


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_a_chatty_tool_is_ended(stream: str) -> None:
    with pytest.raises(ToolError, match="wrote more than 1000 bytes"):
        run(python(f"import sys\nwhile True: sys.{stream}.write('x' * 99)"), max_output=1000)


def test_a_missing_tool_is_named() -> None:
    with pytest.raises(UserError, match="no-such-tool is not installed"):
        run(["no-such-tool"])


def test_programs_are_not_looked_for_in_the_working_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    evil = tmp_path / "git"
    evil.write_text("#!/bin/sh\necho evil\n")
    evil.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", f".{os.pathsep}{os.environ['PATH']}")
    assert Path(find("git")) != evil
    monkeypatch.setenv("PATH", "." + os.pathsep)
    with pytest.raises(UserError):
        find("git")


def test_tools_installed_beside_this_python_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert Path(find(Path(PYTHON).name)) == Path(PYTHON)


def test_git_fails_with_its_own_words(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match="git rev-parse: fatal: not a git repository"):
        Git(tmp_path).run("rev-parse", "HEAD")


def test_git_sees_no_configuration_of_user_or_system(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".gitconfig").write_text(
        "[alias]\n\tcanary = !echo sung\n[core]\n\tquotePath = false\n"
    )
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    assert b"canary" not in Git(tmp_path).run("config", "--list")


HOSTILE_CONFIG = """\
[core]
\tfsmonitor = {canary}
\tsshCommand = {canary}
\tpager = {canary}
\teditor = {canary}
\tgitProxy = {canary}
\thooksPath = {hooks}
\tattributesFile = {attributes}
\talternateRefsCommand = {canary}
[diff]
\texternal = {canary}
[diff "evil"]
\tcommand = {canary}
\ttextconv = {canary}
[filter "evil"]
\tclean = {canary}
\tsmudge = {canary}
\tprocess = {canary}
\trequired = true
[credential]
\thelper = !{canary}
[protocol "ext"]
\tallow = always
[remote "origin"]
\turl = ext::{canary}
\tpromisor = true
\tpartialclonefilter = blob:none
\tuploadpack = {canary}
[extensions]
\tpartialClone = origin
[include]
\tpath = {included}
[gpg]
\tprogram = {canary}
[log]
\tshowSignature = true
"""


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[Path, Path]:
    """A repository whose every key that runs something runs a program that leaves a file; and that file."""
    sung = tmp_path / "sung"
    canary = tmp_path / "canary"
    canary.write_text(f"#!/bin/sh\necho $0 $* >> {sung}\n")
    canary.chmod(0o755)
    repository = tmp_path / "repository"
    subprocess.run(["git", "init", "-q", "-b", "main", str(repository)], check=True)
    (repository / "a.py").write_text("x = 1\n")
    (repository / ".gitattributes").write_text("* filter=evil diff=evil\n")
    commit = ["git", "-C", str(repository), "-c", "user.name=a", "-c", "user.email=a@example.com"]
    subprocess.run([*commit, "add", "."], check=True)
    subprocess.run([*commit, "commit", "-q", "-m", "one"], check=True)
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    for folder in (hooks, repository / ".git" / "hooks"):
        for name in (
            "post-index-change",
            "reference-transaction",
            "post-checkout",
            "pre-commit",
            "fsmonitor-watchman",
        ):
            (folder / name).write_text(canary.read_text())
            (folder / name).chmod(0o755)
    (tmp_path / "attributes").write_text("* filter=evil diff=evil\n")
    (tmp_path / "included").write_text(f"[core]\n\tfsmonitor = {canary}\n[alias]\n\tls-files = !{canary}\n")
    (repository / ".git" / "config").write_text(
        HOSTILE_CONFIG.format(
            canary=canary, hooks=hooks, attributes=tmp_path / "attributes", included=tmp_path / "included"
        )
    )
    return repository, sung


def test_a_hostile_repository_runs_nothing(hostile: tuple[Path, Path]) -> None:
    repository, sung = hostile
    git = Git(repository)
    (repository / "a.py").write_text("x = 2\n")
    head = git.run("rev-parse", "--verify", "HEAD^{commit}").decode().strip()
    git.run("ls-files", "-z", "--cached")
    git.run("ls-files", "-z", "--others", "--exclude-standard")
    git.run("ls-files", "-s", "-z")
    git.run("ls-tree", "-r", "-z", "-l", head)
    git.run("merge-base", head, head)
    git.run("cat-file", "--batch", stdin=f"{head}\n".encode())
    assert git.run("cat-file", "--batch", stdin=b"1" * 40 + b"\n") == b"1" * 40 + b" missing\n"
    assert not sung.exists()


def test_the_canary_sings_when_git_is_not_held_back(hostile: tuple[Path, Path]) -> None:
    repository, sung = hostile
    subprocess.run(["git", "-C", str(repository), "status"], capture_output=True, check=False)
    assert sung.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder to another user")
def test_a_repository_of_another_user_is_read(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    for path in (tmp_path, tmp_path / ".git"):
        os.chown(path, 12345, 12345)
    assert Git(tmp_path).run("rev-parse", "--is-inside-work-tree") == b"true\n"

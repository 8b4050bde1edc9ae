"""A repository that tries to run something of its own in whoever reviews it; each try leaves a file in `canaries`."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from tests.repository import Repository

LOUD = "import requests\n\n\ndef rate():\n    return requests.get('https://rates.example.com')\n"
QUIET = LOUD.replace("com')", "com', timeout=10)")
RULE = "performance/http-timeout-missing"

_PACKAGES = ("action", "bot", "checks", "gidgethub", "encodings")
_MODULES = (
    "yaml",
    "click",
    "libcst",
    "json",
    "tomllib",
    "sitecustomize",
    "usercustomize",
    "conftest",
    "setup",
    "noxfile",
)
_PROGRAMS = ("git", "uv", "python", "python3", "ruff", "pip-audit", "ps", "bash", "sh")
_HOOKS = (
    "pre-commit post-checkout post-index-change reference-transaction fsmonitor-watchman post-merge pre-push "
    "pre-auto-gc post-update update pre-receive proc-receive sendemail-validate post-rewrite"
)


class HostileRepository(Repository):
    """A checkout whose files, and later its configuration and hooks, try to be run."""

    def __init__(self, root: Path, canaries: Path) -> None:
        super().__init__(root)
        self.canaries = canaries
        canaries.mkdir()
        self.base = self.commit({**files(canaries), "rates.py": QUIET}, "base")
        for name in _PROGRAMS:
            (root / name).chmod(0o755)
        self.head = self.commit({"rates.py": LOUD}, "head")

    def sung(self) -> list[str]:
        """What was run."""
        return sorted(path.name for path in self.canaries.iterdir())

    def arm(self) -> None:
        """Configuration and hooks, which only the reviewed machine's own git should ever see."""
        arm(self.root, self.canaries)


def files(canaries: Path) -> dict[str, str | bytes | None]:
    """The files that such a project holds in its root."""
    found: dict[str, str | bytes | None] = {}
    for name in _PACKAGES:
        found[f"{name}/__init__.py"] = found[f"{name}/__main__.py"] = _python(canaries, name)
    for name in _MODULES:
        found[f"{name}.py"] = _python(canaries, f"{name}.py")
    for name in _PROGRAMS:
        found[name] = f"#!/bin/sh\n{_shell(canaries, f'program-{name}')}\n"
    return found | {
        "checks/job.py": _python(canaries, "checks.job"),
        "action/environment.py": _python(canaries, "action.environment"),
        "hostile.pth": f"import os; os.mkdir({str(canaries / 'pth')!r})\n",
        "pyvenv.cfg": "home = .\ninclude-system-site-packages = true\n",
        "pip.conf": "[global]\nindex-url = http://127.0.0.1:9/pip\n",
        "uv.toml": 'index-url = "http://127.0.0.1:9/uv"\n',
        ".python-version": "9.9.9\n",
        "ruff.toml": 'extend = "/nonexistent/ruff.toml"\n',
        "setup.cfg": "[tool:pytest]\naddopts = --broken\n",
        ".gitattributes": "* filter=evil diff=evil merge=evil\n",
        ".gitmodules": f'[submodule "x"]\n\tpath = x\n\turl = ext::sh -c "{_shell(canaries, "submodule")}"\n',
        ".mailmap": "x\n",
        ".env": "PATH=.\nPYTHONPATH=.\n",
    }


def arm(root: Path, canaries: Path) -> None:
    """Hooks and configuration in a checkout's `.git`."""
    for name in _HOOKS.split():
        hook = root / ".git/hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\n{_shell(canaries, f'hook-{name}')}\n")
        hook.chmod(0o755)
    (root / ".git/included").write_text(_configuration(canaries, "included"))
    with (root / ".git/config").open("a") as file:
        file.write(_configuration(canaries, "config"))
        file.write(f"[include]\n\tpath = {root}/.git/included\n")
    (root / ".git/info").mkdir(exist_ok=True)
    (root / ".git/info/attributes").write_text("* filter=evil diff=evil\n")


def _configuration(canaries: Path, source: str) -> str:
    """Every setting by which git runs a command that is named in its configuration."""
    lines = []
    for section, names in {
        "core": ("fsmonitor", "sshCommand", "pager", "editor", "askPass", "alternateRefsCommand", "gitProxy"),
        'filter "evil"': ("clean", "smudge", "process"),
        'diff "evil"': ("command", "textconv"),
        'merge "evil"': ("driver",),
        "diff": ("external",),
        "credential": ("helper",),
        "gpg": ("program",),
        "uploadpack": ("packObjectsHook",),
        "trace2": ("normalTarget",),
    }.items():
        lines.append(f"[{section}]")
        for name in names:
            # a helper that is no path is a shell command after `!`; elsewhere it is one as it stands
            mark = "!" if section == "credential" else ""
            word = f"{source}-{section.partition(' ')[0]}-{name}"
            value = str(canaries / word) if section == "trace2" else f"{mark}{_shell(canaries, word)}"
            lines.append(f'\t{name} = "{value}"')
    for command in ("ls-files", "cat-file", "rev-parse", "diff-tree", "fast-import", "config", "fetch"):
        lines.append(f'[alias]\n\t{command} = "!{_shell(canaries, f"{source}-alias-{command}")}"')
    lines.append(f"[core]\n\thooksPath = {canaries.parent}/armed-hooks")
    lines.append('[protocol "ext"]\n\tallow = always\n[protocol]\n\tallow = always')
    remote = f"ext::sh -c {_shell(canaries, f'{source}-remote').replace(' ', '% ')}"
    lines.append(
        f'[remote "origin"]\n\turl = "{remote}"\n\tpromisor = true\n\tpartialclonefilter = blob:none'
    )
    return "\n".join(lines) + "\n"


def _python(canaries: Path, name: str) -> str:
    return f"import os\nos.makedirs({str(canaries / f'python-{name}')!r}, exist_ok=True)\n"


def _shell(canaries: Path, name: str) -> str:
    return f"touch {canaries}/{name}"


def environment(root: Path) -> dict[str, str]:
    """A careless user's environment: the current folder first on PATH, as a name and as nothing."""
    return {
        **os.environ,
        "PATH": f".::{root}:{os.environ['PATH']}".replace(f":{root}:", ":"),
        "PWD": str(root),
    }


def proves_it_is_armed(repository: HostileRepository) -> bool:
    """Whether a git that obeys the repository runs into its traps: else this test would prove nothing."""
    subprocess.run(
        ["git", "-C", str(repository.root), "status"],
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    found = bool(repository.sung())
    for path in repository.canaries.iterdir():
        path.unlink() if path.is_file() else path.rmdir()
    return found

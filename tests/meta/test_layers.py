"""The house keeps its floors: imports go down only, and the core reaches outside through its two doors only."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# The floors of `checks`, from the top. A module may import what stands below it, and its neighbours on its own floor.
FLOORS = (
    ("__main__", "amend", "cli", "commands", "docs", "job", "onboarding", "scaffold"),
    ("engine",),
    ("registry",),
    ("rules",),
    ("rule",),
    ("fixes",),
    ("frameworks",),
    ("semantics", "dependencies"),
    (
        "advice",
        "baseline",
        "config",
        "diff",
        "exemptions",
        "folders",
        "placement",
        "places",
        "report",
        "suppress",
        "tools",
    ),
    (
        "checklist",
        "comments",
        "fingerprint",
        "globs",
        "own_tables",
        "path_rules",
        "plain_toml",
        "plain_yaml",
        "pull_request",
    ),
    ("__version__", "errors", "model"),
)
HEIGHT = {name: len(FLOORS) - number for number, floor in enumerate(FLOORS) for name in floor}
# On a floor of several, those that stand alone: a report knows nothing of configuration, nor the other way round.
ALONE = frozenset({"advice", "model", "report", "tools"})

PROCESSES = frozenset({"checks/tools.py", "checks/dependencies/services.py"})
NETWORK = frozenset({"checks/dependencies/services.py"})
FORKS = "checks/engine/processes.py"  # shares the files of one tree out among processes of its own
LOADERS = frozenset(
    {
        "checks/cli.py",
        "checks/frameworks/libraries/__init__.py",
        "checks/registry.py",
        "checks/report/__init__.py",
    }
)
# Who opens files, and which.
FILES = {
    "checks/advice/__init__.py": "its own texts",
    "checks/cli.py": "the null device, in the place of a closed stdout",
    "checks/commands/baseline.py": "the baseline that the user asks for",
    "checks/commands/common.py": "the output file that the user names",
    "checks/commands/init.py": "its own templates, and what the user asks it to write",
    "checks/commands/occasion.py": "/proc, for how the hook was started",
    "checks/docs.py": "the documentation of this repository",
    "checks/engine/cache.py": "its own cache",
    "checks/engine/listing.py": "the reviewed project's folders",
    "checks/engine/objects.py": "a repository of its own",
    "checks/engine/tree.py": "the reviewed project",
    "checks/report/html/__init__.py": "its own style sheet",
    "checks/scaffold.py": "the new rule in this repository",
}
_STARTING = frozenset({"_winapi", "pty", "subprocess"})
_CALLING = frozenset(
    {
        "aiohttp",
        "asyncio",
        "ftplib",
        "http",
        "httpx",
        "imaplib",
        "poplib",
        "requests",
        "smtplib",
        "socket",
        "ssl",
        "telnetlib",
    }
    | {"urllib.request", "urllib3", "xmlrpc"}
)
_RUNNING = frozenset({"compile", "eval", "exec", "__import__"})
_LOADING = frozenset({"dill", "marshal", "pickle", "runpy", "shelve"})
_OS_STARTING = ("exec", "fork", "popen", "posix_spawn", "spawn", "startfile", "system")
_OPENING = frozenset(
    {
        "iterdir",
        "open",
        "open_code",
        "read_bytes",
        "read_text",
        "rglob",
        "scandir",
        "write_bytes",
        "write_text",
        "listdir",
    }
)


@cache
def tree_of(path: str) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def modules(*packages: str) -> list[str]:
    return sorted(
        path.relative_to(ROOT).as_posix() for package in packages for path in (ROOT / package).rglob("*.py")
    )


def imports(path: str) -> Iterator[tuple[int, str]]:
    """What a module imports, wherever in it: the line, and the dotted name of the module or of a name in it."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: imports are absolute"
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def calls(path: str) -> Iterator[tuple[int, str]]:
    """What a module calls: the line, and the source of the function."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            yield node.lineno, ast.unparse(node.func)


def starts_with(name: str, prefixes: frozenset[str]) -> bool:
    return any(name == prefix or name.startswith(f"{prefix}.") for prefix in prefixes)


@pytest.mark.parametrize("path", modules("checks"))
def test_imports_go_down_only(path: str) -> None:
    own = path.removeprefix("checks/").removesuffix(".py").split("/")[0]
    if own == "__init__":
        assert not [name for _, name in imports(path) if name.startswith("checks.")]
        return
    assert own in HEIGHT, f"give {own} its floor"
    wrong = []
    for line, name in imports(path):
        package, _, rest = name.partition(".")
        rest = rest or "__version__"
        assert package not in {"action", "bot", "tests"}, f"{path}:{line} imports {package}"
        other = rest.split(".")[0]
        if package != "checks" or other == own:
            continue
        assert other in HEIGHT, f"give {other} its floor"
        below = HEIGHT[other] < HEIGHT[own]
        beside = HEIGHT[other] == HEIGHT[own] and own not in ALONE and other not in ALONE
        if not below and not beside:
            wrong.append(f"{path}:{line} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("path", modules("bot", "action"))
def test_the_doors_use_the_core_and_not_each_other(path: str) -> None:
    foreign = [
        (line, name) for line, name in imports(path) if name.split(".")[0] in {"action", "bot", "tests"}
    ]
    if path.startswith("bot/"):
        # The demo shows the App before the tests' stand-in for GitHub.
        shown = frozenset({"bot", "tests.github"} if path.startswith("bot/demo") else {"bot"})
        assert [f"{path}:{line} {name}" for line, name in foreign if not starts_with(name, shown)] == []
        return
    # The child that reviews and its limits are the App's and the Action's; its server, jobs and pages are not.
    shared = frozenset({"action", "bot.child", "bot.config", "bot.github"})
    assert [f"{path}:{line} {name}" for line, name in foreign if not starts_with(name, shared)] == []


@pytest.mark.parametrize("path", modules("bot/github"))
def test_what_speaks_with_github_needs_nothing_of_the_server(path: str) -> None:
    needed = frozenset({"bot.config", "bot.github", "bot.process"})
    assert [
        name for _, name in imports(path) if name.startswith("bot.") and not starts_with(name, needed)
    ] == []


@pytest.mark.parametrize("path", modules("checks"))
def test_the_core_starts_processes_and_opens_connections_through_its_doors_only(path: str) -> None:
    names = [name for _, name in imports(path)]
    if path not in PROCESSES:
        assert [name for name in names if starts_with(name, _STARTING)] == []
        started = [
            f"{path}:{line} {name}"
            for line, name in calls(path)
            if name.startswith("os.") and name.removeprefix("os.").startswith(_OS_STARTING)
        ]
        assert started == []
    if path not in NETWORK:
        assert [name for name in names if starts_with(name, _CALLING)] == []
    if path != FORKS:
        assert [
            name for name in names if starts_with(name, frozenset({"concurrent", "multiprocessing"}))
        ] == []


@pytest.mark.parametrize("path", modules("checks"))
def test_the_core_runs_and_loads_no_code_that_it_reads(path: str) -> None:
    assert [name for _, name in imports(path) if starts_with(name, _LOADING)] == []
    assert [f"{path}:{line} {name}" for line, name in calls(path) if name in _RUNNING] == []
    if path not in LOADERS:
        assert [
            name for _, name in imports(path) if starts_with(name, frozenset({"importlib.import_module"}))
        ] == []
        assert [name for _, name in calls(path) if name.endswith("import_module")] == []


@pytest.mark.parametrize("path", modules("checks"))
def test_files_are_opened_where_it_is_said_and_nowhere_else(path: str) -> None:
    opened = [f"{path}:{line} {name}" for line, name in calls(path) if name.rpartition(".")[2] in _OPENING]
    if path in FILES:
        assert opened, "take it off the list"
    else:
        assert opened == []


def test_the_doors_that_are_named_exist() -> None:
    awaited = {"checks/dependencies/services.py"}
    known = {*PROCESSES, *NETWORK, FORKS, *LOADERS, *FILES} - awaited
    assert sorted(path for path in known if not (ROOT / path).exists()) == []


@pytest.mark.parametrize("path", modules("checks", "bot", "action"))
def test_modules_and_functions_keep_their_size(path: str) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) <= 400
    long = [
        f"{path}:{node.lineno} {node.name}"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > 50
    ]
    assert long == []

"""Lock files of every tool, read into what they pin."""

from __future__ import annotations

import json

import pytest

from checks.dependencies.lockfiles import lock_of, read_lock
from checks.dependencies.model import Asked, Lock
from checks.dependencies.requirements_txt import read_requirements
from checks.errors import Unreadable
from checks.model import Span

UV = """\
version = 1
requires-python = ">=3.12"

[[package]]
name = "django"
version = "5.2.4"
source = { registry = "https://pypi.example.com/simple" }
dependencies = [
    { name = "asgiref" },
    { name = "tzdata", marker = "sys_platform == 'win32'" },
]
sdist = { url = "https://files.example.com/django-5.2.4.tar.gz", hash = "sha256:aa", size = 1 }
wheels = [
    { url = "https://files.example.com/django-5.2.4-py3-none-any.whl", hash = "sha256:bb", size = 1 },
]

[[package]]
name = "shared"
version = "0.1.0"
source = { git = "https://git.example.com/shared?rev=main#0123" }

[[package]]
name = "shop"
version = "1.0"
source = { virtual = "." }
dependencies = [
    { name = "celery", extra = ["redis"] },
    { name = "django" },
]

[package.optional-dependencies]
docs = [{ name = "sphinx" }]

[package.dev-dependencies]
dev = [{ name = "pytest" }]

[package.metadata]
requires-dist = [{ name = "django", specifier = ">=5.2" }]

[[package]]
name = "web"
source = { editable = "packages/web" }

[package.metadata]
"""


def pins(lock: Lock) -> list[tuple[str, str, str]]:
    return [(one.name, str(one.version or ""), one.source) for one in lock.packages]


def test_uv_locks_hold_versions_sources_and_what_the_projects_ask_for() -> None:
    lock = read_lock("uv.lock", UV)
    assert pins(lock) == [
        ("django", "5.2.4", ""),
        ("shared", "0.1.0", "https://git.example.com/shared?rev=main#0123"),
        ("shop", "1.0", "."),
        ("web", "", "packages/web"),
    ]
    assert lock.packages[0].hashes == ("sha256:aa", "sha256:bb")
    assert lock.packages[0].dependencies == ("asgiref", "tzdata")
    assert lock.packages[0].span == Span(6, 1, 6, 18)
    assert lock.packages[3].span == Span(40, 1, 40, 12)
    assert lock.folders == {"", "packages/web"}
    assert [(one.folder, one.name, sorted(one.extras), one.group) for one in lock.asked] == [
        ("", "celery", ["redis"], ""),
        ("", "django", [], ""),
        ("", "sphinx", [], "extra:docs"),
        ("", "pytest", [], "dev"),
    ]
    assert isinstance(lock.asked[0], Asked)
    assert lock.python is not None
    assert (lock.python.text, lock.python.span) == (">=3.12", Span(2, 1, 2, 27))


def test_poetry_locks_old_and_new() -> None:
    lock = read_lock(
        "poetry.lock",
        '[[package]]\nname = "Django"\nversion = "5.2"\nfiles = [{file = "a", hash = "sha256:aa"}]\n'
        '[package.dependencies]\nasgiref = ">=3"\ntzdata = {version = "*", markers = "x"}\n'
        '[[package]]\nname = "shared"\nversion = "1"\n[package.source]\ntype = "git"\nurl = "https://git.example.com/a"\n'
        '[[package]]\nname = "inner"\nversion = "2"\n[package.source]\ntype = "legacy"\nurl = "https://index.example.com"\n'
        '[metadata]\npython-versions = "^3.12"\n[metadata.files]\nshared = [{file = "s", hash = "sha256:bb"}]\n',
    )
    assert pins(lock) == [
        ("django", "5.2", ""),
        ("shared", "1", "https://git.example.com/a"),
        ("inner", "2", ""),
    ]
    assert [one.hashes for one in lock.packages] == [("sha256:aa",), ("sha256:bb",), ()]
    assert lock.packages[0].dependencies == ("asgiref", "tzdata")
    assert lock.python is not None
    assert str(lock.python.specifier) == "<4,>=3.12"


def test_pdm_locks() -> None:
    lock = read_lock(
        "pdm.lock",
        '[metadata]\ngroups = ["default"]\n[[package]]\nname = "celery"\nversion = "5.4"\nextras = ["redis"]\n'
        'dependencies = ["celery==5.4", "redis>=4.5; extra == \'x\'", "?"]\n'
        'files = [{file = "a", hash = "sha256:aa"}]\n'
        '[[package]]\nname = "own"\nversion = "1"\npath = "./own"\n',
    )
    assert pins(lock) == [("celery", "5.4", ""), ("own", "1", "./own")]
    assert lock.packages[0].dependencies == ("celery", "redis")
    assert lock.packages[0].extras == {"redis"}


def test_pylock_files() -> None:
    text = (
        'lock-version = "1.0"\nrequires-python = ">=3.12"\n[[packages]]\nname = "django"\nversion = "5.2"\n'
        'dependencies = [{name = "asgiref"}]\n[packages.sdist]\nname = "a"\nhashes = {sha256 = "aa"}\n'
        '[[packages.wheels]]\nname = "b"\nhashes = {sha256 = "bb"}\n'
        '[[packages]]\nname = "own"\n[packages.vcs]\ntype = "git"\nurl = "https://git.example.com/own"\n'
    )
    lock = read_lock("pylock.toml", text)
    assert pins(lock) == [("django", "5.2", ""), ("own", "", "https://git.example.com/own")]
    assert lock.packages[0].hashes == ("sha256:aa", "sha256:bb")
    assert lock.packages[0].span.line == 5
    assert lock.universal
    assert not read_lock("pylock.web.toml", "environments = [\"os_name == 'posix'\"]\n" + text).universal


def test_pipenv_locks() -> None:
    lock = read_lock(
        "Pipfile.lock",
        json.dumps(
            {
                "_meta": {"hash": {"sha256": "aa"}, "requires": {"python_version": "3.12"}},
                "default": {
                    "Django": {"hashes": ["sha256:aa"], "index": "pypi", "version": "==5.2"},
                    "own": {"git": "https://git.example.com/own", "ref": "01"},
                    "strange": [],
                },
                "develop": {"pytest": {"version": "==8.4", "extras": ["dev"]}},
            },
            indent=4,
        ),
    )
    assert pins(lock) == [
        ("django", "5.2", ""),
        ("own", "", "https://git.example.com/own"),
        ("pytest", "8.4", ""),
    ]
    assert [one.span.line for one in lock.packages] == [11, 18, 25]
    assert lock.packages[2].extras == {"dev"}


def test_a_requirements_file_is_a_lock_by_its_pinned_lines() -> None:
    manifest, _ = read_requirements(
        "requirements.txt", "a==1 --hash=sha256:aa\nb>=2\nc @ https://example.com/c.zip\n./d\ne==1.*\n"
    )
    lock = lock_of(manifest)
    assert pins(lock) == [("a", "1", ""), ("c", "", "https://example.com/c.zip")]
    assert lock.packages[0].hashes == ("sha256:aa",)
    assert not lock.universal


@pytest.mark.parametrize(
    ("path", "text", "message"),
    [
        ("uv.lock", "version = \n", "it is not valid TOML"),
        ("poetry.lock", "<<<<<<< HEAD\n", "it is not valid TOML"),
        ("uv.lock", "a." * 50_000 + "b = 1\n", "it has a key of more than 40 parts"),
        ("uv.lock", "a = " + "[" * 100_000, "it is nested too deep"),
        ("Pipfile.lock", "{", "it is not valid JSON"),
        ("Pipfile.lock", "[" * 100_000, "it is not valid JSON"),
        ("Pipfile.lock", "[]", "it is no lock file of Pipenv"),
        ("Pipfile.lock", '{"a": ' + "1" * 5_000 + "}", "it is not valid JSON"),
    ],
    ids=["toml", "conflict", "long key", "deep toml", "json", "deep json", "list", "number"],
)
def test_what_is_no_lock_file_is_said(path: str, text: str, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        read_lock(path, text)


@pytest.mark.parametrize("path", ["uv.lock", "poetry.lock", "pdm.lock", "pylock.toml"])
@pytest.mark.parametrize(
    "text",
    [
        "",
        "package = 1\n",
        "package = [1, {}]\n",
        'packages = [{name = "a", version = 1, wheels = 1, source = 2, dependencies = {a = 1}, files = [1]}]\n',
        "[[package]]\nname = 1\n",
        '[[package]]\nname = "a"\nversion = "not a version"\n[package.source]\nvirtual = 1\n',
    ],
)
def test_data_of_any_shape_is_read(path: str, text: str) -> None:
    lock = read_lock(path, text)
    assert all(one.version is None for one in lock.packages)


def test_entries_that_cannot_be_told_apart_stand_at_the_top() -> None:
    lock = read_lock("uv.lock", 'package = [{name = "a", version = "1"}, {name = "b", version = "2"}]\n')
    assert [one.span.line for one in lock.packages] == [1, 1]

"""`pyproject.toml` and `Pipfile`, of every tool."""

from __future__ import annotations

import time

import pytest

from checks.dependencies.model import Manifest, Requirement
from checks.dependencies.pyproject import read_pipfile, read_pyproject
from checks.errors import Unreadable
from checks.model import Span


def read(text: str) -> Manifest:
    manifest, problems = read_pyproject("pyproject.toml", text)
    assert problems == ()
    return manifest


def pipfile(text: str) -> Manifest:
    manifest, problems = read_pipfile("Pipfile", text)
    assert problems == ()
    return manifest


def said(requirement: Requirement) -> tuple[str, str, str]:
    return requirement.name, str(requirement.specifier), requirement.group


def test_project_tables_and_dependency_groups() -> None:
    manifest = read(
        '[project]\nname = "My_Shop"\nrequires-python = ">=3.12"\n'
        'dependencies = [\n  "Django>=5.2",  # why\n  "celery[redis]; os_name == \'posix\'",\n]\n'
        '[project.optional-dependencies]\ndocs = ["sphinx~=8.0"]\n'
        '[dependency-groups]\ndev = ["pytest", {include-group = "lint"}]\nlint = ["ruff==0.12"]\n'
    )
    assert [said(one) for one in manifest.requirements] == [
        ("django", ">=5.2", ""),
        ("celery", "", ""),
        ("sphinx", "~=8.0", "extra:docs"),
        ("pytest", "", "dev"),
        ("ruff", "==0.12", "lint"),
    ]
    assert manifest.requirements[0].span == Span(5, 3, 5, 16)
    assert manifest.requirements[1].extras == {"redis"}
    assert str(manifest.requirements[1].marker) == 'os_name == "posix"'
    assert manifest.name == "my-shop"
    assert manifest.groups == {"dev", "lint"}
    assert manifest.python is not None
    assert (manifest.python.text, manifest.python.span) == (">=3.12", Span(3, 19, 3, 27))


def test_poetrys_tables() -> None:
    manifest = read(
        '[tool.poetry]\nname = "shop"\n[tool.poetry.dependencies]\npython = "^3.12"\ndjango = "^5.2"\n'
        'celery = {version = "~5.4", extras = ["redis"], markers = "os_name == \'nt\'"}\n'
        'web = {git = "https://git.example.com/web.git", branch = "main"}\nown = {path = "../own", develop = true}\n'
        'extra = {version = "*", optional = true}\n'
        'numpy = [{version = "<2", python = "<3.12"}, {version = ">=2", python = ">=3.12"}]\n'
        'exact = "1.2.3"\neither = "^1 || ^3"\n'
        '[tool.poetry.dev-dependencies]\npytest = "*"\n[tool.poetry.group.docs.dependencies]\nsphinx = ">=7,<9"\n'
    )
    assert [said(one) for one in manifest.requirements] == [
        ("django", "<6,>=5.2", ""),
        ("celery", "<5.5,>=5.4", ""),
        ("web", "", ""),
        ("own", "", ""),
        ("extra", "", "optional"),
        ("numpy", "<2", ""),
        ("numpy", ">=2", ""),
        ("exact", "==1.2.3", ""),
        ("either", "", ""),
        ("pytest", "", "dev"),
        ("sphinx", "<9,>=7", "docs"),
    ]
    by_name = {one.name: one for one in manifest.requirements}
    assert by_name["celery"].extras == {"redis"}
    assert str(by_name["celery"].marker) == 'os_name == "nt"'
    assert by_name["web"].url == "git+https://git.example.com/web.git@main"
    assert (by_name["own"].url, by_name["own"].editable) == ("../own", True)
    assert str(by_name["numpy"].marker) == 'python_full_version >= "3.12"'
    assert [str(one) for one in by_name["either"].alternatives] == ["<2,>=1", "<4,>=3"]
    assert by_name["sphinx"].span.line == 16
    assert [by_name[name].written for name in ("django", "own", "either")] == [
        "django ^5.2",
        "own",
        "either ^1 || ^3",
    ]
    assert manifest.python is not None
    assert str(manifest.python.specifier) == "<4,>=3.12"


def test_poetrys_entries_for_what_the_project_asks_for_say_nothing_new() -> None:
    manifest = read(
        '[project]\nname = "shop"\ndependencies = ["Django>=5.2"]\n'
        '[tool.poetry.dependencies]\ndjango = {source = "own"}\nflask = "^3"\n'
    )
    assert [one.name for one in manifest.requirements] == ["django", "flask"]


def test_uvs_and_pdms_tables() -> None:
    manifest = read(
        '[project]\nname = "shop"\ndependencies = ["shared", "member", "plain", "private"]\n'
        '[tool.uv]\ndev-dependencies = ["ruff"]\noverride-dependencies = ["Werkzeug==3", "bad one"]\n'
        '[tool.uv.sources]\nshared = {git = "https://git.example.com/a", rev = "01"}\nmember = {workspace = true}\n'
        'private = {index = "own"}\nplain = [{url = "https://example.com/p.whl", marker = "os_name == \'nt\'"}]\n'
        '[tool.pdm.dev-dependencies]\ntest = ["pytest>=8"]\n[tool.pdm.resolution.overrides]\nJinja2 = "3.1"\n'
    )
    urls = {one.name: one.url for one in manifest.requirements}
    assert urls == {
        "shared": "git+https://git.example.com/a@01",
        "member": "workspace",
        "plain": "https://example.com/p.whl",
        "private": "",
        "pytest": "",
        "ruff": "",
    }
    assert manifest.overridden == {"werkzeug", "jinja2"}
    assert [said(one)[2] for one in manifest.requirements][-2:] == ["test", "dev"]


@pytest.mark.parametrize(
    ("text", "package"),
    [
        ('[project]\nname = "a"\n', False),
        ('[project]\nname = "a"\n[build-system]\nrequires = []\n', True),
        ('[project]\nname = "a"\n[build-system]\nrequires = []\n[tool.uv]\npackage = false\n', False),
        ('[tool.poetry]\nname = "a"\n[build-system]\nrequires = []\n', True),
        ("[tool.poetry]\npackage-mode = false\n[build-system]\nrequires = []\n", False),
        ("[tool.ruff]\nline-length = 100\n", None),
        ("[build-system]\nrequires = []\n", None),
    ],
)
def test_whether_it_is_a_package(text: str, package: bool | None) -> None:
    assert read(text).package is package


def test_dynamic_requirements_are_marked() -> None:
    assert read('[project]\nname = "a"\ndynamic = ["dependencies"]\n').dynamic
    assert read('[project]\nname = "a"\ndynamic = ["optional-dependencies"]\n').dynamic
    assert not read('[project]\nname = "a"\ndynamic = ["version"]\n').dynamic


def test_what_is_no_requirement_is_a_problem_on_its_line() -> None:
    manifest, problems = read_pyproject(
        "pyproject.toml",
        '[project]\nname = "a"\nrequires-python = "three"\ndependencies = [\n  "a b",\n  "flask",\n]\n'
        '[tool.poetry.dependencies]\nredis = "latest"\n',
    )
    assert [one.name for one in manifest.requirements] == ["flask"]
    assert sorted((one.line, one.message) for one in problems) == [
        (3, "`three` is no version constraint"),
        (5, "`a b` is no requirement as PEP 508 writes it"),
        (9, "`redis`: `latest` is no version constraint"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "project = 1\ntool = 2\n",
        '[project]\nname = 1\ndependencies = "flask"\noptional-dependencies = []\nrequires-python = 3\n',
        "[project]\ndependencies = [1, [], {}]\noptional-dependencies = {a = 1}\ndynamic = 1\n",
        "[dependency-groups]\na = 1\nb = [{}, 2]\n[tool]\npoetry = 1\npdm = []\nuv = 3\n",
        "[tool.poetry.dependencies]\na = 1\nb = []\nc = {version = 2, extras = 3, markers = 4}\nd = [[1]]\n",
        "[tool.uv.sources]\na = 1\nb = [1]\nc = {git = 1}\n[tool.poetry.group]\nx = 1\n",
    ],
)
def test_data_of_any_shape_is_read(text: str) -> None:
    read_pyproject("pyproject.toml", text)
    read_pipfile("Pipfile", text)


@pytest.mark.parametrize(
    "text", ["[project\n", "a = 1\na = 2\n", "a" + ".a" * 10_000 + " = 1\n", "a = " + "[" * 10_000]
)
def test_what_is_no_toml_is_said(text: str) -> None:
    with pytest.raises(Unreadable, match="it "):
        read_pyproject("pyproject.toml", text)


def test_hostile_documents_end() -> None:
    started = time.process_time()
    many = "[project]\ndependencies = [" + "\"a>=1; os_name == 'nt'\"," * 10_000 + "]\n"
    assert len(read(many).requirements) == 10_000
    read_pyproject("pyproject.toml", "[project]\ndependencies = [" + '"not one",' * 50_000 + "]\n")
    read_pyproject("pyproject.toml", '[tool.poetry.dependencies]\na = "' + "^1," * 1_500 + '"\n')
    read_pyproject("pyproject.toml", 'a = "' + '\\"' * 500_000 + '"\n')
    assert time.process_time() - started < 20


def test_pipfiles() -> None:
    manifest = pipfile(
        '[[source]]\nurl = "https://index.example.com"\nname = "own"\n[packages]\nDjango = "~=5.2.0"\n'
        'celery = {version = "*", extras = ["redis"]}\npywin32 = {version = "*", sys_platform = "== \'win32\'"}\n'
        'own = {path = ".", editable = true}\nweb = {git = "https://git.example.com/web", ref = "main"}\n'
        '[dev-packages]\npytest = "==8.4"\n[docs]\nsphinx = "*"\n'
        '[requires]\npython_version = "3.12"\n[scripts]\nrun = "x"\n'
    )
    assert [said(one) for one in manifest.requirements] == [
        ("django", "~=5.2.0", ""),
        ("celery", "", ""),
        ("pywin32", "", ""),
        ("own", "", ""),
        ("web", "", ""),
        ("pytest", "==8.4", "dev"),
        ("sphinx", "", "docs"),
    ]
    by_name = {one.name: one for one in manifest.requirements}
    assert str(by_name["pywin32"].marker) == 'sys_platform == "win32"'
    assert by_name["web"].url == "git+https://git.example.com/web@main"
    assert by_name["own"].editable
    assert manifest.python is not None
    assert str(manifest.python.specifier) == "==3.12.*"


def test_a_pipfiles_full_version_of_python_is_exact() -> None:
    python = pipfile('[requires]\npython_version = "3.12"\npython_full_version = "3.12.4"\n').python
    assert python is not None
    assert (str(python.specifier), python.span.line) == ("==3.12.4", 3)

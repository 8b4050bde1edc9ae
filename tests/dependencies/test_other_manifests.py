"""`setup.cfg`, `setup.py` and conda's `environment.yml`."""

from __future__ import annotations

import ast

import pytest

from checks.dependencies.conda import read_environment
from checks.dependencies.model import Manifest
from checks.dependencies.setuptools import manifest_of_setup, read_setup_cfg
from checks.errors import Unreadable
from checks.model import Span
from checks.semantics.source import Call
from tests.files import file_of


def cfg(text: str) -> Manifest:
    manifest, problems = read_setup_cfg("setup.cfg", text)
    assert problems == ()
    return manifest


def setup(text: str) -> Manifest:
    file = file_of(text, "setup.py")
    node = next(node for node in file.nodes if isinstance(node, ast.Call))
    return manifest_of_setup(Call(node, "setuptools.setup", file), file)


def said(manifest: Manifest) -> list[tuple[str, str, str]]:
    return [(one.name, str(one.specifier), one.group) for one in manifest.requirements]


def test_setup_cfg_asks_in_options() -> None:
    manifest = cfg(
        "[metadata]\nname = shop\n[options]\npython_requires = >=3.12\ninstall_requires =\n    Django>=5.2\n"
        "    # why\n    celery[redis]; os_name == 'nt'\ntests-require = pytest\n[options.extras_require]\n"
        "docs = sphinx>=8\n    furo\nall = file: all.txt\n[flake8]\nignore =\n    not a requirement\n"
    )
    assert said(manifest) == [
        ("django", ">=5.2", ""),
        ("celery", "", ""),
        ("pytest", "", "dev"),
        ("sphinx", ">=8", "extra:docs"),
        ("furo", "", "extra:docs"),
    ]
    assert [one.span for one in manifest.requirements][:2] == [Span(6, 5, 6, 16), Span(8, 5, 8, 35)]
    assert manifest.python is not None
    assert (str(manifest.python.specifier), manifest.python.span) == (">=3.12", Span(4, 19, 4, 25))
    assert manifest.package is True


def test_a_setup_cfg_for_tools_only_is_no_package() -> None:
    assert cfg("[flake8]\nmax-line-length = 100\n").package is None


def test_setup_cfg_names_what_it_cannot_read() -> None:
    _, problems = read_setup_cfg("setup.cfg", "[options]\ninstall_requires =\n  a b\npython_requires = old\n")
    assert [one.line for one in problems] == [3, 4]
    with pytest.raises(Unreadable, match="it is no configuration file"):
        read_setup_cfg("setup.cfg", "options\n")
    with pytest.raises(Unreadable, match="the limit"):
        read_setup_cfg("setup.cfg", "#" * 2_000_000)


def test_percent_signs_and_doubled_keys_are_no_error() -> None:
    assert cfg("[options]\na = %(x)s\na = 2\n[options]\n[DEFAULT]\nb = 1\n").requirements == ()


def test_setup_py_says_what_it_says_in_constants() -> None:
    manifest = setup(
        "from setuptools import setup\nREQUIRED = ['Django>=5.2', 'celery']\n"
        "setup(\n    name='shop',\n    python_requires='>=3.12',\n    install_requires=REQUIRED,\n"
        "    tests_require=['pytest'],\n    extras_require={'docs': ['sphinx'], **more, 'x': read()},\n)\n"
    )
    assert said(manifest) == [
        ("django", ">=5.2", ""),
        ("celery", "", ""),
        ("pytest", "", "dev"),
        ("sphinx", "", "extra:docs"),
    ]
    assert manifest.requirements[0].span.line == 2
    assert manifest.python is not None
    assert manifest.python.span.line == 5


@pytest.mark.parametrize(
    "arguments",
    [
        "install_requires=open('requirements.txt').read().split()",
        "install_requires=REQUIRED",
        "install_requires=[f'django>={version}', 'not a requirement', 3, name]",
        "python_requires=version",
        "python_requires='no version'",
        "**options",
        "extras_require=extras",
    ],
)
def test_setup_py_is_not_run_nor_guessed_at(arguments: str) -> None:
    manifest = setup(f"from setuptools import setup\nsetup({arguments})\n")
    assert (manifest.requirements, manifest.python) == ((), None)


def test_conda_tells_the_python_and_what_pip_installs() -> None:
    manifest, problems = read_environment(
        "environment.yml",
        "name: shop\ndependencies:\n  - python=3.12\n  - numpy=2\n  - pip\n  - pip:\n      - django>=5.2\n"
        "      - -r requirements.txt\n      - a b\n",
    )
    assert said(manifest) == [("django", ">=5.2", "")]
    assert manifest.requirements[0].span == Span(7, 9, 7, 20)
    assert [one.line for one in problems] == [9]
    assert manifest.python is not None
    assert str(manifest.python.specifier) == "==3.12.*"


@pytest.mark.parametrize(
    ("written", "specifier"),
    [
        ("python=3.8", "==3.8.*"),
        ("python=3.8.1", "==3.8.1.*"),
        ("python = 3.9", "==3.9.*"),
        ("python=3.8=h_123", "==3.8.*"),
        ("python>=3.8,<3.10", "<3.10,>=3.8"),
        ("python==3.8.2", "==3.8.2"),
        ("python 3.8", None),
        ("python-dateutil=2", None),
        ("python>=3.8|3.9", None),
    ],
)
def test_condas_versions_of_python(written: str, specifier: str | None) -> None:
    manifest, _ = read_environment("environment.yml", f"dependencies:\n  - {written}\n")
    assert (None if manifest.python is None else str(manifest.python.specifier)) == specifier


@pytest.mark.parametrize(
    "text", ["", "- a\n", "dependencies: 3\n", "dependencies: {pip: [a]}\n", "a: &a [*a]\n"]
)
def test_environments_of_any_shape(text: str) -> None:
    assert read_environment("environment.yml", text)[0].requirements == ()


@pytest.mark.parametrize("text", ["a: [", "\t- a", "a: b: c", "[" * 1_000, "x" * 300_000])
def test_what_is_no_yaml_is_said(text: str) -> None:
    with pytest.raises(Unreadable, match="it "):
        read_environment("environment.yml", text)

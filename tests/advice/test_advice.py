"""The advice for the checklist's items: a page for each, with code that is right."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from checks.advice import advice
from checks.checklist import ITEMS

FOLDER = Path(__file__).parents[2] / "checks" / "advice"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
INSTALLED = ("django", "rest_framework", "flask", "sqlalchemy", "werkzeug", "marshmallow", "markupsafe")
OPTIONAL = "django.contrib.postgres"  # needs psycopg, which no test does

CHECK_IMPORTS = """
import importlib, json, sys
import django
from django.conf import settings
settings.configure(INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes"])
django.setup()
for module, name in json.load(sys.stdin):
    if not hasattr(importlib.import_module(module), name):
        importlib.import_module(f"{module}.{name}")
"""


def blocks(language: str) -> list[str]:
    """The code of a language in all pages."""
    return [code for item in ITEMS for found, code in BLOCK.findall(advice(item)) if found == language]


@pytest.mark.parametrize("item", ITEMS)
def test_every_item_has_a_page_with_both_frameworks(item: str) -> None:
    page = advice(item)
    title, _, rest = page.partition("\n\n")
    assert title == f"# {ITEMS[item]}"
    assert not rest.startswith("#"), "it begins with what the item asks"
    headings = re.findall(r"^## .*$", page, re.MULTILINE)
    assert [each for each in headings if each != "## Both"] == [
        "## Django",
        "## Flask",
        "## How it is checked",
    ]
    assert 15 <= len(page.splitlines()) <= 60
    assert max(map(len, page.splitlines())) <= 120


def test_every_page_belongs_to_an_item() -> None:
    pages = {f"{path.parent.name}.{path.stem}" for path in FOLDER.glob("*/*.md")}
    assert pages == set(ITEMS)


@pytest.mark.parametrize("item", ["security.magic", "../pyproject", "security/csrf", ""])
def test_what_is_no_item_has_no_page(item: str) -> None:
    with pytest.raises(KeyError):
        advice(item)


def test_python_in_the_pages_compiles() -> None:
    assert len(blocks("python")) > 50
    for code in blocks("python"):
        compile(code, "<advice>", "exec")


def test_what_the_pages_import_exists() -> None:
    names = sorted(
        {
            (node.module, alias.name)
            for code in blocks("python")
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.ImportFrom) and node.module and not node.module.startswith(OPTIONAL)
            if node.module.partition(".")[0] in INSTALLED
            for alias in node.names
        }
    )
    assert len(names) > 40
    command = [sys.executable, "-c", CHECK_IMPORTS]
    done = subprocess.run(command, input=json.dumps(names), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_configuration_in_the_pages_parses() -> None:
    for code in blocks("toml"):
        tomllib.loads(code)
    for code in blocks("yaml"):
        assert yaml.safe_load(code)["jobs"]

"""Which files are templates, in which language, and a template as the document that rules are handed."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import PurePosixPath

from checks.frameworks.templates.model import DJANGO, JINJA, Template
from checks.frameworks.templates.parse import parse
from checks.model import Problem
from checks.semantics.source import Document, Project

MAX_CHARACTERS = 2_000_000
"""A template of this size is data; one that is larger is not read, and said so."""

_ANYWHERE = (".jinja", ".jinja2", ".j2")
_IN_FOLDERS = (".html", ".htm", ".xhtml", ".xml", ".svg", ".txt", ".email")
_MAIL = re.compile(r"e?mail|subject|body|message")
_ELEMENT = re.compile(r"</?[a-zA-Z]")
_MARKUP = (".html", ".htm", ".xhtml", ".svg")
# Folders whose files go to the browser or to readers as they are; a client's own templates use the same marks.
_STATIC = frozenset({"static", "staticfiles", "assets", "media", "node_modules", "bower_components", "docs"})
_JINJA_FOLDERS = frozenset({"jinja", "jinja2", "jinja_templates", "jinja2_templates"})

_JINJA_TEXT = re.compile(
    r"\{%[-+]|[-+]%\}|\{\{-|-\}\}"
    r"|\{%\s*(?:macro|set\s+\w+|call|import\s+[\"']|from\s+[\"']|raw|do)\b"
    r"|\{\{[^{}\n|]{0,200}(?:\w\(|\s~\s|\w\[[\"'])"
    r"|\|\s*\w{1,40}\("
)
_DJANGO_TEXT = re.compile(
    r"\{%\s*(?:load|csrf_token|static|url|blocktrans|blocktranslate|translate|comment|verbatim|empty|ifequal|cycle"
    r"|firstof|regroup|spaceless|templatetag|widthratio|with\s+\w+=\S|trans\s+[\"'])(?=[\s%])"
    r"|\{\{[^{}\n]{0,200}\|\w{1,40}:"
)
_MAX_FOLDERS = 40
_IMPORTS = {JINJA: ("import flask", "from flask"), DJANGO: ("import django", "from django")}


class TemplateFile(Document):
    """A template of the project, parsed when first asked for; `language` is `django` or `jinja`."""

    def __init__(self, path: str, text: str, language: str, project: Project | None = None) -> None:
        super().__init__(path, text, f"{language}-template", project=project)
        self.language = language

    @cached_property
    def template(self) -> Template:
        """The template, read."""
        return parse(self.path, self.text, self.language)

    @cached_property
    def is_markup(self) -> bool:
        """Whether it makes HTML, or an image that scripts run in: text mails and configuration have no markup."""
        name = PurePosixPath(self.path.lower())
        if _MAIL.search(name.name) and _ELEMENT.search(self.text) is None:
            return False
        if name.suffix in _ANYWHERE:
            name = name.with_suffix("")
            return name.suffix in _MARKUP or (not name.suffix and "</" in self.text)
        return name.suffix in _MARKUP


def template_file(path: str, text: str, project: Project | None = None) -> TemplateFile | Problem:
    """The template at a path, in the language that it is in; a problem when it is too large."""
    if len(text) > MAX_CHARACTERS:
        return Problem(path, "too-large", f"larger than {MAX_CHARACTERS:,} characters")
    return TemplateFile(path, text, language_of(path, text, project), project)


def is_template(path: str) -> bool:
    """Whether a file is a template, by its path: by its ending alone, or within a folder of templates."""
    name = PurePosixPath(path)
    suffix = name.suffix.lower()
    if suffix in _ANYWHERE:
        return True
    if suffix not in _IN_FOLDERS:
        return False
    folders = [part.lower() for part in name.parts[:-1]]
    return any(
        part.endswith("templates") or part in _JINJA_FOLDERS for part in folders
    ) and _STATIC.isdisjoint(folders)


def language_of(path: str, text: str, project: Project | None = None) -> str:
    """The language of a template: by its place, by what it says, by what the project around it is built with."""
    name = PurePosixPath(path)
    if name.suffix.lower() in _ANYWHERE or not _JINJA_FOLDERS.isdisjoint(
        part.lower() for part in name.parts[:-1]
    ):
        return JINJA
    named = project.frameworks_at(path) if project is not None else frozenset()
    if named and "flask" not in named:
        return DJANGO
    if named == {"flask"}:
        return JINJA
    is_django, is_jinja = _DJANGO_TEXT.search(text) is not None, _JINJA_TEXT.search(text) is not None
    if is_django != is_jinja:
        return DJANGO if is_django else JINJA
    return (_language_around(path, project) if project is not None else None) or (
        JINJA if is_jinja else DJANGO
    )


def _language_around(path: str, project: Project) -> str | None:
    """The language by what the nearest folder above a template is built with: most of what is imported below it."""
    counts = project.once("template-languages", lambda: _imports_by_folder(project))
    folders = path.split("/")[:-1]
    for length in range(len(folders), -1, -1):
        found = counts.get("/".join(folders[:length]))
        if found is not None and found[0] != found[1]:
            return JINJA if found[0] > found[1] else DJANGO
    return None


def _imports_by_folder(project: Project) -> dict[str, tuple[int, int]]:
    """For each folder, how many files below it import Flask, and how many Django."""
    counts: dict[str, list[int]] = {}
    for number, language in enumerate((JINJA, DJANGO)):
        for path in project.mentioning(_IMPORTS[language], ".py"):
            folder = path
            for _ in range(_MAX_FOLDERS):
                folder = folder.rpartition("/")[0]
                counts.setdefault(folder, [0, 0])[number] += 1
                if not folder:
                    break
    return {folder: (flask, django) for folder, (flask, django) in counts.items()}

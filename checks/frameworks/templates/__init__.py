"""Templates of Django and Jinja2, read without either: holes with their HTML context, tags, blocks, loops, includes."""

from __future__ import annotations

from checks.frameworks.templates.files import TemplateFile, is_template, language_of, template_file
from checks.frameworks.templates.model import (
    DJANGO,
    JINJA,
    Assignment,
    Block,
    Context,
    Expression,
    Filter,
    Hole,
    Include,
    Kind,
    Loop,
    Node,
    Tag,
    Template,
)
from checks.frameworks.templates.parse import parse

__all__ = [
    "DJANGO",
    "JINJA",
    "Assignment",
    "Block",
    "Context",
    "Expression",
    "Filter",
    "Hole",
    "Include",
    "Kind",
    "Loop",
    "Node",
    "Tag",
    "Template",
    "TemplateFile",
    "is_template",
    "language_of",
    "parse",
    "template_file",
]

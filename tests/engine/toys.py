"""Small rules for tests of the frame, so that these do not depend on what the real rules say."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from checks.model import Edit, Finding, Fix
from checks.rule import HIGH, LOW, Call, Document, File, Hole, Model, Role, Rule, Setting, Tag, TemplateFile


def calls() -> Rule:
    """Reports `danger()` and `toolbox.danger()`, with a safe fix that takes the call away."""
    rule = Rule(
        "checks.rules.security.toy_call",
        checklist="security.csrf",
        severity=HIGH,
        message="`{name}` is called, which is dangerous",
        advice="Call something else",
    )

    @rule.on_call("toolbox.danger")
    def check(call: Call, file: File) -> Iterator[Finding]:
        line = call.node.lineno
        fix = Fix("Do nothing instead", safe=True, edits=(Edit(file.path, line, line, "pass\n"),))
        yield rule.finding(call.node, file, fix=fix, cause_hint=r"\bguard\b", name=call.name)

    return rule


def models() -> Rule:
    """Reports every Django model."""
    rule = Rule(
        "checks.rules.maintainability.toy_model",
        checklist="maintainability.correctness",
        severity=LOW,
        message="`{name}` is a model",
        advice="Have fewer models",
        roles=(Role.PRODUCTION,),
    )

    @rule.on_model()
    def check(model: Model, file: File) -> Iterator[Finding]:
        yield rule.finding(model.node, file, name=model.name)

    return rule


def settings() -> Rule:
    """Reports a setting named TOY."""
    rule = Rule(
        "checks.rules.security.toy_setting",
        checklist="security.headers",
        severity=HIGH,
        message="`{name}` is set",
        advice="Leave it unset",
    )

    @rule.on_setting("TOY")
    def check(setting: Setting, file: File) -> Iterator[Finding]:
        yield rule.finding(setting.node, file, name=setting.name)

    return rule


def documents() -> Rule:
    """Reports every RUN of a Dockerfile."""
    rule = Rule(
        "checks.rules.deployment.toy_document",
        checklist="deployment.container",
        severity=LOW,
        message="something is run",
        advice="Run nothing",
    )

    @rule.on_document("dockerfile")
    def check(document: Document) -> Iterator[Finding]:
        for instruction in document.instructions:
            if instruction.keyword == "RUN":
                yield rule.finding(instruction, document)

    return rule


def tests() -> Rule:
    """Reports every test function."""
    rule = Rule(
        "checks.rules.testing.toy_test",
        checklist="testing.critical-paths",
        severity=LOW,
        message="`{name}` is a test",
        advice="Have fewer tests",
        roles=(Role.TEST,),
    )

    @rule.on_test()
    def check(test: ast.FunctionDef, file: File) -> Iterator[Finding]:
        yield rule.finding(test, file, name=test.name)

    return rule


def crashing() -> Rule:
    """Crashes at every call of `boom`, whatever its receiver."""
    rule = Rule(
        "checks.rules.security.toy_crash",
        checklist="security.xss",
        severity=HIGH,
        message="`{name}` is never said",
        advice="Nothing",
    )

    @rule.on_call("*.boom")
    def check(call: Call, file: File) -> Iterator[Finding]:
        yield rule.finding(call.node, file, name=str(1 // len(call.node.args)))

    return rule


def markup() -> Rule:
    """Reports every value that a template prints."""
    rule = Rule(
        "checks.rules.security.toy_markup",
        checklist="security.xss",
        severity=HIGH,
        message="`{name}` is printed",
        advice="Print less",
    )

    @rule.on_markup()
    def check(hole: Hole, document: TemplateFile) -> Iterator[Finding]:
        yield rule.finding(hole.span, document, name=hole.expression.text)

    return rule


def tags() -> Rule:
    """Reports the tag `toy` of templates."""
    rule = Rule(
        "checks.rules.security.toy_tag",
        checklist="security.xss",
        severity=HIGH,
        message="`{name}` is a toy",
        advice="Play with something else",
    )

    @rule.on_template_tag("toy")
    def check(tag: Tag, document: TemplateFile) -> Iterator[Finding]:
        yield rule.finding(tag.span, document, name=tag.arguments)

    return rule

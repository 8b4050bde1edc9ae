from __future__ import annotations

import textwrap
from collections.abc import Sequence

import pytest

from checks.model import Confidence, Finding, Problem, Severity, Span
from checks.suppress import Suppression, apply, suppressions

RULES = ["security/csrf-exempt", "security/sql-injection", "maintainability/bare-except"]
OK = "rubricate: ignore[security/csrf-exempt] signed by the partner"


def read(text: str, path: str = "a.py") -> tuple[Suppression, ...]:
    found, problems = suppressions(path, textwrap.dedent(text))
    assert problems == ()
    return found


def problem(text: str, path: str = "a.py") -> Problem:
    found, (one,) = suppressions(path, textwrap.dedent(text))
    assert found == () and one.kind == "suppression" and "\n" not in one.message
    return one


def covered(text: str, path: str = "a.py") -> tuple[int, int]:
    (one,) = read(text, path)
    return one.first, one.last


def at(line: int, rule: str = "security/csrf-exempt", path: str = "a.py", end_line: int = 0) -> Finding:
    return Finding(
        rule=rule,
        checklist="security.csrf",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=None,
        path=path,
        span=Span(line, 1, end_line or line, 2),
        message="x",
    )


def judge(
    text: str, findings: Sequence[Finding], path: str = "a.py"
) -> tuple[list[int], list[int], list[str]]:
    """Lines of the findings that are kept and suppressed, and the problems' messages."""
    kept, suppressed, problems = apply(findings, read(text, path), RULES)
    return (
        [one.span.line for one in kept],
        [one.span.line for one in suppressed],
        [one.message for one in problems],
    )


# Which lines a comment covers


def test_a_comment_behind_code_covers_its_line() -> None:
    assert covered(f"a = 1\nb = 2  # {OK}\nc = 3\n") == (2, 2)


def test_a_comment_within_a_statement_covers_all_of_it() -> None:
    assert covered(f"call(\n    a,\n    b,  # {OK}\n)\nd = 1\n") == (1, 4)
    assert covered(f"call(\n    # {OK}\n    a,\n)\n") == (1, 4)
    assert covered(f"call(\n    a,\n)  # {OK}\n") == (1, 3)


def test_a_comment_of_its_own_covers_the_next_statement() -> None:
    assert covered(f"a = 1\n# {OK}\n\n# more\ncall(\n    a,\n)\nb = 2\n") == (5, 7)


def test_a_comment_above_decorators_covers_them_and_the_header() -> None:
    assert covered(f"# {OK}\n@one\n@two(\n    1\n)\ndef f(\n    a,\n):\n    return a\n") == (2, 8)


def test_a_comment_on_a_decorator_covers_the_header_as_well() -> None:
    assert covered(f"@csrf_exempt  # {OK}\ndef f(a):\n    return a\n") == (1, 2)


def test_a_comment_on_a_header_does_not_cover_the_body() -> None:
    assert covered(f"class A:  # {OK}\n    x = 1\n    y = 2\n") == (1, 1)


def test_a_comment_behind_a_backslash_line_covers_the_statement() -> None:
    assert covered(f"a = 1 + \\\n    2  # {OK}\n") == (1, 2)


def test_a_comment_at_the_end_covers_nothing_else() -> None:
    assert covered(f"a = 1\n# {OK}\n") == (2, 2)


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_ends_of_other_systems(newline: str) -> None:
    assert covered(f"a = 1{newline}b = 2  # {OK}{newline}") == (2, 2)


# What is a comment


@pytest.mark.parametrize(
    "text",
    [
        f'x = "# {OK}"\n',
        f'"""\n# {OK}\n"""\n',
        f"x = f'# {OK}'\n",
        f"# see how to write: {OK}\n",
        "x = 1  # nothing to see\n",
    ],
)
def test_text_that_is_no_comment_of_ours(text: str) -> None:
    assert read(text) == ()


def test_another_tool_may_share_the_comment() -> None:
    (one,) = read(f"x = 1  # noqa: E501 # {OK}  # type: ignore\n")
    assert (one.rules, one.reason) == (("security/csrf-exempt",), "signed by the partner")


def test_several_rules_and_a_section() -> None:
    (one,) = read("x = 1  # rubricate: ignore[security/*, maintainability/bare-except] as agreed with #42\n")
    assert one.rules == ("security/*", "maintainability/bare-except")
    assert one.reason == "as agreed with #42"


@pytest.mark.parametrize(
    "syntax", ["def f[T](a): pass", "x = f'{d['k']}'", "try:\n    pass\nexcept A, B:\n    pass"]
)
def test_newer_syntax_is_no_obstacle(syntax: str) -> None:
    assert covered(f"a = 1\nb = 2  # {OK}\n{syntax}\n") == (2, 2)
    assert covered(f"{syntax}\nb = 2  # {OK}\n")[1] == syntax.count("\n") + 2


@pytest.mark.parametrize("broken", ["x = (", '"""open', "  x = 1\n y = 2", "\x00"])
def test_files_that_do_not_parse_are_read_line_by_line(broken: str) -> None:
    (one,) = read(f"a = 1  # {OK}\n{broken}\n")
    assert one.line == 1


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("Dockerfile", f"FROM a\n# {OK}\nRUN b \\\n  && c\nCMD d\n", (3, 4)),
        ("docker/app.dockerfile", f"# {OK}\nFROM a\n", (2, 2)),
        ("ci.yml", f"on: push\njobs: {{}}  # {OK}\n", (2, 2)),
        ("ci.yml", f"name: it's\n# {OK}\njobs: {{}}\n", (3, 3)),
        ("pyproject.toml", f'name = "a # b"  # {OK}\n', (1, 1)),
        ("requirements.txt", f"django==4.0  # {OK}\n", (1, 1)),
        ("templates/a.html", f"<p>\n<a href=x> {{# {OK} #}}\n</p>\n", (2, 2)),
        ("templates/a.html", f"<p>\n{{# {OK} #}}\n\n<a href=x>\n", (4, 4)),
        ("templates/a.html", f"<!-- {OK} -->\n<a href=x>\n", (2, 2)),
        ("a.jinja2", f"<p>\n{{#\n  {OK}\n#}}\n<a>\n", (5, 5)),
        ("templates/mail.txt", f"Hello {{# {OK} #}}\n", (1, 1)),
    ],
)
def test_comments_of_other_files(path: str, text: str, lines: tuple[int, int]) -> None:
    assert covered(text, path) == lines


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("Dockerfile", f'RUN echo "# {OK}"\n'),
        ("ci.yml", f'run: "echo # {OK}"\n'),
        ("ci.yml", f"run: 'echo # {OK}'\n"),
        ("ci.yml", f"url: http://x/#{OK}\n"),
        ("templates/a.html", f"<p># {OK}</p>\n"),
        ("templates/a.html", f"<!-- {OK}\n"),
        ("templates/a.html", f"{{{{ '{OK}' }}}}\n"),
    ],
)
def test_text_in_other_files_that_is_no_comment(path: str, text: str) -> None:
    assert suppressions(path, text) == ((), ())


@pytest.mark.parametrize("path", ["a.py", "a.html", "a.yml", "Dockerfile"])
@pytest.mark.parametrize(
    "piece", ["{# rubricate:", "<!-- rubricate: ", " # rubricate:", "'\" # rubricate: ", "\\\n#"]
)
def test_hostile_files_end(path: str, piece: str) -> None:
    suppressions(path, piece * 30_000 + "rubricate:")


# What a comment must say


@pytest.mark.parametrize(
    ("comment", "part"),
    [
        ("rubricate: ignore[security/csrf-exempt]", "gives no reason"),
        ("rubricate: ignore[security/csrf-exempt] ...", "gives no reason"),
        ("rubricate: ignore because", "names no rule"),
        ("rubricate: ignore[] because", "names no rule"),
        ("rubricate: ignore", "names no rule"),
        ("rubricate: off", "is not understood"),
        ("rubricate:", "is not understood"),
    ],
)
def test_malformed_comments_are_problems_that_say_how(comment: str, part: str) -> None:
    found = problem(f"a = 1\nb = 2  # {comment}\n")
    assert part in found.message and "rubricate: ignore[section/name] reason" in found.message
    assert (found.path, found.line) == ("a.py", 2)


# Whole files

FILE = "rubricate: ignore-file[security/csrf-exempt] generated"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", f"# {FILE}\nx = 1\n"),
        ("a.py", f'#!/usr/bin/env python\n"""Doc\nstring."""\n\n# {FILE}\nx = 1\n'),
        ("Dockerfile", f"# syntax=x\n# {FILE}\nFROM a\n"),
        ("a.html", f'{{% extends "b.html" %}}\n{{# {FILE} #}}\n'),
    ],
)
def test_a_comment_at_the_top_covers_the_file(path: str, text: str) -> None:
    kept, suppressed, problems = judge(text, [at(1, path=path), at(90, path=path)], path)
    assert (kept, suppressed, problems) == ([], [1, 90], [])


@pytest.mark.parametrize(
    "text", [f"x = 1\n# {FILE}\n", f"import a  # {FILE}\n", f'"""Doc."""\nx = 1\n# {FILE}\n']
)
def test_below_the_top_it_is_a_problem(text: str) -> None:
    assert "top of the file" in problem(text).message


# What is left of the findings


def test_only_the_named_rule_on_the_covered_lines_of_the_file_is_suppressed() -> None:
    text = f"a = 1\nb = 2  # {OK}\n"
    findings = [at(1), at(2), at(2, "security/sql-injection"), at(2, path="b.py")]
    kept, suppressed, problems = apply(findings, read(text), RULES)
    assert suppressed == (findings[1],)
    assert kept == (findings[0], findings[2], findings[3])
    assert problems == ()


def test_a_section_suppresses_its_rules() -> None:
    text = "a = 1  # rubricate: ignore[security/*] trusted\n"
    findings = [at(1), at(1, "security/sql-injection"), at(1, "maintainability/bare-except")]
    assert [one.rule for one in apply(findings, read(text), RULES)[0]] == ["maintainability/bare-except"]


def test_a_finding_that_ends_on_the_line_of_markup_is_suppressed() -> None:
    text = f"<a\n href=x> {{# {OK} #}}\n"
    kept, suppressed, _ = judge(text, [at(1, path="a.html", end_line=2)], "a.html")
    assert (kept, suppressed) == ([], [1])


def test_a_finding_that_merely_surrounds_the_statement_is_kept() -> None:
    text = f"class A:\n    x = 1\n    y = 2  # {OK}\n"
    kept, suppressed, problems = judge(text, [at(1, end_line=3)])
    assert (kept, suppressed) == ([1], [])
    assert problems == ["the suppression of `security/csrf-exempt` excuses nothing: remove it"]


def test_unused_ids_are_reported_one_by_one() -> None:
    text = "a = 1  # rubricate: ignore[security/csrf-exempt, security/sql-injection] trusted\n"
    assert judge(text, [at(1)])[2] == [
        "the suppression of `security/sql-injection` excuses nothing: remove it"
    ]


def test_ids_of_rules_that_did_not_run_are_not_called_unused() -> None:
    text = "a = 1  # rubricate: ignore[security/csrf-exempt] trusted\nb = 1  # rubricate: ignore[security/*] trusted\n"
    assert apply([], read(text), RULES, ["maintainability/bare-except"])[2] == ()
    assert len(apply([], read(text), RULES, ["security/csrf-exempt"])[2]) == 2


def test_unknown_ids_are_reported_with_the_nearest_name() -> None:
    text = "a = 1  # rubricate: ignore[security/csrf-exmpt] trusted\n"
    assert judge(text, [at(1)])[2] == [
        "no rule is named `security/csrf-exmpt`, did you mean `security/csrf-exempt`?"
    ]


def test_two_comments_may_excuse_the_same_finding() -> None:
    text = f"# {OK}\na = 1  # {OK}\n"
    assert judge(text, [at(2)]) == ([], [2], [])

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checks.fingerprint import normalise, with_fingerprints
from checks.model import Confidence, Finding, Severity, Span


def finding(
    line: int = 1,
    *,
    path: str = "a.py",
    scope: str = "f",
    source: str = "eval ( x )",
    rule: str = "security/x",
) -> Finding:
    return Finding(
        rule=rule,
        checklist="security.csrf",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=None,
        path=path,
        span=Span(line, 1, line, 9),
        message="`x` is evaluated",
        scope=scope,
        source=source,
    )


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(a,b)", "f(\n    a,\n    b,\n)"),
        ("x = 'it'", 'x = "it"'),
        (r"x = 'it\'s'", 'x = "it\'s"'),
        ("return (a\n    + b)", "return a + b"),
        ("for (k, v) in d: pass", "for k, v in d:\n    go(k)"),
        ("x = a + \\\n    b", "x = a + b"),
        ("call(a)  # why", "call(a)"),
        ("call(  # why\n    a\n)", "call(a)"),
        ("U'x'", "'x'"),
        ("F'{x}'", 'f"{x}"'),
        ("0XFF", "0xff"),
        ('"""One.\n    Two.\n    """', '"""One.\n  Two.\n"""'),
        ("print((1))", "print(1)"),
        ("def f(a, b):\n    return 1", "def f(\n    a,\n    b,\n):\n    return 2"),
    ],
)
def test_layout_makes_no_difference(one: str, other: str) -> None:
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("f(a, b)", "f(b, a)"),
        ("f(a)", "f[a]"),
        ("f()", "f"),
        ("f(g)(x)", "f(g, x)"),
        ("x = 'a b'", "x = 'a  b'"),
        ("b'x'", "'x'"),
        ("a == b", "a = b"),
        ("x = '#a'", "x = '#b'"),
        ("url: http://x/#a", "url: http://x/#b"),
        ("def f(a): pass", "def f(b): pass"),
        ("secret = 'one'", "secret = 'two'"),
    ],
)
def test_meaning_makes_a_difference(one: str, other: str) -> None:
    assert normalise(one) != normalise(other)


PIECES = st.sampled_from(
    ["name", "(", ")", "[", "]", ",", "+", ".", "'a'", "0x1", "if", "==", "f", "class", ":"]
)
BLANKS = st.sampled_from([" ", "\n", "\n\n    ", "\t", "  # why\n", " \\\n"])


@given(st.lists(st.tuples(PIECES, BLANKS)))
def test_blanks_lines_and_comments_between_tokens_make_no_difference(pieces: list[tuple[str, str]]) -> None:
    laid_out = "".join(piece + blank for piece, blank in pieces)
    assert normalise(laid_out) == normalise(" ".join(piece for piece, _ in pieces))


@pytest.mark.parametrize("piece", ['"\\', "'", '"""a', "f'", "(", "\\", "# ", "rb"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    assert normalise(piece * 300_000) is not None  # in quadratic time the test would outlast its limit


def test_lines_make_no_difference() -> None:
    assert with_fingerprints([finding(3)])[0].fingerprint == with_fingerprints([finding(90)])[0].fingerprint


@pytest.mark.parametrize(
    "other", [{"path": "b.py"}, {"scope": "g"}, {"source": "eval ( y )"}, {"rule": "security/y"}]
)
def test_rule_path_scope_and_source_make_a_difference(other: dict[str, str]) -> None:
    first, second = with_fingerprints([finding()]), with_fingerprints([replace(finding(), **other)])  # type: ignore[arg-type]
    assert first[0].fingerprint != second[0].fingerprint


def test_messages_make_no_difference() -> None:
    renamed = replace(finding(), message="`y` is evaluated")
    assert with_fingerprints([renamed])[0].fingerprint == with_fingerprints([finding()])[0].fingerprint


def test_equals_are_told_apart_by_their_order_in_the_file() -> None:
    above, below = with_fingerprints([finding(9), finding(2)])
    assert (above.span.line, below.span.line) == (2, 9)
    assert above.fingerprint != below.fingerprint
    assert above.fingerprint == with_fingerprints([finding(5)])[0].fingerprint


def test_fingerprints_hold_across_releases() -> None:
    # Baselines in users' repositories hold this value: a change of it makes every known finding new.
    assert with_fingerprints([finding()])[0].fingerprint == "e77a44fa1e309db987b2849ab74a5293"


def test_paths_that_are_no_utf8_have_fingerprints() -> None:
    odd = with_fingerprints([finding(path="caf\udce9.py")])
    assert len(odd[0].fingerprint) == 32


def test_findings_come_in_the_order_of_a_report() -> None:
    found = with_fingerprints([finding(2, path="b.py"), finding(7), finding(1)])
    assert [(one.path, one.span.line) for one in found] == [("a.py", 1), ("a.py", 7), ("b.py", 2)]

"""What a change introduces, over texts that git compares and a small detector of defects."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterator, Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checks.engine.compare import introduced
from checks.engine.revisions import diff
from checks.engine.tree import DictTree
from checks.fingerprint import normalise, with_fingerprints
from checks.model import Confidence, DeletedLine, Finding, Severity, Span

Files = Mapping[str, str]

HINTS = {"performance/timeout": r"\btimeout\s*=", "deployment/root": r"^\s*USER\b"}


def finding(rule: str, path: str, span: Span, source: str, scope: str = "", name: str = "") -> Finding:
    return Finding(
        rule=rule,
        checklist="security.csrf",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=None,
        path=path,
        span=span,
        message=f"`{name}` is wrong",
        scope=scope,
        source=normalise(source),
        cause_hint=HINTS.get(rule, ""),
    )


def detect(files: Files) -> tuple[Finding, ...]:
    """Calls without a timeout, classes without `__str__`, secrets, functions with many branches, root images."""
    found = [
        one
        for path, text in files.items()
        for one in (_python if path.endswith(".py") else _docker)(path, text)
    ]
    return with_fingerprints(found)


def _docker(path: str, text: str) -> Iterator[Finding]:
    if not re.search(r"^USER (?!root)", text, re.MULTILINE):
        last = max(number for number, line in enumerate(text.split("\n"), 1) if line.startswith("FROM"))
        yield finding("deployment/root", path, Span(last, 1, last, 9), "")


def _python(path: str, text: str) -> Iterator[Finding]:
    def visit(node: ast.AST, scope: str) -> Iterator[Finding]:
        for child in ast.iter_child_nodes(node):
            yield from look(child, scope)
            name = getattr(child, "name", None)
            yield from visit(child, f"{scope}.{name}".strip(".") if name else scope)

    def look(node: ast.AST, scope: str) -> Iterator[Finding]:
        match node:
            case ast.Call(func=ast.Name(id="get"), keywords=keywords) if "timeout" not in [
                word.arg for word in keywords
            ]:
                yield at("performance/timeout", node, scope)
            case ast.ClassDef(body=body) if "__str__" not in [getattr(one, "name", "") for one in body]:
                yield at("maintainability/str", node, scope)
            case ast.FunctionDef() if sum(isinstance(one, ast.If) for one in ast.walk(node)) > 2:
                yield at("maintainability/complex", node, scope)
            case ast.Assign(targets=[ast.Name(id="SECRET")], value=ast.Constant()):
                yield at("security/secret", node, scope)

    def at(rule: str, node: ast.AST, scope: str) -> Finding:
        assert (
            isinstance(node, ast.stmt | ast.expr)
            and node.end_lineno is not None
            and node.end_col_offset is not None
        )
        span = Span(node.lineno, node.col_offset + 1, node.end_lineno, node.end_col_offset + 1)
        return finding(
            rule, path, span, ast.get_source_segment(text, node) or "", scope, getattr(node, "name", "")
        )

    yield from visit(ast.parse(text), "")


def new(base: Files, head: Files) -> list[Finding]:
    """What the change from one set of files to another introduces."""
    old, now = ({path: textwrap.dedent(text) for path, text in files.items()} for files in (base, head))
    change = diff(DictTree(old), DictTree(now))
    return list(
        introduced(
            detect(old),
            detect(now),
            change,
            lambda path: old[path].split("\n"),
            lambda path: now[path].split("\n"),
        )
    )


def places(found: list[Finding]) -> list[tuple[str, int]]:
    return [(one.path, one.span.line) for one in found]


SHOP = """\
class Order:
    SECRET = "s3cret"

    def total(self, url):
        if url:
            get(url)
        return get("http://a/b" + url)


def check(a, b):
    if a:
        return 1
    if b:
        return 2
    if a and b:
        return get(a)
    return 3
"""

CLEAN = """\
def first():
    value = 1
    return value


def second():
    other = 2
    return other
"""


def test_the_detector_sees_all_of_its_defects() -> None:
    assert len(detect({"shop.py": SHOP, "Dockerfile": "FROM python\n"})) == 7


# Nothing old is new


def test_nothing_changed() -> None:
    assert new({"shop.py": SHOP}, {"shop.py": SHOP}) == []


def test_renaming_a_file() -> None:
    assert new({"shop.py": SHOP}, {"apps/orders.py": SHOP}) == []


def test_renaming_a_file_and_editing_it() -> None:
    assert new({"shop.py": SHOP}, {"orders.py": '"""Orders."""\n\n' + SHOP + "\n\nLAST = 1\n"}) == []


def test_renaming_a_class() -> None:
    assert new({"shop.py": SHOP}, {"shop.py": SHOP.replace("Order", "Purchase")}) == []


def test_renaming_a_function() -> None:
    assert (
        new(
            {"shop.py": SHOP}, {"shop.py": SHOP.replace("def check", "def verify").replace("total", "amount")}
        )
        == []
    )


def test_renaming_a_variable_everywhere() -> None:
    assert new({"shop.py": SHOP}, {"shop.py": SHOP.replace("url", "address")}) == []


def test_renaming_a_class_in_a_renamed_file() -> None:
    assert new({"shop.py": SHOP}, {"orders.py": SHOP.replace("Order", "Purchase")}) == []


def test_moving_a_function_to_another_file() -> None:
    order, check = SHOP.split("\n\n\n")
    assert (
        new({"shop.py": SHOP, "util.py": CLEAN}, {"shop.py": order + "\n", "util.py": CLEAN + "\n\n" + check})
        == []
    )


def test_moving_a_function_into_a_new_file() -> None:
    order, check = SHOP.split("\n\n\n")
    assert new({"shop.py": SHOP}, {"shop.py": order + "\n", "checks.py": check}) == []


def test_moving_a_function_into_a_class() -> None:
    order, check = SHOP.split("\n\n\n")
    assert new({"shop.py": SHOP}, {"shop.py": f"{order}\n\n{textwrap.indent(check, '    ')}"}) == []


def test_splitting_a_file_so_that_none_counts_as_renamed() -> None:
    order, check = SHOP.split("\n\n\n")
    filler = "".join(f"x{number} = {number}\n" for number in range(60))
    head = {"a/order.py": filler + order + "\n", "a/check.py": filler.replace("x", "y") + check}
    assert new({"shop.py": SHOP}, head) == []


def test_moving_renaming_and_reformatting_at_once() -> None:
    order, check = SHOP.split("\n\n\n")
    moved = check.replace("def check(a, b)", "def verify(\n    a,\n    b,\n)").replace(
        "get(a)", "get(\n            a,\n        )"
    )
    assert (
        new({"shop.py": SHOP, "util.py": CLEAN}, {"shop.py": order + "\n", "util.py": CLEAN + "\n\n" + moved})
        == []
    )


def test_swapping_functions() -> None:
    first = "def one(a):\n    x = 1\n    return get(a)\n"
    second = "def two(b):\n    y = 2\n    return get(b)\n"
    assert new({"a.py": f"{first}\n\n{second}"}, {"a.py": f"{second}\n\n{first}"}) == []


def test_swapping_functions_that_hold_the_same_call() -> None:
    first = "def one(a):\n    x = 1\n    return get(a)\n"
    second = "def two(a):\n    y = 2\n    return get(a)\n"
    assert new({"a.py": f"{first}\n\n{second}"}, {"a.py": f"{second}\n\n{first}"}) == []


def test_reformatting_a_file() -> None:
    base = "SECRET = 'a'\nx = get(first_argument, {'k': 'v'}, [1,2])\nclass A(B, C): pass\n"
    head = """\
        SECRET = "a"
        x = get(
            first_argument,
            {"k": "v"},
            [
                1,
                2,
            ],
        )


        class A(
            B,
            C,
        ):
            pass
        """
    assert new({"a.py": base}, {"a.py": head}) == []


def test_flipping_all_line_ends() -> None:
    assert new({"a.py": SHOP}, {"a.py": SHOP.replace("\n", "\r\n")}) == []
    assert new({"a.py": SHOP.replace("\n", "\r\n")}, {"a.py": SHOP}) == []


def test_indenting_a_whole_file() -> None:
    assert new({"a.py": SHOP}, {"a.py": "if True:\n" + textwrap.indent(SHOP, "    ")}) == []


def test_indenting_with_tabs() -> None:
    assert new({"a.py": SHOP}, {"a.py": SHOP.replace("    ", "\t")}) == []


def test_a_file_about_as_a_whole_stays_one_finding() -> None:
    base = "FROM python\nRUN a\nCMD b\n"
    assert new({"Dockerfile": base}, {"Dockerfile": "FROM python:3.13\nRUN a --quiet\nCMD c\n"}) == []


def test_a_finding_about_the_whole_file_that_stands_elsewhere_now() -> None:
    base = "FROM python\nRUN a\nCMD b\n"
    assert new({"Dockerfile": base}, {"Dockerfile": "FROM python\nRUN a\nFROM slim\nCOPY x y\nCMD b\n"}) == []


def test_editing_the_body_under_a_finding() -> None:
    assert (
        new({"a.py": SHOP}, {"a.py": SHOP.replace("return 2", "return 22").replace("return 3", "return 33")})
        == []
    )


def test_editing_another_argument_of_a_call() -> None:
    base = "x = get(\n    url,\n    a,\n)\n"
    assert new({"a.py": base}, {"a.py": base.replace("a,", "b,")}) == []


def test_editing_a_line_on_which_something_was_missing_before() -> None:
    assert new({"a.py": "x = get(a)\n"}, {"a.py": "x = get(a, headers=h)\n"}) == []


def test_deleting_what_was_found() -> None:
    assert new({"a.py": SHOP}, {"a.py": CLEAN}) == []
    assert new({"a.py": SHOP}, {}) == []


LINES = st.lists(st.sampled_from(["x = 1", "# note", "", "y = f(2)", "get(a)", 'SECRET = "k"']), max_size=12)


@settings(max_examples=60, deadline=None)
@given(
    LINES,
    st.lists(st.tuples(st.integers(0, 12), st.sampled_from(["z = 3", "# more", "", "x = 1"])), max_size=6),
)
def test_inserting_and_deleting_unrelated_lines(lines: list[str], inserted: list[tuple[int, str]]) -> None:
    longer = lines.copy()
    for position, line in inserted:
        longer.insert(min(position, len(longer)), line)
    base, head = ({"a.py": "".join(f"{line}\n" for line in one)} for one in (lines, longer))
    assert new(base, head) == []
    assert new(head, base) == []


# What is new


def test_a_finding_in_a_new_file_is_new() -> None:
    assert places(new({}, {"a.py": "get(a)\n"})) == [("a.py", 1)]


def test_a_twin_inserted_above_is_new_where_it_was_added() -> None:
    base = "def f(a):\n    first()\n    get(a)\n"
    head = "def f(a):\n    get(a)\n    first()\n    get(a)\n"
    found = new({"a.py": base}, {"a.py": head})
    assert places(found) == [("a.py", 2)]
    assert found[0].caused_by is None


def test_a_twin_inserted_below_is_new_where_it_was_added() -> None:
    base = "def f(a):\n    get(a)\n    last()\n"
    assert places(new({"a.py": base}, {"a.py": base + "    get(a)\n"})) == [("a.py", 4)]


def test_a_twin_right_beside_is_new_on_the_line_that_git_calls_added() -> None:
    base, head = {"a.py": "get(a)\n"}, {"a.py": "get(a)\nget(a)\n"}
    change = diff(DictTree(base), DictTree(head)).files[0]
    assert {one.span.line for one in new(base, head)} == change.added


def test_a_function_copied_twice_gives_two_new_findings() -> None:
    function = "def one(a):\n    x = 1\n    return get(a)\n"
    copies = function.replace("one", "two") + "\n\n" + function.replace("one", "three")
    found = new({"a.py": function}, {"a.py": f"{function}\n\n{copies}"})
    assert places(found) == [("a.py", 8), ("a.py", 13)]


def test_a_copy_into_another_file_is_new() -> None:
    assert places(new({"a.py": SHOP}, {"a.py": SHOP, "b.py": "x = 1\nget(a)\n"})) == [("b.py", 2)]


def test_moving_one_and_adding_another_is_one_new_finding() -> None:
    base = {"a.py": "def f(a):\n    return get(a)\n", "b.py": CLEAN}
    head = {
        "a.py": "x = 1\n",
        "b.py": CLEAN + "\n\ndef f(a):\n    return get(a)\n\n\ndef g(a):\n    return get(a)\n",
    }
    assert len(new(base, head)) == 1


def test_another_secret_in_the_same_place_is_new() -> None:
    found = new({"a.py": 'SECRET = "old"\n'}, {"a.py": 'SECRET = "new"\n'})
    assert places(found) == [("a.py", 1)] and found[0].caused_by is None


def test_another_rule_in_the_same_place_is_new() -> None:
    assert [one.rule for one in new({"a.py": 'SECRET = "x"\n'}, {"a.py": "SECRET = get(a)\n"})] == [
        "performance/timeout"
    ]


def test_something_missing_in_a_file_written_anew_is_new() -> None:
    base, head = (
        "".join(f"{name}{number} = {number}\n" for number in range(12)) + call
        for name, call in (("x", "get(a)\n"), ("y", "get(a, b)\n"))
    )
    assert places(new({"a.py": base}, {"a.py": head})) == [("a.py", 13)]


def test_two_calls_where_one_was_are_one_new_finding() -> None:
    assert len(new({"a.py": "x = get(a)\n"}, {"a.py": "x = get(a) + get(b)\n"})) == 1


# Caused by a deletion


def test_a_deleted_argument_is_the_cause() -> None:
    base = "x = get(\n    url,\n    timeout=5,\n)\n"
    found = new({"a.py": base}, {"a.py": base.replace("    timeout=5,\n", "")})
    assert places(found) == [("a.py", 1)]
    assert found[0].caused_by == DeletedLine("a.py", 3)


def test_the_deleted_argument_is_told_from_other_deleted_lines() -> None:
    base = "x = get(\n    url,\n    headers=h,\n    timeout=5,\n    verify=v,\n)\n"
    head = "x = get(\n    url,\n)\n"
    assert new({"a.py": base}, {"a.py": head})[0].caused_by == DeletedLine("a.py", 4)


def test_an_argument_deleted_within_a_line_is_commented_on_the_added_line() -> None:
    found = new({"a.py": "x = get(url, timeout=5)\n"}, {"a.py": "x = get(url)\n"})
    assert places(found) == [("a.py", 1)] and found[0].caused_by is None


def test_an_argument_deleted_from_an_inner_line_is_explained_by_that_line() -> None:
    found = new({"a.py": "x = get(\n    url, timeout=5,\n)\n"}, {"a.py": "x = get(\n    url,\n)\n"})
    assert len(found) == 1 and found[0].caused_by is None


def test_a_deleted_instruction_is_the_cause_of_what_is_wrong_with_the_file() -> None:
    base = "FROM python\nRUN a\nRUN b\nRUN c\nRUN d\nRUN e\nUSER app\nCMD f\n"
    found = new(
        {"Dockerfile": base}, {"Dockerfile": base.replace("USER app\n", "").replace("RUN d", "RUN dd")}
    )
    assert found[0].caused_by == DeletedLine("Dockerfile", 7)


def test_the_cause_is_named_by_the_path_of_the_base() -> None:
    filler = "".join(f"x{number} = {number}\n" for number in range(9))
    base = f"{filler}x = get(\n    url,\n    timeout=5,\n)\n"
    found = new({"old.py": base}, {"new.py": base.replace("    timeout=5,\n", "")})
    assert places(found) == [("new.py", 10)]
    assert found[0].caused_by == DeletedLine("old.py", 12)


def test_a_method_deleted_from_a_class_is_the_cause_without_a_hint() -> None:
    base = "class A:\n    x = 1\n\n    def __str__(self):\n        return 'a'\n\n    y = 2\n"
    head = "class A:\n    x = 1\n\n    y = 2\n"
    cause = new({"a.py": base}, {"a.py": head})[0].caused_by
    assert cause is not None and cause.path == "a.py" and 3 <= cause.line <= 4


def _elsewhere(base: Files, head: Files, hint: str = "") -> Finding:
    """The one finding on line 1 of `views.py` that a change elsewhere introduces."""
    late = Finding(
        rule="security/x",
        checklist="security.csrf",
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        cwe=None,
        path="views.py",
        span=Span(1, 1, 1, 9),
        message="x",
        cause_hint=hint,
    )
    (found,) = introduced(
        [], [late], diff(DictTree(base), DictTree(head)), lambda path: base[path].split("\n")
    )
    return found


SETTINGS = "A = 1\nMIDDLEWARE = [\n    'csrf',\n    'session',\n]\nB = 2\n"


def test_a_line_deleted_from_another_file_is_the_cause_by_its_hint() -> None:
    base = {"views.py": "x\n", "settings.py": SETTINGS}
    head = {"views.py": "x\n", "settings.py": SETTINGS.replace("    'csrf',\n", "").replace("B = 2", "B = 3")}
    assert _elsewhere(base, head, "csrf").caused_by == DeletedLine("settings.py", 3)
    assert _elsewhere(base, head, "clickjacking").caused_by is None


def test_the_only_deletion_of_a_change_is_the_cause_of_what_it_introduces() -> None:
    base = {"views.py": "x\n", "settings.py": SETTINGS}
    head = {"views.py": "x\n", "settings.py": SETTINGS.replace("    'csrf',\n", "")}
    assert _elsewhere(base, head).caused_by == DeletedLine("settings.py", 3)


def test_without_evidence_no_cause_is_named() -> None:
    base = {"views.py": "x\n", "settings.py": SETTINGS}
    head = {"views.py": "x\n", "settings.py": SETTINGS.replace("    'csrf',\n", "").replace("A = 1\n", "")}
    assert _elsewhere(base, head).caused_by is None
    assert _elsewhere({"views.py": "x\n"}, {"views.py": "x\n", "b.py": "y\n"}).caused_by is None


def test_a_deleted_decorator_is_the_cause() -> None:
    base = {"views.py": "@login_required\nx\ny\n", "other.py": "1\n2\n"}
    head = {"views.py": "x\ny\n", "other.py": "1\n3\n"}
    assert _elsewhere(base, head).caused_by == DeletedLine("views.py", 1)


@pytest.mark.parametrize("path", ["a.bin", "b"])
def test_binary_files_explain_nothing(path: str) -> None:
    base, head = {"views.py": "x\n", path: "\0 1"}, {"views.py": "x\n", path: "\0 2"}
    assert _elsewhere(base, head).caused_by is None

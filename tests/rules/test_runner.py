"""The spec runner itself: what it reads out of Markdown, and what it refuses."""

from __future__ import annotations

import pytest

from checks.model import Edit
from tests.rules.runner import apply_all
from tests.rules.specs import Expected, Section, SpecError, blocks, read_section

RULE = "security/some-rule"


def section(*fences: str, title: str = "something") -> Section:
    return read_section(RULE, title, "\n\n".join(fences))


def fence(info: str, *lines: str) -> str:
    return "\n".join([f"```{info}", *lines, "```"])


def test_a_mark_is_taken_out_and_asks_for_its_line() -> None:
    read = section(fence('python title="a.py"', "import os", f"os.remove('#')  # expect: {RULE}"))
    assert read.files == {"a.py": "import os\nos.remove('#')\n"}
    assert read.expected == (Expected("a.py", 2, RULE),)


def test_a_line_that_holds_only_a_mark_stays_as_an_empty_line() -> None:
    read = section(fence('dockerfile title="Dockerfile"', "FROM a", f"# expect: {RULE}", "USER b"))
    assert read.files["Dockerfile"] == "FROM a\n\nUSER b\n"


def test_several_rules_and_properties_stand_in_one_mark() -> None:
    read = section(fence('python title="a.py"', f"x()  # expect: {RULE} severity=low confidence=high, a/b"))
    assert read.expected == (
        Expected("a.py", 1, "a/b"),
        Expected("a.py", 1, RULE, properties=(("severity", "low"), ("confidence", "high"))),
    )
    assert read.rules == {RULE, "a/b"}


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("a.html", f"<p>{{# expect: {RULE} #}}"),
        ("a.jinja", f"<p>{{# expect: {RULE} #}}"),
        ("mail.txt", f"<p>{{# expect: {RULE} #}}"),
        ("requirements.txt", f"<p># expect: {RULE}"),
        ("a.yml", f"<p> # expect: {RULE}"),
        ("a.py", f"<p>  # expect: {RULE}"),
    ],
)
def test_every_type_of_file_has_its_own_comment(path: str, line: str) -> None:
    read = section(fence(f'text title="{path}"', line))
    assert read.files[path] == "<p>\n"
    assert read.expected == (Expected(path, 1, RULE),)


def test_an_expect_block_serves_files_without_comments() -> None:
    read = section(fence('json title="a.json"', "{", "}"), fence("expect", f"a.json:2 {RULE}"))
    assert read.files == {"a.json": "{\n}\n"}
    assert read.expected == (Expected("a.json", 2, RULE),)


def test_base_and_head_are_two_trees() -> None:
    read = section(
        fence('python title="same.py" base head', "1"),
        fence('python title="changed.py" base', f"2  # expect-deleted: {RULE}"),
        fence('python title="changed.py"', "3"),
        fence('python title="gone.py" base', "4"),
    )
    assert read.base == {"same.py": "1\n", "changed.py": "2\n", "gone.py": "4\n"}
    assert read.files == {"same.py": "1\n", "changed.py": "3\n"}
    assert read.expected == (Expected("changed.py", 1, RULE, deleted=True),)


def test_a_longer_fence_holds_a_shorter_one() -> None:
    (block,) = blocks('````python title="a.py"\n"""\n```\n"""\n````')
    assert block.text == '"""\n```\n"""\n'


@pytest.mark.parametrize(
    "body",
    [
        "no block at all",
        fence("python", "x"),
        fence('python title="a.py" bsae', "x"),
        fence('python title="a.html"', f"x  # expect: {RULE}"),
        fence('python title="a.py"', "x  # expect: nonsense"),
        fence('python title="a.py"', f"x  # expect: {RULE} cwe=1"),
        fence('python title="a.py"', f"x  # expect-deleted: {RULE}"),
        fence('python title="a.py" base', f"x  # expect: {RULE}"),
        fence("expect", "a.json rule"),
    ],
)
def test_a_section_that_can_not_mean_anything_is_refused(body: str) -> None:
    with pytest.raises(SpecError):
        section(body)


def test_edits_are_applied_from_below_and_equal_ones_once() -> None:
    edits = [Edit("a.py", 1, 0, "import os\n"), Edit("a.py", 1, 0, "import os\n"), Edit("a.py", 2, 3, "y\n")]
    assert apply_all({"a.py": "1\n2\n3\n4\n"}, edits) == {"a.py": "import os\n1\ny\n4\n"}


def test_overlapping_edits_are_refused() -> None:
    with pytest.raises(ValueError, match="two edits"):
        apply_all({"a.py": "1\n2\n3\n"}, [Edit("a.py", 1, 2, "x\n"), Edit("a.py", 2, 2, "y\n")])

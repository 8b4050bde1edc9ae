"""The generator of the rules' pages, run into a folder of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from checks.checklist import ITEMS
from checks.docs import INDEX, example_files, main
from checks.registry import all_rules

RULE = "maintainability/bare-except"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source checkout with its pages written."""
    root = tmp_path_factory.mktemp("checkout")
    (root / "pyproject.toml").touch()
    assert main([], root) == 0
    return root


@pytest.fixture
def folder(written: Path) -> Path:
    """Where the pages stand, as they were written."""
    assert main([], written) == 0
    return written / "docs" / "rules"


def test_every_rule_has_a_page_and_the_index_beside_them(folder: Path) -> None:
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*.md")}
    assert there == {INDEX, *(f"{rule.id}.md" for rule in all_rules())}


def test_a_page_holds_the_facts_and_the_docstring(folder: Path) -> None:
    page = (folder / f"{RULE}.md").read_text()
    assert "# `except:` without a class\n" in page
    assert "| Severity | medium |" in page
    assert "`maintainability.error-handling`: Errors are handled, logged and friendly" in page
    assert "## Why it matters\n\nA bare `except:` also catches" in page
    assert f"# rubricate: ignore[{RULE}] why" in page


def test_a_page_shows_what_the_rule_suggests_for_its_example(folder: Path) -> None:
    page = (folder / f"{RULE}.md").read_text()
    assert "| Fix | safe |" in page
    assert "**Catch errors only.** Safe" in page
    assert "-    except:\n+    except Exception:\n" in page


def test_the_index_names_every_item_and_links_every_rule(folder: Path) -> None:
    index = (folder / INDEX).read_text()
    assert [item for item in ITEMS if f"(`{item}`)" not in index] == []
    assert [rule.id for rule in all_rules() if f"[{rule.id}]({rule.id}.md)" not in index] == []


def test_an_item_without_a_rule_says_so(folder: Path) -> None:
    unanswered = set(ITEMS) - {rule.checklist for rule in all_rules()}
    lines = [line for line in (folder / INDEX).read_text().split("\n") if "none yet" in line]
    assert len(lines) == len(unanswered)


def test_fresh_pages_pass_the_check(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"], folder.parent.parent) == 0
    assert capsys.readouterr().err == ""


def test_the_check_names_each_page_that_does_not_fit(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / INDEX).unlink()
    (folder / f"{RULE}.md").write_text("changed by hand\n")
    (folder / "security" / "gone.md").write_text("of a rule that is gone\n")
    assert main(["--check"], folder.parent.parent) == 1
    said = capsys.readouterr().err
    for complaint in ("missing: README.md", f"stale: {RULE}.md", "extra: security/gone.md"):
        assert f"docs/rules: {complaint}\n" in said
    assert said.count("docs/rules: ") == 3


def test_the_check_writes_nothing(folder: Path) -> None:
    (folder / f"{RULE}.md").write_text("changed by hand\n")
    main(["--check"], folder.parent.parent)
    assert (folder / f"{RULE}.md").read_text() == "changed by hand\n"


def test_writing_mends_all_of_it(folder: Path) -> None:
    (folder / INDEX).unlink()
    (folder / f"{RULE}.md").write_text("changed by hand\n")
    (folder / "security" / "gone.md").write_text("of a rule that is gone\n")
    main([], folder.parent.parent)
    assert main(["--check"], folder.parent.parent) == 0
    assert not (folder / "security" / "gone.md").exists()


def test_pages_that_fit_are_not_written_again(folder: Path) -> None:
    page = folder / f"{RULE}.md"
    before = page.stat().st_mtime_ns
    main([], folder.parent.parent)
    assert page.stat().st_mtime_ns == before


@pytest.mark.parametrize("argv", [["--chekc"], ["docs"], ["--check", "--check", "x"]])
def test_other_arguments_are_refused(argv: list[str], written: Path) -> None:
    assert main(argv, written) == 2


def test_without_a_source_checkout_nothing_is_written(tmp_path: Path) -> None:
    assert main([], tmp_path) == 2
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("section", "files"),
    [
        ('```python title="shop/views.py"\nx = 1\n```\n', {"shop/views.py": "x = 1\n"}),
        ("```python\nx = 1\n```\n", {"app/views.py": "x = 1\n"}),
        ("```dockerfile\nFROM a\n```\n", {"Dockerfile": "FROM a\n"}),
        (
            'First\n```python title="a.py"\n```\nthen\n```python title="b.py"\ny\n```\n',
            {"a.py": "", "b.py": "y\n"},
        ),
        ("No code at all, only `words`.", {}),
    ],
)
def test_the_files_of_an_example(section: str, files: dict[str, str]) -> None:
    assert example_files(section) == files

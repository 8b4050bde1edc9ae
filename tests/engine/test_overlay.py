"""A tree with some files replaced."""

from __future__ import annotations

import pytest

from checks.engine.overlay import OverlayTree
from checks.engine.tree import DictTree, blob_id


@pytest.fixture
def tree() -> OverlayTree:
    return OverlayTree(DictTree({"a.py": "old\n", "b.py": "kept\n"}), {"a.py": b"new text\n"})


def test_a_replaced_file_is_the_new_one(tree: OverlayTree) -> None:
    assert tree.read("a.py") == b"new text\n"
    assert tree.size("a.py") == 9
    assert tree.identity("a.py") == blob_id(b"new text\n")


def test_other_files_are_those_below(tree: OverlayTree) -> None:
    assert tree.read("b.py") == b"kept\n"
    assert tree.size("b.py") == 5
    assert tree.identity("b.py") == blob_id(b"kept\n")


def test_the_paths_are_those_below(tree: OverlayTree) -> None:
    assert tuple(tree.paths()) == ("a.py", "b.py")
    assert "a.py" in tree
    assert "c.py" not in tree
    assert tree.others == {}


def test_a_file_that_is_not_there_can_not_be_read(tree: OverlayTree) -> None:
    with pytest.raises(KeyError):
        tree.read("c.py")

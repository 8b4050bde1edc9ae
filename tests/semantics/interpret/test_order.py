"""What is found depends neither on the order of files nor on which function is asked for first."""

from __future__ import annotations

import itertools

import pytest

from tests.semantics.interpret.reached import reached

RING = {
    "a.py": "import os, b\ndef one(x, n):\n    os.system(x)\n    return b.two(x, n)\n",
    "b.py": "import c\ndef two(x, n):\n    return c.three(x, n)\n",
    "c.py": "import a\ndef three(x, n):\n    return x if n else a.one(x, n)\n",
    "views.py": (
        "import os, a, b, c\n"
        "def first(request):\n    eval(c.three(request.GET['q'], 0))\n"
        "def second(request):\n    eval(a.one(request.GET['q'], 0))\n"
        "def third(request):\n    eval(b.two('ok', 0))\n"
    ),
}
OBJECTS = {
    "base.py": (
        "class Base:\n    def put(self, x):\n        self.x = x\n    def run(self):\n        self.step(self.x)\n"
    ),
    "shell.py": (
        "import os\nfrom base import Base\nclass Shell(Base):\n    def step(self, x):\n        os.system(x)\n"
    ),
    "quiet.py": "from base import Base\nclass Quiet(Base):\n    def step(self, x):\n        return x\n",
    "views.py": (
        "from shell import Shell\nfrom quiet import Quiet\n"
        "def view(request):\n"
        "    one, other = Shell(), Quiet()\n"
        "    one.put(request.GET['q'])\n    other.put(request.GET['q'])\n"
        "    one.run()\n    other.run()\n"
    ),
}


@pytest.mark.parametrize("files", [RING, OBJECTS], ids=["ring", "objects"])
def test_every_order_of_files_gives_the_same(files: dict[str, str]) -> None:
    expected = reached(files)
    assert expected
    for order in itertools.permutations(files):
        assert reached(files, order) == expected


def test_a_ring_of_functions_hands_on_what_comes_in() -> None:
    assert reached(RING) == {("a.py", 3, "shell"), ("views.py", 3, "code"), ("views.py", 5, "code")}


def test_a_function_that_calls_itself_hands_on_what_comes_in() -> None:
    code = "def again(x, n):\n    return x if n == 0 else again(x, n - 1)\n"
    view = "def view(request):\n    eval(again(request.GET['q'], 3))\n"
    for text in (code + view, view + code):
        assert {kind for _, _, kind in reached({"views.py": text})} == {"code"}

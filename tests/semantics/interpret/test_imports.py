"""Helpers are followed however they are imported."""

from __future__ import annotations

import pytest

from tests.semantics.interpret.reached import reached

HELPER = "import os\ndef run(line):\n    os.system(line)\n"
SINK = ("shop/tools/shell.py", 3, "shell")
WAYS = {
    "absolute": ("from shop.tools.shell import run", "run"),
    "relative": ("from .tools.shell import run", "run"),
    "renamed": ("from .tools.shell import run as start", "start"),
    "module": ("import shop.tools.shell", "shop.tools.shell.run"),
    "renamed module": ("import shop.tools.shell as shell", "shell.run"),
    "module of a package": ("from shop.tools import shell", "shell.run"),
    "star": ("from shop.tools.shell import *", "run"),
    "re-exported": ("from shop.tools import run", "run"),
    "re-exported by a star": ("from shop.stars import run", "run"),
    "re-exported twice": ("from shop.twice import begin", "begin"),
    "conditional": ("try:\n    from fast import run\nexcept ImportError:\n    from shop.tools.shell import run", "run"),
    "under a condition": (
        "import sys\nif sys.version_info > (3, 0):\n    from shop.tools.shell import run\nelse:\n    run = None",
        "run",
    ),
    "circular": ("from shop.circle import run", "run"),
}  # fmt: skip
FILES = {
    "shop/__init__.py": "",
    "shop/tools/__init__.py": "from .shell import run\n",
    "shop/tools/shell.py": HELPER,
    "shop/stars.py": "from shop.tools.shell import *\n",
    "shop/twice.py": "from shop.stars import run as begin\n",
    "shop/circle.py": "from shop import views\nfrom shop.tools.shell import run\n",
}


@pytest.mark.parametrize("way", WAYS)
def test_helpers_are_found(way: str) -> None:
    statement, name = WAYS[way]
    view = f"{statement}\ndef view(request):\n    {name}(request.GET['q'])\n"
    assert reached({**FILES, "shop/views.py": view}) == {SINK}


def test_helpers_imported_inside_a_function_are_found() -> None:
    view = "def view(request):\n    from .tools.shell import run\n    run(request.GET['q'])\n"
    assert reached({**FILES, "shop/views.py": view}) == {SINK}


def test_a_star_brings_no_private_names() -> None:
    files = {
        "shop/hidden.py": "import os\ndef _run(line):\n    os.system(line)\n",
        "shop/views.py": "from shop.hidden import *\ndef view(request):\n    _run(request.GET['q'])\n",
    }
    assert reached(files) == set()


def test_modules_that_import_each_other_are_followed_both_ways() -> None:
    files = {
        "a.py": "import b\ndef one(x):\n    return b.two(x)\ndef three(x):\n    return x\n",
        "b.py": "import a\ndef two(x):\n    return a.three(x)\n",
        "views.py": "import os, a\ndef view(request):\n    os.system(a.one(request.GET['q']))\n",
    }
    assert reached(files) == {("views.py", 3, "shell")}

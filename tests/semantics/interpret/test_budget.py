"""Hostile functions end soon, and what no longer fits a budget is said."""

from __future__ import annotations

import time

import pytest

from tests.semantics.interpret.reached import asked

SINK = "    eval(request.GET['q'])\n"
HEAD = "def view(request, x=0, *rest):\n"
_DOUBLED = "    y = [y, y]\n" * 300


def _nested(depth: int) -> str:
    """Loops in loops, through which a value is handed one name further with each turn."""
    names = "".join(f"    v{level} = 'ok'\n" for level in range(60))
    loops = "".join(f"{'    ' * (level + 1)}for a{level} in x:\n" for level in range(depth))
    inner = "    " * (depth + 1)
    steps = "".join(f"{inner}v{level} = v{level + 1}\n" for level in range(59))
    return f"{HEAD}{names}{loops}{steps}{inner}v59 = request.GET['q']\n{SINK}"


_LONG = HEAD + "    y = x\n" * 25_000
HOSTILE = {
    "loops of depth 12": _nested(12),
    "a sum of 150 terms": f"{HEAD}    y = x{' + x' * 150}\n{SINK}",
    "80 brackets": f"{HEAD}    y = {'(' * 80}x{',)' * 80}\n{SINK}",
    "3,000 branches": HEAD + "".join(f"    if x == {n}:\n        y{n} = x\n" for n in range(3_000)) + SINK,
    "a literal of 50,000 elements": f"{HEAD}    y = [{'x, ' * 50_000}]\n{SINK}",
    "a dict of 20,000 keys": f"{HEAD}    y = {{{', '.join(f'{n}: x' for n in range(20_000))}}}\n{SINK}",
    "a chain of 400 functions": "".join(f"def f{n}(x):\n    return f{n + 1}(x)\n" for n in range(400))
    + f"def f400(x):\n    return x\n{HEAD}    f0(x)\n{SINK}",
    "a class under 300 others": "class C0: pass\n"
    + "".join(f"class C{n + 1}(C{n}): pass\n" for n in range(300))
    + f"{HEAD}    C300().a.b.c(x)\n{SINK}",
    "containers in containers": f"{HEAD}    y = []\n{_DOUBLED}    z = y[0][1][0]\n{SINK}",
    "functions that call two others": "".join(
        f"def f{n}(x):\n    return f{n + 1}(x) + f{n + 1}(x)\n" for n in range(60)
    )
    + f"def f60(x):\n    return x\n{HEAD}    f0(x)\n{SINK}",
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_functions_end_and_what_stands_beside_is_found(name: str) -> None:
    begin = time.process_time()
    found, _ = asked({"views.py": HOSTILE[name]})
    assert time.process_time() - begin < 10
    assert {kind for _, _, kind in found} == {"code"}


@pytest.mark.timeout(60)
def test_a_function_with_too_many_steps_exhausts_its_budget_and_says_so() -> None:
    begin = time.process_time()
    found, exhausted = asked({"views.py": f"{_LONG}def other(request):\n    exec(request.GET['q'])\n"})
    assert time.process_time() - begin < 20
    assert exhausted == ["views.view"]
    assert {kind for _, _, kind in found} == {"code"}  # other functions are still looked at

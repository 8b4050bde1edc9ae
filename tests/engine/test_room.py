"""How much of a project memory holds: less than all of it, and more where its files need each other."""

from __future__ import annotations

import pytest

from checks.config import Config
from checks.engine import analyse
from checks.engine.analyse import Analyser, Judged
from checks.engine.tree import DictTree
from checks.registry import all_rules

SIZE = 40
# Each module hands on what the next one gives: whoever follows the first reads them all.
CHAIN = {
    f"shop/part_{number}.py": f"from shop.part_{number + 1} import given\n\n\n"
    f"def handed_{number}():\n    return given()\n"
    for number in range(SIZE)
}
ALONE = {
    f"shop/alone_{number}.py": f"def total_{number}(a, b):\n    return a + b\n" for number in range(SIZE)
}


def judged(files: dict[str, str]) -> tuple[Analyser, list[Judged]]:
    analyser = Analyser(DictTree(files), all_rules(), Config(), strict=True)
    analyser.project.room, analyser.most_room = 100, 400
    answers = []
    for path in sorted(files):
        answers.append(analyser.judge(path))
        analyser.make_room()
    return analyser, answers


def test_files_that_are_let_go_of_too_often_get_more_room_up_to_a_limit() -> None:
    assert judged(CHAIN)[0].project.room == 400


def test_files_that_need_nothing_of_each_other_get_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analyse, "WORTHWHILE", 2)
    assert judged(ALONE)[0].project.room == 100


def test_what_is_said_does_not_depend_on_the_room() -> None:
    files = (
        CHAIN
        | ALONE
        | {"shop/views.py": "import pickle\n\n\ndef load(data):\n    return pickle.loads(data)\n"}
    )
    _, answers = judged(files)
    roomy = Analyser(DictTree(files), all_rules(), Config(), strict=True)
    assert answers == [roomy.judge(path) for path in sorted(files)]

"""The Action on a repository that tries to be run or obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.action.conftest import World
from tests.hostile import LOUD, QUIET, RULE, arm, files
from tests.report.harmless import check_harmless

MARKUP = (
    "</code></pre> ![x](https://evil.example) [a](https://evil.example) @octo/team <script>x</script> ```"
)

# The first test installs what the others use, which takes a while on a busy machine.
pytestmark = pytest.mark.timeout(400)


@pytest.mark.parametrize("depth", [None, 1])
async def test_nothing_of_the_repository_runs(world: World, tmp_path: Path, depth: int | None) -> None:
    canaries = tmp_path / "canaries"
    canaries.mkdir()
    held = {path: content for path, content in files(canaries).items() if content is not None}
    world.github.commit(world.repository, "main", {**held, "rates.py": QUIET})
    pull = world.open({"rates.py": LOUD})
    assert pull.merge_sha is not None
    world.check_out(pull.merge_sha, depth)
    arm(world.workspace, canaries)
    job = await world.review(pull, depth=depth, sarif_file="out.sarif")
    assert (job.code, job.outputs["findings"]) == (0, "1"), job.log
    assert RULE in job.summary
    assert world.said() == [("rates.py", 5)]
    assert list(canaries.iterdir()) == []


async def test_names_and_code_are_neither_commands_nor_markup(world: World) -> None:
    name = "a%0A::error::owned\n::error::owned <img src=x> @octo-team.py"
    code = f"import requests\nrequests.get('''\n::error::owned\n{MARKUP}\n''')\n"
    job = await world.review(world.open({name: code, "rates.py": LOUD}, fork="mallory"), permissions=None)
    assert (job.code, job.outputs["findings"]) == (0, "2"), job.log
    warnings = job.annotations("warning")
    assert len(warnings) == 2
    assert any("file=rates.py,line=5" in line for line in warnings)
    assert job.annotations("error") == []
    check_harmless(job.summary, world.github.url)

"""The Action on a repository that tries to be run or obeyed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.action.conftest import World
from tests.hostile import LOUD, QUIET, RULE, arm, files

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

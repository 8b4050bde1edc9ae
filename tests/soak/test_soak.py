"""Deliveries late, twice and out of order, faults of every kind and kills: nothing is lost, nothing is said twice.

`make soak` runs it at full length and prints the account; without RUBRICATE_SOAK=full it is a short one.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.soak.soak import Account, Scale, soak

FULL = os.environ.get("RUBRICATE_SOAK") == "full"
SCALE = Scale(300, 30, 20, 0.35, 1800) if FULL else Scale(16, 3, 2, 0.2, 80)
SEED = int(os.environ.get("RUBRICATE_SOAK_SEED", "1"))

pytestmark = pytest.mark.timeout(3600 if FULL else 110)


def judge(account: Account) -> None:
    print(account)
    assert not account.wrong
    assert account.kills == SCALE.kills
    assert account.comments == account.heads  # each push brought one defect
    assert account.pulls <= account.reviews <= account.heads


async def test_one_process_on_sqlite(tmp_path: Path) -> None:
    judge(await soak(tmp_path, SCALE, seed=SEED))


async def test_a_server_and_three_workers_on_postgresql(tmp_path: Path, postgresql: str) -> None:
    judge(await soak(tmp_path, SCALE, postgresql, seed=SEED))

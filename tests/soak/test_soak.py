"""Deliveries late, twice and out of order, faults of every kind and kills: nothing is lost, nothing is said twice.

`make soak` runs it at full length and prints the account. RUBRICATE_SOAK says which share of that is run; the tests
run a short one.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.soak.soak import Account, Scale, soak

SHARE = float(os.environ.get("RUBRICATE_SOAK", "0"))
SCALE = (
    Scale(round(300 * SHARE), round(30 * SHARE), round(20 * SHARE), pause=0.35, rest=6, patience=3000)
    if SHARE
    else Scale(16, 3, 2, pause=0.2, rest=1, patience=80)
)
SEED = int(os.environ.get("RUBRICATE_SOAK_SEED", "1"))

pytestmark = pytest.mark.timeout(5400 if SHARE else 110)


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

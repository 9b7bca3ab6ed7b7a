"""Seeded runs in which senders are killed (SIGKILL): no duplicate, no loss, no false word (2,000 with --long)."""

from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta
from multiprocessing import get_context
from typing import Any

import pytest

from evals.bench.outbox import run
from evals.bench.outbox.fake_stage import FAULTS
from evals.bench.outbox.matrix import CLASSES, Plan, plan

SEEDS, SEEDS_AT_LENGTH = 500, 2000
PARTS = 4


def apart(seeds: int, **how: Any) -> dict[str, Any]:
    """Run it in a small process of its own: every sender is a fork, and a test worker is 1.3 GB by now."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(run, seeds, jobs=1, **how).result()


@pytest.mark.parametrize("part", range(PARTS))
def test_no_duplicate_and_no_loss_whatever_is_killed(part: int, request: pytest.FixtureRequest) -> None:
    each = (SEEDS_AT_LENGTH if request.config.getoption("--long") else SEEDS) // PARTS
    figures = apart(each, first=part * each)
    print({key: value for key, value in figures.items() if key != "bad"})
    assert figures["bad"] == []
    assert figures["runs"] == each
    assert figures["killed"] > each / 2
    assert {figures["left_to_a_person"][each] for each in ("K", "H", "D")} == {0.0}
    assert figures["states"]["published"] > each / 2


def test_the_seeds_cover_every_class_and_fault() -> None:
    plans = [plan(seed) for seed in range(SEEDS_AT_LENGTH)]
    assert {each.idempotency for each in plans} == set(CLASSES)
    assert {fault for each in plans for fault in each.faults} == set(FAULTS)
    assert {at for each in plans for at in each.kills} == set(range(1, 31))
    assert {each.elsewhere for each in plans} == {each.folds for each in plans} == {True, False}


def test_without_the_settle_window_the_matrix_finds_duplicates() -> None:
    """The control: an outbox that looks too soon is caught by this very matrix.

    Of its seeds, those run in which only the window keeps a repeat away: the first request arrives late, and its
    key is no longer known when it does.
    """
    figures = apart(SEEDS_AT_LENGTH, settle=timedelta(0), only=_hangs_on_the_window)
    print(figures)
    assert figures["runs"] > 20
    assert figures["duplicates"] > 2


def _hangs_on_the_window(planned: Plan) -> bool:
    return planned.idempotency == "K" and not planned.folds and planned.faults[0] == "late"

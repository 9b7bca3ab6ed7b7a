"""Budgets: set aside before a call, settled by it, and given back when its process is gone."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from core.budgets import Errand, Wanted
from core.errors import BadInput, OverBudget
from core.usage import Usage
from core.works import Workspace
from memory import Memory

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
PATIENCE = timedelta(minutes=5)
ERRAND = Errand(workspace="ines", brief_id="b_1", member="anna", stage="draft")


class Clock:
    now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def memory(tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    memory = Memory.open(tmp_path / "home", clock=clock)
    memory.workspaces.add(Workspace(id="ines", name="Ines", timezone="Europe/Oslo", created_at=NOON))
    yield memory
    memory.close()


def wanted(cost: float | None = 0.3, tokens: int = 1000, *, free: bool = False) -> Wanted:
    return Wanted(tokens=tokens, cost=cost, endpoint="big", free=free)


def used(memory: Memory, reservation: str | None, cost: float | None, at: datetime = NOON, **more: object) -> None:
    row = {
        "id": f"use_{cost}_{at:%d%H}_{reservation}"[:32], "workspace": "ines", "brief_id": "b_1", "member": "anna",
        "stage": "draft", "model": "m", "input_tokens": 100, "output_tokens": 20, "cost": cost, "seconds": 1, "at": at,
    }  # fmt: skip
    memory.usage.record(Usage.model_validate(row | more), reservation)


def test_without_a_budget_nothing_is_set_aside(memory: Memory) -> None:
    assert memory.budgets.reserve(ERRAND, wanted(1e6), PATIENCE) is None


def test_what_calls_under_way_may_cost_is_not_there_for_another(memory: Memory) -> None:
    memory.budgets.set("ines", "brief", 0.5, by="owner")
    first = memory.budgets.reserve(ERRAND, wanted(0.3), PATIENCE)
    with pytest.raises(OverBudget) as stop:
        memory.budgets.reserve(ERRAND, wanted(0.3), PATIENCE)
    assert (stop.value.exit_code, stop.value.kind) == (7, "over_budget")
    assert stop.value.details == {
        "scope": "brief", "left": "0.2", "unit": "money", "would_cost": "0.3", "brief_id": "b_1", "under_way": "0.3",
    }  # fmt: skip
    assert "could cost up to 0.3000 USD" in stop.value.message and "0.2000 USD left" in stop.value.message
    assert "--resume b_1 --raise" in stop.value.hint and "rehearsal" in stop.value.hint
    assert "0.3000 USD for calls under way" in stop.value.message
    used(memory, first, 0.1)  # it came to less
    assert memory.budgets.reserve(ERRAND, wanted(0.3), PATIENCE)
    with pytest.raises(OverBudget) as stop:
        memory.budgets.reserve(ERRAND, wanted(0.45), PATIENCE)
    assert "under_way" not in stop.value.details  # what was spent is in the way by itself


def test_a_call_that_came_to_nothing_gives_it_back(memory: Memory) -> None:
    memory.budgets.set("ines", "brief", 0.5, by="owner")
    memory.budgets.release(memory.budgets.reserve(ERRAND, wanted(0.5), PATIENCE))
    assert memory.budgets.reserve(ERRAND, wanted(0.5), PATIENCE)


def test_what_a_killed_process_left_is_free_after_a_while(memory: Memory, clock: Clock) -> None:
    memory.budgets.set("ines", "month", 0.5, by="owner")
    memory.budgets.reserve(ERRAND, wanted(0.5), PATIENCE)
    clock.now = NOON + PATIENCE - timedelta(seconds=1)
    with pytest.raises(OverBudget):
        memory.budgets.reserve(ERRAND, wanted(0.1), PATIENCE)
    clock.now = NOON + PATIENCE
    assert memory.budgets.reserve(ERRAND, wanted(0.5), PATIENCE)


def test_a_month_begins_in_the_workspaces_own_zone_and_a_member_has_their_own(memory: Memory, clock: Clock) -> None:
    memory.budgets.set("ines", "month", 1.0, by="owner")
    memory.budgets.set("ines", "member", 0.5, subject="anna", by="owner")
    used(memory, None, 0.9, at=datetime(2026, 10, 31, 22, 30, tzinfo=UTC))  # 23:30 in Oslo, still October
    used(memory, None, 0.4, at=datetime(2026, 10, 31, 23, 30, tzinfo=UTC))  # half past midnight on the first
    spent = {s.scope: s.spent for s in memory.budgets.standings(ERRAND)}
    assert spent == {"month": 0.4, "member": 0.4}
    with pytest.raises(OverBudget, match="anna's budget"):
        memory.budgets.reserve(ERRAND, wanted(0.2), PATIENCE)
    assert memory.budgets.reserve(ERRAND.model_copy(update={"member": "tom"}), wanted(0.2), PATIENCE)


def test_a_budget_may_be_in_tokens_and_needs_no_price(memory: Memory) -> None:
    memory.budgets.set("ines", "brief", 1500, unit="tokens", by="owner")
    assert memory.budgets.reserve(ERRAND, wanted(None, 1000), PATIENCE)
    with pytest.raises(OverBudget, match="500 tokens left"):
        memory.budgets.reserve(ERRAND, wanted(None, 1000), PATIENCE)


def test_money_holds_no_endpoint_without_a_price_but_one_of_the_house_is_free(memory: Memory) -> None:
    memory.budgets.set("ines", "brief", 1.0, by="owner")
    with pytest.raises(OverBudget, match="has no price"):
        memory.budgets.reserve(ERRAND, wanted(None), PATIENCE)
    assert memory.budgets.reserve(ERRAND, wanted(None, free=True), PATIENCE)


def test_four_fifths_are_told(memory: Memory) -> None:
    memory.budgets.set("ines", "month", 1.0, by="owner")
    used(memory, None, 0.79)
    assert memory.budgets.alerts(ERRAND) == []
    used(memory, None, 0.01)
    [said] = memory.budgets.alerts(ERRAND)
    assert said == "This month's budget is used to 80%: 0.8000 USD of 1.00 USD."


def test_a_limit_can_be_changed_and_taken_away(memory: Memory) -> None:
    memory.budgets.set("ines", "month", 1.0, by="owner")
    memory.budgets.set("ines", "month", 2.0, by="owner")
    assert [(b.scope, b.amount, b.by) for b in memory.budgets.list("ines")] == [("month", 2.0, "owner")]
    memory.budgets.set("ines", "month", None, by="owner")
    assert memory.budgets.list("ines") == []
    with pytest.raises(BadInput):
        memory.budgets.set("ines", "month", -1.0, by="owner")

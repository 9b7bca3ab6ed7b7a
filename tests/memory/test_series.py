"""Every occurrence is a row, and what is planned for one takes it."""

from datetime import UTC, datetime, timedelta

import pytest

from core.errors import AlreadyDecided, NotFound
from core.series import Series
from memory import Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import waiting

TUESDAYS = Series(
    id="s_1",
    workspace="ines",
    channel="site",
    name="Letters",
    weekdays=(1,),
    wall_time="08:30",
    zone="Europe/Oslo",
    starts_on="2026-11-20",
    created_at=NOON,
)
FIRST = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def dates(memory: Memory, after: datetime = NOON) -> list[str]:
    return [each.wall_date for each in memory.series.open("ines", "site", after=after)]


def test_eight_weeks_are_written_down_and_more_as_time_goes_on(memory: Memory, clock: Clock) -> None:
    memory.series.add(TUESDAYS)
    assert (dates(memory)[0], len(dates(memory))) == ("2026-11-24", 8)
    clock.now = NOON + timedelta(weeks=2)
    assert (dates(memory, clock.now)[0], len(dates(memory, clock.now))) == ("2026-12-08", 8)


def test_what_is_planned_takes_its_occurrence_until_it_falls_through(memory: Memory) -> None:
    memory.series.add(TUESDAYS)
    shown = waiting(memory, at=FIRST, grace_minutes=60)
    assert dates(memory)[0] == "2026-12-01"
    memory.decisions.claim("ines", shown.id, "reject", shown.sha, "Ines")
    assert dates(memory)[0] == "2026-11-24"


def test_one_day_can_be_left_out_unless_something_is_planned_for_it(memory: Memory) -> None:
    memory.series.add(TUESDAYS)
    assert memory.series.skip("ines", "s_1", "2026-12-01").state == "skipped"
    assert dates(memory)[:2] == ["2026-11-24", "2026-12-08"]
    waiting(memory, at=FIRST, grace_minutes=60)
    with pytest.raises(AlreadyDecided, match="planned for 2026-11-24"):
        memory.series.skip("ines", "s_1", "2026-11-24")
    with pytest.raises(NotFound, match="does not come round on 2026-11-25"):
        memory.series.skip("ines", "s_1", "2026-11-25")


def test_an_ended_series_does_not_come_round(memory: Memory) -> None:
    memory.series.add(TUESDAYS)
    assert memory.series.end("ines", "s_1").ended_at == memory.series.end("ines", "s_1").ended_at
    assert (dates(memory), memory.series.list("ines")) == ([], [])
    assert len(memory.series.list("ines", ended=True)) == 1


def test_another_workspaces_series_is_not_ours(memory: Memory) -> None:
    memory.series.add(TUESDAYS)
    with pytest.raises(NotFound):
        memory.series.end("tom", "s_1")
    assert memory.series.open("tom", after=NOON) == []


def test_a_paused_series_is_not_free_until_it_is_resumed_or_its_pause_is_over(memory: Memory, clock: Clock) -> None:
    memory.series.add(TUESDAYS)
    taken = waiting(memory, at=FIRST + timedelta(weeks=1), grace_minutes=60)
    assert memory.series.pause("ines", "s_1", "2026-12-08").paused_at == NOON
    assert dates(memory)[0] == "2026-12-15"
    assert memory.proposals.get("ines", taken.id).state == "waiting"
    memory.series.pause("ines", "s_1")
    assert dates(memory) == []
    clock.now = NOON + timedelta(weeks=3)
    memory.series.resume("ines", "s_1")
    assert dates(memory, clock.now)[0] == "2026-12-15"  # those of the pause are not made up for
    memory.series.end("ines", "s_1")
    with pytest.raises(AlreadyDecided, match="has ended"):
        memory.series.pause("ines", "s_1")


def test_looking_at_what_is_free_writes_nothing(memory: Memory) -> None:
    memory.series.add(TUESDAYS)
    later = NOON + timedelta(weeks=7)
    assert [each.wall_date for each in memory.series.free("ines", after=later)] == ["2027-01-12"]
    assert [each.wall_date for each in memory.series.coming("ines", "x", after=NOON)] == []
    assert [each.wall_date for each in memory.series.coming("tom", after=NOON)] == []


def test_what_is_planned_still_comes(memory: Memory) -> None:
    memory.series.add(TUESDAYS)
    waiting(memory, at=FIRST, grace_minutes=60)
    assert memory.series.coming("ines", after=NOON)[0].wall_date == "2026-11-24"
    assert memory.series.free("ines", after=NOON)[0].wall_date == "2026-12-01"
    memory.series.skip("ines", "s_1", "2026-12-01")
    assert [each.wall_date for each in memory.series.coming("ines", after=NOON)][:2] == ["2026-11-24", "2026-12-08"]


def test_a_country_that_changed_its_clocks_moves_what_is_free_and_not_what_is_planned(memory: Memory) -> None:
    memory.series.add(TUESDAYS)
    waiting(memory, at=FIRST, grace_minutes=60)
    with memory._database.write() as conn:  # as rows that older rules of the zone wrote
        conn.exec_driver_sql("UPDATE occurrences SET at = '2026-12-01 06:30:00.000000' WHERE wall_date = '2026-12-01'")
    found = {each.wall_date: each.at for each in memory.series.open("ines", after=NOON)}
    assert "2026-11-24" not in found
    assert found["2026-12-01"] == FIRST + timedelta(weeks=1)

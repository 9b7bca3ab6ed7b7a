"""Recurring slots over a change of the clocks: the wall time stays, the instant moves."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput
from core.series import Series, occurrences, read_date, read_days, read_time
from core.wall_time import to_wall

MADE = datetime(2026, 1, 1, tzinfo=UTC)


def series(zone: str, wall_time: str, days: tuple[int, ...] = tuple(range(7)), **more: str) -> Series:
    return Series(
        id="s_1",
        workspace="ines",
        channel="bluesky",
        weekdays=days,
        wall_time=wall_time,
        zone=zone,
        starts_on="2026-01-01",
        created_at=MADE,
        **more,
    )


def instants(each: Series, first: str, last: str) -> list[tuple[str, str, str]]:
    found = occurrences(each, date.fromisoformat(first), date.fromisoformat(last))
    return [(one.wall_date[5:], f"{one.at:%H:%M}", one.note) for one in found]


def test_oslo_skips_an_hour_in_march() -> None:
    assert instants(series("Europe/Oslo", "02:30"), "2026-03-28", "2026-03-30") == [
        ("03-28", "01:30", ""),
        ("03-29", "01:30", "02:30 does not exist on 2026-03-29 in Europe/Oslo; 03:30 is meant."),
        ("03-30", "00:30", ""),
    ]


def test_oslo_has_an_hour_twice_in_october_and_the_first_is_meant() -> None:
    assert instants(series("Europe/Oslo", "02:30"), "2026-10-24", "2026-10-26") == [
        ("10-24", "00:30", ""),
        ("10-25", "00:30", "02:30 comes twice on 2026-10-25 in Europe/Oslo; the first one is meant."),
        ("10-26", "01:30", ""),
    ]


def test_new_york_changes_on_other_days() -> None:
    assert [row[:2] for row in instants(series("America/New_York", "08:30"), "2026-03-07", "2026-03-09")] == [
        ("03-07", "13:30"),
        ("03-08", "12:30"),
        ("03-09", "12:30"),
    ]
    assert [row[:2] for row in instants(series("America/New_York", "01:30"), "2026-10-31", "2026-11-02")] == [
        ("10-31", "05:30"),
        ("11-01", "05:30"),
        ("11-02", "06:30"),
    ]


def test_a_slot_across_midnight_utc_keeps_its_own_day() -> None:
    found = list(occurrences(series("Pacific/Auckland", "08:30", (0,)), date(2026, 11, 23), date(2026, 11, 23)))
    assert [(one.wall_date, one.at.isoformat()) for one in found] == [("2026-11-23", "2026-11-22T19:30:00+00:00")]


def test_it_starts_and_ends_on_its_days() -> None:
    each = series("UTC", "09:00", (1, 3), ends_on="2026-01-13")
    assert [row[0] for row in instants(each, "2025-12-01", "2026-12-31")] == ["01-01", "01-06", "01-08", "01-13"]
    assert each.words == "Tue, Thu 09:00 (UTC)"


@given(
    zone=st.sampled_from(["Europe/Oslo", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo"]),
    minutes=st.integers(0, 24 * 60 - 1),
    day=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
)
def test_the_wall_shows_the_slots_time_or_the_note_says_why_not(zone: str, minutes: int, day: date) -> None:
    each = series(zone, f"{minutes // 60:02}:{minutes % 60:02}").model_copy(update={"starts_on": "2024-01-01"})
    [one] = occurrences(each, day, day)
    wall = to_wall(one.at, zone)
    assert wall.date() == day or one.note
    assert (f"{wall:%H:%M}" == each.wall_time) or "does not exist" in one.note


@pytest.mark.parametrize(
    ("said", "days"),
    [("tue,thu", (1, 3)), ("daily", tuple(range(7))), ("Weekdays", (0, 1, 2, 3, 4)), ("sat, Sunday", (5, 6))],
)
def test_days_as_people_say_them(said: str, days: tuple[int, ...]) -> None:
    assert read_days(said) == days


@pytest.mark.parametrize("said", ["", "tu", "someday", "tue;thu", "monkey"])
def test_what_is_no_day_is_refused(said: str) -> None:
    with pytest.raises(BadInput, match="no day of the week"):
        read_days(said)


@pytest.mark.parametrize(("read", "said"), [(read_time, "25:00"), (read_time, "noon"), (read_date, "24.12.2026")])
def test_what_is_no_time_or_date_is_refused(read: object, said: str) -> None:
    with pytest.raises(BadInput):
        read(said)  # type: ignore[operator]


def test_times_are_written_one_way() -> None:
    assert (read_time("8:05"), read_date("2026-12-24")) == ("08:05", "2026-12-24")

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.calendar import parse_when, read_when, to_instant, to_wall
from core.errors import BadInput

OSLO, NEW_YORK = "Europe/Oslo", "America/New_York"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday


@pytest.mark.parametrize(
    ("wall", "zone", "instant", "note"),
    [
        ("2026-11-24 08:30", OSLO, "2026-11-24 07:30", ""),
        ("2026-07-01 08:30", OSLO, "2026-07-01 06:30", ""),
        (
            "2027-03-28 02:30",
            OSLO,
            "2027-03-28 01:30",
            "02:30 does not exist on 2027-03-28 in Europe/Oslo; 03:30 is meant.",
        ),
        (
            "2026-10-25 02:30",
            OSLO,
            "2026-10-25 00:30",
            "02:30 comes twice on 2026-10-25 in Europe/Oslo; the first one is meant.",
        ),
        (
            "2027-03-14 02:00",
            NEW_YORK,
            "2027-03-14 07:00",
            "02:00 does not exist on 2027-03-14 in America/New_York; 03:00 is meant.",
        ),
        (
            "2026-11-01 01:59",
            NEW_YORK,
            "2026-11-01 05:59",
            "01:59 comes twice on 2026-11-01 in America/New_York; the first one is meant.",
        ),
        ("2026-11-01 02:00", NEW_YORK, "2026-11-01 07:00", ""),
        ("2026-11-24 08:30", "Asia/Kathmandu", "2026-11-24 02:45", ""),
    ],
)
def test_a_wall_time_names_an_instant_and_says_when_it_is_odd(wall: str, zone: str, instant: str, note: str) -> None:
    found = to_instant(datetime.fromisoformat(wall), zone)
    assert found == (datetime.fromisoformat(instant).replace(tzinfo=UTC), note)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2032, 1, 1)), st.sampled_from([OSLO, NEW_YORK, "UTC", "Asia/Tehran"])
)
def test_an_instant_without_a_note_is_shown_as_the_wall_time_it_came_from(wall: datetime, zone: str) -> None:
    instant, note = to_instant(wall, zone)
    assert (to_wall(instant, zone) == wall) is ("does not exist" not in note)


def test_an_unknown_zone_is_refused_with_an_example() -> None:
    with pytest.raises(BadInput, match="no time zone called 'Mars/Olympus'"):
        to_instant(datetime(2026, 1, 1), "Mars/Olympus")
    with pytest.raises(BadInput):
        to_wall(NOW, "../etc/passwd")


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("2026-11-24 08:30", "2026-11-24 08:30"),
        ("2026-11-24 8:30", "2026-11-24 08:30"),
        ("2026-11-24T08:30:15", "2026-11-24 08:30:15"),
        ("2026-11-24T08:30+02:00", "2026-11-24 07:30"),
        ("2026-11-24 08:30 -05:00", "2026-11-24 14:30"),
        ("2026-11-24T08:30Z", "2026-11-24 09:30"),
        ("now", "2026-11-20 13:00"),
        ("in 2 hours", "2026-11-20 15:00"),
        ("in an hour", "2026-11-20 14:00"),
        ("In 30 minutes", "2026-11-20 13:30"),
        ("in 3 days", "2026-11-23 13:00"),
        ("in 1 week", "2026-11-27 13:00"),
        ("today 17:00", "2026-11-20 17:00"),
        ("tomorrow 9:00", "2026-11-21 09:00"),
        ("tomorrow at 9am", "2026-11-21 09:00"),
        ("tomorrow at noon", "2026-11-21 12:00"),
        ("friday 12:00", "2026-11-27 12:00"),
        ("next friday 12:00", "2026-11-27 12:00"),
        ("Tue 9:30 pm", "2026-11-24 21:30"),
        ("on  monday,  08.15", "2026-11-23 08:15"),
    ],
)
def test_plain_forms_are_read_in_the_persons_zone(text: str, wall: str) -> None:
    assert to_wall(parse_when(text, NOW, OSLO), OSLO) == datetime.fromisoformat(wall)


@pytest.mark.parametrize(
    "text",
    (
        *("", "soon", "9:00", "tomorrow", "tomorrow 9", "tomorrow 25:00", "friday 13pm", "2026-11-24"),
        *("24.13.2026 9:00", "2026-13-01 09:00", "2026-02-30 09:00", "2026-11-24 08:61", "someday 9:00"),
        *("in some hours", "today -1:00", "0001-01-01 00:00+14:00"),
    ),
)
def test_anything_else_is_refused_with_the_forms_that_are_understood(text: str) -> None:
    with pytest.raises(BadInput) as error:
        parse_when(text, NOW, OSLO)
    assert error.value.hint


def test_days_ahead_keep_the_wall_time_over_a_change_of_clocks() -> None:
    before = datetime(2026, 10, 24, 10, 0, tzinfo=UTC)  # 12:00 in Oslo, the day before the clocks go back
    assert read_when("in 1 day", before, OSLO) == (datetime(2026, 10, 25, 11, 0, tzinfo=UTC), "")
    assert read_when("in 24 hours", before, OSLO) == (datetime(2026, 10, 25, 10, 0, tzinfo=UTC), "")
    with pytest.raises(BadInput, match="comes twice") as asked:
        read_when("tomorrow 2:30", before, OSLO)
    first, second = "2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"
    assert asked.value.hint == f"Write {first} for the first one, {second} for the second."
    assert [parse_when(each, before, OSLO).hour for each in (first, second)] == [0, 1]

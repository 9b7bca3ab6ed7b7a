from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.importers.dates import date_in_name, day_bounds, read_date

DAY = datetime(2025, 9, 4, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ("2025-09-04", DAY),
        ("2025/9/4", DAY),
        ("2025.09.04", DAY),
        ("20250904", DAY),
        (20250904, DAY),
        ("4 September 2025", DAY),
        ("Sept. 4, 2025", DAY),
        ("Thursday, 4 Sep 2025", DAY),
        (date(2025, 9, 4), DAY),
        ("2025-09-04T10:30:00+02:00", DAY + timedelta(hours=8, minutes=30)),
        ("2025-09-04 10:30:00 +0200", DAY + timedelta(hours=8, minutes=30)),
        ("2025-09-04T08:30:00Z", DAY + timedelta(hours=8, minutes=30)),
        ("Thu, 04 Sep 2025 10:30:00 +0200", DAY + timedelta(hours=8, minutes=30)),
        ("Thu, 04 Sep 2025 04:30:00 EDT", DAY + timedelta(hours=8, minutes=30)),
        ("Thu, 04 Sep 2025 08:30:00 GMT", DAY + timedelta(hours=8, minutes=30)),
        ("2025-09-04 08:30", DAY + timedelta(hours=8, minutes=30)),
        (datetime(2025, 9, 4, 10, tzinfo=timezone(timedelta(hours=2))), DAY + timedelta(hours=8)),
        (1756944000, DAY),
        (1756944000000, DAY),
        ("1756944000", DAY),
        ("13/09/2025", datetime(2025, 9, 13, tzinfo=UTC)),
        ("04/04/2025", datetime(2025, 4, 4, tzinfo=UTC)),
    ],
)
def test_reads_what_people_write(value: Any, at: datetime) -> None:
    assert read_date(value) == (at, "")


@pytest.mark.parametrize(
    "value",
    ["03/04/2021", "3.4.2021", "04-05-06", "2025", "2025-09", "September 2025", "4 September", "10:30", "soon",
     "2025-13-45", "0001-01-01", "9999-12-31", 17, 1e300, float("nan"), ["2025-09-04"], "9" * 5000],
)  # fmt: skip
def test_leaves_out_what_it_would_have_to_guess(value: Any) -> None:
    at, note = read_date(value)
    assert at is None
    assert note.startswith("date left out: ")


@pytest.mark.parametrize("value", [None, "", False])
def test_says_nothing_about_no_date(value: Any) -> None:
    assert read_date(value) == (None, "")


@given(st.one_of(st.text(max_size=90), st.integers(), st.floats(), st.from_regex(r"[0-9/:. TZ+-]{1,25}")))
def test_never_raises_and_is_aware_or_explained(value: Any) -> None:
    at, note = read_date(value)
    assert (at is None and (note or value == "")) or (at is not None and at.tzinfo is UTC and not note)


@given(st.dates(min_value=date(1500, 1, 1), max_value=date(2200, 12, 31)))
def test_every_iso_day_is_read_as_itself(day: date) -> None:
    assert read_date(day.isoformat()).at == datetime(day.year, day.month, day.day, tzinfo=UTC)


def test_finds_iso_dates_in_names_only() -> None:
    assert date_in_name("2025-09-04-kelp") == DAY
    assert date_in_name("kelp-04-09-2025") is None
    assert date_in_name("2025-19-04") is None


def test_a_bare_day_is_a_whole_day() -> None:
    assert day_bounds(date(2025, 9, 4)) == (DAY, DAY + timedelta(days=1) - timedelta(microseconds=1))
    assert day_bounds(DAY) == (DAY, DAY)

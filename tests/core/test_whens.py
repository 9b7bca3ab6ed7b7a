"""A time in a person's words becomes one absolute moment, or a question, or a refusal that names the words."""

from datetime import UTC, datetime, timedelta

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from core.wall_time import instants_of, to_wall
from core.whens import When, understand

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday, 13:00 in Oslo
OSLO = "Europe/Oslo"


def read(text: str, locale: str = "en", now: datetime = NOW) -> When:
    return understand(text, now, OSLO, locale)


def test_it_is_said_back_with_weekday_zone_and_offset() -> None:
    found = read("next Tuesday 9am Oslo")
    assert found.model_dump(mode="json") == {
        "at": "2026-11-24T08:00:00Z",
        "zone": OSLO,
        "wall": "2026-11-24 09:00",
        "words": "Tuesday 24 November 2026, 09:00 (Europe/Oslo, UTC+01:00)",
        "notes": ["“next Tuesday” is read as the coming one, Tue 24 Nov 2026; the one after is Tue 1 Dec 2026."],
    }


@pytest.mark.parametrize(
    ("text", "wall"),
    [
        ("in 3 days at noon", "2026-11-23 12:00"),
        ("in two hours", "2026-11-20 15:00"),
        ("in 2 Stunden", "2026-11-20 15:00"),
        ("in 2 weeks at 10am", "2026-12-04 10:00"),
        # dateparser alone drops the hour of these, and means now, tomorrow
        ("morgen 18 Uhr", "2026-11-21 18:00"),
        ("mañana a las 9", "2026-11-21 09:00"),
        ("i morgen kl 18", "2026-11-21 18:00"),
        ("domani alle 18", "2026-11-21 18:00"),
        ("demain 18h30", "2026-11-21 18:30"),
        ("lunes 9h", "2026-11-23 09:00"),  # alone: a Monday that is past
        ("pasado mañana 9:00", "2026-11-22 09:00"),
        ("übermorgen Mittag", "2026-11-22 12:00"),
        ("завтра в 18:00", "2026-11-21 18:00"),
        ("明日 9時", "2026-11-21 09:00"),
        ("11月24日 18時", "2026-11-24 18:00"),  # alone: the year 2124
        ("24.12. 18 Uhr", "2026-12-24 18:00"),  # alone: twelve minutes past five
        ("24.11.2026 9:00", "2026-11-24 09:00"),
        ("03/14/2027 10:00", "2027-03-14 10:00"),
        ("20 nov 14:00", "2026-11-20 14:00"),
        ("tuesday 24 november 9.15pm", "2026-11-24 21:15"),
        ("tuesday next week 9am", "2026-11-24 09:00"),
        ("9 in the morning 5 december", "2026-12-05 09:00"),
        ("wednesday 9 in the evening", "2026-11-25 21:00"),
        ("tomorrow morning at 9", "2026-11-21 09:00"),
        ("heute Abend um 8", "2026-11-20 20:00"),
        ("ce soir à 20h", "2026-11-20 20:00"),
        ("viernes 27 de noviembre a las 9 de la noche", "2026-11-27 21:00"),
        # hours, feasts and spans in words
        ("in half an hour", "2026-11-20 13:30"),
        ("in an hour and a half", "2026-11-20 14:30"),
        ("in einer halben Stunde", "2026-11-20 13:30"),
        ("daqui a meia hora", "2026-11-20 13:30"),
        ("dans 2 heures", "2026-11-20 15:00"),
        ("tomorrow at nine pm", "2026-11-21 21:00"),
        ("mañana a las nueve", "2026-11-21 09:00"),
        ("mañana a las nueve y media", "2026-11-21 09:30"),
        ("morgen um halb neun", "2026-11-21 08:30"),
        ("morgen um halb zehn abends", "2026-11-21 21:30"),
        ("demain à 9 heures et demie", "2026-11-21 09:30"),
        ("lundi prochain à 9 heures", "2026-11-23 09:00"),
        ("zaterdag om 9 uur", "2026-11-21 09:00"),
        ("zaterdag om negen uur", "2026-11-21 09:00"),
        ("завтра в девять", "2026-11-21 09:00"),
        ("明日九時", "2026-11-21 09:00"),
        ("明日の朝8時半", "2026-11-21 08:30"),
        ("depois de amanhã às 8h30", "2026-11-22 08:30"),
        ("Christmas Eve 6pm", "2026-12-24 18:00"),
        ("an Heiligabend um 18 Uhr", "2026-12-24 18:00"),
        ("Neujahr 10 Uhr", "2027-01-01 10:00"),
        # days counted from another one, or by their number
        ("the 5th at noon", "2026-12-05 12:00"),
        ("the 31st at noon", "2026-12-31 12:00"),
        ("the 20th at 9am", "2026-12-20 09:00"),
        ("Thursday the 3rd at 9am", "2026-12-03 09:00"),
        ("am 3. um 9 Uhr", "2026-12-03 09:00"),
        ("dia 3 às 9h", "2026-12-03 09:00"),
        ("a week from Tuesday 10am", "2026-12-01 10:00"),
        ("tomorrow week 9am", "2026-11-28 09:00"),  # dateparser alone: tomorrow
        ("mardi en huit à 10h", "2026-12-01 10:00"),
        ("in two weeks at 10am", "2026-12-04 10:00"),
        # dateparser alone: three in the night
        ("明日 午後3時", "2026-11-21 15:00"),
        ("明天下午3点", "2026-11-21 15:00"),
        ("내일 오후 3시", "2026-11-21 15:00"),
    ],
)
def test_several_languages_and_no_hour_is_lost(text: str, wall: str) -> None:
    assert read(text).wall == wall


@pytest.mark.parametrize(
    ("text", "zone", "at"),
    [
        ("tomorrow at 9am in New York", "America/New_York", "2026-11-21T14:00"),
        ("2026-11-24 9:00 Tokyo", "Asia/Tokyo", "2026-11-24T00:00"),
        ("tomorrow 9:00 Moscow time", "Europe/Moscow", "2026-11-21T06:00"),
        ("tomorrow 9am Norway", OSLO, "2026-11-21T08:00"),
        ("tuesday at 5:30pm Pacific/Auckland", "Pacific/Auckland", "2026-11-24T04:30"),
        ("tomorrow 9:00 UTC+2", OSLO, "2026-11-21T07:00"),
        ("monday 9am PST", "America/Los_Angeles", "2026-11-23T17:00"),
        ("31 october 2027 2:30 CEST", "Europe/Berlin", "2027-10-31T00:30"),
        ("31 october 2027 2:30 CET", "Europe/Berlin", "2027-10-31T01:30"),
        ("31 october 2027 2:30 +01:00", OSLO, "2027-10-31T01:30"),
    ],
)
def test_a_city_a_country_letters_or_an_offset_name_the_zone(text: str, zone: str, at: str) -> None:
    found = read(text)
    assert (found.zone, found.at) == (zone, datetime.fromisoformat(at).replace(tzinfo=UTC))


def test_cities_are_known_in_the_workspaces_language_too() -> None:
    assert read("morgen 9 Uhr Moskau", "de").zone == "Europe/Moscow"
    assert read("明日 9時 東京", "ja").zone == "Asia/Tokyo"


@pytest.mark.parametrize(
    ("text", "locale", "note"),
    [
        ("03/04/2027 10:00", "en-GB", "read as Sat 3 Apr 2027, day first"),
        ("03/04/2027 10:00", "en-US", "read as Thu 4 Mar 2027, month first"),
        ("tomorrow 12am", "en", "read as midnight"),
        ("mañana a las 9", "es", "read as 09:00, by the 24-hour clock"),
        ("july 4 9am EST", "en", "goes by EDT then, not EST"),
        ("next sunday 9:00", "en", "the coming one, Sun 22 Nov 2026; the one after is Sun 29 Nov 2026"),
        ("friday 9:00", "en", "read as Fri 27 Nov 2026: today's 09:00 has passed"),
        ("tonight at 8", "en", "08:00 is read as 20:00"),
        ("next week sunday 9am", "en", "Weeks are read as beginning on Monday: Sun 29 Nov 2026"),
        ("today 7:00", "en", "lies in the past"),
    ],
)
def test_a_reading_that_is_not_plain_is_said(text: str, locale: str, note: str) -> None:
    assert note in " ".join(read(text, locale).notes)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("03/04/2027 10:00", "may be Sat 3 Apr 2027 or Thu 4 Mar 2027"),
        ("tomorrow at 9", "may be 09:00 or 21:00"),
        ("tomorrow 9am CST", "CST is more than one time zone"),
        ("tomorrow 9am United States", "has several time zones"),
        ("may 9am", "'may' is a month, not a day"),
        ("next week 9am", "is a week, not a day"),
        ("the 20th at 14:00", "may be today, Fri 20 Nov 2026, or Sun 20 Dec 2026"),
        ("a week from friday 14:00", "may be Fri 27 Nov 2026, or Fri 4 Dec 2026"),
        ("the 40th at noon", "No month has a day 40"),
        ("friday the 3rd 9:00", "is a Thursday"),
        ("tuesday in two weeks 9am", "another day of the week"),
        ("tomorrow at nine", "may be 09:00 or 21:00"),
        ("tomorrow half past nine", "may be 09:30 or 21:30"),
        ("New Year's Eve at midnight", "the beginning of that day or its end"),
        ("half nine tomorrow", "not understood"),  # 9:30 in London, 8:30 in Amsterdam
        ("friday 13 november 9:00", "is a Saturday"),
        ("tomorrow", "names no time of day"),
        ("9:00", "names no day"),
        ("tomorrow banana 9:00", "'tomorrow banana' is not understood"),
        ("easter monday 9am", "'easter' is not understood"),  # not Pacific/Easter
        ("yesterday 9:00", "which is past"),
        ("Mars/Olympus 9:00 tomorrow", "no time zone called 'Mars/Olympus'"),
        ("tomorrow between 9:00 and 10:00", "two times"),
        ("tomorrow 9:00-10:00", "two times"),  # dateparser alone: today, ten hours off
        ("tomorrow 9am-10", "two times"),
        ("friday 14:00", "may be today, Fri 20 Nov 2026, or Fri 27 Nov 2026"),
        ("next friday 14:00", "may be today, Fri 20 Nov 2026, or Fri 27 Nov 2026"),
        ("tomorrow at midnight", "the beginning of that day or its end"),
        ("24.11.26 9:00", "may be a year, or a day"),
        ("1 dec 26 9am", "may be a year, or a day"),
        ("28 March 2027 2:30", "02:30 does not exist on 2027-03-28 in Europe/Oslo"),
        ("31 October 2027 2:30", "02:30 comes twice on 2027-10-31 in Europe/Oslo"),
        ("2027-10-31 02:30", "comes twice"),
        ("tomorrow 25:00", "no time of day"),
        ("tomorrow 13pm", "no time of day"),
        ("tomorrow 9:75", "no time of day"),
        ("tomorrow morning 8pm", "no time of the morning"),
        ("tomorrow night 1am", "no time of the night"),
        ("tomorrow 9am Georgia", "several time zones"),
        ("christmas 9am", "not understood"),  # not Indian/Christmas
        ("tuesday 1 december in the evening", "a part of a day"),
        ("1605700000", "is no"),
        ("31.02. 9:00", "no '31.02.' in the calendar"),
        ("x" * 300, "longer than 200"),
    ],
)
def test_what_may_mean_two_things_is_asked_and_garbage_is_refused_by_its_words(text: str, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        read(text)
    assert why in refused.value.message
    assert refused.value.hint


@settings(derandomize=True, max_examples=60, deadline=None)
@given(
    days=st.integers(1, 300),
    minutes=st.integers(0, 24 * 60 - 1),
    zone=st.sampled_from([OSLO, "America/New_York", "Australia/Lord_Howe"]),
    form=st.sampled_from(
        ["{:%Y-%m-%d %H:%M}", "{:%d.%m.%Y %H:%M}", "{:%d %B %Y at %H:%M}", "{:%A %d %B %Y, %I:%M %p}"]
    ),
)
def test_what_is_written_out_is_read_back_or_asked(days: int, minutes: int, zone: str, form: str) -> None:
    wall = datetime(2026, 11, 20) + timedelta(days=days, minutes=minutes)
    instants = instants_of(wall, zone)
    if len(instants) == 1:
        found = understand(form.format(wall), NOW, zone)
        assert (to_wall(found.at, zone), found.at) == (wall, instants[0])
        assert understand(found.wall, NOW, zone).at == found.at
    else:
        with pytest.raises(BadInput, match=r"comes twice|does not exist") as asked:
            understand(form.format(wall), NOW, zone)
        for written in regex.findall(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?:[+-]\d\d:\d\d)?", asked.value.hint):
            assert understand(written, NOW, zone).at >= NOW


@pytest.mark.parametrize("zone", [OSLO, "America/New_York", "Australia/Lord_Howe", "Africa/Cairo"])
def test_a_day_of_the_week_is_never_todays_without_being_asked(zone: str) -> None:
    for day in range(7):
        now = NOW + timedelta(days=day)
        today = to_wall(now, zone)
        late = f"{today:%A} 23:59"
        with pytest.raises(BadInput, match="may be today"):
            understand(late, now, zone)
        assert to_wall(understand("today 23:59", now, zone).at, zone).date() == today.date()
        assert to_wall(understand(f"{today:%A} 0:00", now, zone).at, zone).date() == today.date() + timedelta(days=7)

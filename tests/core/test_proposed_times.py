"""Which time is proposed: never past, quiet, too near, or before an embargo, and always with a reason."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.campaigns import CampaignPart, phases
from core.channels import channel, channels
from core.days_off import DaysOff, days_off
from core.errors import BadInput
from core.proposed_times import Aim, Bounds, Busy, Candidate, TimeProposal, conflicts_at, propose
from core.timing import Estimates, Posted, estimate
from core.timing_policy import Quiet, Timing
from core.wall_time import to_instant, to_wall

OSLO, NEW_YORK = "Europe/Oslo", "America/New_York"
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)  # a Friday, 13:00 in Oslo
NOTHING = Estimates()


def bounds(**more: object) -> Bounds:
    return Bounds(**{"zone": OSLO, "now": NOW, "gap": timedelta(hours=2), **more})  # type: ignore[arg-type]


def proposed(
    name: str = "bluesky", results: Estimates = NOTHING, aim: Aim | None = None, **more: object
) -> TimeProposal:
    return propose(channel(name), bounds(**more), results=results, aim=aim)


def best_at_night(count: int = 240) -> list[Posted]:
    """Posts of two years, of which those on weekdays from 18 to 21 in Oslo got twice the likes."""
    posts = []
    for number in range(count):
        day = datetime(2025, 1, 6) + timedelta(days=number * 3)
        hour = (8, 12, 19)[number % 3]
        value = 100 * (2 if hour == 19 and day.weekday() < 5 else 1) * (1 + number % 7 / 10)
        posts.append(Posted(at=to_instant(day.replace(hour=hour), OSLO)[0], value=value))
    return posts


def test_a_default_says_that_it_is_not_measured_and_how_many_posts_are_missing() -> None:
    found = proposed()
    assert (found.wall, found.source, found.enough, found.needed) == ("2026-11-20 17:30", "default", False, 30)
    assert found.reason == (
        "Fri 20 Nov 17:30 (Europe/Oslo) is the next free default slot for Bluesky; defaults are not measured. "
        "No post of yours here has figures yet; it takes at least 30 to say anything of times."
    )
    assert found.words == "Friday 20 November 2026, 17:30 (Europe/Oslo, UTC+01:00)"


def test_a_channel_without_weekend_slots_waits_for_monday() -> None:
    assert proposed("linkedin", now=datetime(2026, 11, 21, 9, 0, tzinfo=UTC)).wall == "2026-11-23 08:30"


def test_what_is_taken_is_passed_over_and_named() -> None:
    taken = Busy(datetime(2026, 11, 20, 16, 0, tzinfo=UTC), "p_1, approved", "p_1")
    found = proposed(busy=(taken,))
    assert found.wall == "2026-11-21 10:00"
    assert "Fri 20 Nov 17:00 is planned already (p_1, approved), within 2 hours." in found.reason
    [conflict] = conflicts_at(datetime(2026, 11, 20, 16, 30, tzinfo=UTC), bounds(busy=(taken,)))
    assert (conflict.kind, conflict.proposal, conflict.advice) == ("gap", "p_1", False)


def test_quiet_hours_are_the_audiences() -> None:
    early = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
    assert proposed("mastodon", now=early).wall == "2026-11-23 08:00"
    assert proposed("mastodon", now=early, quiet=Quiet(18, 9)).wall == "2026-11-23 12:30"
    assert proposed("mastodon", now=early, quiet=Quiet(7, 21)).wall == "2026-11-23 21:00"
    assert proposed("mastodon", now=early, zone=NEW_YORK).wall == "2026-11-23 08:00"


def test_a_slot_of_ones_own_comes_first_unless_it_is_quiet_or_under_an_embargo() -> None:
    slots = [
        Candidate(to_instant(datetime(2026, 11, day, hour), OSLO)[0], f"your slot on {day}", "slot")
        for day, hour in ((24, 22), (25, 9), (26, 9))
    ]
    found = propose(channel("bluesky"), bounds(), own=slots, results=NOTHING)
    assert (found.wall, found.source) == ("2026-11-25 09:00", "slot")
    assert "22:00 is within the audience's quiet hours, 21 to 7" in found.reason
    later = bounds(not_before=datetime(2026, 11, 25, 12, tzinfo=UTC))
    kept = propose(channel("bluesky"), later, own=slots, results=NOTHING)
    assert kept.wall == "2026-11-26 09:00"
    assert "The embargo holds until Wednesday 25 November 2026, 13:00" in kept.reason


def test_holidays_are_passed_over_and_named_or_used_and_named() -> None:
    eve = {"now": datetime(2026, 12, 24, 21, tzinfo=UTC), "days_off": days_off(None, OSLO)}
    avoided = proposed(holidays="avoid", **eve)
    assert avoided.wall == "2026-12-27 10:00"
    assert "Fri 25 Dec is Christmas Day (NO)" in avoided.reason
    used = proposed(holidays="use", **eve)
    assert (used.wall, used.conflicts[0].advice) == ("2026-12-25 08:30", True)
    assert "Christmas Day" in used.reason
    assert "Christmas" not in proposed(holidays="ignore", **eve).reason


@pytest.mark.parametrize(
    ("country", "zone", "known", "note"),
    [
        (None, "Asia/Kolkata", "IN", ""),
        ("DE-BY", "Europe/Berlin", "DE-BY", ""),
        (None, "UTC", None, "No country is known for UTC"),
        ("DE-XX", "Europe/Berlin", None, "The holidays of DE-XX are not known"),
    ],
)
def test_whose_holidays_are_known(country: str | None, zone: str, known: str | None, note: str) -> None:
    found = days_off(country, zone)
    assert found.country == known
    assert note in found.note
    assert note == "" or note in proposed(holidays="avoid", days_off=found).reason


def test_a_part_of_a_country_has_its_own_holidays() -> None:
    epiphany = datetime(2027, 1, 6).date()
    assert (days_off("DE-BY", OSLO).on(epiphany), days_off("DE", OSLO).on(epiphany)) == ("Epiphany", None)


def test_ones_own_results_move_the_time_when_there_are_enough() -> None:
    results = estimate(best_at_night(), OSLO, "likes")
    found = proposed(results=results)
    assert (found.wall, found.source, found.enough) == ("2026-11-20 18:30", "results", True)
    assert "posts on weekdays 18 to 21 got" in found.reason
    assert "likes" in found.reason
    few = estimate(best_at_night()[:12], OSLO, "likes")
    assert (few.enough, few.needed, few.best) == (False, 18, None)
    assert proposed(results=few).source == "default"
    assert "12 posts have likes, and 18 more are needed" in proposed(results=few).reason


def test_enough_results_without_a_better_hour_say_so() -> None:
    flat = [each.model_copy(update={"value": 100.0 + number % 7}) for number, each in enumerate(best_at_night())]
    results = estimate(flat, OSLO, "likes")
    assert (results.enough, results.best) == (True, None)
    assert "no three hours of the day did better by more than chance" in proposed(results=results).reason


def test_an_account_that_grew_is_not_taken_for_a_better_hour() -> None:
    mornings = [
        Posted(at=datetime(2025, 1, 6, 8, tzinfo=UTC) + timedelta(days=n), value=10 * 1.01**n + n % 5)
        for n in range(200)
    ]
    evenings = [
        Posted(at=datetime(2025, 7, 26, 18, tzinfo=UTC) + timedelta(days=n), value=10 * 1.01 ** (n + 200) + n % 5)
        for n in range(200)
    ]
    assert estimate([*mornings, *evenings], "UTC", "likes").best is None


def test_a_campaign_is_a_teaser_a_launch_and_a_reminder() -> None:
    launch = to_instant(datetime(2026, 12, 1, 9, 0), OSLO)[0]
    walls = {}
    for phase in phases(launch, NOW):
        part = CampaignPart(id="c_1", phase=phase, launch=launch)
        found = proposed(aim=part.aim(OSLO), not_before=part.not_before)
        walls[phase] = found.wall
        assert phase in found.reason
    assert walls == {"teaser": "2026-11-29 10:00", "launch": "2026-12-01 09:00", "reminder": "2026-12-03 08:30"}
    assert phases(NOW + timedelta(hours=3), NOW) == ("launch", "reminder")
    with pytest.raises(BadInput, match="in the past"):
        phases(NOW, NOW)


def test_a_launch_in_quiet_hours_or_beside_another_post_moves_to_the_next_quarter_that_fits() -> None:
    launch = to_instant(datetime(2026, 12, 1, 6, 0), OSLO)[0]
    aim = CampaignPart(id="c_1", phase="launch", launch=launch).aim(OSLO)
    assert proposed(aim=aim).wall == "2026-12-01 07:00"
    near = Busy(to_instant(datetime(2026, 12, 1, 7, 30), OSLO)[0])
    found = proposed(aim=aim, busy=(near,))
    assert found.wall == "2026-12-01 09:30"
    assert "first quarter of an hour that fits" in found.reason


ZONES = [OSLO, NEW_YORK, "Pacific/Auckland", "Australia/Lord_Howe", "UTC"]
QUIET = [(21, 7), (0, 0), (22, 10), (7, 21), (23, 24), (1, 3)]


@settings(derandomize=True, max_examples=120, deadline=None)
@given(
    name=st.sampled_from([place.name for place in channels()]),
    now=st.datetimes(datetime(2026, 3, 1), datetime(2027, 4, 1), timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
    quiet=st.sampled_from(QUIET),
    gap=st.sampled_from([0, 30, 120, 720]),
    hours=st.lists(st.integers(-5, 200), max_size=8),
    embargo=st.one_of(st.none(), st.integers(0, 400)),
    slots=st.lists(st.integers(0, 300), max_size=5),
    aim=st.sampled_from([None, "teaser", "launch", "reminder"]),
    measured=st.booleans(),
)
def test_a_proposal_keeps_to_everything(
    name: str,
    now: datetime,
    zone: str,
    quiet: tuple[int, int],
    gap: int,
    hours: list[int],
    embargo: int | None,
    slots: list[int],
    aim: str | None,
    measured: bool,
) -> None:
    kept = Bounds(
        zone=zone,
        now=now,
        quiet=Quiet(*quiet),
        gap=timedelta(minutes=gap),
        busy=tuple(Busy(now + timedelta(hours=each)) for each in hours),
        not_before=None if embargo is None else now + timedelta(hours=embargo),
        holidays="avoid",
        days_off=days_off(None, zone),
    )
    own = [Candidate(now + timedelta(hours=each), "a slot", "slot") for each in slots]
    part = aim and CampaignPart(id="c", phase=aim, launch=now + timedelta(days=3)).aim(zone)  # type: ignore[arg-type]
    results = estimate(best_at_night(), OSLO, "likes") if measured else NOTHING
    found = propose(channel(name), kept, own=own, results=results, aim=part or None)
    wall = to_wall(found.at, zone)
    assert found.at > now
    assert kept.not_before is None or found.at >= kept.not_before
    assert not kept.quiet.holds(wall.hour)
    assert all(abs(found.at - each.at) >= kept.gap for each in kept.busy)
    assert kept.days_off.on(wall.date()) is None
    assert [each for each in conflicts_at(found.at, kept) if not each.advice] == []
    assert found.reason
    assert found == propose(channel(name), kept, own=own[::-1], results=results, aim=part or None)


def test_a_proposal_does_not_depend_on_the_zone_of_now() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    assert proposed("x", now=elsewhere, zone=NEW_YORK) == proposed("x", zone=NEW_YORK)


def test_the_policy_says_for_whom_by_channel_and_locale() -> None:
    said = Timing(
        zone=OSLO,
        zones={"es": "Europe/Madrid", "x:es": "America/Bogota"},
        quiet_on={"x": "0-6"},
        countries={"x": "US-CA"},
    )
    assert [said.zone_for(*key, "UTC") for key in (("x", "en"), ("bluesky", "es"), ("x", "es"))] == [
        OSLO,
        "Europe/Madrid",
        "America/Bogota",
    ]
    assert (said.quiet_for("x", "en"), said.quiet_for("site", "en")) == (Quiet(0, 6), Quiet(21, 7))
    assert (said.country_for("x", "en"), said.country_for("site", "en")) == ("US-CA", None)
    for wrong in (
        {"zone": "Oslo/Norway"},
        {"quiet": "0-24"},
        {"quiet": "night"},
        {"country": "Norway"},
        {"gaps": {"x": -1}},
    ):
        with pytest.raises(ValueError, match="error"):
            Timing.model_validate(wrong)


def test_no_days_off_are_looked_at_without_a_country() -> None:
    assert DaysOff(None).on(NOW.date()) is None

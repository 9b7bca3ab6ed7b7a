"""A campaign is three briefs around one launch, each with its own time, and nothing of the launch leaves before it."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from app.campaigning import start_campaign
from app.revising import Wish
from app.starting import brief_of, material_of
from app.studio import Studio
from core.campaigns import CampaignPart, read_campaign
from core.errors import BadInput, Stale, WrongUse
from tests.conftest import Clock
from tests.copied import copied_studio
from tools.material import part_of

ASK = "Announce the guide to reading tide tables"


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = copied_studio(tmp_path, clock)
    yield made
    made.close()


def test_teaser_launch_and_reminder_keep_apart_and_say_which_they_are(studio: Studio, clock: Clock) -> None:
    launch = clock() + timedelta(days=10, hours=20)  # Tuesday 1 December, 09:00 in Oslo
    done = start_campaign(studio, ASK, {"channels": ["newsletter"], "when": "auto"}, launch)
    posts = {phase: result.proposals[0] for phase, result in done.parts.items()}
    assert list(posts) == ["teaser", "launch", "reminder"]
    assert posts["launch"].at == launch
    assert {phase: post.not_before for phase, post in posts.items()} == {
        "teaser": None,
        "launch": launch,
        "reminder": launch,
    }
    assert posts["teaser"].at is not None
    assert posts["reminder"].at is not None
    day = timedelta(hours=24)  # newsletters keep a day apart
    assert posts["teaser"].at <= launch - day
    assert posts["reminder"].at >= launch + day
    assert "Coming on Tuesday 1 December." in posts["teaser"].text
    assert "Out since Tuesday 1 December." in posts["reminder"].text
    assert len({post.text.splitlines()[0] for post in posts.values()}) == 3
    assert not any(finding.severity == "error" for post in posts.values() for finding in post.findings)
    told = done.as_json()
    assert told["brief_id"] == told["campaign"]["briefs"]["launch"]
    assert len(told["proposals"]) == 3
    assert told["usage"]["model_calls"] == sum(each.usage.model_calls for each in done.parts.values())


def test_a_launch_that_is_near_has_no_teaser_and_one_that_is_past_is_refused(studio: Studio, clock: Clock) -> None:
    near = start_campaign(studio, ASK, {"channels": ["site"]}, clock() + timedelta(hours=3))
    assert list(near.parts) == ["launch", "reminder"]
    before = len(studio.memory.briefs.list(studio.workspace.id))
    with pytest.raises(BadInput, match="in the past"):
        start_campaign(studio, ASK, {}, clock())
    with pytest.raises(WrongUse, match="different times"):
        start_campaign(studio, ASK, {"when": clock() + timedelta(days=1)}, clock() + timedelta(days=2))
    assert len(studio.memory.briefs.list(studio.workspace.id)) == before


def test_a_teaser_leaves_before_the_launch_or_not_at_all(studio: Studio, clock: Clock) -> None:
    launch = clock() + timedelta(days=3)
    done = start_campaign(studio, ASK, {"channels": ["site"]}, launch)
    teaser, post = (done.parts[phase].proposals[0] for phase in ("teaser", "launch"))  # type: ignore[index]
    clock.now = launch
    with pytest.raises(Stale, match="a teaser for a launch that has been"):
        studio.decide(teaser.id, "approve", teaser.sha)
    studio.decide(post.id, "approve", post.sha)
    assert [each.proposal_id for each in studio.publish_due().published] == [post.id]


def test_what_speaks_against_a_time_of_ones_own_is_noted_and_it_stays(studio: Studio, clock: Clock) -> None:
    night = clock() + timedelta(days=1, hours=10)  # Saturday 23:00 in Oslo
    [post] = studio.start(ASK, channels=["bluesky"], when=night).proposals
    said = [finding for finding in post.findings if finding.rule == "time"]
    assert [finding.severity for finding in said] == ["note"]
    assert "23:00 is within the audience's quiet hours" in said[0].message
    assert post.at == night
    moved = studio.revise(post.id, Wish(at=night + timedelta(minutes=10))).proposal
    assert len([finding for finding in moved.findings if finding.rule == "time"]) == 1  # not its own old time
    assert studio.decide(moved.id, "approve", moved.sha).publication is not None


def test_a_model_is_told_the_part_and_the_day_in_any_language(studio: Studio, clock: Clock) -> None:
    launch = clock() + timedelta(days=10, hours=20)
    part = CampaignPart(id="c_1", phase="teaser", launch=launch)
    wished = {"campaign": part, "locales": ["nb"], "channels": ["site"]}
    brief = brief_of(studio, ASK, wished, material_of(studio, {}))  # type: ignore[arg-type]
    told = part_of(studio.crew.context, brief, "site")
    assert told is not None
    assert told.model_dump() == {"phase": "teaser", "launch": "Tuesday 1 December 2026, 09:00 (Europe/Oslo)"}
    assert part.told(ASK, "Europe/Oslo", "nb") == ASK
    assert part.told(f"{ASK}!", "Europe/Oslo", "en-GB") == f"{ASK}! Coming on Tuesday 1 December."


@pytest.mark.parametrize(
    ("not_before", "at", "why"),
    [(-1, None, "is past"), (0, None, "is past"), (48, 24, "before the end of its own embargo")],
)
def test_an_embargo_that_can_not_be_kept_is_refused_before_anything_is_drafted(
    studio: Studio, clock: Clock, not_before: int, at: int | None, why: str
) -> None:
    def hours(number: int) -> datetime:
        return clock() + timedelta(hours=number)

    when = "on_approval" if at is None else hours(at)
    with pytest.raises(BadInput, match=why):
        studio.start(ASK, channels=["site"], not_before=hours(not_before), when=when)
    assert studio.memory.briefs.list(studio.workspace.id) == []


@pytest.mark.parametrize("said", ["", "tomorrow", "launch", "launch=", "start=tomorrow 9:00"])
def test_what_is_no_campaign_is_refused(said: str) -> None:
    with pytest.raises(BadInput, match="is no campaign"):
        read_campaign(said)
    assert read_campaign(" Launch = 1 December 9:00 ") == "1 December 9:00"

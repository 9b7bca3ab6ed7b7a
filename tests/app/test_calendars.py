"""The plan as iCalendar, read back with a library that is not ours; and the feed, which can only be read."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from starlette.testclient import TestClient

from app.calendar_feed import address, feed_router
from app.calendar_files import to_ical
from app.planning import Entry, planned
from app.revising import Wish
from app.studio import Studio
from app.web_guard import LOOPBACK, WebGuard
from core.series import Series
from tests.conftest import Clock
from tests.copied import copied_studio
from tests.making import ASK


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    """A studio with a post that is scheduled, one that waits, and a recurring slot."""
    made = copied_studio(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def page(studio: Studio, clock: Clock) -> TestClient:
    """The feeds behind the guard that stands before every page."""
    app = FastAPI()
    app.include_router(feed_router(studio.memory, clock))
    app.add_middleware(WebGuard, hosts=LOOPBACK, chat_page="")
    return TestClient(app, base_url="http://127.0.0.1:8000")


def events(body: bytes) -> dict[str, Any]:
    """Read it back, strictly: by UID."""
    [calendar] = Calendar.from_ical(body, multiple=True)
    assert calendar.errors == []
    found = calendar.walk("VEVENT")
    assert all(each.errors == [] for each in found)
    by_uid = {str(each["uid"]): each for each in found}
    assert len(by_uid) == len(found)
    return by_uid


def in_calendar(studio: Studio, **how: Any) -> dict[str, Any]:
    entries = planned(studio.memory, studio.workspace.id, studio.clock())
    return events(to_ical(entries, studio.workspace.name, **{"with_text": True, **how}))


def test_posts_and_slots_are_events_and_a_new_version_moves_its_own(studio: Studio, clock: Clock) -> None:
    scheduled, proposed = studio.start(ASK, channels=["bluesky", "site"]).proposals
    at = clock() + timedelta(days=2)
    moved = studio.revise(scheduled.id, Wish(at=at)).proposal
    studio.decide(moved.id, "approve", moved.sha)
    slot = Series(
        id="s_1", workspace=studio.workspace.id, channel="site", name="Letters", weekdays=(1,), wall_time="08:30",
        zone="Europe/Oslo", starts_on="2026-11-20", ends_on="2026-11-30", created_at=clock(),
    )  # fmt: skip
    studio.memory.series.add(slot)
    found = in_calendar(studio)
    uid = f"{scheduled.brief_id}-bluesky-en-1@greenroom"
    assert set(found) == {uid, f"{proposed.brief_id}-site-en-1@greenroom", "s_1-2026-11-24@greenroom"}
    post = found[uid]
    assert (post.start, post.end - post.start) == (at, timedelta(minutes=15))
    assert (str(post["status"]), str(post["transp"])) == ("CONFIRMED", "TRANSPARENT")
    assert str(post["summary"]).startswith("Bluesky: scheduled")
    assert moved.text in str(post["description"])
    assert f"greenroom show {moved.id}" in str(post["description"])
    waits = found[f"{proposed.brief_id}-site-en-1@greenroom"]
    assert (waits.start, str(waits["status"])) == (proposed.suggested_at, "TENTATIVE")
    assert "Proposed, not approved." in str(waits["description"])
    assert found["s_1-2026-11-24@greenroom"].start == datetime(2026, 11, 24, 7, 30, tzinfo=UTC)


def test_without_text_no_word_of_a_draft_is_in_it_and_private_ones_never_are(studio: Studio) -> None:
    [open_] = studio.start(ASK, channels=["bluesky"]).proposals
    [private] = studio.start("Announce the fog signal at Ferder", channels=["site"], private=True).proposals
    entries = planned(studio.memory, studio.workspace.id, studio.clock())
    without, with_ = (to_ical(entries, "x", with_text=each) for each in (False, True))
    told = {name: "".join(str(e["description"]) + str(e["summary"]) for e in events(body).values())
            for name, body in (("without", without), ("with", with_))}  # fmt: skip
    assert open_.text not in told["without"]
    assert open_.text in told["with"]
    assert private.text not in told["with"]
    assert private.text in "".join(str(e["description"]) for e in in_calendar(studio, with_private=True).values())


def test_an_embargo_and_what_became_of_it_are_said(studio: Studio, clock: Clock) -> None:
    until = clock() + timedelta(days=3)
    [post] = studio.start(ASK, channels=["site"], not_before=until).proposals
    [event] = in_calendar(studio).values()
    assert "Under an embargo until Mon 23 Nov 13:00." in str(event["description"])
    studio.decide(post.id, "approve", post.sha)
    [event] = in_calendar(studio).values()
    assert (event.start, str(event["status"])) == (until, "CONFIRMED")
    clock.now = until
    studio.publish_due()
    [event] = in_calendar(studio).values()
    assert str(event["summary"]).startswith("Own site: live")
    clock.now = until + timedelta(days=61)
    assert in_calendar(studio) == {}


def test_the_same_plan_is_the_same_bytes_in_folded_lines(studio: Studio) -> None:
    studio.start(ASK, channels=["bluesky", "newsletter", "site"])
    entries = planned(studio.memory, studio.workspace.id, studio.clock())
    body = to_ical(entries, studio.workspace.name, with_text=True)
    assert body == to_ical(entries, studio.workspace.name, with_text=True)
    lines = body.split(b"\r\n")
    assert max(map(len, lines)) <= 75
    assert not any(b"\n" in line or b"\r" in line for line in lines)
    [calendar] = Calendar.from_ical(body, multiple=True)
    assert (str(calendar["version"]), str(calendar["method"])) == ("2.0", "PUBLISH")
    assert b"X-WR-CALNAME:Small harbour\r\n" in body
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT30M\r\n" in body


@settings(derandomize=True, max_examples=150, deadline=None)
@given(text=st.text(max_size=200), name=st.text(max_size=40))
def test_no_text_can_write_a_line_of_its_own(text: str, name: str) -> None:
    entry = Entry("u@greenroom", datetime(2026, 11, 24, 7, 30, tzinfo=UTC), "post", "Bluesky: live", "live", True,
                  text="first\n\n" + text)  # fmt: skip
    body = to_ical([entry], name + "\r\nBEGIN:VEVENT", with_text=True)
    [event] = events(body).values()
    shown = "".join(each for each in text if each == "\n" or each.isprintable())
    read = str(event["description"])
    assert (
        "".join(each for each in read if each == "\n" or each.isprintable())
        .replace("\n", "")
        .endswith(shown.replace("\n", ""))
    )


def test_the_feed_answers_with_the_plan_and_not_again_while_it_is_the_same(studio: Studio, page: TestClient) -> None:
    studio.start(ASK, channels=["bluesky"])
    _, token = studio.memory.feeds.make(studio.workspace.id, by="owner")
    first = page.get(f"/feeds/{token}.ics")
    assert first.status_code == 200
    assert first.headers["content-type"] == "text/calendar; charset=utf-8"
    assert first.headers["cache-control"] == "private, max-age=300"
    assert first.headers["x-content-type-options"] == "nosniff"
    assert len(events(first.content)) == 1
    etag = first.headers["etag"]
    for known in (etag, f'"other", W/{etag}', "*"):
        same = page.get(f"/feeds/{token}.ics", headers={"If-None-Match": known})
        assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", etag)
    head = page.head(f"/feeds/{token}.ics")
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", etag)
    studio.start("Announce the fog signal at Ferder", channels=["site"])
    changed = page.get(f"/feeds/{token}.ics", headers={"If-None-Match": etag})
    assert (changed.status_code, len(events(changed.content))) == (200, 2)


def test_the_feed_is_read_only_ends_when_revoked_and_tells_strangers_nothing(studio: Studio, page: TestClient) -> None:
    made, token = studio.memory.feeds.make(studio.workspace.id, by="owner")
    for method in ("POST", "PUT", "PATCH", "DELETE", "PROPFIND"):
        assert page.request(method, f"/feeds/{token}.ics").status_code == 405
    before = studio.memory.ledger.entries()
    assert page.get(f"/feeds/{token}.ics").status_code == 200
    assert studio.memory.ledger.entries() == before
    stranger = page.get(f"/feeds/{token}x.ics")
    studio.memory.feeds.revoke(studio.workspace.id, made.id, by="owner")
    revoked = page.get(f"/feeds/{token}.ics")
    assert (stranger.status_code, revoked.status_code, stranger.content) == (404, 404, revoked.content)
    assert revoked.headers["cache-control"] == "no-store"
    assert page.get(f"/feeds/{token}.ics", headers={"Host": "evil.example"}).status_code == 403


def test_an_address_is_one_that_this_machine_answers() -> None:
    assert address("127.0.0.1", 8000, "t") == "http://127.0.0.1:8000/feeds/t.ics"
    assert address("::1", 8000, "t") == "http://[::1]:8000/feeds/t.ics"

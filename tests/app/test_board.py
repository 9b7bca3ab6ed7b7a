"""The board without a browser: what its pages hold, how decisions are taken, what is told to who listens."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from fastapi.testclient import TestClient

from app.board.briefs import Jobs
from app.board.rendering import POLICY
from app.board.rows import Rows
from app.board.stream import Stream
from app.founding import found_sample, sample_brief
from app.settings import Settings
from app.studio import Studio
from app.watching import Watch
from core.errors import ModelFailed
from core.proposals import Proposal
from tests.app.board_server import web
from tests.conftest import Clock
from tests.copied import copied_studio
from tests.making import ASK, sat_down_at

HOSTILE = "<script>window.ran=1</script><img src=x onerror=window.ran=2>"


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = copied_studio(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def client(studio: Studio) -> Iterator[TestClient]:
    with TestClient(web(studio), base_url="http://127.0.0.1") as made:
        yield made


@pytest.fixture
def drafts(studio: Studio) -> list[Proposal]:
    return studio.start(ASK, channels=("bluesky", "linkedin", "site")).proposals


def decide(client: TestClient, proposal: Proposal, verb: str, **more: str) -> dict[str, Any]:
    asked = {"id": proposal.id, "sha": proposal.sha, "verb": verb, **more}
    answer = client.post("/board/decide", json=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def until(true: Callable[[], bool]) -> None:
    ends = time.monotonic() + 20
    while not true():
        assert time.monotonic() < ends, "it did not come to pass"
        time.sleep(0.02)


def test_a_card_has_all_that_a_decision_needs(client: TestClient, studio: Studio, drafts: list[Proposal]) -> None:
    page = client.get("/")
    assert page.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY and "script-src 'self';" in POLICY and "style-src 'self';" in POLICY
    assert "style=" not in page.text and "<script>" not in page.text
    first = client.get(f"/board/card/{drafts[0].id}").text
    for words in (
        "waits for you",
        "of 300 graphemes",
        "Sounds like you",
        "Leans on your work",
        "Made with",
        drafts[0].sha,
    ):
        assert words in first
    work = next(each.work_id for each in drafts[0].receipts if each.work_id)
    assert f'href="/works/{work}"' in first
    assert studio.memory.works.get(studio.workspace.id, str(work)).body.split()[0] in client.get(f"/works/{work}").text


def test_rows_stand_under_brief_channel_or_day(client: TestClient, drafts: list[Proposal]) -> None:
    assert "the woman who kept the tide tables" in client.get("/board/list?by=brief").text
    by_channel = client.get("/board/list?by=channel").text
    assert by_channel.count('class="group"') == 3
    assert by_channel.count("<small>1 waits</small>") == 3
    assert 'data-key="2026-' in client.get("/board/list?by=day").text
    assert client.get("/board/list?by=colour").status_code == 422


def test_what_was_released_without_a_time_stands_where_it_went_out(
    studio: Studio, clock: Clock, drafts: list[Proposal]
) -> None:
    site = next(each for each in drafts if each.channel == "site")
    proposed = site.suggested_at
    assert proposed is not None and proposed.date() != clock().date()
    watch, rows = Watch(studio), Rows(studio)
    assert rows.row(watch.look()[site.id])["day"] == f"{proposed.astimezone(ZoneInfo('Europe/Oslo')):%Y-%m-%d}"
    studio.decide(site.id, "approve", site.sha)
    told = rows.row(watch.look()[site.id])
    wall = clock().astimezone(ZoneInfo("Europe/Oslo"))
    assert (told["day"], told["when"]) == (f"{wall:%Y-%m-%d}", f"{wall:%H:%M}")


def test_every_verb_is_taken_at_once_and_carried_out_behind_the_answer(
    client: TestClient, studio: Studio, drafts: list[Proposal]
) -> None:
    bluesky, linkedin, site = drafts
    approved = decide(client, site, "approve")
    assert approved["done"] and studio.show(site.id).state == "approved"
    until(lambda: bool(studio.publications()))
    held = decide(client, bluesky, "hold", note="wait for the photo")
    assert "held by you: wait for the photo" in client.get("/board/list").text
    assert held["decision"] and decide(client, linkedin, "edit", body="Marit kept the tin.")["decision"] is None
    until(lambda: studio.show(linkedin.id).superseded_by is not None)
    new = studio.show(str(studio.show(linkedin.id).superseded_by))
    assert (new.text, new.state) == ("Marit kept the tin.", "waiting")
    back = client.post("/board/undo", json={"id": site.id, "decision": approved["decision"]}).json()
    assert back["said"] == "Taken back. It waits for you again."
    assert (studio.show(site.id).state, studio.publications()[0].state) == ("waiting", "cancelled")


def test_an_approval_waits_its_grace_in_line_and_a_set_time_does_not_move(
    client: TestClient, studio: Studio, clock: Clock, drafts: list[Proposal]
) -> None:
    decide(client, drafts[2], "approve")
    until(lambda: bool(studio.publications()))
    [line] = studio.publications()
    assert (line.due_at - clock()).total_seconds() == studio.settings.undo_seconds == 10
    assert studio.publish_due().published == ()
    clock.now += timedelta(seconds=11)
    assert len(studio.publish_due().published) == 1


def test_who_comes_second_is_told_who_was_first_and_other_bytes_are_refused(
    client: TestClient, studio: Studio, drafts: list[Proposal]
) -> None:
    first, second, third = drafts
    sat_down_at(studio, "Ines").decide(first.id, "reject", first.sha)
    late = decide(client, first, "approve")
    assert not late["done"]
    assert late["said"].startswith("Ines rejected this at ")
    assert late["said"].endswith("Your click changed nothing.")
    other = client.post("/board/decide", json={"id": second.id, "sha": third.sha, "verb": "approve"}).json()
    assert "has changed since you saw it" in other["said"]
    assert studio.show(second.id).state == "waiting"
    assert "says which" in decide(client, second, "changes")["said"]


def test_what_is_no_decision_and_what_another_site_asks_is_refused(
    client: TestClient, studio: Studio, drafts: list[Proposal]
) -> None:
    asked = {"id": drafts[0].id, "sha": drafts[0].sha, "verb": "approve"}
    wrong: list[dict[str, Any]] = [{"verb": "publish"}, {"by": "Ines"}, {"secret": "x"}, {"note": "x" * 4001}]
    for each in (*wrong, {"sha": "0" * 65}, {"verb": ["approve"]}):
        assert client.post("/board/decide", json={**asked, **each}).status_code == 422, each
    for headers in ({"Origin": "https://evil.example"}, {"Host": "evil.example"}, {"Origin": "null"}):
        assert client.post("/board/decide", json=asked, headers=headers).status_code == 403, headers
    plain = client.post("/board/decide", content=json.dumps(asked), headers={"Content-Type": "text/plain"})
    assert plain.status_code == 422
    assert studio.show(drafts[0].id).state == "waiting"


def test_a_decision_that_could_not_be_carried_out_waits_again_and_says_why(
    client: TestClient, studio: Studio, drafts: list[Proposal], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ModelFailed("The model's server does not answer.", "Try again later.")

    monkeypatch.setattr(studio.threads, "carry_out", broken)
    assert decide(client, drafts[0], "changes", note="shorter")["done"]
    until(lambda: studio.show(drafts[0].id).state == "waiting")
    until(lambda: "could not be carried out" in client.get(f"/board/card/{drafts[0].id}").text)
    assert "The model&#39;s server does not answer." in client.get(f"/board/card/{drafts[0].id}").text


def test_hostile_words_stay_words(client: TestClient, studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "evil.md").write_text(f"---\ntitle: '{HOSTILE}'\ntags: ['{HOSTILE}']\n---\n\n{HOSTILE} tin tin\n")
    studio.import_paths([tmp_path / "evil.md"])
    made = studio.start(f"Tell of the tin {HOSTILE}", channels=("bluesky", "newsletter", "webhook")).proposals
    decide(client, made[0], "edit", body=f"{HOSTILE} http://a.example/'onmouseover=x")
    pages = ["/", "/works", f"/works?q={HOSTILE}", f"/brief?ask={HOSTILE}", "/works/%3Cscript%3E"]
    pages += [f"/board/card/{each.id}" for each in made] + [f"/alike/{made[1].id}"]
    pages += [f"/works/{each.id}" for each in studio.works()]
    for where in pages:
        text = client.get(where).text
        assert "<script>window" not in text and "<img src=x" not in text and "'onmouseover" not in text, where


def test_the_watch_tells_what_anybody_changed_and_by_whom(studio: Studio, drafts: list[Proposal]) -> None:
    watch = Watch(studio)
    stream = Stream(watch, Rows(studio), Jobs(studio))
    assert set(watch.look()) == {each.id for each in drafts}
    start = stream.mark

    async def heard(mark: str) -> str:
        events = stream.events(mark)
        found = await asyncio.wait_for(anext(events), 5)
        await events.aclose()
        return found

    other = Studio.open(Settings(home=studio.settings.home, user="Ines"), clock=studio.clock)
    other.decide(drafts[0].id, "hold", drafts[0].sha)
    other.close()
    told = asyncio.run(heard(start))  # nobody asked for a look: the watch looks by itself
    data = json.loads(told.split("data: ")[1])
    assert [(row["id"], row["was"], row["said"][:14]) for row in data["rows"]] == [
        (drafts[0].id, "waiting", "Ines put this ")
    ]
    assert 'data-state="held"' in data["rows"][0]["html"]
    assert asyncio.run(heard(start)) == told  # who was away meanwhile is told the same
    assert "event: anew" in asyncio.run(heard("w_another.3"))
    assert "event: anew" in asyncio.run(heard(""))
    assert watch.since(10_000) is None


def test_a_version_that_this_person_saw_is_compared_with_the_one_that_is_shown(
    client: TestClient, studio: Studio, drafts: list[Proposal]
) -> None:
    one = drafts[0]
    two = studio.decide(one.id, "edit", one.sha, body="Marit kept the tin on a shelf.").new_proposal
    assert two is not None
    three = studio.decide(two.id, "edit", two.sha, body="Marit kept the tin on a stove.").new_proposal
    assert three is not None
    shown = client.get(f"/board/card/{one.id}?seen={two.id}").text
    assert f'data-id="{three.id}"' in shown and f'data-root="{one.id}"' in shown
    assert "Since you last saw it:" in shown and "<del>shelf.</del>" in shown and "<ins>stove.</ins>" in shown
    assert "Since you last saw it" not in client.get(f"/board/card/{three.id}?seen={drafts[1].id}").text


def test_an_empty_board_offers_next_steps_and_a_brief_is_drafted_behind_the_page(
    client: TestClient, studio: Studio
) -> None:
    empty = client.get("/").text
    assert "Nothing waits for you" in empty and empty.count('<li><a href="/brief') == 2
    began = client.post("/board/brief", json={"ask": ASK, "channels": ["bluesky"]})
    assert began.status_code == 200
    until(lambda: len(studio.pending()) == 1)
    for wrong in ({}, {"ask": "x", "channels": ["fax"]}, {"ask": "x", "source": "/etc/passwd"}, {"source": "w_nobody"}):
        refused = client.post("/board/brief", json=wrong)
        assert refused.status_code == 400 and refused.json()["said"]
    assert len(studio.memory.briefs.list(studio.workspace.id)) == 1


def test_the_sample_creators_next_brief_comes_with_its_notes_and_nobody_elses_does(
    client: TestClient, tmp_path: Path
) -> None:
    assert "harbour day" not in client.get("/brief?sample=1").text
    space, _works = found_sample(Settings(home=tmp_path / "sample"))
    ask, notes = sample_brief(space) or ("", "")
    assert ask == "Announce episode 41, The slow harbour" and "Episode 41" in notes
    assert sample_brief(space.model_copy(update={"name": "Mine"})) is None


def test_a_brief_that_fails_says_why_until_it_is_dismissed(
    client: TestClient, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ModelFailed("The model's server does not answer.", "Try again later.")

    monkeypatch.setattr(studio.briefing, "start", broken)
    job = client.post("/board/brief", json={"ask": ASK}).json()["id"]
    until(lambda: "could not be drafted" in client.get("/board/jobs").text)
    assert "does not answer" in client.get("/").text
    assert "could not be drafted" not in client.post(f"/board/jobs/{job}/dismiss", json={}).text


def test_look_alikes_share_channel_account_and_language(client: TestClient, studio: Studio) -> None:
    made = studio.start(ASK, channels=("bluesky", "linkedin"), variants=2).proposals
    posts = [each for each in made if each.channel == "bluesky"]
    page = client.get(f"/alike/{posts[1].id}").text
    assert page.index(posts[1].sha) < page.index(posts[0].sha)
    assert page.count("data-sha=") == 2
    assert "2 like it, to be approved together" in client.get(f"/board/card/{posts[0].id}").text
    assert client.get("/alike/p_nobody").status_code == 404
    assert client.get("/board/card/p_nobody").status_code == 404
    assert "There is no proposal p_nobody" in client.get("/?p=p_nobody").text


def test_another_time_in_the_calendar_makes_a_new_version_and_voids_what_was_approved(
    client: TestClient, studio: Studio, drafts: list[Proposal]
) -> None:
    site = drafts[2]
    assert site.suggested_at is not None
    week = client.get(f"/calendar?day={site.suggested_at:%Y-%m-%d}").text
    assert site.sha in week and 'draggable="true"' in week and ">proposed<" in week
    assert "November 2026" in client.get("/calendar?view=month&day=2026-11-20").text
    moved = {"id": site.id, "sha": site.sha, "wall": "2026-11-26T08:30"}
    assert "has changed" in client.post("/calendar/move", json={**moved, "sha": drafts[0].sha}).json()["said"]
    assert "in the past" in client.post("/calendar/move", json={**moved, "wall": "2026-11-01T08:30"}).json()["said"]
    assert "year 1" in client.post("/calendar/move", json={**moved, "wall": "0001-01-01T00:00"}).json()["said"]
    assert "year 9999" in client.post("/calendar/move", json={**moved, "wall": "9999-12-31T23:59"}).json()["said"]
    assert client.get("/calendar?day=0001-01-01").status_code == 422
    assert client.get("/calendar?day=2999-12-31&view=month").status_code == 200
    first = client.post("/calendar/move", json=moved).json()
    new = studio.show(first["id"])
    assert (new.state, str(new.at)) == ("waiting", "2026-11-26 07:30:00+00:00")
    assert first["said"].startswith(
        "Moved to Thursday 26 November 2026, 08:30 (Europe/Oslo, UTC+01:00). It waits for you."
    )
    studio.decide(new.id, "approve", new.sha)
    again = client.post("/calendar/move", json={"id": new.id, "sha": new.sha, "wall": "2026-11-27T08:30"}).json()
    assert "approval is void" in again["said"]
    assert studio.show(again["id"]).state == "waiting"
    assert {each.state for each in studio.publications()} == {"cancelled"}


def test_the_voice_is_a_picture_and_what_was_learned_is_kept_or_forgotten_by_a_person(
    client: TestClient,
) -> None:
    page = client.get("/voice").text
    assert "How you write" in page and "Nothing yet" in page
    assert client.post("/voice/say", json={"id": "pref_nobody", "word": "accept"}).json()["done"] is False
    assert client.post("/voice/say", json={"id": "pref_nobody", "word": "always"}).status_code == 422


def test_a_work_is_forgotten_from_its_page_after_it_said_what_goes(
    client: TestClient, studio: Studio, drafts: list[Proposal]
) -> None:
    [bluesky, *_] = drafts
    work = next(each.work_id for each in bluesky.receipts if each.work_id)
    shown = client.get(f"/works/{work}").text
    assert f'href="/?p={bluesky.id}"' in shown and f'href="/works/{work}/forget"' in shown
    foreseen = client.get(f"/works/{work}/forget").text
    assert all(words in foreseen for words in ("the work itself", "out of date then", "Backups"))
    assert "--also-decided" not in foreseen
    assert studio.memory.works.get(studio.workspace.id, work).id == work  # a look changes nothing
    assert client.post("/works/forget", json={"id": work, "all": True}).status_code == 422
    told = client.post("/works/forget", json={"id": work}).json()
    assert told["done"] and told["receipt"] in told["said"]
    assert client.get(f"/works/{work}").status_code == client.get(f"/works/{work}/forget").status_code == 404
    assert studio.show(bluesky.id).state == "stale"
    nothing = client.post("/works/forget", json={"id": "w_nobody"}).json()
    assert not nothing["done"] and nothing["said"]

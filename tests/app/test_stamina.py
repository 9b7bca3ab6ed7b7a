"""What many who ask at once, or one who asks without end, may not bring about."""

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from app.accounts import who
from app.accounts.who import People, Person, asked_by
from app.api import create_api
from app.board import rows
from app.board.calendar import _close
from app.board.pages import Board, board_router
from app.card_table import MOST, SHOWN, CardTable
from app.health import Health
from app.studio import Studio
from core.ids import new_id
from memory.tables import proposals, publications
from memory.tokens import Asked
from tests.app.translating import post, small_studio
from tests.conftest import Clock
from tools.calls import pending

MANY = 10_000
# computing time is measured, not the clock: a machine that does something else beside the tests says nothing of ours


class Slow(OrderedDict[Person, Studio]):
    """Where a studio is looked up again, another one may push it out meanwhile."""

    def __getitem__(self, key: Person) -> Studio:
        time.sleep(0.002)
        return super().__getitem__(key)


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = small_studio(tmp_path, clock)
    yield made
    made.close()


def many_wait(studio: Studio, count: int) -> None:
    """Let so many proposals wait, written straight into their table."""
    first = post(studio)
    with studio.memory.works._database.write() as conn:
        row = dict(conn.execute(select(proposals).where(proposals.c.id == first.id)).one()._mapping)
        conn.execute(insert(proposals), [{**row, "id": new_id("p"), "text": f"Tin {n}"} for n in range(count - 1)])


@pytest.fixture
def client(studio: Studio) -> Iterator[TestClient]:
    app = FastAPI()
    app.include_router(board_router(studio))
    with TestClient(app, base_url="http://127.0.0.1:8000") as made:
        yield made


def test_a_board_of_ten_thousand_is_a_page_of_some_hundred_that_counts_all_of_them(
    client: TestClient, studio: Studio
) -> None:
    many_wait(studio, MANY)
    client.get("/")  # reads them once
    for by in ("brief", "channel", "day"):
        began = time.process_time()
        page = client.get(f"/?by={by}").text
        assert time.process_time() - began < 2
        assert page.count('<li class="row"') == rows.MOST
        assert f'<span id="waiting">{MANY}</span>' in page
        assert f"<small>{MANY:,} wait</small>" in page
        assert f"{MANY - rows.MOST} more wait behind these" in page
        assert len(page) < 1_000_000


def test_what_waits_is_listed_before_what_is_decided(
    client: TestClient, studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "MOST", 2)
    decided, *waiting = (post(studio, f"Tin {number}.") for number in range(3))
    studio.decide(decided.id, "hold", decided.sha)
    listed = client.get("/board/list?by=channel").text
    assert [each.id in listed for each in (decided, *waiting)] == [False, True, True]
    assert 'data-more="0"' in listed  # of those that wait none is left out


@pytest.mark.parametrize("number", ["9" * 5000, "9" * 15, "-1", "\u00b2", "", "1.5"])
def test_a_mark_that_is_none_of_ours_begins_anew(studio: Studio, number: str) -> None:
    board = Board.of(studio)

    async def first() -> str:
        async with aclosing(board.stream.events(f"{board.watch.epoch}.{number}")) as events:
            return await anext(events)

    assert "event: anew" in asyncio.run(first())


def test_the_api_tells_ten_thousand_a_page_at_a_time_and_each_once(studio: Studio) -> None:
    many_wait(studio, MANY)
    _, token = studio.memory.tokens.make(studio.workspace.id, Asked("tests"), by="owner")
    api = TestClient(create_api(studio), headers={"authorization": f"Bearer {token}"})
    for path in ("/proposals", "/publications", "/calendar"):
        began = time.process_time()
        told = api.get(path).json()
        assert time.process_time() - began < 2
        assert len(told[path[1:] if path == "/publications" else "proposals"]) <= 500
    assert "next" not in api.get("/publications").json()
    seen: list[str] = []
    told = {"next": ""}
    while "next" in told and len(seen) < 1500:
        told = api.get("/proposals", params={"limit": 300, "cursor": told["next"]}).json()
        seen += [each["id"] for each in told["proposals"]]
    assert len(set(seen)) == len(seen) == 1500
    assert api.get("/proposals?cursor=x").status_code == api.get("/proposals?limit=501").status_code == 400


def test_the_chat_looks_at_a_few_of_ten_thousand(studio: Studio) -> None:
    many_wait(studio, MANY)
    table = CardTable(studio)
    table.starters()
    began = time.process_time()
    said, laid = table.waiting()
    asked, more = table.pending()
    labels = [label for label, _ in table.starters()]
    assert time.process_time() - began < 0.5
    assert said.startswith(f"## {MANY:,} drafts wait for you") and len(laid) == SHOWN
    assert asked.startswith(f"{MANY:,} drafts wait for you. Here are {MOST}") and len(more) == MOST
    assert labels[0] == f"{MANY:,} drafts wait for you"
    told = json.loads(
        pending.tool(
            studio.talk.hand(lambda _event: None, studio.crew.context.meter_for(studio.workspace.id, None))
        ).invoke({})
    )
    assert (len(told["proposals"]), told["more"]) == (pending.MOST, MANY - pending.MOST)


def test_a_card_is_looked_at_every_second_without_reading_the_whole_outbox(studio: Studio) -> None:
    made, other = post(studio, channel="site"), post(studio)
    decision = studio.decide(made.id, "approve", made.sha)
    assert decision.publication
    with studio.memory.works._database.write() as conn:
        mine = select(publications).where(publications.c.id == decision.publication.id)
        row = dict(conn.execute(mine).one()._mapping) | {"state": "published"}
        parts = [{**row, "id": new_id("o"), "part": part, "proposal_id": other.id} for part in range(2, MANY)]
        conn.execute(insert(publications), parts)
    table = CardTable(studio)
    before = table.stamps([made.id])
    began = time.process_time()
    for _ in range(10):
        assert table.stamps([made.id]) == before
    assert time.process_time() - began < 0.5
    assert before[made.id][3] == "scheduled"


def test_somebody_s_studio_is_theirs_while_others_come_and_go(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(who, "KEPT", 1)
    people = People(studio, Slow())

    def ask(number: int) -> bool:
        name = f"member {number % 4}"
        with asked_by(Person(name, f"grs_{name}")):
            return people.mine().settings.user == name

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(40)))


def test_a_stranger_s_questions_are_not_each_looked_into(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []
    health = Health(studio, None)

    def look() -> dict[str, Any]:
        looks.append(1)
        return {"works": True}

    monkeypatch.setattr(health, "look", look)
    assert [health.brief().status_code for _ in range(50)] == [200] * 50
    assert len(looks) == 1


def test_what_comes_within_an_hour_on_one_channel_is_marked_and_a_full_calendar_is_laid_in_time() -> None:
    noon = datetime(2026, 11, 20, 12)

    def entry(minutes: int, channel: str = "x") -> dict[str, Any]:
        return {"id": f"p_{minutes}", "channel": channel, "wall": noon + timedelta(minutes=minutes)}

    few = [entry(0), entry(30, "site"), entry(59), entry(119), entry(180), {"id": "", "channel": "x", "wall": noon}]
    _close(few)
    assert [each.get("close") for each in few] == [True, False, True, False, False, None]
    many = [entry(90 * number) for number in range(20_000)]
    began = time.monotonic()
    _close(many)
    assert time.monotonic() - began < 2

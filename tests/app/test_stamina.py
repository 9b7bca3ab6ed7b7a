"""What many who ask at once, or one who asks without end, may not bring about."""

import time
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import insert, select

from app.accounts import who
from app.accounts.who import People, Person, asked_by
from app.board import rows
from app.board.calendar import _close
from app.board.pages import board_router
from app.health import Health
from app.studio import Studio
from core.ids import new_id
from memory.tables import proposals
from tests.app.translating import post, small_studio
from tests.conftest import Clock

MANY = 10_000


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
        began = time.monotonic()
        page = client.get(f"/?by={by}").text
        assert time.monotonic() - began < 2
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

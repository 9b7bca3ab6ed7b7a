"""What many who ask at once, or one who asks without end, may not bring about."""

import time
from collections import OrderedDict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.accounts import who
from app.accounts.who import People, Person, asked_by
from app.board.calendar import _close
from app.health import Health
from app.studio import Studio
from tests.app.translating import small_studio
from tests.conftest import Clock


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

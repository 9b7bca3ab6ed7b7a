"""Simulated creators whose best hours are known: are they found with enough posts, and is nothing claimed without?"""

import math
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from core.timing import Cell, Posted, cell_of, estimate
from core.wall_time import to_instant, to_wall

COUNTS = (10, 20, 30, 50, 100, 200, 400)

Progress = Callable[[str, int, int], None]


class World(NamedTuple):
    """What is true of a simulated creator. `lift`: how much more a post gets in the best cell; 1: none is better."""

    name: str
    lift: float
    moved: bool = False  # the account jumped, and from then on its owner posts at other hours


WORLDS = (
    World("no hour is better", 1.0),
    World("no hour is better; the account jumped when its hours changed", 1.0, moved=True),
    World("one cell gets 1.3 times as much", 1.3),
    World("one cell gets 1.6 times as much", 1.6),
    World("one cell gets twice as much", 2.0),
)

_ZONE = "Europe/Oslo"
_START = datetime(2024, 1, 1, tzinfo=UTC)
_HOURS = (7, 9, 12, 15, 18, 20)
_JUMP = math.log(3)


def run(creators: int = 500, *, seed: int = 0, progress: Progress = lambda *_: None) -> dict[str, Any]:
    """Return, by world and number of posts, the shares of creators who are told the best cell, another one, or nothing.

    Figures are log-normal with heavy tails (one post in thirty goes far), and accounts grow by up to fourfold a year.
    `false_claims`: over all looks in worlds without a better hour that had enough posts to say something.
    """
    rows: list[dict[str, Any]] = []
    for number, (world, count) in enumerate((world, count) for world in WORLDS for count in COUNTS):
        progress("simulated creators", number * creators, len(WORLDS) * len(COUNTS) * creators)
        rng = random.Random(f"{seed}/{world.name}/{count}")
        told = [_told(rng, world, count) for _ in range(creators)]
        row: dict[str, Any] = {"world": world.name, "lift": world.lift, "posts": count}
        rows.append(row | {what: _share(told, what) for what in ("enough", "right", "wrong")})
    looks = [row for row in rows if row["lift"] == 1.0 and row["enough"]]
    share = sum(row["wrong"] for row in looks) / len(looks)
    worst = max(row["wrong"] for row in looks)
    return {"creators": creators, "false_claims": {"share": round(share, 4), "worst_row": worst}, "rows": rows}


def _told(rng: random.Random, world: World, count: int) -> set[str]:
    posts, best = _creator(rng, world, count)
    found = estimate(posts, _ZONE, "likes")
    said = {"enough"} if found.enough else set()
    if found.best is not None:
        right = world.lift > 1 and (found.best.days, found.best.from_hour) == best
        said.add("right" if right else "wrong")
    return said


def _creator(rng: random.Random, world: World, count: int) -> tuple[list[Posted], Cell]:
    hours = [(weekend, hour) for weekend in (False, True) for hour in _HOURS]
    habits = [[rng.uniform(0.3, 1.0) * (0.4 if weekend else 1.0) for weekend, _ in hours] for _ in range(2)]
    days, growth, level = rng.uniform(200, 900), rng.uniform(0, math.log(4)) / 365, rng.uniform(2.5, 6)
    turn = days * rng.uniform(0.3, 0.7)
    usual = rng.choices(hours[: len(_HOURS)], habits[0][: len(_HOURS)])[0]
    best = cell_of(datetime(2024, 1, 3, usual[1]))
    posts = []
    for _ in range(count):
        day = rng.uniform(0, days)
        later = world.moved and day > turn
        at, cell = _moment(rng, day, rng.choices(hours, _sharper(habits[later]) if world.moved else habits[0])[0])
        log = level + growth * day + rng.gauss(0, 0.8) + (rng.uniform(1, 3) if rng.random() < 1 / 30 else 0)
        log += (_JUMP if later else 0.0) + (math.log(world.lift) if cell == best else 0.0)
        posts.append(Posted(at=at, value=float(round(math.exp(log)))))
    return posts, best


def _sharper(weights: list[float]) -> list[float]:
    return [weight**3 for weight in weights]  # habits that differ much before and after


def _moment(rng: random.Random, day: float, hour: tuple[bool, int]) -> tuple[datetime, Cell]:
    weekend, hour_of_day = hour
    wall = to_wall(_START + timedelta(days=day), _ZONE)
    while (wall.weekday() >= 5) is not weekend:
        wall += timedelta(days=1)
    wall = wall.replace(hour=hour_of_day, minute=rng.randrange(60), second=0, microsecond=0)
    return to_instant(wall, _ZONE)[0], cell_of(wall)


def _share(told: list[set[str]], what: str) -> float:
    return round(sum(what in each for each in told) / len(told), 3)

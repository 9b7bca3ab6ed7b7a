"""Simulated creators whose best hours are known: are they found with enough posts, and is nothing claimed with few?"""

import math
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from core.timing import Cell, Posted, cell_of, estimate
from core.wall_time import to_instant, to_wall

COUNTS = (3, 10, 20, 50, 100, 200, 400)
_LIFTS = (1.0, 1.3, 1.6, 2.0)
"""How much more a post gets in the best cell; 1.0: no cell is better, so every claim is false."""

_ZONE = "Europe/Oslo"
_START = datetime(2024, 1, 1, tzinfo=UTC)
_HOURS = (7, 9, 12, 15, 18, 20)


def run(creators: int = 200, *, seed: int = 0) -> dict[str, Any]:
    """Return, by lift and number of posts, the shares of creators who are told the best cell, another one, or nothing.

    Figures are log-normal with heavy tails (one post in thirty goes far), and accounts grow by up to fourfold a year.
    """
    rows = []
    for lift in _LIFTS:
        for count in COUNTS:
            rng = random.Random(f"{seed}/{lift}/{count}")
            told = [_told(rng, lift, count) for _ in range(creators)]
            row = {"lift": lift, "posts": count, "enough": _share(told, "enough")}
            rows.append(row | {"right": _share(told, "right"), "wrong": _share(told, "wrong")})
    return {"creators": creators, "rows": rows}


def _told(rng: random.Random, lift: float, count: int) -> set[str]:
    posts, best = _creator(rng, lift, count)
    found = estimate(posts, _ZONE, "likes")
    said = {"enough"} if found.enough else set()
    if found.best is not None:
        right = lift > 1 and (found.best.days, found.best.from_hour) == best
        said.add("right" if right else "wrong")
    return said


def _creator(rng: random.Random, lift: float, count: int) -> tuple[list[Posted], Cell]:
    hours = [(weekend, hour) for weekend in (False, True) for hour in _HOURS]
    weights = [rng.uniform(0.3, 1.0) * (0.4 if weekend else 1.0) for weekend, _ in hours]
    days = rng.uniform(200, 900)
    growth = rng.uniform(0, math.log(4)) / 365
    level = rng.uniform(2.5, 6)
    usual = rng.choices(hours[: len(_HOURS)], weights[: len(_HOURS)])[0]
    best = cell_of(datetime(2024, 1, 6 if usual[0] else 3, usual[1]))
    posts = []
    for _ in range(count):
        weekend, hour = rng.choices(hours, weights)[0]
        wall = to_wall(_START + timedelta(days=rng.uniform(0, days)), _ZONE)
        while (wall.weekday() >= 5) is not weekend:
            wall += timedelta(days=1)
        wall = wall.replace(hour=hour, minute=rng.randrange(60), second=0, microsecond=0)
        at = to_instant(wall, _ZONE)[0]
        log = (
            level + growth * (at - _START).days + rng.gauss(0, 0.8) + (rng.uniform(1, 3) if rng.random() < 0.03 else 0)
        )
        log += math.log(lift) if cell_of(wall) == best else 0.0
        posts.append(Posted(at=at, value=float(round(math.exp(log)))))
    return posts, best


def _share(told: list[set[str]], what: str) -> float:
    return round(sum(what in each for each in told) / len(told), 3)

"""Whether a creator's own results say when to publish: day-type and three-hour cells, held against other posts.

A cell is told as better only where chance alone would show some cell as far above in less than one look in
thirty, counted over all cells (`core.time_effects`); `greenroom bench timing` measures what that comes to. The
figure that is told is the shrunk one.
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from core.base import Instant, Noun
from core.time_effects import Effect, effects
from core.wall_time import to_wall

HOURS = 3
FEWEST = 30
"""Posts with a figure, before anything is said of cells."""

FEWEST_IN_A_CELL = 5
LEVEL = 0.03
WORTH = 0.05
"""How much more (5 %) a cell must be believed to get, to be told."""

_SATURDAY = 5

DayType = Literal["weekday", "weekend"]


class Cell(NamedTuple):
    """Three hours of weekdays or of weekends, by the audience's clock."""

    days: DayType
    hour: int

    @property
    def words(self) -> str:
        """How a person would say it: "weekdays 9 to 12"."""
        return f"{self.days}s {self.hour} to {self.hour + HOURS}"


class Posted(Noun):
    """A post that was measured: when it went out, and its figure at about the same age as the others'."""

    at: Instant
    value: float


class CellEstimate(Noun):
    """What posts in a cell got, beside the creator's others of the same weeks: 1.2 is a fifth more."""

    days: DayType
    from_hour: int
    to_hour: int
    posts: int
    seen: float  # as measured
    shrunk: float  # as far as it can be believed
    better: bool  # than the rest, by more than chance


class Estimates(Noun):
    """What the results of one channel say, and whether they are enough to say anything."""

    metric: str = ""
    posts: int = 0
    enough: bool = False
    needed: int = FEWEST  # further posts with figures, at least, before anything can be said
    best: CellEstimate | None = None
    cells: tuple[CellEstimate, ...] = ()

    @property
    def words(self) -> str:
        """A sentence or two for a person."""
        if not self.enough:
            return _not_enough(self)
        if self.best is None:
            figures = f"{self.posts} of your posts have {self.metric}"
            return f"{figures}; no three hours of the day did better by more than chance."
        each = self.best
        cell = Cell(each.days, each.from_hour).words
        return (
            f"Your own results: {each.posts} posts on {cell} got {_percent(each.shrunk)} more {self.metric} than your "
            f"others of the same weeks ({_percent(each.seen)} as measured), of {self.posts} posts."
        )


def cell_of(wall: datetime) -> Cell:
    """Return the cell that a wall time is in."""
    return Cell("weekend" if wall.weekday() >= _SATURDAY else "weekday", wall.hour // HOURS * HOURS)


def estimate(posts: Iterable[Posted], zone: str, metric: str = "") -> Estimates:
    """Return what a channel's results say of its cells, by the audience's clock in `zone`. Deterministic."""
    given = sorted(posts, key=lambda post: (post.at, post.value))
    cells = _cells(given, zone)
    counts = sorted((len(each) for each in cells.values()), reverse=True)
    needed = _needed(len(given), counts)
    if needed:
        return Estimates(metric=metric, posts=len(given), needed=needed)
    keys = [cell_of(to_wall(post.at, zone)) for post in given]
    found = effects(keys, [post.value for post in given], FEWEST_IN_A_CELL)
    told = tuple(_told(cell, found[cell]) for cell in sorted(found))
    better = max((each for each in told if each.better), key=lambda each: each.shrunk, default=None)
    return Estimates(metric=metric, posts=len(given), enough=True, needed=0, best=better, cells=told)


def _told(cell: Cell, effect: Effect) -> CellEstimate:
    return CellEstimate(
        days=cell.days,
        from_hour=cell.hour,
        to_hour=cell.hour + HOURS,
        posts=effect.posts,
        seen=round(math.exp(effect.seen), 3),
        shrunk=round(math.exp(effect.shrunk), 3),
        better=effect.chance < LEVEL and effect.shrunk >= math.log1p(WORTH),
    )


def _needed(posts: int, counts: Sequence[int]) -> int:
    """Return how many posts more there must be: enough in all, and enough in two cells, which are to be compared."""
    two = [*counts, 0, 0][:2]
    return max(FEWEST - posts, sum(max(0, FEWEST_IN_A_CELL - count) for count in two), 0)


def _cells(posts: Sequence[Posted], zone: str) -> dict[Cell, list[Posted]]:
    found: dict[Cell, list[Posted]] = {}
    for post in posts:
        found.setdefault(cell_of(to_wall(post.at, zone)), []).append(post)
    return found


def _not_enough(found: Estimates) -> str:
    if not found.posts:
        return f"No post of yours here has figures yet; it takes at least {FEWEST} to say anything of times."
    more = f"{found.needed} more {'is' if found.needed == 1 else 'are'} needed before anything can be said of times."
    return f"Not enough of your own results yet: {found.posts} posts have {found.metric or 'figures'}, and {more}"


def _percent(ratio: float) -> str:
    return f"{round((ratio - 1) * 100)} %"

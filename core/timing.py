"""Whether a creator's own results say when to publish: day-type and three-hour cells, shrunk to the channel's mean.

A post's figure is taken as its logarithm; growth of the account is taken out (one exponential trend, fitted within the
cells), and what is far off is cut back to 2.5 robust deviations. A cell is told as better only if it beats the rest at
p < 0.02 counted over all cells looked at (Šidák); as figures are skewed, that is what keeps false claims under one look
in twenty (`greenroom bench timing`). The figure that is told is the shrunk one (empirical Bayes, DerSimonian and
Laird's estimate of how much cells differ).
"""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from statistics import fmean, median
from typing import Literal, NamedTuple

from core.base import Instant, Noun
from core.wall_time import to_wall

HOURS = 3
FEWEST = 30
"""Posts with a figure, before anything is said of cells."""

FEWEST_IN_A_CELL = 5
LEVEL = 0.02
_FAR = 2.5
_SATURDAY = 5
_LONG_ENOUGH = 60.0  # days of posts, before growth is taken out

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
    """What posts in a cell got, beside the creator's usual: 1.2 is a fifth more."""

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
            f"usual ({_percent(each.seen)} as measured), of {self.posts} posts."
        )


class _Points(NamedTuple):
    cells: dict[Cell, list[float]]
    total: int


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
    told = _told(_Points(_without_growth(given, zone), len(given)))
    better = max((each for each in told if each.better), key=lambda each: each.shrunk, default=None)
    return Estimates(metric=metric, posts=len(given), enough=True, needed=0, best=better, cells=told)


def _needed(posts: int, counts: Sequence[int]) -> int:
    """Return how many posts more there must be: enough in all, and enough in two cells, which are to be compared."""
    two = [*counts, 0, 0][:2]
    return max(FEWEST - posts, sum(max(0, FEWEST_IN_A_CELL - count) for count in two), 0)


def _cells(posts: Sequence[Posted], zone: str) -> dict[Cell, list[Posted]]:
    found: dict[Cell, list[Posted]] = {}
    for post in posts:
        found.setdefault(cell_of(to_wall(post.at, zone)), []).append(post)
    return found


def _without_growth(posts: Sequence[Posted], zone: str) -> dict[Cell, list[float]]:
    """Return each cell's figures as logarithms, without the trend within the cells, and far ones cut back."""
    days = {id(post): (post.at - posts[0].at).total_seconds() / 86_400 for post in posts}
    logs = {id(post): math.log1p(max(0.0, post.value)) for post in posts}
    cells, above, below = _cells(posts, zone), 0.0, 0.0
    for each in cells.values():
        day, log = fmean(days[id(post)] for post in each), fmean(logs[id(post)] for post in each)
        above += sum((days[id(post)] - day) * (logs[id(post)] - log) for post in each)
        below += sum((days[id(post)] - day) ** 2 for post in each)
    long = max(days.values()) >= _LONG_ENOUGH and below > 0
    slope = above / below if long else 0.0
    plain = {cell: [logs[id(post)] - slope * days[id(post)] for post in each] for cell, each in cells.items()}
    return _cut_back(plain)


def _cut_back(cells: dict[Cell, list[float]]) -> dict[Cell, list[float]]:
    middle = {cell: median(each) for cell, each in cells.items()}
    spread = 1.4826 * median(abs(value - middle[cell]) for cell, each in cells.items() for value in each)
    far = _FAR * spread
    if not far:
        return cells
    return {
        cell: [min(max(value, middle[cell] - far), middle[cell] + far) for value in each]
        for cell, each in cells.items()
    }


def _told(points: _Points) -> tuple[CellEstimate, ...]:
    cells = {cell: each for cell, each in points.cells.items() if len(each) >= FEWEST_IN_A_CELL}
    means = {cell: fmean(each) for cell, each in cells.items()}
    free = sum(map(len, cells.values())) - len(cells)
    within = sum((value - means[cell]) ** 2 for cell, each in cells.items() for value in each) / max(1, free)
    between = _between(cells, means, within)
    weights = {cell: 1 / (between + within / len(each) + 1e-12) for cell, each in cells.items()}
    usual = sum(weights[cell] * means[cell] for cell in cells) / sum(weights.values())
    found = []
    for cell, each in sorted(cells.items()):
        trust = between / (between + within / len(each)) if between else 0.0
        found.append(
            CellEstimate(
                days=cell.days,
                from_hour=cell.hour,
                to_hour=cell.hour + HOURS,
                posts=len(each),
                seen=round(math.exp(means[cell] - usual), 3),
                shrunk=round(math.exp(trust * (means[cell] - usual)), 3),
                better=between > 0 and _chance(cell, cells, within, free) < LEVEL,
            )
        )
    return tuple(found)


def _between(cells: dict[Cell, list[float]], means: dict[Cell, float], within: float) -> float:
    """Return the variance between cells' true means, by moments; 0 where chance alone explains what is seen."""
    if within <= 0 or len(cells) < 2:
        return 0.0
    weights = {cell: len(each) / within for cell, each in cells.items()}
    total = sum(weights.values())
    mean = sum(weights[cell] * means[cell] for cell in cells) / total
    spread = sum(weights[cell] * (means[cell] - mean) ** 2 for cell in cells)
    scale = total - sum(weight**2 for weight in weights.values()) / total
    return max(0.0, (spread - (len(cells) - 1)) / scale)


def _chance(cell: Cell, cells: dict[Cell, list[float]], within: float, free: int) -> float:
    """Return how often chance alone would show some cell that much above the rest: one-sided t, Šidák over cells."""
    from scipy.special import stdtr

    mine, rest = cells[cell], [value for other, each in cells.items() if other != cell for value in each]
    error = math.sqrt(within * (1 / len(mine) + 1 / len(rest)))
    chance = float(stdtr(free, -(fmean(mine) - fmean(rest)) / error))
    return 1 - (1 - chance) ** len(cells)


def _not_enough(found: Estimates) -> str:
    if not found.posts:
        return f"No post of yours here has figures yet; it takes at least {FEWEST} to say anything of times."
    more = f"{found.needed} more {'is' if found.needed == 1 else 'are'} needed before anything can be said of times."
    return f"Not enough of your own results yet: {found.posts} posts have {found.metric or 'figures'}, and {more}"


def _percent(ratio: float) -> str:
    return f"{round((ratio - 1) * 100)} %"

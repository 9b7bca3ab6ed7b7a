"""Small plots as SVG files: bars with their figures in words beside them; no script, no font, nothing from outside.

They are shown as pictures on light and on dark pages: colours follow what the reader's system prefers. Ours are filled,
others are outlined, so that nothing hangs on colour alone.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

WIDTH, ROW, TOP, BOTTOM = 760, 26, 44, 26
LEFT, RIGHT = 330, 130
_SPACE = WIDTH - LEFT - RIGHT
_STYLE = """
text{font:12.5px system-ui,sans-serif;fill:#1f2328}
.head{font-weight:600;font-size:15px}.small{font-size:12px;fill:#59636e}
.ours{fill:#1a6b57;stroke:#1a6b57}.other{fill:none;stroke:#59636e;stroke-width:1.5}
.axis{stroke:#d1d9e0}.goal{stroke:#9a6700;stroke-width:1.5;stroke-dasharray:4 3}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}.ours{fill:#5bc2a2;stroke:#5bc2a2}
.other{stroke:#9198a1}.axis{stroke:#3d444d}.goal{stroke:#d29922}}
""".replace("\n", "")


@dataclass(frozen=True)
class Bar:
    """One figure: what it is of, how it is written, whether it is ours."""

    name: str
    value: float
    said: str
    ours: bool = True


@dataclass(frozen=True)
class Plot:
    """What one picture shows. `goal`: where a dashed line stands, and what it says. `logarithmic`: from .01 or 1 on."""

    title: str
    bars: tuple[Bar, ...]
    least: float = 0.0
    most: float | None = None
    goal: tuple[float, str] | None = None
    logarithmic: bool = False

    @property
    def words(self) -> str:
        """All of it in words, for who does not see it."""
        said = "; ".join(f"{each.name}: {each.said}" for each in self.bars)
        return f"{said}. The dashed line: {self.goal[1]}." if self.goal else f"{said}."


def drawn(plot: Plot) -> str:
    """Return the picture."""
    height = TOP + ROW * len(plot.bars) + BOTTOM
    rows = "".join(_row(plot, each, at) for at, each in enumerate(plot.bars))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'role="img" aria-labelledby="title desc">\n<title id="title">{escape(plot.title)}</title>\n'
        f'<desc id="desc">{escape(plot.words)}</desc>\n<style>{_STYLE}</style>\n'
        f'<text class="head" x="8" y="22">{escape(plot.title)}</text>\n'
        f'<line class="axis" x1="{LEFT}" x2="{LEFT}" y1="{TOP - 6}" y2="{height - BOTTOM}"/>\n'
        f"{rows}{_goal(plot, height)}</svg>\n"
    )


def _row(plot: Plot, bar: Bar, at: int) -> str:
    top, length = TOP + ROW * at, max(_along(plot, bar.value), 1.0)
    kind = "ours" if bar.ours else "other"
    return (
        f'<text x="{LEFT - 10}" y="{top + 13}" text-anchor="end">{escape(bar.name)}</text>'
        f'<rect class="{kind}" x="{LEFT}" y="{top + 2}" width="{length:.1f}" height="14" rx="2"/>'
        f'<text x="{WIDTH - RIGHT + 10}" y="{top + 13}">{escape(bar.said)}</text>\n'
    )


def _goal(plot: Plot, height: int) -> str:
    if plot.goal is None:
        return ""
    x = LEFT + _along(plot, plot.goal[0])
    return (
        f'<line class="goal" x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 6}" y2="{height - BOTTOM}"/>'
        f'<text class="small" x="{x:.1f}" y="{height - 9}" text-anchor="middle">{escape(plot.goal[1])}</text>\n'
    )


def _along(plot: Plot, value: float) -> float:
    """Return how far along the space a value stands; written figures have a column of their own."""
    goal = () if plot.goal is None else (plot.goal[0],)
    most = plot.most if plot.most is not None else max([*(each.value for each in plot.bars), *goal])
    if plot.logarithmic:
        least = plot.least or 0.1
        share = math.log(max(value, least) / least) / math.log(most / least)
    else:
        share = (value - plot.least) / (most - plot.least or 1)
    return min(max(share, 0.0), 1.0) * _SPACE


def bars(pairs: Sequence[tuple[str, float, str]], *, ours: bool = True) -> tuple[Bar, ...]:
    """Return bars of (name, value, how it is written)."""
    return tuple(Bar(name, value, said, ours) for name, value, said in pairs)

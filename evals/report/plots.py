"""Small plots as SVG: shape and word beside colour, no script, nothing from outside."""

from collections.abc import Sequence
from html import escape

from evals.harness.records import Figure

WIDTH, HEIGHT, PAD = 220, 16, 4


def bar(figure: Figure) -> str:
    """Return a figure on the line from 0 to 1: its interval as a line, its mean as a disc."""
    if figure.mean is None or figure.low is None or figure.high is None:
        return ""
    low, mean, high = (
        PAD + min(max(each, 0), 1) * (WIDTH - 2 * PAD) for each in (figure.low, figure.mean, figure.high)
    )
    middle = HEIGHT / 2
    said = f"{figure.mean:.3f}, 95 percent from {figure.low:.3f} to {figure.high:.3f}"
    return (
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" aria-label="{said}">'
        f'<line class="axis" x1="{PAD}" x2="{WIDTH - PAD}" y1="{middle}" y2="{middle}"/>'
        f'<line class="interval" x1="{low:.1f}" x2="{high:.1f}" y1="{middle}" y2="{middle}"/>'
        f'<circle class="mean" cx="{mean:.1f}" cy="{middle}" r="3.5"/></svg>'
    )


def line(points: Sequence[tuple[str, Figure]], title: str) -> str:
    """Return a figure over runs in their order: a band for the intervals, a line for the means."""
    known = [(name, each) for name, each in points if each.mean is not None]
    if not known:
        return ""
    width, height, left, bottom = 640, 150, 34, 22
    step = (width - left - 12) / max(len(known) - 1, 1)

    def place(at: int, value: float) -> tuple[float, float]:
        return left + at * step, 8 + (1 - min(max(value, 0), 1)) * (height - bottom - 8)

    means = [place(at, float(each.mean or 0)) for at, (_, each) in enumerate(known)]
    highs = [place(at, float(each.high or 0)) for at, (_, each) in enumerate(known)]
    lows = [place(at, float(each.low or 0)) for at, (_, each) in enumerate(known)]
    band = " ".join(f"{x:.1f},{y:.1f}" for x, y in [*highs, *reversed(lows)])
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in means)
    dots = "".join(
        f'<circle class="mean" cx="{x:.1f}" cy="{y:.1f}" r="3">'
        f"<title>{escape(known[at][0])}: {known[at][1].mean:.3f}</title></circle>"
        for at, (x, y) in enumerate(means)
    )
    grid = "".join(
        f'<line class="axis" x1="{left}" x2="{width - 12}" y1="{place(0, v)[1]:.1f}" y2="{place(0, v)[1]:.1f}"/>'
        f'<text x="{left - 6}" y="{place(0, v)[1] + 4:.1f}" text-anchor="end">{v:g}</text>'
        for v in (0, 0.5, 1)
    )
    ends = f'<text x="{left}" y="{height - 4}">{escape(known[0][0])}</text>'
    if len(known) > 1:
        ends += f'<text x="{width - 12}" y="{height - 4}" text-anchor="end">{escape(known[-1][0])}</text>'
    first, last = (each.mean for _, each in (known[0], known[-1]))
    said = escape(f"{title}: {first:.3f} in the first of {len(known)} runs, {last:.3f} in the last")
    return (
        f'<svg class="drawn" viewBox="0 0 {width} {height}" role="img" aria-label="{said}">{grid}'
        f'<polygon class="band" points="{band}"/><polyline class="path" points="{path}"/>{dots}{ends}</svg>'
    )

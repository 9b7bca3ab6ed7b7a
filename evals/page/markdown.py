"""Tables and numbers as the page writes them."""

from collections.abc import Iterator, Sequence
from typing import Any

Cell = object


def table(head: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return a Markdown table without a line break at its end."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def share(value: float | None) -> str:
    """Return a share of one as `.831`, 1 as `1.000`; nothing for what there is none of."""
    return "" if value is None else f"{value:.3f}".removeprefix("0") if value < 1 else f"{value:.3f}"


def thousands(value: float) -> str:
    """Return a count as `45,034`."""
    return f"{value:,.0f}"


def milliseconds(value: float) -> str:
    """Return `84 ms`, `7.1 ms`, `1.97 s`."""
    return (
        f"{value / 1000:.2f} s" if abs(value) >= 1000 else f"{value:.0f} ms" if abs(value) >= 10 else f"{value:.1f} ms"
    )


def flat(figures: dict[str, Any]) -> str:
    """Return any figures as a table of two columns: for a bench whose table nobody has laid out."""
    return table(["", ""], [[name, value] for name, value in _leaves(figures, "")])


def _leaves(value: Any, name: str) -> Iterator[tuple[str, Cell]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}, {key}".strip(", ").replace("_", " "))
    elif not isinstance(value, list):
        yield name, value
    elif value and all(isinstance(each, str | int | float) for each in value):
        yield name, ", ".join(map(str, value))

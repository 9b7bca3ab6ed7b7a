"""A long conversation told in short by rule: a person's own words, and what was done for them."""

from collections.abc import Sequence
from typing import NamedTuple

from core.ids import PROPOSAL, ids_in

LONGEST = 6000
"""Characters of what is told in short."""

QUOTED = 220
LEFT_OUT = "(Earlier turns are left out here; the tool `said` finds them.)"


class Told(NamedTuple):
    """One turn: `who` is person, Greenroom or tool."""

    who: str
    text: str


def digest(before: str, turns: Sequence[Told]) -> str:
    """Return the turns in short after what was told before: what the person said word for word, what tools made by id.

    What Greenroom said itself is left out: it can be found, and it decides nothing.
    """
    lines = [line for line in before.splitlines() if line.strip() and line != LEFT_OUT]
    lines += [line for turn in turns if (line := _line(turn))]
    return _within(lines, dropped=LEFT_OUT in before)


def _line(turn: Told) -> str:
    text = " ".join(turn.text.split())
    if turn.who == "person":
        return f"- The person said: “{_short(text)}”"
    if turn.who != "tool":
        return ""
    name = text.split(":", 1)[0]
    made = list(dict.fromkeys(ids_in(PROPOSAL, text)))
    return f"- {name}: {', '.join(made)}" if made else ""


def _short(text: str) -> str:
    return text if len(text) <= QUOTED else text[:QUOTED].rsplit(" ", 1)[0] + " …"


def _within(lines: list[str], *, dropped: bool) -> str:
    """Drop from the beginning: first what tools did, then what was said, and say so."""
    while lines and sum(len(line) + 1 for line in lines) > LONGEST:
        made = next((place for place, line in enumerate(lines) if not line.startswith("- The person said")), 0)
        del lines[made]
        dropped = True
    return "\n".join([*([LEFT_OUT] if dropped else []), *lines])

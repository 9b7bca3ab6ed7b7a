"""Reads a person's change request as a list of edits; what it does not know, it names instead of guessing."""

import re
from functools import lru_cache
from importlib import resources

import yaml

from core.base import Noun
from core.errors import NeedsModel

_PARTS = re.compile(r"\s*(?:;|\.(?=\s|$)|,\s*and\s+|,|\band\b|\balso\b|\bthen\b)\s*", re.IGNORECASE)
_QUOTED = re.compile(r"[\"“][^\"“”]*[\"”]")


class Known(Noun):
    """One kind of change."""

    wish: str
    says: str
    example: str
    pattern: str


class Edit(Noun):
    """One change to make, with its arguments."""

    wish: str
    old: str = ""
    new: str = ""
    words: str = ""


@lru_cache(maxsize=1)
def known() -> tuple[Known, ...]:
    """Return the changes of `wishes.yaml`."""
    text = resources.files(__package__).joinpath("wishes.yaml").read_text(encoding="utf-8")
    return tuple(Known.model_validate(row) for row in yaml.safe_load(text))


def read_wish(wish: str) -> list[Edit]:
    """Return the edits that a wish asks for; NeedsModel names the part that it can't do, and what it can."""
    edits = []
    for part in _parts(wish):
        edit = _edit(part)
        if edit is None:
            able = "; ".join(f"{each.says} ({each.example})" for each in known())
            raise NeedsModel(
                f"Without a language model this change can't be made: “{part}”. Nothing was changed.",
                hint=f"What works: {able}. Or edit the text yourself.",
            )
        edits.append(edit)
    return edits


def _edit(part: str) -> Edit | None:
    for kind in known():
        found = re.search(kind.pattern, part, re.IGNORECASE)
        if found:
            return Edit(wish=kind.wish, **{name: value or "" for name, value in found.groupdict().items()})
    return None


def _parts(wish: str) -> list[str]:
    """Split a wish at its commas and ands, but not inside quotation marks."""
    quotes = _QUOTED.findall(wish)
    masked = _QUOTED.sub("\x00", wish.strip())
    parts = [part.strip(" !") for part in _PARTS.split(masked)]
    restored = []
    for part in filter(None, parts):
        while "\x00" in part:
            part = part.replace("\x00", quotes.pop(0), 1)  # noqa: PLW2901
        restored.append(part)
    return restored

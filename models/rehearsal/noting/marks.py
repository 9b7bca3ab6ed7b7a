"""How notes are marked: `notes.yaml` as patterns, for languages with and without spaces."""

import re
from functools import lru_cache
from importlib import resources
from typing import Any


def marked(kind: str, text: str) -> "re.Match[str] | None":
    """Return the first mark of a kind (`back`, `unsure`, `wrong` …) in a text."""
    spaced, unspaced = _patterns()[kind]
    return spaced.search(text) or (unspaced.search(text) if unspaced else None)


def without(kind: str, text: str) -> str:
    """Return a text without its marks of a kind, and what punctuation they leave behind."""
    spaced, unspaced = _patterns()[kind]
    left = spaced.sub("\x00", text)
    left = unspaced.sub("\x00", left) if unspaced else left
    return left.replace("\x00", " ").strip(" ,;:–—-")


def count(kind: str, text: str) -> int:
    """Return how many marks of a kind a text has."""
    spaced, unspaced = _patterns()[kind]
    return len(spaced.findall(text)) + (len(unspaced.findall(text)) if unspaced else 0)


@lru_cache(maxsize=1)
def label() -> "re.Pattern[str]":
    """Return what a label is that only says what a line is: "title:"."""
    return re.compile(rf"^(?:{_lists()['label']})\s*[:：]\s*", re.I)


@lru_cache(maxsize=1)
def short() -> frozenset[str]:
    """Return the abbreviations that end in a full stop and end no sentence."""
    return frozenset(_lists()["short"].split())


@lru_cache(maxsize=1)
def _patterns() -> "dict[str, tuple[re.Pattern[str], re.Pattern[str] | None]]":
    lists = _lists()
    kinds = ("back", "unsure", "wrong", "correction", "said_to_us", "first", "name", "right", "call")
    made = {kind: (_spaced(lists[kind]), _unspaced(lists, kind)) for kind in kinds}
    none, numbers = "|".join(lists["none"]), "|".join(lists["numbers"])
    pair = rf"(?:{none}) (?:\S+ ){{0,3}}?(?:{numbers})"
    made["numbers"] = (_spaced([pair]), _unspaced(lists, "numbers"))
    return made


def _unspaced(lists: dict[str, Any], kind: str) -> "re.Pattern[str] | None":
    words = lists.get(f"{kind}_unspaced", "")
    return re.compile(re.sub(r"\|?\s+\|?", "|", words.strip())) if words else None


def _spaced(lines: list[str]) -> "re.Pattern[str]":
    choices = "|".join(lines).replace("'", "['’]")
    return re.compile(rf"(?<![\w-])(?:{choices})(?!\w)", re.I)


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    import yaml

    text = resources.files(__package__).joinpath("notes.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded

"""Content warnings: words of a versioned list of ours that some readers would be told of first, with their places.

It finds words, not meanings: a text against violence names it too. Whether to warn is for a person.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

from core.tagged import SaidWarning, Span


class _Listed(NamedTuple):
    id: str
    label: str
    words: re.Pattern[str]
    asides: re.Pattern[str] | None


def version() -> str:
    """Return the version of the list."""
    return str(_data()["version"])


def labels() -> Mapping[str, str]:
    """Return the warnings' ids and what each is called."""
    return {each.id: each.label for each in _listed()}


def find(text: str) -> tuple[SaidWarning, ...]:
    """Return the warnings that a plain text's words raise, in the list's order, each with the places of its words."""
    found = []
    for listed in _listed():
        aside = [match.span() for match in listed.asides.finditer(text)] if listed.asides else []
        matches = [match for match in listed.words.finditer(text) if not _inside(match.span(), aside)]
        if matches:
            words = dict.fromkeys(" ".join(match.group().split()).lower() for match in matches)
            spans = tuple(match.span() for match in matches)
            found.append(SaidWarning(id=listed.id, label=listed.label, words=tuple(words), spans=spans))
    return tuple(found)


def _inside(span: Span, asides: list[Span]) -> bool:
    return any(start < span[1] and span[0] < end for start, end in asides)


@lru_cache(maxsize=1)
def _data() -> dict[str, object]:
    import yaml

    data: dict[str, object] = yaml.safe_load(
        resources.files("core").joinpath("content_warnings.yaml").read_text(encoding="utf-8")
    )
    return data


@lru_cache(maxsize=1)
def _listed() -> tuple[_Listed, ...]:
    listed: dict[str, dict[str, str]] = _data()["warnings"]  # type: ignore[assignment]
    return tuple(
        _Listed(key, each["label"], _pattern(each["words"]), _pattern(each["not"]) if "not" in each else None)
        for key, each in listed.items()
    )


def _pattern(phrases: str) -> re.Pattern[str]:
    said = sorted((each.strip() for each in phrases.split(";") if each.strip()), key=len, reverse=True)
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(_one, said))})(?![\w-])", re.IGNORECASE)


def _one(phrase: str) -> str:
    words = r"\s+".join(re.escape(word) for word in phrase.removesuffix("*").split())
    return words + (r"\w*" if phrase.endswith("*") else "")

"""Whom a text is for: readers that it names as such, and how hard it is to read. Both are measured, neither guessed."""

import re
from functools import lru_cache
from importlib import resources
from typing import Literal

from core.sentences import split
from core.tagged import Audience

LEAST_WORDS = 100
"""Words from which a text's sentences say how hard it is to read."""

EASY, HARD = 8.0, 13.0
"""Years of school, by the formula of Kincaid and others (1975), up to which anybody reads it, and from which few do."""

_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_VOWELS = re.compile(r"[aeiouy]+")
_MOST_NAMED = 5
_ADDRESS = (
    r"(?:guide|guidance|advice|tips?|tutorial|introduction|primer|handbook|toolkit|resources?|lessons|help|training|"
    r"course|workshop|checklist|newsletter|book|made|meant|written|intended|designed)\s+for\s+(?:\w+\s+){{0,2}}?{reader}"
    r"|(?:if|whether|when|as)\s+you(?:['’]re|\s+are)?\s+(?:an?\s+)?(?:\w+\s+)?{reader}"
    r"|(?:dear|hello|hi)\s+(?:fellow\s+)?{reader}|as\s+(?:an?\s+)?(?:fellow\s+)?{reader},?\s+you"
    r"|(?:^|[.!?:]\s+){reader}[:,]\s+(?:here|this|you|we)"
)


def audience_of(text: str, language: str | None) -> Audience:
    """Return whom a plain text addresses, and how hard it is; only English can be told."""
    if language not in (None, "en"):
        return Audience()
    named = tuple(dict.fromkeys(_plural(match) for match in _pattern().finditer(text)))[:_MOST_NAMED]
    years = school_years(text)
    if years is None:
        return Audience(named=named)
    level: Literal["general", "informed", "specialist"] = (
        "general" if years <= EASY else "specialist" if years > HARD else "informed"
    )
    return Audience(named=named, level=level, why=f"reads like school year {years:.0f} (sentence and word length)")


def school_years(text: str) -> float | None:
    """Return the years of school that a text asks for; None where it is too short to tell."""
    sentences = [words for each in split(text) if len(words := _WORD.findall(each.text)) > 1]
    words = [word for sentence in sentences for word in sentence]
    if len(words) < LEAST_WORDS:
        return None
    syllables = sum(map(_syllables, words))
    return 0.39 * len(words) / len(sentences) + 11.8 * syllables / len(words) - 15.59


def _syllables(word: str) -> int:
    low = word.lower().removesuffix("'s")
    groups = len(_VOWELS.findall(low))
    silent = low.endswith("e") and not low.endswith(("le", "ee", "ye")) and groups > 1
    return max(1, groups - silent)


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    import yaml

    data = yaml.safe_load(resources.files("core").joinpath("audiences.yaml").read_text(encoding="utf-8"))
    readers = sorted((each.strip() for each in data["readers"].split(";")), key=len, reverse=True)
    ends = "|".join(rf"{re.escape(each[:-1])}(?:y|ies)" if each.endswith("y") else f"{each}s?" for each in readers)
    at = 0

    def numbered(_: re.Match[str]) -> str:
        nonlocal at
        at += 1
        return rf"(?P<r{at}>{ends})(?!\w)"

    return re.compile(re.sub(r"\{reader\}", numbered, _ADDRESS.replace("{{", "{").replace("}}", "}")), re.IGNORECASE)


def _plural(match: re.Match[str]) -> str:
    word = next(value for value in match.groupdict().values() if value).lower()
    if word.endswith("s"):
        return word
    return f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"

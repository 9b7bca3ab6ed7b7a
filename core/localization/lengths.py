"""How long a translation usually is, and whether one stops before its source does."""

import json
import math
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources

import regex

from core.drafts import Finding
from core.languages import small_words
from core.localization import endings
from core.localization.pair import Pair
from core.sentences import split

ENOUGH = 3.0
"""Points from which a translation is said to stop short."""

SHORTEST = 12  # letters of a source below which its length says nothing
_SHORTER = 0.5  # spreads
_WIDEST = 5.0  # spreads that are counted at most
_USUAL = {"ratio": 0.15, "short": 4.5, "spread": 0.13, "short_spread": 0.25}  # of a language without figures
_COUNTED = regex.compile(r"[\p{L}\p{M}\p{N}]")
_HARD = regex.compile(r"https?://[^\s)）]+|`[^`]+`|(?<!\d)\d+(?!\d)")
_NAME = regex.compile(r"(?<![\p{Latin}_])\p{Lu}[\p{Latin}\p{N}_-]{2,}")
_LATE = 0.6  # of a source, after which a token shows that the translation came so far
_OPENS = ("(（[「『“«", ")）]」』”»")
_ITEM = regex.compile(r"(?:^|\s)[-*•]\s")
_LAST_WORD = regex.compile(r"(?<![\p{L}\p{N}_])(\p{Ll}{1,4})\s*$")
_BROKEN = regex.compile(r"[\p{L}\p{N},、،–—-]$")


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding where a translation is much shorter than usual, or breaks off before its source ends."""
    if points(pair) >= ENOUGH:
        message = (
            "The translation seems to stop before the source does: it is shorter than usual, and its end is missing."
        )
        yield Finding(rule="truncation", severity="warning", message=message)


def points(pair: Pair) -> float:
    """Return how much speaks for a translation that was cut: its length in spreads, and what its end shows."""
    before, after = size(pair, pair.source), size(pair, pair.target)
    length = shortness(pair, before, after) if before >= SHORTEST else 0.0
    lost, *more = evidence(pair)
    if length < _SHORTER and not any(each > 0 for each in more):
        lost /= 3  # the mark alone was forgotten
    return length + lost + sum(more)


def shortness(pair: Pair, before: int, after: int) -> float:
    """Return by how many spreads a translation is shorter than usual; below 0 where it is longer."""
    ratio, spread = _expected(pair, before)
    return min(_WIDEST, max(-_WIDEST, (ratio - math.log(max(after, 1) / before)) / spread))


def usual(pair: Pair, before: int) -> float:
    """Return how many letters a translation of so many usually has."""
    return before * math.exp(_expected(pair, before)[0]) if before else 0.0


def evidence(pair: Pair) -> tuple[float, ...]:
    """Return what else speaks for a cut: the mark at the end, the last tokens of the source, brackets, sentences."""
    ends, ended = endings.ending(pair.source, pair.source_language), endings.ending(pair.target, pair.target_language)
    broken = _BROKEN.search(pair.target.rstrip()) is not None
    return (
        3.0 if ends in ("stop", "question", "exclamation", "colon") and not ended and broken else 0.0,
        2.5 * _tail_lost(pair, _HARD) + 0.5 * _tail_lost(pair, _NAME),
        2.5 if _left_open(pair.target) and not _left_open(pair.source) else 0.0,
        2.0 if len(split(pair.target)) * 1.5 < len(split(pair.source)) else 0.0,
        2.0 if len(_ITEM.findall(pair.target)) < len(_ITEM.findall(pair.source)) else 0.0,
        1.5 if not ended and _hangs(pair) else 0.0,
        -2.0 if ends and ends == ended else 0.0,
    )


def _tail_lost(pair: Pair, kind: "regex.Pattern[str]") -> float:
    """Return 1 where the source's last tokens are missing and those before them are not, -0.5 where none is."""
    tokens = [(found.start(), found[0]) for found in kind.finditer(pair.source)]
    if not tokens:
        return 0.0
    there = [token in pair.target for _, token in tokens]
    if kind is _HARD and pair.target.count("://") >= pair.source.count("://"):  # links may be others
        there = [found or "://" in token for found, (_, token) in zip(there, tokens, strict=True)]
    if all(there):
        return -0.5 if tokens[-1][0] > _LATE * len(pair.source) else 0.0
    return 1.0 if not any(there[there.index(False) :]) else 0.0


def _hangs(pair: Pair) -> bool:
    """Say whether a translation ends with a small word, such as an article, that its source does not end with."""
    last = _LAST_WORD.search(pair.target)
    return last is not None and last[1] in small_words(pair.target_language)


def _left_open(text: str) -> bool:
    return any(text.count(a) > text.count(b) for a, b in zip(*_OPENS, strict=True)) or text.count("`") % 2 == 1


def _expected(pair: Pair, before: int) -> tuple[float, float]:
    """Return the usual log ratio of a translation's length to its source's, and its spread."""
    source, target = _figures(pair.source_language), _figures(pair.target_language)
    ratio = target["ratio"] - source["ratio"] + (target["short"] - source["short"]) / before
    share = min(1.0, 30 / before)  # short ones spread more
    wide = [each["spread"] + share * (each["short_spread"] - each["spread"]) for each in (source, target)]
    return ratio, max(0.12, math.hypot(*wide))


def _figures(language: str) -> dict[str, float]:
    if language == "en":
        return dict.fromkeys(_USUAL, 0.0)
    return statistics().get(language, _USUAL)


def size(pair: Pair, text: str) -> int:
    """Return how many letters and digits a text of the pair has, without tokens and names that stand in both."""
    return len(_COUNTED.findall(pair.own(text)))


@lru_cache(maxsize=1)
def statistics() -> dict[str, dict[str, float]]:
    """Return language → how long translations from English into it are; `lengths.md` says from what."""
    data: dict[str, dict[str, float]] = json.loads(
        resources.files("core.localization").joinpath("lengths.json").read_text(encoding="utf-8")
    )
    return data

"""Numbers of several words read as one: ciento veinte, cinquante-deux, quatre-vingt-dix, einundzwanzig, ventuno.

By the order in which every language of the list says them: thousands, hundreds, tens, ones. Words that stand side by
side and can't be one number ("tres cuatro") stay two.
"""

from collections.abc import Mapping
from functools import lru_cache

import regex

_JOINT = {"es": "y", "pt": "e", "fr": "et", "it": "e", "ca": "i", "ro": "și", "nb": "og", "da": "og", "de": "und"}
_GAP = regex.compile(r"[\s\u00a0-]+(?:(?P<and>\p{L}+)[\s\u00a0-]+)?")
_STUCK = {"de": "und", "nl": "en", "da": "og", "nb": "", "sv": "", "it": ""}
"""Languages that write a number as one word, and what joins ones to the tens behind them; "": the tens come first."""

_ONES_STUCK = {"de": {"ein": 1}, "nl": {"een": 1, "één": 1}, "da": {"en": 1, "én": 1}}
_LONGEST = 40  # letters

Spelled = tuple[int, int, int]
"""Where a word that says a number stands (end exclusive), and its value."""


def join(text: str, found: list[Spelled], language: str) -> list[Spelled]:
    """Return the numbers of a text, those that are one in several words made one. `found` is in order."""
    joined: list[Spelled] = []
    for start, end, value in found:
        if joined:
            before = joined[-1]
            gap = _GAP.fullmatch(text, before[1], start)
            whole = _whole(before[2], value, language, gap["and"]) if gap else None
            if whole is not None:
                joined[-1] = (before[0], end, whole)
                continue
        joined.append((start, end, value))
    return [_and_one(text, each, language) for each in joined]


def _and_one(text: str, said: Spelled, language: str) -> Spelled:
    """Return a number with the one behind its tens, which is an article elsewhere: vingt et un, treinta y una."""
    start, end, value = said
    joint = _JOINT.get(language)
    if not joint or value % 100 < 20 or value % 10:
        return said
    one = regex.compile(rf"[\s-]{joint}[\s-](?:un[eoa]?|uma?)\b").match(text, end)
    return (start, one.end(), value + 1) if one else said


def _whole(before: int, value: int, language: str, joint: str | None) -> int | None:
    """Return the one number that two make in a row; None where they are two."""
    last, tens = before % 1000, before % 100
    fits = (
        (last == 0 and value < 1000)  # dos mil | veintiséis
        or (last >= 100 and tens == 0 and value < 100)  # ciento | veinte
        or (tens >= 20 and tens % 10 == 0 and value < 10)  # treinta | cinco
        or (language == "fr" and tens in (60, 80) and 10 <= value < 20)  # soixante | dix
    )
    if joint is not None:
        return before + value if fits and joint.casefold() == _JOINT.get(language) else None
    if value in (100, 1000) and 0 < last < (10 if value == 100 else 1000):
        return before + last * (value - 1)  # deux | cents
    if language == "fr" and tens == 4 and value == 20:
        return before + 76  # quatre | vingt
    if language == "en" and 10 < before <= 20 and 10 <= value < 100:
        return before * 100 + value  # nineteen | eighty
    return before + value if fits and before and value else None


@lru_cache(maxsize=8192)
def stuck(word: str, language: str, known: "Words") -> int | None:
    """Return what a number of one word says (in lower case): einundzwanzig, dreihundertfünf, ventuno; None for none."""
    if language not in _STUCK or len(word) > _LONGEST:
        return None
    ones = _ONES_STUCK.get(language, {})  # alone they are articles
    return None if word in ones else _below_a_million(word, known.values | ones, known.scales, language)


class Words:
    """The words of a language that say numbers: 1 to 90, and its hundred and thousand. Compared by identity."""

    def __init__(self, values: Mapping[str, int]) -> None:
        self.all = dict(values)
        self.values = {word: value for word, value in values.items() if 0 < value < 100}
        self.scales = {
            scale: [w for w, value in values.items() if value == scale or (scale == 1000 and w == "mila")]
            for scale in (1000, 100)
        }


def _below_a_million(
    word: str, values: Mapping[str, int], scales: Mapping[int, list[str]], language: str
) -> int | None:
    for scale in (1000, 100):
        for form in sorted(scales[scale], key=len, reverse=True):
            before, found, behind = word.partition(form)
            if not found:
                continue
            many = _below_a_million(before, values, {**scales, scale: []}, language) if before else 1
            rest = (
                _below_a_million(behind.removeprefix(_STUCK[language] or "\0"), values, scales, language)
                if behind
                else 0
            )
            if many is not None and rest is not None and many < 1000 and rest < scale:
                return many * scale + rest
    return _below_a_hundred(word, values, language)


def _below_a_hundred(word: str, values: Mapping[str, int], language: str) -> int | None:
    if (value := values.get(word)) is not None:
        return value
    joint = _STUCK[language]
    for tens, ten in values.items():
        if ten < 20 or ten % 10:
            continue
        if joint and word.endswith(joint + tens) and 0 < (ones := values.get(word.removesuffix(joint + tens), 0)) < 10:
            return ten + ones
        cut = tens[:-1] if language == "it" else tens  # ventuno, ventotto
        for stem in (tens, cut):
            rest = word.removeprefix(stem)
            if not joint and rest != word and 0 < (ones := values.get(rest.replace("tré", "tre"), 0)) < 10:
                return ten + ones
    return None

"""Numbers in a text, whatever they are written as: 1,000 and one thousand, 5 pm and 17:00, Nov. 24 and 2026-11-24."""

from typing import NamedTuple

import regex

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth thirtieth"
)
_ORDINAL_VALUES = [*range(20), 20, 30]
_SMALL: dict[str, float] = {word: value for value, word in enumerate(_ONES.split())}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS.split(), start=2)}
_SMALL |= dict(zip(_ORDINALS.split(), _ORDINAL_VALUES, strict=True))
_SMALL |= {"dozen": 12, "half": 0.5, "twice": 2, "once": 1}
_LARGE = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_SUFFIXES = {"k": 1_000, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "t": 10**12}
_MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)

_WORDS = "|".join(sorted([*_SMALL, *_LARGE], key=len, reverse=True))
_PATTERN = regex.compile(
    rf"""
    (?P<iso>(?<!\d)\d{{4}}-\d{{2}}-\d{{2}}(?!\d))
    | (?<![\w.,:/-])(?P<hour>[01]?\d|2[0-4])(?:[:.](?P<minute>[0-5]\d))?\s?(?P<half>[ap])\.?m\b\.?
    | (?<![\w.,:/-])(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)(?![\w:])
    | (?<![\p{{L}}\d_.,-]|[\p{{L}}\d]/)
      (?P<digits>\d{{1,3}}(?:[, \u00a0\u202f\u2009'’]\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?)
      (?:(?:st|nd|rd|th|s|x)\b|(?P<suffix>k|mn|m|bn|b|t)\b|\s?(?P<percent>%|percent\b|per\s+cent\b)
        |[\s-](?P<scale>hundred|thousand|million|billion|trillion)\b)?
      (?![\p{{L}}\d_])
    | \b(?P<words>(?:{_WORDS})(?:(?:[\s-]+(?:and\s+)?)(?:{_WORDS}))*)\b
    """,
    regex.VERBOSE | regex.IGNORECASE,
)
_MONTH = regex.compile(
    r"\b(?P<month>" + "|".join(f"{name[:3]}(?:{name[3:]}|t)?" for name in _MONTHS) + r")\b\.?", regex.IGNORECASE
)


class Number(NamedTuple):
    """A number as it stands in a text (end exclusive), and the values that it may mean."""

    start: int
    end: int
    text: str
    values: frozenset[str]
    spelled: bool  # written in words


def find(text: str) -> list[Number]:
    """Return the numbers of a text in order; digits inside a name (18F, MP3) are none."""
    return [
        Number(*match.span(), match.group(), frozenset(_values(match)), match["words"] is not None)
        for match in _PATTERN.finditer(text)
    ]


def is_word(word: str) -> bool:
    """Say whether an English word (in lower case) says a number: fourteen, thousand, twenty-two."""
    return all(part in _SMALL or part in _LARGE for part in word.split("-"))


def values(text: str) -> set[str]:
    """Return every value that the numbers, dates and months of a text may mean."""
    found = {value for number in find(text) for value in number.values}
    for match in _MONTH.finditer(text):
        found.add(str(next(at for at, name in enumerate(_MONTHS, start=1) if name[:3] == match["month"][:3].lower())))
    return found


def _values(match: "regex.Match[str]") -> set[str]:
    if match["iso"]:
        return {match["iso"]}
    if match["hour"]:
        hour = int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
        return {f"{hour:02}:{match['minute'] or '00'}"}
    if match["hour24"]:
        return {f"{int(match['hour24']):02}:{match['minute24']}"}
    if match["words"]:
        said = regex.findall(r"[a-z]+", match["words"].lower())
        year = _year(said)
        return {str(year)} if year else {_plain(_spelled(said))}
    return _digits(match)


def _digits(match: "regex.Match[str]") -> set[str]:
    """Return the value of digits; `1.500` and `1,5` are read both ways, since writers differ."""
    written = regex.sub(r"[ \u00a0\u202f\u2009'’]", "", match["digits"])
    readings = {written.replace(",", "")}
    if regex.fullmatch(r"\d+,\d+", written) and not regex.fullmatch(r"\d{1,3},\d{3}", written):
        readings = {written.replace(",", ".")}
    if regex.fullmatch(r"\d{1,3}\.\d{3}", written):
        readings.add(written.replace(".", ""))
    factor = _SUFFIXES.get((match["suffix"] or "").lower()) or _LARGE.get((match["scale"] or "").lower()) or 1
    return {_plain(float(reading) * factor) for reading in readings}


def _year(words: list[str]) -> int:
    """Return the year that words say in two halves (nineteen eighty-four, twenty twenty-six); 0 for another number."""
    first = int(_SMALL.get(words[0], 0))
    tens = int(_SMALL.get(words[1], 0)) if len(words) in (2, 3) else 0
    ones = int(_SMALL.get(words[2], 0)) if len(words) == 3 else 0
    whole = tens >= 10 and (len(words) == 2 or (tens >= 20 and tens % 10 == 0 and 0 < ones < 10))
    return first * 100 + tens + ones if 10 < first <= 20 and whole else 0


def _spelled(words: list[str]) -> float:
    total = current = 0.0
    for word in words:
        if word in _SMALL:
            current += _SMALL[word]
        elif word in _LARGE:
            current = max(current, 1) * _LARGE[word]
            if word != "hundred":
                total, current = total + current, 0.0
    return total + current


def _plain(value: float) -> str:
    return f"{value:.10g}"

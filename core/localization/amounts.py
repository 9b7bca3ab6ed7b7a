"""Numbers of a segment and of its translation, whatever each language writes them as: 1,000 and 1 000, 5 pm and 17:00,
3 and three, 20,000 and 2万, May and 5月."""

import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import Any, NamedTuple

import regex

from core.localization import composed

_DIGITS = regex.compile(
    r"""
    (?<![\p{Latin}\p{Cyrillic}\p{Greek}_\d])(?<![\p{Latin}]-)(?!(?<=\d[:.h])00(?!\d))  # 17:00 is 5 pm
    (?:\d{1,3}(?:[ \u00a0\u202f\u2009]\d{3})+(?!\d)(?:[.,]\d+)?
      | \d{1,3}(?:['’]\d{3})+(?:[.,]\d+)?
      | \d+(?:[.,٫٬]\d+)*)
    """,
    regex.VERBOSE,
)
_HALF_DAY = regex.compile(r"(?::(?P<minute>\d\d))?[\s\u00a0\u202f]*(?P<half>[ap])\.?[\s\u00a0]?m\b", regex.IGNORECASE)
_LARGE_CJK = regex.compile(
    r"(?:\d[\d.,]*[百千백천]?[\s\u00a0]?[万萬億亿兆만억조][\s\u00a0]?)+(?:\d[\d.,]*(?:[百千백천])?)?|\d[\d.,]*[百千백천]"
)
_CJK_PART = regex.compile(r"(\d[\d.,]*)([百千백천]?)[\s\u00a0]?([万萬億亿兆만억조]?)")
_HAN_NUMBER = regex.compile(r"[〇零一二三四五六七八九十百千两兩]+")
_POWERS = {"": 1, "百": 100, "백": 100, "千": 1000, "천": 1000}
_POWERS |= {"万": 10**4, "萬": 10**4, "만": 10**4, "億": 10**8, "亿": 10**8, "억": 10**8, "兆": 10**12, "조": 10**12}
_HAN = {sign: value for value, sign in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "兩": 2}
_HAN_POWERS = {"十": 10, "百": 100, "千": 1000}
_WORD = regex.compile(r"[\p{L}\p{M}]+(?:['’]\p{L}+)?")
_NEXT_WORD = regex.compile(r"[\s\u00a0\u202f-]*([\p{L}\p{M}]+)")
_TO_BE_COUNTED = regex.compile(r"[つ人個回件番種度点か箇ヶカ個个次项項种種条條位名倍]")
UNSPACED = frozenset({"ja", "zh", "th", "ko"})


class Amount(NamedTuple):
    """A number where it stands (end exclusive), and every value that it may mean."""

    start: int
    end: int
    text: str
    values: frozenset[str]
    spelled: bool = False


@lru_cache(maxsize=1)
def _all_words() -> dict[str, dict[str, dict[Any, str]]]:
    import yaml

    data: dict[str, dict[str, dict[Any, str]]] = yaml.safe_load(
        resources.files("core.localization").joinpath("number_words.yaml").read_text(encoding="utf-8")
    )
    return data


@lru_cache(maxsize=64)
def _words(language: str) -> dict[str, int]:
    """Return the number words and ordinals of a language, and what each says."""
    known = _all_words().get(language, {})
    found: dict[str, int] = {}
    for kind in ("ordinals", "words"):
        for value, forms in known.get(kind, {}).items():
            found |= {form.casefold(): int(value) for form in forms.split()}
    return found


@lru_cache(maxsize=64)
def _scales(language: str) -> dict[str, int]:
    scales = {language: _all_words().get(language, {}).get("scales", {}), "en": _all_words()["en"]["scales"]}
    return {form: int(value) for each in scales.values() for value, forms in each.items() for form in forms.split()}


@lru_cache(maxsize=64)
def _months(language: str) -> dict[str, int]:
    """Return the names of the months in a language, by CLDR, long and short."""
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(language)
    except (UnknownLocaleError, ValueError):
        return {}
    found = {}
    for context in ("format", "stand-alone"):
        for width in ("wide", "abbreviated"):
            for month, name in locale.months[context].get(width, {}).items():
                plain = name.casefold().rstrip(".")
                if not plain[:1].isdigit() and len(plain) > 1:
                    found[plain] = int(month)
    return found


def ascii_digits(text: str) -> str:
    """Return a text with every script's digits as 0 to 9; each character keeps its place."""
    if text.isascii():
        return text
    return "".join(
        str(unicodedata.decimal(char)) if not char.isascii() and char.isdecimal() else ("." if char == "．" else char)
        for char in text
    )


def written(text: str, language: str) -> list[Amount]:
    """Return the numbers of a text that are written in digits."""
    plain = ascii_digits(text)
    large = [_large(found) for found in _LARGE_CJK.finditer(plain)]
    taken = [(each.start, each.end) for each in large]
    rest = [found for found in _DIGITS.finditer(plain) if not any(a <= found.start() < b for a, b in taken)]
    return sorted(large + [_digits(plain, found, language) for found in rest])


def spelled(text: str, language: str) -> list[Amount]:
    """Return the numbers and months of a text that are written in words."""
    folded = text.casefold()
    if len(folded) != len(text):  # a letter that folds into two would move the places
        folded = text.lower() if len(text.lower()) == len(text) else text
    found: list[Amount | None] = [*_in_words(folded, language)]
    known = _words(language)
    if language in UNSPACED:
        found += [_said(match, known[match[0]]) for match in _anywhere(language).finditer(folded)]
    if language in ("ja", "zh"):
        found += [_han(folded, match) for match in _HAN_NUMBER.finditer(folded)]
    return sorted(each for each in found if each is not None)


def _in_words(text: str, language: str) -> Iterator[Amount]:
    """Yield the numbers of a text in words (several words are one where they say one), its ordinals and months."""
    cardinals, known, months = _cardinals(language), _words(language), _months(language)
    counted: list[composed.Spelled] = []
    for match in _WORD.finditer(text):
        word = match[0]
        value = cardinals.all.get(word, composed.stuck(word, language, cardinals))
        if value is not None:
            counted.append((*match.span(), value))
        elif (other := known.get(word, months.get(word))) is not None:
            yield Amount(*match.span(), word, frozenset({str(other)}), True)
    for start, end, value in composed.join(text, counted, language):
        yield Amount(start, end, text[start:end], frozenset({str(value)}), True)


@lru_cache(maxsize=64)
def _cardinals(language: str) -> composed.Words:
    return composed.Words(
        {
            form.casefold(): int(value)
            for value, forms in _all_words().get(language, {}).get("words", {}).items()
            for form in forms.split()
        }
    )


@lru_cache(maxsize=8)
def _anywhere(language: str) -> "regex.Pattern[str]":
    forms = sorted(_words(language), key=len, reverse=True)
    return regex.compile("|".join(map(regex.escape, forms)))


def _said(match: "regex.Match[str]", value: int | None) -> Amount | None:
    return None if value is None else Amount(*match.span(), match[0], frozenset({str(value)}), True)


def _han(text: str, match: "regex.Match[str]") -> Amount | None:
    """Read a number in Chinese signs; a lone 一 is one only where something is counted."""
    signs = match[0]
    if len(signs) == 1 and signs in "一千百" and not _TO_BE_COUNTED.match(text, match.end()):
        return None
    if all(sign in _HAN for sign in signs):
        value = int("".join(str(_HAN[sign]) for sign in signs))
    else:
        value = digit = 0
        for sign in signs:
            if sign in _HAN:
                digit = _HAN[sign]
            else:
                value, digit = value + max(digit, 1) * _HAN_POWERS[sign], 0
        value += digit
    return Amount(*match.span(), signs, frozenset({str(value)}), True)


def _large(match: "regex.Match[str]") -> Amount:
    total = 0.0
    parts = set()
    for digits, small, large in _CJK_PART.findall(match[0]):
        number = float(digits.replace(",", "").rstrip(".") or 0)
        total += number * _POWERS[small] * _POWERS[large]
        parts.add(_plain(number))
    return Amount(*match.span(), match[0].strip(), frozenset({_plain(total), *parts}))


def _digits(text: str, match: "regex.Match[str]", language: str) -> Amount:
    digits = match[0]
    values = {_plain(value) for value in _readings(digits)} if digits.count(".") < 2 or _grouped(digits) else {digits}
    half = _HALF_DAY.match(text, match.end())
    if half and digits.isdigit() and int(digits) <= 12:
        values.add(str(int(digits) % 12 + (12 if half["half"].lower() == "p" else 0)))
    following = _NEXT_WORD.match(text, match.end())
    if following:
        word = following[1].casefold()
        scale = _scales(language).get(word)
        values |= {_plain(float(value) * scale) for value in list(values) if scale and _is_number(value)}
        if word == "s" and regex.fullmatch(r"(?:18|19|20)\d0", digits):
            values.add(digits[2:])  # the 1990s: los años 90
    return Amount(*match.span(), digits, frozenset(values))


def _grouped(digits: str) -> bool:
    return regex.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits) is not None


def _readings(digits: str) -> set[float]:
    """Return what digits may mean: `1.500` and `1,5` are read both ways, since languages differ."""
    bare = regex.sub(r"[ \u00a0\u202f\u2009'’٬]", "", digits).replace("٫", ".")
    if not regex.search(r"[.,]", bare):
        return {float(bare)}
    found = set()
    for decimal, group in (".,", ",."):
        if bare.count(decimal) <= 1 and regex.fullmatch(rf"\d+(?:[{group}]\d{{2,3}})*(?:[{decimal}]\d+)?", bare):
            found.add(float(bare.replace(group, "").replace(decimal, ".")))
    return found or {float(part) for part in regex.split("[.,]", bare) if part}


def _is_number(value: str) -> bool:
    return regex.fullmatch(r"\d+(?:\.\d+)?(?:e\+\d+)?", value) is not None


def _plain(value: float) -> str:
    return f"{value:.12g}"

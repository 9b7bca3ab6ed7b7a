"""Figures in a text with what they count: 45 %, $3 million, 20 km, two hundred, thousands; in many languages."""

from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import regex

from core import numbers
from core.grounding import clocks, days
from core.localization import amounts
from core.spans import Cover

_UNITS = {
    "percent": "割 % ％ percent pct percentage-point percentage-points prozent prosent procent porcento パーセント "
    "퍼센트",
    "money": "$ € £ ¥ ￥ ₹ usd eur gbp nok sek dkk chf brl jpy cny inr dollar dollars euro euros pound- "
    "sterling yen yuan cents kr kroner krone kronor dólares dollari reais real r$ pesos rupees "
    "złoty zł franken francs 円 元 ユーロ ドル",
    "second": "s sec secs second seconds segundos segundo sekunden sekunde 秒 secondes secondi secondo sekunder 초",
    "minute": "min mins minute minutes minutos minuto minuten 分 minuti minutter minutt minuter minuut "
    "mins. 分钟 分鐘 분",
    "hour": "h hr hrs hour hours hora horas stunde stunden 時間 heure heures ora ore uur uren timer timme "
    "timmar 小时 小時 시간",
    "day": "day days día días dia dias tag tage tagen jour jours giorno giorni dag dagen dager 日間 天",
    "week": "week weeks semana semanas woche wochen 週間 semaine semaines settimana settimane weken uker uke veckor 周",
    "month": "month months mes meses monat monate monaten か月 ヶ月 mois mese mesi maand maanden måned "
    "måneder månader 个月 ヵ月",
    "year": "year years año años jahr jahre jahren 年間 an ans année années anno anni ano anos jaar jaren år",
    "decade": "decade decades",
    "km": "km kilometer kilometers kilometre kilometres kilómetros kilometern quilômetros quilómetros "
    "quilômetro kilomètres kilomètre chilometri chilometro キロ キロメートル 公里",
    "m": "m meter meters metre metres metros metern mètres mètre metri metro",
    "cm": "cm centimeter centimeters centimetre centimetres",
    "mm": "mm millimeter millimeters",
    "mile": "mile miles mi millas meilen",
    "foot": "foot feet ft",
    "inch": "inch inches",
    "kg": "kg kilo kilos kilogram kilograms kilogramm キログラム 公斤",
    "g": "g gr gram grams gramm gramme grammes gramo gramos grama gramas grammo grammi グラム 克",
    "mg": "mg milligram milligrams milligramm",
    "lb": "lb lbs pounds",
    "l": "l liter liters litre litres litro litros litri litrów リットル 升",
    "dl": "dl deciliter decilitre dezilitern",
    "cl": "cl centiliter centilitre",
    "ml": "ml milliliter milliliters millilitre millilitres millilitern mililitros ミリリットル 毫升",
    "ha": "ha hectare hectares hektar hectárea hectáreas hectare ettari",
    "tonne": "tonne tonnes ton tons toneladas tonnen トン",
    "byte": "kb mb gb tb",
    "pixel": "px pixel pixels",
    "degree": "° degrees grados grad",
}
_UNIT_OF = {form.replace("-", " "): unit for unit, forms in _UNITS.items() for form in forms.split()}
_GLUED = "|".join(
    f if len(f) > 1 or f in "sh" else f"(?-i:{f})"  # 5g is a weight, 5G none
    for f in sorted((f for f in _UNIT_OF if regex.fullmatch(r"[a-z]{1,4}", f)), key=len, reverse=True)
    if f != "m"  # 5m may be millions
)
_AFTER = regex.compile(
    r"[\s\u00a0\u202f-]{0,2}(percentage points?|[%％°$€£¥]|\p{Latin}[\p{Latin}\p{M}]*(?![\p{Latin}\d])"
    r"|\p{L}[\p{L}\p{M}]*\b)",
    regex.IGNORECASE,
)
_AFTER_CJK = regex.compile(
    r"(パーセント|퍼센트|割|リットル|ミリリットル|キログラム|グラム|公斤|毫升|秒|分|時間|日間|週間|か月|ヶ月|年間|トン|円|元|ユーロ|ドル|分钟|分鐘|小时|小時|公里|キロメートル|キロ(?!グラム)|天|个月|ヵ月)"
)
_BEFORE = regex.compile(
    r"(?:(?:US|A|C|R)?\$|€|£|¥|￥|₹|(?<!\d[\s\u00a0]?)\b(?:USD|EUR|GBP|CHF|NOK|SEK|DKK|BRL|kr|Fr)\.?)[\s\u00a0]?$"
)
_STUCK = regex.compile(
    rf"(?<![\p{{L}}\d_.,/-])\d+(?:[.,]\d+)?(?=(?:{_GLUED})\b)|(?<=(?<![\p{{L}}\d_.,/-])\d[\d.,]*-)\d+(?:[.,]\d+)?"
    r"(?=%|\s|[.,;:!?)]|$)(?![.,]?\d)",
    regex.IGNORECASE,
)
_DIGIT_BEFORE = regex.compile(r"\d[\s\u00a0\u202f-]?$")
_RANGE = regex.compile(r"\s?(?:-|–|—|to|and|or|bis|a|hasta|から|〜)\s?$", regex.IGNORECASE)
_VAGUE = regex.compile(
    r"\b(?P<word>dozens|hundreds|thousands|tens of thousands|millions|billions|trillions)\b(?=\s+of\b)",
    regex.IGNORECASE,
)
_VAGUE_FROM = {"dozens": 12.0, "hundreds": 1e2, "thousands": 1e3, "tens of thousands": 1e4, "millions": 1e6}
_VAGUE_FROM |= {"billions": 1e9, "trillions": 1e12}
_TIMES = regex.compile(
    r"\b(?P<how>doubl|tripl|quadrupl|halv)(?:e[sd]?|ing)\b(?!-|\s+(?:check|down|click|take|standard|quot|spac))|"
    r"\b(?P<fold>\w+)-?fold\b",
    regex.IGNORECASE,
)
_FIRST_OF = regex.compile(r"(?:first|second|third)\s+(?=\p{L})", regex.IGNORECASE)
_IDIOM = regex.compile(r"24/7|9/11|101|360|50/50|1:1|one-on-one", regex.IGNORECASE)


_HUNDRED = regex.compile(r"[\s\u00a0]*(?:por ciento|por cento|pour cent|per cento|per cent)\b", regex.IGNORECASE)


_SIZES = (
    {"mg": 0.001, "g": 1.0, "kg": 1_000.0, "tonne": 1_000_000.0},
    {"mm": 1.0, "cm": 10.0, "m": 1_000.0, "km": 1_000_000.0},
    {"ml": 1.0, "cl": 10.0, "dl": 100.0, "l": 1_000.0},
    {"second": 1.0, "minute": 60.0, "hour": 3_600.0, "day": 86_400.0, "week": 604_800.0},
    {"month": 1.0, "year": 12.0, "decade": 120.0},
)
"""Units that one amount is told in, by their size."""


MONTH = "month of the year"
"""What a month's name counts, where it is read as a number."""


class Figure(NamedTuple):
    """A number where it stands (end exclusive), every value that it may mean, and what it counts; "" if unknown."""

    start: int
    end: int
    text: str
    values: frozenset[str]
    spelled: bool
    unit: str


_NO_NUMBER = regex.compile(
    r"\b(?:por|pour|per) (?:ciento|cento|cent)\b|(?:星期|周|週|礼拜|禮拜)[一二三四五六日]", regex.IGNORECASE
)


def find(text: str, language: str = "en") -> list[Figure]:
    """Return the figures of a text in order."""
    found = _english(text) if language == "en" else _elsewhere(text, language)
    taken = {start for start, _, _, _, _ in found}
    for match in _STUCK.finditer(text):
        if match.start() not in taken:
            found.append((match.start(), match.end(), match[0], frozenset(_readings(match[0])), False))
    found.sort()
    units = [
        MONTH if spelled and str(days.month_of(said, language)) in values else unit_of(text, start, end)
        for start, end, said, values, spelled in found
    ]
    for at in range(len(found) - 2, -1, -1):  # 45 to 50 percent: both are
        between = text[found[at][1] : found[at + 1][0]]
        if not units[at] and _RANGE.fullmatch(between):
            units[at] = units[at + 1]
    return [
        Figure(*each, unit)
        for each, unit in zip(found, units, strict=True)
        if not _IDIOM.match(text, each[0]) and not _IDIOM.match(text, max(0, each[0] - 3))
    ]


def are_one(figure: Figure, other: Figure) -> bool:
    """Say whether two figures may say the same, each in its unit."""
    return bool(figure.values & other.values) or any(
        value in other.values and unit == other.unit for value, unit in same_amounts(figure)
    )


def same_amounts(figure: Figure) -> Iterator[tuple[str, str]]:
    """Yield what a figure says in the other units of its kind, as value and unit: 1.5 kg is 1500 g."""
    for kind in _SIZES:
        if figure.unit in kind:
            for value in filter(_is_plain, figure.values):
                for unit, size in kind.items():
                    yield f"{float(value) * kind[figure.unit] / size:.10g}", unit


def _is_plain(value: str) -> bool:
    return regex.fullmatch(r"\d+(?:\.\d+)?", value) is not None


def vague(text: str) -> list[tuple[int, int, float]]:
    """Return the vague large numbers of an English text (thousands of): where, and from which value on."""
    return [(*match.span(), _VAGUE_FROM[match["word"].lower()]) for match in _VAGUE.finditer(text)]


def times(text: str) -> list[tuple[int, int, str]]:
    """Return where an English text says that something became so many times as much: where, and the word's stem."""
    return [(*match.span(), (match["how"] or match["fold"]).lower()) for match in _TIMES.finditer(text)]


def is_unit(text: str, start: int, end: int) -> bool:
    """Say whether a word is what a number in digits before it counts: 40 Liter, 300 NOK."""
    return _plain(text[start:end]) in _UNIT_OF and _DIGIT_BEFORE.search(text, max(0, start - 3), start) is not None


def unit_of(text: str, start: int, end: int) -> str:
    """Return what a number counts, by what stands beside it."""
    if _BEFORE.search(text, max(0, start - 5), start):
        return "money"
    if regex.search(r"%|％|per\s?cent|[割成]", text[start:end]):
        return "percent"
    for pattern in (_AFTER_CJK, _AFTER):
        if (match := pattern.match(text, end)) and (unit := _UNIT_OF.get(_plain(match[1]))):
            return unit
    if _HUNDRED.match(text, end):
        return "percent"
    return ""


@lru_cache(maxsize=2048)
def _plain(word: str) -> str:
    return word.casefold().replace("-", " ")


def _readings(written: str) -> set[str]:
    return {
        f"{float(written.replace(',', each)):.10g}" for each in (".", "") if written.replace(",", each).count(".") < 2
    }


def _english(text: str) -> list[tuple[int, int, str, frozenset[str], bool]]:
    found = [_plain_number(each) for each in numbers.find(text)]
    taken = Cover((start, end) for start, end, *_ in found)
    return found + [each for each in clocks.times(text) if not taken.touches(each[0], each[1])]


def _plain_number(found: numbers.Number) -> tuple[int, int, str, frozenset[str], bool]:
    """Return a number without the ordinal before it: the first two are two."""
    if found.spelled and (match := _FIRST_OF.match(found.text)) and (rest := numbers.find(found.text[match.end() :])):
        return found.start + match.end(), found.end, rest[0].text, rest[0].values, True
    return found.start, found.end, found.text.strip(), found.values, found.spelled


def _elsewhere(text: str, language: str) -> list[tuple[int, int, str, frozenset[str], bool]]:
    """Return the numbers of a text that is not English: by that language's words, digits of any script."""
    told = [*clocks.times(text), *(clocks.shares(text) if language in ("ja", "zh") else ())]
    apart = Cover((start, end) for start, end, *_ in told)
    digits = [each for each in amounts.written(text, language) if not apart.touches(each.start, each.end)]
    words = amounts.spelled(text, language)
    taken = Cover(
        [
            *((each.start, each.end) for each in digits),
            *((start, end) for start, end, *_ in told),
            *(m.span() for m in _NO_NUMBER.finditer(text)),
        ]
    )
    words = [each for each in words if not taken.touches(each.start, each.end)]
    words = [each for each in words if not _is_short_month(each, language)]  # mar is the sea, too
    return [*told, *((each.start, each.end, each.text, each.values, each.spelled) for each in (*digits, *words))]


def _is_short_month(each: amounts.Amount, language: str) -> bool:
    return each.text in days.short_months(language) and str(days.month_of(each.text, language)) in each.values

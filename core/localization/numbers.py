"""Whether a translation says the numbers of its source."""

from collections.abc import Iterator

import regex

from core.drafts import Finding
from core.localization import amounts
from core.localization.amounts import Amount
from core.localization.pair import Pair

_UNIT = regex.compile(
    r"[\s\u00a0-]?(?P<unit>miles?|mi|feet|foot|ft|inch(?:es)?|in|pounds?|lbs?|ounces?|oz|gallons?|gal|acres?"
    r"|kilomet(?:er|re)s?|km|met(?:er|re)s?|m|centimet(?:er|re)s?|cm|kilograms?|kilos?|kg|grams?|g|lit(?:er|re)s?|l"
    r"|hectares?|ha|°\s?[CF]|degrees Fahrenheit)\b",
    regex.IGNORECASE,
)
_FACTORS = (
    (("mile", "miles", "mi"), ("km", "kilometer", "kilometre", "kilometers", "kilometres"), 1.609344),
    (("feet", "foot", "ft"), ("m", "meter", "metre", "meters", "metres"), 0.3048),
    (("inch", "inches", "in"), ("cm", "centimeter", "centimetre", "centimeters", "centimetres"), 2.54),
    (("pound", "pounds", "lb", "lbs"), ("kg", "kilo", "kilos", "kilogram", "kilograms"), 0.45359237),
    (("ounce", "ounces", "oz"), ("g", "gram", "grams"), 28.349523),
    (("gallon", "gallons", "gal"), ("l", "liter", "litre", "liters", "litres"), 3.785412),
    (("acre", "acres"), ("ha", "hectare", "hectares"), 0.404686),
)
# Tags, entities, and the numbers of a list: in Markdown each of them may be 1.
_ASIDE = regex.compile(
    r"</?[a-zA-Z][^<>\n]*>|&\#?\w{2,10};"
    r"|(?:^|\n|(?<=[.:;!?。：；！？）)`*_>\]]\s))[ \t]*\d{1,2}[.)][ \t]+(?=\S)"
)
_RUN = regex.compile(r"\d+")  # also within names: 第1四半期 is Q1
_CLOSE = 0.06  # how far a converted value may be rounded


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield the numbers that a translation lost, and those it has that the source has not."""
    source, target = (_ASIDE.sub(" ", text) for text in pair.prose)
    wanted = amounts.written(source, pair.source_language)
    there = amounts.written(target, pair.target_language)
    words = amounts.spelled(target, pair.target_language)
    said = amounts.spelled(source, pair.source_language)
    missing = _unmatched(wanted, there)
    _unmatched(said, words)  # what the source says in words takes the words of the translation first
    spelled_out = _unmatched(missing, words)
    for amount in spelled_out:
        yield _missing(amount, source, there)
    _unmatched(said, there)
    anywhere = frozenset(_RUN.findall(amounts.ascii_digits(pair.source)))
    yield from (
        _added(amount) for amount in there if not _explained(amount, wanted, said) and not amount.values & anywhere
    )


def _unmatched(wanted: list[Amount], there: list[Amount]) -> list[Amount]:
    """Return the amounts that none of `there` says, and take those that are said out of `there`."""
    left = []
    for amount in wanted:
        same = next((each for each in there if each.values == amount.values), None)
        match = same or next((each for each in there if each.values & amount.values), None)
        if match is None:
            left.append(amount)
        else:
            there.remove(match)
    return left


def _missing(amount: Amount, source: str, there: list[Amount]) -> Finding:
    converted = _converted(amount, source, there)
    if converted:
        there.remove(converted)
        message = f"{amount.text} became {converted.text}: a converted unit, by the look of it."
        return Finding(rule="number", severity="warning", message=message)
    return Finding(rule="number", severity="error", message=f"The number {amount.text} is missing in the translation.")


def _added(amount: Amount) -> Finding:
    message = f"The number {amount.text} stands in the translation only."
    return Finding(rule="added_number", severity="warning", message=message)


def _explained(amount: Amount, wanted: list[Amount], said: list[Amount]) -> bool:
    return any(amount.values & each.values for each in (*wanted, *said))


def _converted(amount: Amount, source: str, there: list[Amount]) -> Amount | None:
    """Return the number of the translation that is this one in another unit: 5 miles, 8 km."""
    unit = _UNIT.match(source, amount.end)
    if not unit or not any(map(_plain, amount.values)):
        return None
    values = [float(value) for value in amount.values if _plain(value)]
    for value in _other_units(min(values), unit["unit"].casefold().replace(" ", "")):
        for each in there:
            if any(abs(float(there_is) - value) <= _CLOSE * abs(value) for there_is in each.values if _plain(there_is)):
                return each
    return None


def _plain(value: str) -> bool:
    return regex.fullmatch(r"\d+(?:\.\d+)?", value) is not None


def _other_units(value: float, unit: str) -> Iterator[float]:
    if unit in ("°f", "degreesfahrenheit"):
        yield (value - 32) / 1.8
    if unit == "°c":
        yield value * 1.8 + 32
    for customary, metric, factor in _FACTORS:
        if unit in customary:
            yield value * factor
        if unit in metric:
            yield value / factor

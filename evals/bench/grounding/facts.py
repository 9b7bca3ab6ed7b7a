"""Facts told twice in ten languages: as a source writes them, and as a draft does, in the formats of CLDR."""

from datetime import date, timedelta
from random import Random
from typing import Any

import regex
from babel import Locale, dates, numbers

from evals.bench.grounding.forms import languages, listed
from evals.bench.grounding.honest import Case

_LOCALES = {"en": ("en_US", "en_GB"), "pt": ("pt_BR",), "es": ("es_ES",), "zh": ("zh_Hans_CN",)}
_MONEY = {"ja": "JPY", "zh": "CNY", "nb": "NOK", "pt": "BRL", "en": "USD"}
_MONEY_SAID = {
    "JPY": "{n}円",
    "CNY": "{n}元",
    "NOK": "{n} kroner",
    "BRL": "{n} reais",
    "USD": "{n} dollars",
    "EUR": "{n} euro{s}",
}
_DAYS = 7_000
_UNSPACED = ("ja", "zh")


def told(rng: Random) -> Case:
    """Return a draft that tells facts of its source in other formats, in one of the languages."""
    language = rng.choice([*languages("facts"), "en"])
    locale = rng.choice(_LOCALES.get(language, (language,)))
    facts, forms = _facts(language, rng), listed("facts", language)
    space = "" if language in _UNSPACED else " "
    source = space.join(_filled(line, facts, locale, language, rng, source=True) for line in forms["source"])
    chosen = rng.sample(forms["draft"], min(len(forms["draft"]), rng.randint(3, 5)))
    lines = [_filled(line, facts, locale, language, rng, source=False) for line in chosen]
    return Case(space.join(lines), (source,), (), language, f"facts in {language}")


def _facts(language: str, rng: Random) -> dict[str, Any]:
    person = rng.choice(listed("people", language))
    return {
        "person": person,
        "family": person if language in _UNSPACED else person.split()[-1],
        "place": rng.choice(listed("places", language)),
        "quote": rng.choice(listed("quotes", language)),
        "date": date(2007, 1, 1) + timedelta(days=rng.randrange(_DAYS)),
        "count": rng.choice([rng.randrange(1_001, 9_999), rng.randrange(13, 99) * 1_000]),
        "percent": rng.choice([rng.randrange(13, 98), rng.randrange(131, 978) / 10]),
        "money": rng.choice([rng.randrange(13, 98) * 10_000, rng.randrange(2, 9) * 10**6 + 500_000]),
        "minutes": rng.randrange(13, 59),
        "small": rng.randrange(3, 9),
        "length": rng.randrange(14, 97),
    }


def _filled(line: str, facts: dict[str, Any], locale: str, language: str, rng: Random, *, source: bool) -> str:
    form = "long" if source else rng.choice(["long", "medium", "full"])
    short = rng.choice(["short", "iso", "medium"]) if "date:short" in line else ""
    values = {
        **facts,
        "date": _Forms(_date(facts["date"], short or form, locale)),
        "count": _count(facts["count"], locale, language, rng, source),
        "percent": _percent(facts["percent"], locale, language, rng, source),
        "money": _money(facts["money"], locale, language, rng, source),
        "small": _Forms(str(facts["small"]), _word(facts["small"], language)),
    }
    if not source and rng.random() < 0.4:
        values["small"] = _Forms(_word(facts["small"], language))
    said = line.format(**values)
    return said[:1].upper() + said[1:]


class _Forms:
    """A value that a template may ask for in a form: {date:long} is what the caller chose already."""

    def __init__(self, said: str, word: str = "") -> None:
        self._said, self._word = said, word

    def __format__(self, form: str) -> str:
        return self._word if form == "word" and self._word else self._said


def _date(day: date, form: str, locale: str) -> str:
    return day.isoformat() if form == "iso" else dates.format_date(day, form, locale=locale)


def _count(value: int, locale: str, language: str, rng: Random, source: bool) -> str:
    forms = [numbers.format_decimal(value, locale=locale), str(value)]
    if language == "en" and value % 1_000 == 0 and not source:
        forms += [f"{value // 1000}k", f"{value // 1000} thousand"]
    return forms[0] if source else rng.choice(forms)


def _percent(value: float, locale: str, language: str, rng: Random, source: bool) -> str:
    plain = numbers.format_decimal(value, locale=locale)
    word = {
        "en": "percent",
        "de": "Prozent",
        "es": "por ciento",
        "pt": "por cento",
        "nb": "prosent",
        "nl": "procent",
        "it": "per cento",
        "fr": "pour cent",
        "ja": "パーセント",
    }
    forms = [
        f"{plain}%",
        f"{plain} %",
        f"{plain}\u00a0%",
        f"{plain}{'' if language in _UNSPACED else ' '}{word.get(language, '%')}",
    ]
    return (
        numbers.format_percent(value / 100, locale=locale, decimal_quantization=False) if source else rng.choice(forms)
    )


def _money(value: int, locale: str, language: str, rng: Random, source: bool) -> str:
    currency = _MONEY.get(language, "EUR")
    plain = numbers.format_decimal(value, locale=locale)
    formal = numbers.format_currency(value, currency, locale=locale, currency_digits=False, format_type="standard")
    formal = regex.sub(r"[.,]00(?!\d)", "", formal)
    said = _MONEY_SAID[currency].format(n=plain, s="" if language in ("de", "it", "nl") else "s")
    forms = [formal, said]
    if language == "en":
        forms += [f"${value / 10**6:g}M", f"{value / 10**6:g} million dollars", f"${value / 1000:g}k"]
    return formal if source else rng.choice(forms)


def _word(value: int, language: str) -> str:
    return str(value) if language in _UNSPACED else str(listed("small", language).split()[value])


def locale_months(language: str) -> dict[int, str]:
    """Return the months of a language by their numbers."""
    return dict(Locale.parse(language).months["format"]["wide"])

"""Numbers that the sources say of another currency, or for another span of time: $25 of 25 euros, a day of a week."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import regex

from core import sentences
from core.drafts import Finding
from core.grounding import figures
from core.grounding.figures import Figure

_CURRENCIES = {
    "dollar": r"(?:US|A|C|NZ)?\$|usd|aud|cad|nzd|dollars?|dólares|dollari|dólar|ドル|美元|달러",
    "euro": r"€|eur|euros?|ユーロ|欧元|유로",
    "pound": r"£|gbp|pounds? sterling|sterling|quid|ポンド|英镑",
    "yen": r"[¥￥]|jpy|yen|円|日元",
    "yuan": r"[¥￥]|cny|rmb|yuan|元|人民币",
    "rupee": r"₹|inr|rupees?|rupien",
    "nok": r"nok|kr\.?|kroner|krone",
    "sek": r"sek|kr\.?|kronor|krona",
    "dkk": r"dkk|kr\.?|kroner|krone",
    "franc": r"chf|fr\.|franken|francs?|franchi",
    "real": r"r\$|brl|reais|real",
    "zloty": r"pln|złoty|złotych|zł",
}
_AFTER = {
    name: regex.compile(rf"[\s\u00a0-]{{0,2}}(?:{form})(?![\p{{Latin}}\d])", regex.I)
    for name, form in _CURRENCIES.items()
}
_BEFORE = {
    name: regex.compile(rf"(?<![\p{{Latin}}])(?:{form})[\s\u00a0]?$", regex.I) for name, form in _CURRENCIES.items()
}

_PERIODS = {
    "minute": "minute|minuto|minuut|minutt|minut",
    "hour": "hour|stunde|hora|heure|ora|uur|time|timme",
    "day": "day|tag|día|dia|jour|giorno|dag|dagen|day",
    "week": "week|woche|semana|semaine|settimana|uke|uken|vecka|veckan|uge|ugen",
    "month": "month|monat|mes|mês|mois|mese|maand|måned|måneden|månad|månaden",
    "year": "year|jahr|año|ano|an|année|anno|jaar|år|året",
}
_EACH = (
    r"(?:a|an|per|each|every|pro|je|jede[nrs]?|in der|im|am|por|al|a la|cada|par|chaque|ao|à|ogni|alla|all[’']|elke"
    r"|iedere|i|om|hver|hvert|varje|pr\.?|/)"
)
_BY = {
    name: regex.compile(rf"(?<![\p{{L}}\d]){_EACH}\s?(?:{form})(?!\p{{L}})", regex.I) for name, form in _PERIODS.items()
}
_ADVERBS = {
    "hour": r"hourly|stündlich|毎時|1時間に",
    "day": r"daily|täglich|diari[oa]s?|quotidien(?:ne)?s?|quotidian[oa]|dagelijks|daglig"
    r"|毎日|一日に|1日に|每天|每日|매일",
    "week": r"weekly|wöchentlich|semanal(?:es|mente)?|hebdomadaires?|settimanal[ei]|wekelijks|ukentlig"
    r"|毎週|週に|每周|매주",
    "month": r"monthly|monatlich|mensual(?:es)?|mensal|mensuel(?:le)?s?|mensile|maandelijks|månedlig"
    r"|毎月|月に|每月|매월",
    "year": r"yearly|annual(?:ly)?|jährlich|anual(?:es)?|annuel(?:le)?s?|annuale|jaarlijks|årlig|毎年|年に|每年|매년",
}
_OFTEN = {
    name: regex.compile(rf"(?<!\p{{Latin}})(?:{form})(?!\p{{Latin}})", regex.I) for name, form in _ADVERBS.items()
}
_CLOSE = regex.compile(r"(?:[\s\u00a0-]+[\p{L}\p{M}’'-]+){0,5}[\s\u00a0]*")
"""What may stand between a number and its "a day": the words of what is counted, and no other number."""


def findings(text: str, sources: Sequence[str], language: str) -> Iterator[Finding]:
    """Yield the numbers of a draft that the sources say in another currency, or for another span of time."""
    there = _figures(tuple(sources), language)
    for figure in figures.find(text, language):
        said = [each for value in figure.values for each in there.get(value, ())]
        if said:
            yield from _another_currency(text, figure, said)
            yield from _another_period(text, figure, said)


class _Said(NamedTuple):
    """A figure of a source in its sentence, and whether it is the only one there."""

    sentence: str
    figure: Figure
    alone: bool


@lru_cache(maxsize=8)
def _figures(sources: tuple[str, ...], language: str) -> dict[str, list[_Said]]:
    """Return the figures of the sources by every value that they may mean."""
    found: dict[str, list[_Said]] = {}
    for span in (span for source in sources for span in sentences.split(source)):
        for tongue in {language, "en"}:
            told = figures.find(span.text, tongue)
            for figure in told:
                for value in figure.values:
                    found.setdefault(value, []).append(_Said(span.text, figure, len(told) == 1))
    return found


def _another_currency(text: str, figure: Figure, said: list[_Said]) -> Iterator[Finding]:
    here = _currencies(text, figure)
    there = [_currencies(sentence, each) for sentence, each, _ in said]
    told = frozenset().union(*there)
    if here and told and not here & told and all(there):
        shown = _with_currency(said[0].sentence, said[0].figure)
        yield _finding(f"Your sources say {shown}, not {_with_currency(text, figure)}.", *_span(text, figure))


def _another_period(text: str, figure: Figure, said: list[_Said]) -> Iterator[Finding]:
    here = _period(text, figure)
    if here is None or figure.unit == "percent":
        return
    name, start, end = here
    if any(name in _periods(each.sentence) for each in said):
        return
    told = [_period_of(each) for each in said]
    if all(told):
        yield _finding(f"Your sources say {figure.text} by the {told[0]}, not by the {name}.", start, end)


def _period_of(said: _Said) -> str:
    """Return for which span of time a source tells a figure; empty where it tells none, or it is not plain which."""
    beside = _period(said.sentence, said.figure)
    others = _periods(said.sentence) if said.alone else set()
    return beside[0] if beside else min(others, default="")


def _currencies(text: str, figure: Figure) -> frozenset[str]:
    """Return the currencies that the sign or word beside a number may name."""
    beside = {
        name
        for name in _CURRENCIES
        if _AFTER[name].match(text, figure.end) or _BEFORE[name].search(text, max(0, figure.start - 6), figure.start)
    }
    return frozenset(beside)


def _span(text: str, figure: Figure) -> tuple[int, int]:
    start = min(
        (
            found.start()
            for name in _CURRENCIES
            if (found := _BEFORE[name].search(text, max(0, figure.start - 6), figure.start))
        ),
        default=figure.start,
    )
    end = max(
        (found.end() for name in _CURRENCIES if (found := _AFTER[name].match(text, figure.end))), default=figure.end
    )
    return start, end


def _with_currency(text: str, figure: Figure) -> str:
    start, end = _span(text, figure)
    return text[start:end].strip()


def _period(text: str, figure: Figure) -> tuple[str, int, int] | None:
    """Return for which span of time a number is told, and where that stands: 40 litres of water a day."""
    gap = _CLOSE.match(text, figure.end)
    reach = gap.end() if gap else figure.end
    found = [
        (match.start(), match.end(), name)
        for name, pattern in _BY.items()
        if (match := pattern.search(text, figure.end, min(len(text), reach + 12))) and match.start() <= reach
    ]
    if not found:
        return None
    start, end, name = min(found)
    return name, start, end


def _periods(sentence: str) -> set[str]:
    """Return every span of time that a sentence tells something by."""
    return {name for name, pattern in (*_BY.items(), *_OFTEN.items()) if pattern.search(sentence)}


def _finding(message: str, start: int, end: int) -> Finding:
    return Finding(rule="invented_number", severity="warning", message=message, span=(start, end))

"""The brand's own words in a text: what is not said, with what is said instead; what lacks its proof is named."""

from collections.abc import Iterator, Sequence

from core.assists.suggestion import Suggestion, place
from core.brand import findings
from core.drafts import Content
from core.facts import BrandFact
from core.matching import Readable, occurrences
from core.patterns import TooFree


def brand_places(facts: Sequence[BrandFact], field: str, text: str, locale: str) -> Iterator[Suggestion]:
    """Yield a suggestion for each banned word that has another in its place; the rest of what is broken is named."""
    told: set[tuple[int, int]] = set()
    for fact in facts:
        if fact.kind == "banned" and fact.instead and fact.applies_in(locale):
            for start, end in _spans(text, fact):
                told.add((start, end))
                said = text[start:end]
                after = fact.instead[:1].upper() + fact.instead[1:] if said[:1].isupper() else fact.instead
                why = f"“{said}” is not said here. {fact.note}".strip()
                yield place(text, (start, end), after, rule="brand_word", why=why, field=field)
    for each in findings(facts, Content(text=text), locale):
        if each.span and each.span not in told:
            yield place(text, each.span, None, rule=each.rule, why=each.message, field=field)


def _spans(text: str, fact: BrandFact) -> list[tuple[int, int]]:
    try:
        return list(occurrences(Readable(text), fact))
    except (TimeoutError, TooFree):
        return []  # `findings` says so

"""What a text breaks of what a brand holds to: each as a span that can be mended."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from core.drafts import Content, Finding
from core.facts import LINK, BrandFact
from core.matching import Readable, Spans, is_there, occurrences
from core.patterns import TooFree

FIELDS = ("text", "title", "subject", "preheader", "summary")

_GRAVEST = ("error", "warning", "note")
_TOO_LONG = (
    "The pattern {term!r} takes too long on this text, so nobody knows whether it stands here. Write it simpler."
)


class _Hit(NamedTuple):
    field: str
    spans: Spans


def findings(
    facts: Iterable[BrandFact], content: Content, locale: str, *, also: Sequence[str] = ()
) -> tuple[Finding, ...]:
    """Return what a content breaks of the facts that apply in its locale, as each fact's severity says.

    `also`: lines that are added to it later (a signature, a disclosure): what is needed may stand there.
    """
    held = [fact for fact in facts if fact.kind not in ("keep", "term") and fact.applies_in(locale)]
    if not held:
        return ()
    texts = {name: Readable(getattr(content, name)) for name in FIELDS if getattr(content, name)}
    there = [*texts.values(), *map(Readable, also)]
    return tuple(finding for fact in held for finding in _broken(fact, texts, there))


def _broken(fact: BrandFact, texts: dict[str, Readable], there: Sequence[Readable]) -> Iterator[Finding]:
    try:
        hits = [_Hit(name, occurrences(text, fact)) for name, text in texts.items()]
    except (TimeoutError, TooFree):  # an error whatever the rule's own gravity: nobody knows what it would have found
        yield Finding(rule="brand_pattern", severity="error", message=_TOO_LONG.format(term=fact.term))
        return
    hits = [hit for hit in hits if hit.spans]
    if fact.kind == "banned":
        yield from (_banned(fact, texts[hit.field], hit.field, span) for hit in hits for span in hit.spans)
    elif hits and not any(is_there(text, need) for need in fact.needs for text in there):
        where = next((hit for hit in hits if hit.field == "text"), hits[0])
        yield _missing(fact, texts[where.field], where.field, where.spans[0])


def _banned(fact: BrandFact, text: Readable, field: str, span: tuple[int, int]) -> Finding:
    said = text.text[slice(*span)]
    message = f"“{said}” is not said here{f': say “{fact.instead}”' if fact.instead else ''}."
    return _finding("banned_word", fact, message, field, span)


def _missing(fact: BrandFact, text: Readable, field: str, span: tuple[int, int]) -> Finding:
    said, needed = text.text[slice(*span)], in_words(fact.needs)
    if fact.kind == "claim":
        return _finding("claim_needs_proof", fact, f"“{said}” needs proof beside it: {needed}.", field, span)
    return _finding("no_disclosure", fact, f"“{said}” must be disclosed: {needed} is missing.", field, span)


def _finding(rule: str, fact: BrandFact, message: str, field: str, span: tuple[int, int]) -> Finding:
    told = f"{message} {fact.note}".strip()
    return Finding(rule=rule, severity=fact.severity, message=told, span=span, field=field)


def in_words(needs: Sequence[str]) -> str:
    """Return what is needed, as a person says it."""
    return " or ".join(_need(need) for need in needs)


def _need(need: str) -> str:
    if not need.startswith(LINK):
        return f"“{need}”"
    place = need.removeprefix(LINK)
    return "a link" if place == "*" else f"a link to {place}"


def in_sentences(facts: Iterable[BrandFact], locale: str, most: int) -> tuple[str, ...]:
    """Return the rules for a writer in a locale, a sentence each, errors first, at most so many: all are checked."""
    held = [fact for fact in facts if fact.kind not in ("keep", "term") and fact.applies_in(locale)]
    held.sort(key=lambda fact: _GRAVEST.index(fact.severity))
    return tuple(_sentence(fact) for fact in held[:most])


def _sentence(fact: BrandFact) -> str:
    what = _named(fact)
    if fact.kind == "banned":
        said = f"Never say {what}{f': say “{fact.instead}”' if fact.instead else ''}."
    elif fact.kind == "claim":
        said = f"A claim with {what} needs proof beside it: {in_words(fact.needs)}; else leave it out."
    else:
        said = f"Where {what} stands, {in_words(fact.needs)} must stand too."
    return f"{said} {fact.note}".strip()


def _named(fact: BrandFact) -> str:
    if fact.matching == "link":
        return _need(fact.term)
    if fact.matching == "pattern":
        return f"words that match {fact.term}"
    return f"“{fact.term}”" + (" in any form" if fact.matching == "forms" else "")

"""What a translation must keep or call by its name: do-not-translate terms and the glossary."""

from collections.abc import Iterable, Iterator

from core.drafts import Finding
from core.facts import BrandFact
from core.matching import Readable, stands


def lost(facts: Iterable[BrandFact], source: str, target: str, locale: str) -> tuple[Finding, ...]:
    """Return the terms of a source that its translation into `locale` does not keep, or calls by another name."""
    if not target.strip():
        return ()  # there is no translation yet, and that is said already
    said, there = Readable(source), Readable(target)
    return tuple(finding for fact in facts if fact.applies_in(locale) for finding in _lost(fact, said, there))


def glossary(facts: Iterable[BrandFact], texts: Iterable[str], locale: str) -> dict[str, str]:
    """Return the terms that stand in the texts, and what each is called in `locale`."""
    readable = [Readable(text) for text in texts]
    terms = [fact for fact in facts if fact.kind == "term" and fact.applies_in(locale)]
    terms.sort(key=lambda fact: len(fact.locale or ""))  # pt-BR's own word goes before that of pt
    return {fact.term: fact.instead for fact in terms if any(_stands(fact, text) for text in readable)}


def kept(facts: Iterable[BrandFact], texts: Iterable[str], locale: str) -> tuple[str, ...]:
    """Return the terms that stand in the texts and stay as they are in `locale`."""
    readable = [Readable(text) for text in texts]
    terms = (fact for fact in facts if fact.kind == "keep" and fact.applies_in(locale))
    return tuple(fact.term for fact in terms if any(_stands(fact, text) for text in readable))


def _lost(fact: BrandFact, source: Readable, target: Readable) -> Iterator[Finding]:
    wanted = len(_stands(fact, source)) if fact.kind in ("keep", "term") else 0
    if not wanted:
        return
    there = len(stands(target, fact.term, case=fact.case)) if fact.kind == "keep" else wanted
    if not there:
        message = f"{fact.term} is kept as it is in every language, and is missing in the translation."
        yield Finding(rule="do_not_translate", severity=fact.severity, message=f"{message} {fact.note}".strip())
    elif there < wanted:  # a pronoun may stand for it, so it is no error
        message = f"{fact.term} stands {wanted} times in the source and {there} in the translation. Was it translated?"
        yield Finding(rule="kept_less_often", severity="note", message=message)
    if fact.kind == "term" and not stands(target, fact.instead, inflected=True, locale=fact.locale or ""):
        message = f"“{fact.term}” is called “{fact.instead}” in {fact.locale}; the translation calls it something else."
        yield Finding(rule="glossary", severity=fact.severity, message=f"{message} {fact.note}".strip())


def _stands(fact: BrandFact, text: Readable) -> list[tuple[int, int]]:
    return stands(text, fact.term, case=fact.case, inflected=fact.matching == "forms")

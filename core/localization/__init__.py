"""Cut a text into segments that are translated one by one, put it together again, and check each of them."""

from collections.abc import Sequence

import regex

from core.drafts import Finding
from core.facts import BrandFact
from core.localization import doubled, endings, grouping, left, lengths, marks, numbers, others, tokens
from core.localization.cutting import join, segments
from core.localization.pair import Pair, language
from core.terminology import lost

__all__ = ["document_findings", "findings", "join", "segments"]


def findings(
    source: str, target: str, locale: str = "", *, source_locale: str = "", facts: Sequence[BrandFact] = ()
) -> tuple[Finding, ...]:
    """Return what a translated segment lost, left as it was, or says otherwise than its source.

    `locale` is the target's. Where it is not given, nothing is said about languages, and numbers in words are not read.
    `facts` are the brand's: terms that are kept, and what others are called.
    """
    if not target.strip():
        return (Finding(rule="untranslated", severity="error", message="This segment has no translation yet."),)
    languages = (language(source_locale) or "en", language(locale))
    pair = Pair(source, target, source_language=languages[0], target_language=languages[1], locale=locale)
    found = [*tokens.findings(source, target)]
    for check in (numbers, grouping, left, doubled, endings, lengths, marks):
        found += check.findings(pair)
    return others.told_once(pair, (*found, *lost(facts, source, target, locale)))


_GAP = regex.compile(r"\n(?:[ \t]*\n)+")


def document_findings(
    source: str, target: str, locale: str = "", *, source_locale: str = "", facts: Sequence[BrandFact] = ()
) -> tuple[Finding, ...]:
    """Return what is found in a whole text: paragraph by paragraph where both have as many, else in one piece."""
    ours, theirs = _paragraphs(source), _paragraphs(target)
    if len(ours) != len(theirs) or len(ours) < 2:
        return findings(source, target, locale, source_locale=source_locale, facts=facts)
    return tuple(
        finding.model_copy(update={"span": (finding.span[0] + at, finding.span[1] + at)}) if finding.span else finding
        for (_, before), (at, after) in zip(ours, theirs, strict=True)
        for finding in findings(before, after, locale, source_locale=source_locale, facts=facts)
    )


def _paragraphs(text: str) -> list[tuple[int, str]]:
    """Return the paragraphs of a text and where each begins."""
    gaps = [found.span() for found in _GAP.finditer(text)]
    starts, ends = [0, *(end for _, end in gaps)], [*(start for start, _ in gaps), len(text)]
    return [(start, text[start:end]) for start, end in zip(starts, ends, strict=True) if text[start:end].strip()]

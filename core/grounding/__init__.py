"""What a draft claims that none of its sources say: numbers, names, quotes and links that came from nowhere."""

from collections.abc import Sequence

from core.drafts import Content, Finding
from core.grounding import addresses, attributed, counted, dated, days, naming, quoted, rated
from core.grounding.ground import Ground, ground
from core.languages import detect

__all__ = ["FIELDS", "Ground", "findings", "ground", "language_of"]

FIELDS = ("text", "title", "subject", "preheader", "summary")


def findings(
    content: Content, sources: Sequence[str], allowed_links: Sequence[str], locale: str = "en"
) -> tuple[Finding, ...]:
    """Return what stands in none of the sources: links and quotes as errors, numbers and names as warnings.

    A number that is only rounded is a note. Without a model nothing is said of a false claim in new words.
    """
    language = language_of(content.text, locale)
    known = ground(sources, language)
    allowed = addresses.Allowed.of(allowed_links)
    found: list[Finding] = []
    for field in FIELDS:
        text = getattr(content, field)
        if text:
            said = days.find(text, language)
            aside = dated.spans(text, language, said)
            checks = (
                *addresses.findings(text, allowed, known),
                *quoted.findings(text, known),
                *attributed.findings(text, sources, known, language),
                *dated.findings(text, known, language, said),
                *counted.findings(text, known, language, aside),
                *rated.findings(text, sources, language),
                *naming.findings(text, known, language, aside),
            )
            found += [finding.model_copy(update={"field": field}) for finding in checks]
    return tuple(found)


def language_of(text: str, locale: str) -> str:
    """Return the language that a text is in, else the one that it should be in."""
    return detect(text) or locale.partition("-")[0].lower()

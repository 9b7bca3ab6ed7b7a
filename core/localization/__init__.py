"""Cut a text into segments that are translated one by one, put it together again, and check each of them."""

from core.drafts import Finding
from core.localization import doubled, endings, left, lengths, numbers, tokens
from core.localization.cutting import join, segments
from core.localization.pair import Pair, language

__all__ = ["findings", "join", "segments"]


def findings(source: str, target: str, locale: str = "", *, source_locale: str = "") -> tuple[Finding, ...]:
    """Return what a translated segment lost, left as it was, or says otherwise than its source.

    `locale` is the target's. Where it is not given, nothing is said about languages, and numbers in words are not read.
    """
    if not target.strip():
        return (Finding(rule="untranslated", severity="error", message="This segment has no translation yet."),)
    pair = Pair(source, target, source_language=language(source_locale) or "en", target_language=language(locale))
    found = [*tokens.findings(source, target)]
    for check in (numbers, left, doubled, endings, lengths):
        found += check.findings(pair)
    return tuple(found)

"""Cut a text into segments that are translated one by one, put it together again, and check what must survive."""

import re
from collections import Counter
from collections.abc import Sequence

from core.drafts import Finding
from core.sentences import split

_TOKENS = {
    "url": re.compile(r"https?://[^\s<>()\[\]]+[^\s<>()\[\].,;:!?]"),
    "handle": re.compile(r"(?<![\w/.@])@[\w.-]*\w"),
    "hashtag": re.compile(r"(?<![\w&/])#\w+"),
    "placeholder": re.compile(r"\{\{?\s*\w+\s*\}?\}|%\(\w+\)s|%[sd]"),
    "number": re.compile(r"(?<![\w.])\d+(?:[.,\u00a0 ]\d{3})*(?:[.,]\d+)?(?![\w])"),
}
_MESSAGES = {
    "url": ("warning", "The link {token} is missing in the translation."),
    "handle": ("error", "{token} is missing in the translation."),
    "hashtag": ("warning", "The hashtag {token} is missing in the translation; a localized one is fine."),
    "placeholder": ("error", "The placeholder {token} is missing in the translation."),
    "number": ("error", "The number {token} is missing in the translation."),
}
_MIN_WORDS = 4  # shorter segments are often names, the same in every language


def segments(text: str) -> list[str]:
    """Return the sentences of a text in order; `join` puts translations back in their places."""
    return [span.text for span in split(text)]


def join(text: str, translated: Sequence[str]) -> str:
    """Return `text` with its segments replaced one for one; ValueError where the counts differ."""
    spans = split(text)
    if len(spans) != len(translated):
        raise ValueError(f"{len(spans)} segments, {len(translated)} translations")
    parts, end = [], 0
    for span, target in zip(spans, translated, strict=True):
        parts += [text[end : span.start], target]
        end = span.end
    return "".join(parts) + text[end:]


def findings(source: str, target: str) -> tuple[Finding, ...]:
    """Return what a translated segment lost: tokens that must survive, or a sentence that was left as it was."""
    if not target.strip():
        return (Finding(rule="untranslated", severity="error", message="This segment has no translation yet."),)
    found = [finding for kind in _TOKENS for finding in _lost(kind, source, target)]
    if len(source.split()) >= _MIN_WORDS and _flat(source) == _flat(target):
        found.append(Finding(rule="untranslated", severity="error", message="This segment was left as it was."))
    return tuple(found)


def _lost(kind: str, source: str, target: str) -> list[Finding]:
    severity, message = _MESSAGES[kind]
    missing = Counter(map(_plain, _TOKENS[kind].findall(source))) - Counter(map(_plain, _TOKENS[kind].findall(target)))
    return [
        Finding.model_validate({"rule": kind, "severity": severity, "message": message.format(token=token)})
        for token in missing
    ]


def _plain(token: str) -> str:
    """Numbers are written with other separators elsewhere: compare their digits."""
    return re.sub(r"[.,\u00a0 ](?=\d)", "", token) if token[0].isdigit() else token


def _flat(text: str) -> str:
    return " ".join(text.split()).casefold()

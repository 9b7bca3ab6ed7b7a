"""Cut a text into segments that are translated one by one, and put it together again."""

from collections.abc import Sequence

from core.sentences import split


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

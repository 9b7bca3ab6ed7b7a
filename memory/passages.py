"""A work, cut into passages: the unit that is embedded, searched and shown as evidence."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from core.canonical import sha256

LEAST, MOST = 120, 150
"""Words in a passage. Only a work's last passage, or one that absorbs a short tail, falls outside."""

TAIL = 40
"""A last passage with fewer words than this is joined to the one before: alone it says too little to be found."""

_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")
_SENTENCE = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+|(?<=[。！？])")
# A script without spaces counts by the character, and a run without spaces (a data URL, Thai) by forty characters.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\s\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]{1,40}")


@dataclass(frozen=True)
class Slice:
    """One passage of a body: `text == body[start:end]`, and the hash that its vector is kept by."""

    start: int
    end: int
    text: str
    content_hash: str


@dataclass(frozen=True)
class _Span:
    start: int
    end: int
    words: int
    closes: bool  # whether a paragraph ends here


def cut(title: str, body: str) -> list[Slice]:
    """Cut `body` into passages of 120-150 words on paragraph borders; long paragraphs break where a sentence ends.

    `title` is not part of a passage's text, but of what is embedded and hashed. An empty body has no passages.
    """
    return [_slice(title, body, g[0].start, g[-1].end) for g in _join_tail(list(_pack(_sentences(body))))]


def embedded_text(title: str, text: str) -> str:
    """Return what is embedded for a passage: its words, under the title of its work."""
    return f"{title}\n\n{text}" if title else text


def heading(title: str, excerpt: str) -> str:
    """Return what is embedded for a work as a whole: its title and the author's own summary."""
    return "\n\n".join(filter(None, (title, excerpt)))


def vector_hashes(title: str, excerpt: str, body: str) -> set[str]:
    """Return every hash that a work's vectors are kept by: what to forget when the work is forgotten."""
    return {text_hash(heading(title, excerpt)), *(piece.content_hash for piece in cut(title, body))}


def text_hash(text: str) -> str:
    """Return the hash by which an embedded text's vector is kept: 64 hex characters."""
    return sha256(text.encode("utf-8"))


def _slice(title: str, body: str, start: int, end: int) -> Slice:
    text = body[start:end]
    return Slice(start, end, text, text_hash(embedded_text(title, text)))


def _pack(sentences: Iterator[_Span]) -> Iterator[list[_Span]]:
    """Fill passages with sentences: a paragraph's end closes one that is long enough, 150 words close any."""
    group: list[_Span] = []
    words = 0
    for span in sentences:
        if group and words + span.words > MOST:
            yield group
            group, words = [], 0
        group.append(span)
        words += span.words
        if span.closes and words >= LEAST:
            yield group
            group, words = [], 0
    if group:
        yield group


def _join_tail(groups: list[list[_Span]]) -> list[list[_Span]]:
    if len(groups) < 2 or sum(span.words for span in groups[-1]) >= TAIL:
        return groups
    return [*groups[:-2], groups[-2] + groups[-1]]


def _sentences(body: str) -> Iterator[_Span]:
    for paragraph in _split(body, _PARAGRAPH, 0, len(body)):
        spans = [
            _Span(*piece, len(_WORD.findall(body, *piece)), closes=False)
            for sentence in _split(body, _SENTENCE, *paragraph)
            for piece in _short_enough(body, *sentence)
        ]
        yield from spans[:-1]
        last = spans[-1]
        yield _Span(last.start, last.end, last.words, closes=True)


def _short_enough(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Break a "sentence" that is longer than a passage (a list, a transcript without full stops) between words."""
    words = list(_WORD.finditer(body, start, end))
    if len(words) <= MOST:
        yield start, end
        return
    for first in range(0, len(words), LEAST):
        chunk = words[first : first + LEAST]
        yield chunk[0].start(), chunk[-1].end()


def _split(body: str, border: re.Pattern[str], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the trimmed, non-empty stretches between borders."""
    at = start
    for match in border.finditer(body, start, end):
        yield from _trimmed(body, at, match.end())
        at = match.end()
    yield from _trimmed(body, at, end)


def _trimmed(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = body[start:end]
    inner = text.strip()
    if inner:
        lead = len(text) - len(text.lstrip())
        yield start + lead, start + lead + len(inner)

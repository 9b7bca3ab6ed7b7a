"""Where sentences begin and end: a splitter of our own, for prose, posts, Markdown and transcripts.

Every span is a slice of the text. Markers (`#`, `-`, `1.`, `>`) stand outside the spans; a transcript's speaker
(`**Ines:**`) stays in its first sentence.
"""

from collections.abc import Iterator
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import regex


class Span(NamedTuple):
    """One sentence: `text == source[start:end]`."""

    start: int
    end: int
    text: str


_MARKER = regex.compile(
    r"[ \t]*(?:>[ \t]?)*(?:\#{1,6}[ \t]+|[-*+•‣–][ \t]+(?=\S)|\(?(?:\d{1,3}[.)]|[A-Za-z]\))[ \t]+(?=\S))?"
)
_BEGINS_BLOCK = regex.compile(
    r"[ \t]*(?:>|\#{1,6}[ \t]|[-*+•‣–][ \t]+\S|\(?\d{1,3}[.)][ \t]+\S|\(?[A-Z]\)[ \t]+\S"
    r"|\*\*[^*\n]{1,60}:\*\*|\||```|~~~|\#\w|https?://\S+\s*$)"
)
_ENDS_BLOCK = regex.compile(r"[ \t]*(?:>[ \t]?)*\#{1,6}[ \t]|[ \t]*\||.*\|[ \t]*$")
_FENCE = regex.compile(r"[ \t]*(?:```|~~~)")
_RUNS_ON = regex.compile(
    r"(?:,|;|\b(?:the|a|an|of|to|in|and|or|for|with|by|at|on|from|our|your|their|his|her|is|are))$", regex.IGNORECASE
)
_COMES_TO_REST = regex.compile(r"[.!?:…]\W*$")
_NARROW = 50  # lines shorter than this were hardly wrapped by an editor
_STOP = regex.compile(
    r"""
    (?P<cjk>[。！？｡]+[」』”’）】》]*)
    | (?P<stop>[.!?…।؟۔]+)
      (?P<closers>(?:["'”’»«)\]*_`]|\]\([^)\s]*\)|\[\^?\w{1,4}\])*)
      (?=\s|$)
    """,
    regex.VERBOSE,
)
_TOKEN_BEFORE = regex.compile(r"[^\s(\[\"“‘«—–/]*$")
_OPENERS = "\"'“‘«([*_¿¡`"
_WORD = regex.compile(r"[\w'’]+")
_DAY = regex.compile(r"\d{1,2}")
_SMALL_START = regex.compile(r"\W*\p{Ll}")
_LARGE_START = regex.compile(r"[.!?]\s+\p{Lu}")
_NEAR = 100  # characters looked at on either side of a stop
_SAYS_SOMETHING = regex.compile(r"\w")


@lru_cache(maxsize=1)
def _words() -> dict[str, frozenset[str]]:
    import yaml

    data = yaml.safe_load(resources.files("core").joinpath("abbreviations.yaml").read_text(encoding="utf-8"))
    return {kind: frozenset(words.split()) for kind, words in data.items()}


def split(text: str) -> list[Span]:
    """Return the sentences of `text` in order; what stands between them is space or a marker."""
    return [span for start, end in _blocks(text) for span in _sentences(text, start, end)]


class _Line(NamedTuple):
    start: int
    end: int
    text: str


def _lines(text: str) -> list[_Line]:
    found, at = [], 0
    for line in text.split("\n"):
        found.append(_Line(at, at + len(line), line))
        at += len(line) + 1
    return found


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Yield stretches that no sentence crosses: paragraphs, list items, headings, fenced code, deliberate lines."""
    paragraph: list[_Line] = []
    for line in _lines(text):
        if paragraph and _FENCE.match(paragraph[0].text):
            paragraph.append(line)
            done = _FENCE.match(line.text) is not None
        else:
            if not line.text.strip() or _BEGINS_BLOCK.match(line.text):
                yield from _paragraph(paragraph)
                paragraph = []
            if line.text.strip():
                paragraph.append(line)
            done = _ENDS_BLOCK.match(line.text) is not None
        if done:
            yield from _paragraph(paragraph)
            paragraph = []
    yield from _paragraph(paragraph)


def _paragraph(lines: list[_Line]) -> Iterator[tuple[int, int]]:
    """Yield a paragraph whole where its lines are wrapped, in pieces where they were broken on purpose."""
    if not lines:
        return
    start = lines[0].start
    for at in _breaks([line.text.strip() for line in lines]):
        yield start, lines[at].end
        start = lines[at + 1].start
    yield start, lines[-1].end


def _breaks(lines: list[str]) -> list[int]:
    """Return the lines after which a paragraph was broken on purpose: the next word had room and looks like a start."""
    if _FENCE.match(lines[0]):
        return []
    width = max(_NARROW, *(len(line) for line in lines))
    firsts = [line.split(maxsplit=1)[0] for line in lines[1:]]
    roomy = [at for at, first in enumerate(firsts) if len(lines[at]) + 1 + len(first) <= width]
    found = [at for at in roomy if not firsts[at][0].islower() and not _RUNS_ON.search(lines[at])]
    if len(roomy) * 2 < len(firsts):  # wrapped: only a line that says it ends, ends
        found = [at for at in found if _COMES_TO_REST.search(lines[at])]
    return found


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    marker = _MARKER.match(text, start, end)
    start = marker.end() if marker else start
    if _FENCE.match(text, start, end):
        yield from _trimmed(text, start, end)
        return
    small = _writes_small(text[start:end])
    cuts = [match.end() for match in _STOP.finditer(text, start, end) if _ends(text, match, start, end, small)]
    pieces = [piece for cut in zip([start, *cuts], [*cuts, end], strict=True) for piece in _trimmed(text, *cut)]
    yield from _with_marks_joined(text, pieces)


def _with_marks_joined(text: str, pieces: list[Span]) -> list[Span]:
    """Join a piece without a word (a lone emoji, a stray mark) to the sentence before it."""
    joined: list[Span] = []
    for piece in pieces:
        if joined and not _SAYS_SOMETHING.search(piece.text):
            start = joined.pop().start
            joined.append(Span(start, piece.end, text[start : piece.end]))
        else:
            joined.append(piece)
    return joined


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end > start:
        yield Span(start, end, text[start:end])


def _ends(text: str, match: "regex.Match[str]", start: int, end: int, small: bool) -> bool:
    """Say whether a stop ends a sentence."""
    following = text[match.end() : min(end, match.end() + _NEAR)].lstrip()
    if match["cjk"] or not following:
        return True
    closed = match["closers"].strip("*_`") != ""
    if match["stop"] == "." and not closed:
        return _after_dot(text[max(start, match.start() - _NEAR) : match.start()], following, small)
    return _begins(following) if closed or set(match["stop"]) <= {".", "…"} else True


def _begins(following: str) -> bool:
    """Say whether what follows looks like a beginning: anything but a lower-case letter or a running-on mark."""
    first = following.lstrip(_OPENERS)[:1]
    return bool(first) and not first.islower() and first not in ",;:—–-)"


def _after_dot(before: str, following: str, small: bool) -> bool:
    """Say whether a single full stop ends a sentence, by the word before it and the word after it."""
    token = _TOKEN_BEFORE.search(before)
    word = token.group().strip("*_`").lower() if token else ""
    words = _words()
    following = following.lstrip(_OPENERS)
    if word in words["always"]:
        return False
    if word in words["numbered"] and following[:1].isdigit():
        return False
    if _DAY.fullmatch(word) and _is_ordinal(before, following, words):
        return False
    if word in words["maybe"] or _is_initial(word):
        next_word = _WORD.match(following)
        return following[:1].isupper() and next_word is not None and _plain(next_word.group()) in words["starters"]
    return _begins(following) or small


def _is_ordinal(before: str, following: str, words: dict[str, frozenset[str]]) -> bool:
    """Say whether a number with a stop is an ordinal ("am 3. Mai"); after a month ("on May 3.") it ends."""
    name, earlier = _WORD.match(following), _WORD.findall(before)[-2:-1]
    return (
        name is not None and _plain(name.group()) in words["counted"] and not words["months"] & {*map(_plain, earlier)}
    )


def _plain(word: str) -> str:
    return word.lower().replace("’", "'")


def _is_initial(word: str) -> bool:
    return regex.fullmatch(r"(?:\p{L}\.)*\p{L}", word) is not None


def _writes_small(block: str) -> bool:
    """Say whether the writer begins sentences with small letters (a post's habit)."""
    return _SMALL_START.match(block) is not None and not _LARGE_START.search(block)

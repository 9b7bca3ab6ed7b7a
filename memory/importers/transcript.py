"""Transcripts: WebVTT, SubRip, SubViewer. Cues become paragraphs by speaker and pause; times are kept beside them."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from core.works import Piece
from memory.importers.facts import clean, line, make_piece, title_from_name
from memory.importers.material import Material

_PAUSE = 2.0  # seconds of silence that end a paragraph once a sentence is over
_LONG = 120  # words after which the next sentence starts a paragraph
_TIMES = re.compile(
    r"^\s*((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})(?:\s*-->\s*|,(?=\d+:\d{2}:))((?:\d+:)?\d{1,2}:\d{2}[.,]\d{1,3})"
)
# Every repeat is bounded: a file of a million unclosed brackets must not take an hour.
_VOICE = re.compile(r"<v(?:\.[^\s<>]{0,100})?[ \t]([^<>]{1,200})>")
_NAME = r"[^\W\d_a-z][\w.’'-]*"
_NAMED = re.compile(rf"(?:[-–][ \t]*)?(?:\[([^\]:]{{1,40}})\]|({_NAME}(?: {_NAME}){{0,3}})):[ \t]+(?=\S)")
_TAG = re.compile(r"</?[a-zA-Z0-9:.][^<>]{0,300}>|\{\\[^{}]{0,200}\}")


class _Cue(NamedTuple):
    start: float
    end: float
    speaker: str
    text: str


def read(material: Material) -> Iterator[Piece]:
    """Yield the one piece of a transcript.

    `extra` holds `speakers` in order of appearance, and `timestamps`: for each cue, its start in seconds and the
    character offset of its words in the body.
    """
    text = clean(material.text)
    cues = list(_cues(text))
    if not cues:
        raise material.unreadable("has no cues with times and text")
    body, timestamps = _joined(cues)
    raw = {"title": _header_title(text), "language": _header(text, "Language")}
    piece = make_piece(material, raw, body, format="transcript", name=title_from_name(material.source))
    speakers = list(dict.fromkeys(cue.speaker for cue in cues if cue.speaker))
    yield piece.model_copy(update={"extra": piece.extra | {"speakers": speakers, "timestamps": timestamps}})


def _cues(text: str) -> Iterator[_Cue]:
    """Yield a cue for each speaker's part of each timed block; comments, styles and headers have no times."""
    names, before = _recurring_names(text), frozenset[str]()
    for block in re.split(r"\n[ \t]*\n", text):
        lines = block.split("\n")
        at = next((n for n, current in enumerate(lines[:2]) if _TIMES.match(current)), None)
        times = _TIMES.match(lines[at]) if at is not None else None
        if at is None or times is None:
            continue
        said = [current for current in lines[at + 1 :] if _bare(current) not in before]
        before = frozenset(bare for current in lines[at + 1 :] if len((bare := _bare(current)).split()) > 2)
        start, end = _seconds(times[1]), _seconds(times[2])
        yield from (_Cue(start, max(start, end), who, words) for who, words in _voices(said, names))


def _bare(text: str) -> str:
    """Return the words of a line; rolling captions show the same line in two cues, with and without tags."""
    return line(_TAG.sub("", text))


def _recurring_names(text: str) -> frozenset[str]:
    """Return who speaks in `Name: words` lines: whoever does so twice, since “Remember: …” is no speaker."""
    counts = Counter(m[1] or m[2] for current in text.split("\n") if (m := _NAMED.match(_TAG.sub("", current))))
    return frozenset(name for name, count in counts.items() if count > 1)


def _seconds(stamp: str) -> float:
    total = 0.0
    for part in stamp.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return round(total, 3)


def _voices(lines: list[str], names: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Split a cue into (speaker, words), by voice tags, or by a known name and a colon at a line's start."""
    if not any(_VOICE.search(current) for current in lines):
        lines = [_tagged(current, names) for current in lines]
    parts = _VOICE.split("\n".join(lines))
    for speaker, words in zip(["", *parts[1::2]], parts[0::2], strict=True):
        said = line(html.unescape(_TAG.sub("", words)))
        if said:
            yield line(html.unescape(speaker)), said


def _tagged(text: str, names: frozenset[str]) -> str:
    match = _NAMED.match(bare := _TAG.sub("", text))
    name = (match[1] or match[2]) if match else ""
    return f"<v {name}>{bare[match.end() :]}" if match and name in names else text


def _joined(cues: list[_Cue]) -> tuple[str, list[list[float]]]:
    body, timestamps, words = "", [], 0
    last: _Cue | None = None
    for cue in cues:
        speaker = cue.speaker or (last.speaker if last else "")
        if last is None or _starts_paragraph(last, cue, speaker, words):
            body += "\n\n" if last else ""
            body += f"**{speaker}:** " if speaker and (last is None or speaker != last.speaker) else ""
            words = 0
        else:
            body += " "
        timestamps.append([cue.start, len(body)])
        body += cue.text
        words += len(cue.text.split())
        last = cue._replace(speaker=speaker)
    return body, timestamps


def _starts_paragraph(last: _Cue, cue: _Cue, speaker: str, words: int) -> bool:
    if speaker != last.speaker:
        return True
    sentence_over = last.text.rstrip("\"'”’)").endswith((".", "?", "!", "…"))
    return sentence_over and (cue.start - last.end >= _PAUSE or words >= _LONG)


def _header_title(text: str) -> str:
    match = re.match(r"WEBVTT[ \t]+(?:[-–—:][ \t]*)?(\S.*)", text)
    return match[1] if match else ""


def _header(text: str, name: str) -> str:
    head = text.split("\n\n", 1)[0] if text.startswith("WEBVTT") else ""
    match = re.search(rf"^{name}:[ \t]*(\S+)", head, re.MULTILINE)
    return match[1] if match else ""

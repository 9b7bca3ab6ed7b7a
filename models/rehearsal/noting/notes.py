"""Reads raw notes into what may be told: sentences and fragments in the creator's own words, each with its weight."""

import re
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from statistics import median
from typing import Protocol

from models.rehearsal.noting import marks
from models.rehearsal.noting.cutting import is_bracketed, lines_of, parts_of, sentences_of, size
from models.rehearsal.noting.keeping import Kind, Withheld, kinds, withheld
from models.rehearsal.noting.weighing import FIRST_DAY, address_in, phones_in, says_a_day, weight
from models.rehearsal.reading import speakers
from models.tasks import Source

LONGEST_LINE = 450  # characters: the middle line of notes is shorter, or it is prose
FRAGMENTS = 0.5  # share of lines that are no whole sentences, from which on lines are notes
WRAPPED = 30  # characters by which the lines of a text differ that an editor broke to a width
SHORT_TITLE = 3  # words: a title that is shorter says too little by itself
RIGHT = 2.0  # more for what says the right in a correction
FEW = 3  # lines of a text, from which on it can be told whether they were broken to a width

_WHOLE = re.compile(r"^[“\"'(«¿¡]?[^\Wa-zà-ÿ\d_].*[.!?。！？]['\"”’»)]*$", re.DOTALL)
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
_ADDRESS_ENDS = re.compile(r"(?:\w\.[a-z]{2,}(?:/\S*)?|https?://\S+)$", re.I)
_HEADED = re.compile(r"^\s*#{1,6}\s")
_MARKUP = re.compile(r"</?[a-z][^>]*>|\A---\n|^(?:```|~~~)|^\s*\|.*\|", re.I | re.M)
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]$")


@dataclass(frozen=True)
class Note:
    """A sentence or fragment of the notes that may be told."""

    text: str  # as a draft says it: with a capital and an end
    parts: tuple[str, ...]  # as it stands in the notes
    line: int
    order: int
    weight: float
    listed: bool = False


@dataclass(frozen=True)
class Notes:
    """What may be told of a creator's notes, in their own order, and what may not."""

    told: tuple[Note, ...] = ()
    kept: Withheld = field(default_factory=Withheld)
    headed: bool = False  # the first line says what it is about
    correction: bool = False  # its lines are told whole: half of one may say the wrong and not the right

    @cached_property
    def text(self) -> str:
        """All that may be told, a line each: what a search for anything else may see."""
        return "\n".join(" ".join(" ".join(each.parts) for each in line) for line in self.lines())

    def lines(self) -> list[tuple[Note, ...]]:
        """Return what is told, line by line."""
        found: dict[int, list[Note]] = {}
        for each in self.told:
            found.setdefault(each.line, []).append(each)
        return [tuple(each) for each in found.values()]

    def title(self) -> str:
        """Return what the notes are about, in the words of their first line; empty where they have none."""
        words = ""
        for note in self.lines()[0] if self.told else ():
            words = f"{words} {note.text}".strip()
            bare = words
            if size(bare) >= SHORT_TITLE:
                break
        bare = marks.label().sub("", words).rstrip(".。")
        return bare[:1].upper() + bare[1:]


def are_notes(text: str) -> bool:
    """Say whether a text is raw notes: lines and fragments rather than prose, a transcript or a page."""
    if not text.strip() or _MARKUP.search(text) or speakers(text):
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    if sum(bool(_HEADED.match(line)) for line in lines) > 1 or median(map(len, lines)) > LONGEST_LINE:
        return False
    if _wrapped(text):
        return False
    bare = [line for line, _ in lines_of(text)]
    loose = sum(not _WHOLE.match(line) or re.search(r"[.!?]\s+[a-zà-ÿ]", line) is not None for line in bare)
    return bool(bare) and loose >= FRAGMENTS * len(bare)


class Noted(Protocol):
    """The part of a request that notes are read from."""

    @property
    def source(self) -> Source: ...  # noqa: D102
    @property
    def ask(self) -> str: ...  # noqa: D102
    @property
    def locale(self) -> str: ...  # noqa: D102


def notes_of(request: Noted) -> Notes | None:
    """Return a request's notes; None where its material is something else, somebody else's, or there is none."""
    if not request.source.own or not are_notes(request.source.text):
        return None
    return read_notes(request.source.text, request.ask, request.locale.split("-")[0].lower())


@lru_cache(maxsize=64)
def read_notes(text: str, ask: str, language: str) -> Notes:
    """Return what may be told of notes. `language` is the brief's, for its months; notes may mix others in."""
    correction = bool(marks.marked("correction", ask))
    lines = [(line, listed, sentences_of(line, language)) for line, listed in lines_of(text)]
    said = [(pieces, kinds(pieces, correction=correction)) for _, _, pieces in lines]
    told = [
        note
        for number, ((line, listed, _), (pieces, what)) in enumerate(zip(lines, said, strict=True))
        if not is_bracketed(line)
        for note in _notes(pieces, what, number, listed, language)
    ]
    kept = withheld(said, " ".join(each.text for each in told))
    told = [replace(each, order=at) for at, each in enumerate(told) if not kept.stands_in(each.text)]
    told = _with_first_day(told, language)
    told = [_without_label(told[0]), *told[1:]] if told else []
    if correction:
        told = [replace(each, weight=each.weight + RIGHT * bool(marks.marked("right", each.text))) for each in told]
    headed = bool(told) and told[0].line == 0 and _is_heading(told, language)
    return Notes(tuple(told), kept, headed, correction)


def _notes(sentences: list[str], what: list[Kind], line: int, listed: bool, language: str) -> list[Note]:
    found: list[Note] = []
    for sentence, kind in zip(sentences, what, strict=True):
        parts = tuple(filter(None, map(_reported, parts_of(sentence)))) if kind == "told" else ()
        text = _said(re.sub(r" (?=[,.;:])", "", " ".join(parts)) if len(parts) > 1 else parts[0]) if parts else ""
        if not parts or not _may_be_called(text, sentences):
            continue
        heavy = weight(text, language, line=line, first=line == 0 and not found)
        found.append(Note(text, parts, line, 0, heavy, listed))
    return found


def _reported(part: str) -> str:
    """Return a part without the clauses that are said to whoever writes: what is left stands together in the notes."""
    if not marks.marked("said_to_us", part):
        return part
    clauses = re.split(r"(?<=[,;])\s+|\s+[–—-]\s+", part)
    while clauses and marks.marked("said_to_us", clauses[-1]):
        clauses.pop()
    left = part[: part.find(clauses[-1]) + len(clauses[-1])] if clauses else ""
    return "" if marks.marked("said_to_us", left) else left.rstrip(" ,;–—-")


def _may_be_called(text: str, sentences: list[str]) -> bool:
    """Say whether a telephone number is one for readers: its line says what to call for, or that it may be said."""
    if not phones_in(text):
        return True
    whole = " ".join(sentences)
    return bool(marks.marked("call", whole) or marks.marked("said_to_us", whole))


def _said(words: str) -> str:
    """Return a fragment as a sentence: with a capital, and an end unless it ends in an address."""
    words = words.strip(" ,;–—-")
    address = address_in(words)
    words = words if address and words.startswith(address) else words[:1].upper() + words[1:]
    if not words or _ENDS.search(words) or _ADDRESS_ENDS.search(words):
        return words
    return words.rstrip(":") + ("。" if _UNSPACED.search(words) else ".")


def _with_first_day(told: list[Note], language: str) -> list[Note]:
    first = next((at for at, each in enumerate(told) if says_a_day(each.text, language)), None)
    return [replace(each, weight=each.weight + FIRST_DAY * (at == first)) for at, each in enumerate(told)]


def _without_label(note: Note) -> Note:
    """Return the first note without the label that only says what it is ("title:")."""
    bare = marks.label().sub("", note.text)
    return replace(note, text=bare[:1].upper() + bare[1:]) if len(note.parts) == 1 and bare else note


def _is_heading(told: list[Note], language: str) -> bool:
    """Say whether the first line names what it is about: a title in quotation marks or capitals, a day, a figure."""
    first, whole = told[0].text, " ".join(each.text for each in told if each.line == 0)
    capitals = re.search(r"\b[^\W\d_a-zà-ÿ]{4,}\b", first) is not None and whole.upper() != whole
    return capitals or bool(re.search(r"[\"“«„「]|\d", first)) or says_a_day(whole, language)


def _wrapped(text: str) -> bool:
    """Say whether a text is prose that an editor broke to a width: its lines are about as long as each other."""
    inner = [len(line) for block in re.split(r"\n\s*\n", text) for line in block.strip().split("\n")[:-1]]
    return len(inner) >= FEW and min(inner) > WRAPPED and max(inner) - min(inner) <= WRAPPED

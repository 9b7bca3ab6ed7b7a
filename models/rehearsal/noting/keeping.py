"""What notes keep back: marked lines and sentences, and what they name. Where it is unsure, it stays back."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from models.rehearsal.noting import marks
from models.rehearsal.noting.cutting import is_bracketed, size
from models.rehearsal.noting.weighing import phones_in
from models.rehearsal.vectors import stems

Kind = Literal["told", "back", "unsure", "numbers", "wrong", "asked"]

_FIGURE = re.compile(r"\d[\d.,:]*\d|\d")
_COUNTED = re.compile(r"(\d[\d.,:]*\d|\d)(?: ?([^\W\d_]+|[€$£]))?")
_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+")
_NAME = re.compile(r"(?<=[\w,;:)\]] )[A-ZÀ-ÞĄĆĘŁŃÓŚŹŻ][\w’'-]+")
_QUESTION = re.compile(r"[?？]+\s*$")
_LABELLED = re.compile(r"^[^:：.!?]{1,30}[:：]")
_FORBIDS = re.compile(
    r"(?:do not|don['’]t|never|not?|non|não|ne|n['’]|nicht|niet?|niente|nothing|nobody|kein\w*|geen|rien|nada|nix)\b",
    re.I,
)
NEAR = 4  # words after an order to keep back, in which what it names stands
FEW = 3  # words of a sentence that only says "don't know", of what stands before it


@dataclass(frozen=True)
class Withheld:
    """What stays back: figures and words as patterns, and names that nothing else in the notes says."""

    figures: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def stands_in(self, text: str, *, names: bool = True) -> bool:
        """Say whether something of it stands in a text."""
        found = {each.strip(".,:") for each in _FIGURE.findall(text)}
        numbers = bool(self.figures & found) or any(each in text for each in self.figures if not each.isdigit())
        told = self.words & set(stems(text))
        return numbers or bool(told) or (names and any(_has(text, name) for name in self.names))


def kinds(sentences: Sequence[str], *, correction: bool) -> list[Kind]:
    """Return what each sentence of one line is; one that must stay back takes its whole line with it."""
    found = [_kind(each, correction=correction) for each in sentences]
    if "back" in found or (is_bracketed(" ".join(sentences)) and "told" not in found):
        return ["back"] * len(sentences)
    for at in range(1, len(found)):
        if _answers(found[at], sentences[at]):
            found[at - 1] = found[at]
        if _QUESTION.search(sentences[at - 1]) and found[at - 1] == "unsure" and size(sentences[at]) <= FEW + 1:
            found[at] = "unsure"  # what is answered so shortly says nothing without its question
    for at in range(1, len(found) - 1):
        if found[at] == "told" and {found[at - 1], found[at + 1]} <= {"unsure", "numbers"}:
            found[at] = "unsure"
    return found


def _answers(kind: Kind, text: str) -> bool:
    """Say whether a sentence says of the one before it that it is not known, or that no number may be said."""
    if kind not in {"unsure", "numbers"} or _QUESTION.search(text):
        return False
    mark = marks.marked("unsure", text)
    return size(text) <= FEW or (mark is not None and mark.start() == 0)


def withheld(lines: Iterable[tuple[Sequence[str], Sequence[Kind]]], told: str) -> Withheld:
    """Return what the lines that stay back name. `told` is all that may be told: a name in it is no secret."""
    figures: set[str] = set()
    words: set[str] = set()
    names: set[str] = set()
    for sentences, said in lines:
        for text, kind in zip(sentences, said, strict=True):
            if kind == "wrong":
                figures |= _wrong_figures(text)
        if "back" not in said:
            continue
        whole = " ".join(sentences)
        figures |= {*phones_in(whole), *_ADDRESS.findall(whole)}
        figures |= {each for each in map(_bare, _FIGURE.findall(whole)) if len(re.sub(r"\D", "", each)) >= 3}
        words |= _objects(sentences)
        named = {each for each in _NAME.findall(whole) if not each.isupper()}
        names |= named if marks.marked("name", whole) else {each for each in named if not _has(told, each)}
    return Withheld(frozenset(each for each in figures if not _is_year(each)), frozenset(words), frozenset(names))


def _kind(text: str, *, correction: bool) -> Kind:
    wrong = marks.marked("wrong", text)
    if wrong and not correction and _wrong_figures(text):
        return "wrong"
    if marks.marked("numbers", text):
        return "numbers"
    if marks.marked("back", text):
        return "back"
    if _QUESTION.search(text) or marks.marked("unsure", text):
        return "unsure"
    if marks.marked("said_to_us", text) and size(marks.without("said_to_us", text)) <= FEW:
        return "asked"
    return "told"


def _wrong_figures(text: str) -> set[str]:
    """Return the figures before the words that say they are wrong, or after a bare "not"."""
    found = marks.marked("wrong", text)
    if found is None or (_LABELLED.match(text) and found.start() < 3):
        return set()
    before = text[: found.start()]
    return {_bare(each[0]) if len(each[0]) > 1 else " ".join(filter(None, each)) for each in _COUNTED.findall(before)}


def _objects(sentences: Sequence[str]) -> set[str]:
    """Return the words that an order to keep back names after it: "don't mention the price"."""
    words: set[str] = set()
    for text in sentences:
        found = marks.marked("back", text)
        if found is None or marks.marked("numbers", text):
            continue
        if not _FORBIDS.match(found[0]):
            continue
        after = " ".join(re.split(r"[,;.()!?]", _ADDRESS.sub(",", text[found.end() :]))[0].split()[:NEAR])
        words |= {each for each in stems(after) if len(each) > 4 and not marks.marked("name", each)}
    return words


def _bare(figure: str) -> str:
    return figure.strip(".,:")


def _is_year(figure: str) -> bool:
    return re.fullmatch(r"(?:19|20)\d\d", figure) is not None


def _has(text: str, name: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None

"""Cuts notes into lines, and lines into sentences and fragments, each as it stands there."""

import re
from collections.abc import Iterator
from itertools import pairwise

from core.grounding import days
from models.rehearsal.noting import marks

_BULLET = re.compile(r"^[ \t]*(?:[-*+•‣–—・]|\(?\d{1,2}[.)]|\[[ xX]?\])[ \t]*(?=\S)")
_ASIDE_ARROW = re.compile(r"\s*(?:<-+|←|<=+)\s.*$")
_STOP = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』）”]*|\s*[|;]\s+")
_GROUP = re.compile(r"\s*(?:\(([^()]*)\)|（([^（）]*)）)")
_LAST_WORD = re.compile(r"([\w°º]+)\W*$")
_HALF_DAY = re.compile(r"\b[ap]\.m$", re.I)
LONGEST_ASIDE = 5  # words: a longer one in brackets is said in passing


def lines_of(text: str) -> Iterator[tuple[str, bool]]:
    """Yield each line that says something without its bullet, and whether it had one."""
    for line in text.split("\n"):
        body = " ".join(_ASIDE_ARROW.sub("", line).split())
        bare = _BULLET.sub("", body).strip()
        if any(char.isalnum() for char in bare):
            yield bare, bare != body


def sentences_of(line: str, language: str) -> list[str]:
    """Return the sentences and fragments of a line, in order; an ordinal ("6. Dezember") ends none."""
    dated = [(day.start, day.end) for day in days.find(line, language)]
    ends = [0]
    for found in _STOP.finditer(line):
        word = _LAST_WORD.search(line[: found.start()])
        if any(start <= found.start() < end for start, end in dated) or _open(line[: found.start()]):
            continue
        if _HALF_DAY.search(line[: found.start()]) and line[found.end() :].lstrip()[:1].isalpha():
            continue
        if found[0].startswith(".") and word and _goes_on(word[1], line[found.end() :], language):
            continue
        ends.append(found.end())
    pieces = [line[left:right].strip(" |;") for left, right in pairwise([*ends, len(line)])]
    return [piece for piece in pieces if any(char.isalnum() for char in piece)]


def parts_of(sentence: str) -> list[str]:
    """Return a sentence without its asides in brackets, as the stretches that stand before and after them."""
    parts, at = [], 0
    for group in _GROUP.finditer(sentence):
        if not _is_aside(group[1] or group[2] or ""):
            continue
        parts.append(sentence[at : group.start()])
        at = group.end()
    parts.append(sentence[at:])
    return [part.strip() for part in parts if any(char.isalnum() for char in part)]


def is_bracketed(line: str) -> bool:
    """Say whether a whole line stands in brackets: said in passing."""
    return re.fullmatch(r"[(（\[].*[)）\]][.!]?", line) is not None and line.count("(") <= 1


def size(text: str) -> int:
    """Return about how many words a text has: where no spaces are set, two signs count as one."""
    unspaced = len(re.findall(r"[\u3040-\u30ff\u3400-\u9fff]", text))
    return unspaced // 2 + len(re.sub(r"[\u3040-\u30ff\u3400-\u9fff]+", " ", text).split())


def _is_aside(words: str) -> bool:
    said = any(marks.marked(kind, words) for kind in ("back", "unsure", "said_to_us", "numbers"))
    return said or "?" in words or "!" in words or (size(words) > LONGEST_ASIDE and not re.search(r"\d", words))


def _goes_on(word: str, after: str, language: str) -> bool:
    if word.isdigit():
        return len(word) <= 2 and language in {"de", "pl", "da", "nb", "no", "cs", "fi"} and after[1:2].isalpha()
    return word.casefold() in marks.short() or re.fullmatch(r"[A-Z]", word) is not None


def _open(before: str) -> bool:
    """Say whether a bracket is open here: what is in it is one thought."""
    return before.count("(") > before.count(")")

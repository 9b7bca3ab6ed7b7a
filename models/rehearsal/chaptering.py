"""Chapters of a transcript: where its words change most, at times that stand in it, titled in its own words."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import NamedTuple

from core.chapters import LEAST, SHORTEST_S, stamp
from models.rehearsal.reading import Sentence, sentences
from models.rehearsal.vectors import Vectors, stems
from models.tasks import Mark

MINUTES = 6  # that a chapter has, about
MOST = 10
LONGEST = 60  # characters of a title
TELLING = 2  # words that a question must hold besides small ones
WINDOW = 900  # characters on each side of a border that are compared
CANDIDATES = 60
LONGEST_PHRASE, SHORTEST_TERM = 3, 4  # words; characters
SEVERAL_WORDS = 1.0  # what each further word of a phrase adds to its weight: one common noun names little
EARLY = 0.6  # of a chapter, in which a question may name it

_ASKED = re.compile(
    r"^(?:what|why|how|when|where|who|which|is|are|do|does|can|should|could|would|did|have|has)\b", re.I
)
_POINTS = re.compile(
    r"\b(?:this|that|these|those|it|its|they|them|their|he|she|him|her|guys|heck|etc|wanna|gonna|gotta|shout-?outs?|there|here|so|then|say|said|mean)\b",
    re.I,
)
_WORD = re.compile(r"[A-Za-z][\w'’-]*")
_ADVERB = re.compile(r"(?:ly|ing|ed|n['’]t|['’](?:re|ve|ll|s|m|d))$", re.I)
_ENDS_WHOLE = re.compile(r"(?:[.!?…][\"”’)\]]*|:\*\*|\])\s*$|\n\s*$|^\s*$")


class Titled(NamedTuple):
    """One chapter as it can be listed."""

    at: str
    title: str

    @property
    def line(self) -> str:
        """It as a platform reads it."""
        return f"{self.at} {self.title}"


class _Border(NamedTuple):
    at: int
    place: int  # in the text


def chapters_of(text: str, marks: Sequence[Mark]) -> list[Titled]:
    """Return the chapters of a transcript; empty where its times make no three of them that could be told apart."""
    borders = _placed(text, marks)
    if len(borders) < LEAST - 1:
        return []
    chosen = [_Border(0, 0), *_chosen(text, borders)]
    edges = [*(each.place for each in chosen), len(text)]
    parts = [sentences(text[left:right]) for left, right in pairwise(edges)]
    titles = _titles(parts)
    found = [Titled(stamp(each.at), title) for each, title in zip(chosen, titles, strict=True) if title]
    if len(found) < LEAST or found[0].at != stamp(0):
        return []
    telling = [found[0], *(each for each in found[1:] if tells(each.title))]
    return telling if len(telling) >= LEAST else found  # a chapter that nothing names belongs to the one before


def tells(title: str) -> bool:
    """Say whether a title is more than single common words: a question, a name, or something of several words."""
    return title.endswith("?") or any(
        len(words := phrase.split()) > 1 or any(char.isupper() for char in phrase[bool(place == 0) :]) or not words
        for place, phrase in enumerate(title.split(", "))
    )


def _placed(text: str, marks: Sequence[Mark]) -> list[_Border]:
    """Return where the marks stand in the text: those that begin a sentence, for a chapter begins with one."""
    found: list[_Border] = []
    at = 0
    for mark in marks:
        words = r"\s+".join(re.escape(word) for word in mark.says.split())
        here = re.compile(words).search(text, at) if words else None
        if here is None:
            continue
        at = here.start()
        seconds = _seconds(mark.at)
        whole = _ENDS_WHOLE.search(text[max(0, at - 60) : at].rstrip(" ")) is not None
        if whole and seconds >= SHORTEST_S and (not found or seconds - found[-1].at >= SHORTEST_S):
            found.append(_Border(seconds, at))
    return found


def _chosen(text: str, borders: list[_Border]) -> list[_Border]:
    """Return the borders where what is said before and after has least in common, well apart, in order."""
    step = max(1, math.ceil(len(borders) / CANDIDATES))
    few = borders[::step]
    total = few[-1].at + (few[-1].at // max(1, len(few)))
    count = min(MOST, max(LEAST, round(total / 60 / MINUTES))) - 1
    apart = max(SHORTEST_S, total // (2 * (count + 1)))
    before = [text[max(0, each.place - WINDOW) : each.place] for each in few]
    after = [text[each.place : each.place + WINDOW] for each in few]
    vectors = Vectors(None).of([*before, *after])
    alike = (vectors[: len(few)] * vectors[len(few) :]).sum(axis=1)
    kept: list[_Border] = []
    for place in sorted(range(len(few)), key=lambda each: (float(alike[each]), each)):
        border = few[place]
        if border.at >= apart and all(abs(border.at - other.at) >= apart for other in kept):
            kept.append(border)
        if len(kept) == count:
            break
    return sorted(kept)


def _titles(parts: Sequence[list[Sentence]]) -> list[str]:
    """Return a title a part: a question that is asked early in it, else the two things that it alone speaks of."""
    bags = [Counter(set(stems(" ".join(said.text for said in part)))) for part in parts]
    spread = Counter(word for bag in bags for word in bag)
    used: set[str] = set()
    titles = []
    for part in parts:
        title = _question(part, used) or _terms(part, spread, len(parts), used)
        used.add(title.casefold())
        titles.append(title)
    return titles


def _question(part: list[Sentence], used: set[str]) -> str:
    for said in part[: max(1, int(len(part) * EARLY))]:
        text = said.text.strip()
        words = text.split()
        if (
            text.endswith("?")
            and 5 <= len(words) <= 11
            and len(stems(text)) >= TELLING
            and len(text) <= LONGEST
            and _ASKED.match(text)
            and not _POINTS.search(text)
            and text.casefold() not in used
        ):
            return text[:1].upper() + text[1:]
    return ""


def _terms(part: list[Sentence], spread: Counter[str], parts: int, used: set[str]) -> str:
    """Return the one or two noun phrases that a part says most and the others least."""
    where = {(phrase, said.paragraph) for said in part for phrase in _noun_phrases(said.text)}
    times = Counter(phrase for phrase, _ in where)  # what one speaker repeats in one breath counts once
    best = sorted(
        [each for each in times if times[each] > 1] or list(times),
        key=lambda each: (-_weight(each, times[each], spread, parts), each),
    )
    chosen: list[str] = []
    for phrase in best:
        if any(set(stems(phrase)) & set(stems(other)) for other in chosen):
            continue
        chosen.append(phrase)
        title = ", ".join(chosen)
        if len(chosen) == 2 and len(title) <= LONGEST and title.casefold() not in used:
            return title[:1].upper() + title[1:]
    title = chosen[0] if chosen and chosen[0].casefold() not in used else ""
    return title[:1].upper() + title[1:]


def _noun_phrases(text: str) -> list[str]:
    """Return what stands between a word that announces a noun and the next small word or mark: no tagger is there."""
    words = [(found[0], found.start(), found.end()) for found in _WORD.finditer(text)]
    found: list[str] = []
    for place, (word, _, edge) in enumerate(words):
        if word.lower() not in _words("announces"):
            continue
        run: list[str] = []
        end = edge
        for inner, start, stop in words[place + 1 : place + 1 + LONGEST_PHRASE]:
            if len(stems(inner)) != 1 or text[end:start] != " ":
                break
            run.append(inner)
            end = stop
        if run and not _ADVERB.search(run[-1]) and run[-1].lower() not in _words("vague"):
            found.append(" ".join(run))
    return [each for each in found if len(each) >= SHORTEST_TERM]


def _weight(phrase: str, times: int, spread: Counter[str], parts: int) -> float:
    words = stems(phrase)
    rarity = sum(math.log((1 + parts) / spread[word]) for word in words if spread[word]) / len(words)
    return times * (rarity + 0.1) * (1 + SEVERAL_WORDS * (len(words) - 1))


def _seconds(at: str) -> int:
    total = 0
    for part in at.split(":"):
        total = total * 60 + int(part)
    return total


@lru_cache(maxsize=2)
def _words(name: str) -> frozenset[str]:
    import yaml

    text = resources.files(__package__).joinpath("chaptering.yaml").read_text(encoding="utf-8")
    return frozenset(str(yaml.safe_load(text)[name]).split())

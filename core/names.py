"""Names in a text: runs of capitalised words, where a capital is not just a beginning."""

from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import regex

from core import hashtags, links, sentences
from core.spans import Cover

TITLE_CASE = 0.6  # a line with this share of capitalised words is set in title case: capitals say nothing there

SHORTEST_TITLE = 3  # of its longer words; fewer don't tell a title from a name

_CAPITAL = r"\p{Lu}[\p{L}\p{M}\p{N}’'&.-]*[\p{L}\p{M}\p{N}]|\p{Lu}"
_LINK_WORD = r"(?:of|the|de|van|von|da|del|and|for|&)"
_RUN = regex.compile(
    rf"(?<![\p{{L}}\p{{M}}\p{{N}}@#])(?:{_CAPITAL})(?:[ \t\u00a0](?:{_LINK_WORD}[ \t]){{0,2}}(?:{_CAPITAL}))*"
)
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*")
_LONG_WORD = regex.compile(r"\p{L}{4,}")
_FULL_STOP = regex.compile(r"[.!?…][\"”’)*_]*$")
_FRESH_START = regex.compile(r"(?:^|[:—–•|>\n(\[\"“‘«*_/]|\p{So}|[!?…]['\"”’)]*\s|^\s*\W*\d+\W*)\s*[\"“‘«(*_\[]*$")


@lru_cache(maxsize=1)
def _listed() -> dict[str, frozenset[str]]:
    import yaml

    data = yaml.safe_load(resources.files("core").joinpath("names.yaml").read_text(encoding="utf-8"))
    return {kind: frozenset(words.split()) for kind, words in data.items()}


def calendar_words() -> frozenset[str]:
    """Return the days and months, in lower case."""
    return _listed()["calendar"]


class Name(NamedTuple):
    """A name as it stands in a text (end exclusive), and its words in lower case."""

    start: int
    end: int
    text: str
    words: tuple[str, ...]


def words(text: str) -> set[str]:
    """Return the words of a text in lower case, a possessive also without its ending."""
    found = {match.group().replace("’", "'").casefold() for match in _WORD.finditer(text)}
    return found | {word.removesuffix("'s") for word in found}


def known(word: str, ground: frozenset[str]) -> bool:
    """Say whether a name's word is common, or stands in the sources (plural or singular)."""
    word = word.removesuffix("'s")
    if len(word) == 1 or word in _listed()["common"] or word.isdigit():
        return True
    forms = {word, word + "s", word + "es", word.removesuffix("s"), word.removesuffix("es")}
    return not forms.isdisjoint(ground)


def find(text: str) -> list[Name]:
    """Return the names of a text in order.

    A capital at a beginning says nothing, so a name's first word is left out there; so are lines set in title case,
    but for their abbreviations.
    """
    found = [(link.start, link.end) for link in links.find(text)]
    asides = Cover(found + [(tag.start, tag.end) for tag in hashtags.find(text)])
    return [
        name
        for sentence in sentences.split(text)
        for name in _in_sentence(sentence)
        if not asides.touches(name.start, name.end)
    ]


def _in_sentence(sentence: sentences.Span) -> list[Name]:
    if _shouts(sentence.text):
        return []
    titled = _title_case(sentence.text)
    found = []
    for match in _RUN.finditer(sentence.text):
        start = match.start()
        if _FRESH_START.search(sentence.text, 0, start):
            first = _WORD.match(sentence.text, start)
            start = first.end() if first and not _abbreviation(first.group()) else start
        rest = sentence.text[start : match.end()]
        start += len(rest) - len(rest.lstrip())
        rest = rest.strip()
        heard: list[str] = [word for word in _WORD.findall(rest) if word[0].isupper() or word[0].isdigit()]
        if titled:
            heard = [word for word in heard if _abbreviation(word)]
        if heard:
            parts = tuple(word.replace("’", "'").casefold() for word in heard)
            found.append(Name(sentence.start + start, sentence.start + match.end(), rest, parts))
    return found


def _abbreviation(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _title_case(sentence: str) -> bool:
    long: list[str] = _LONG_WORD.findall(sentence)
    if len(long) < SHORTEST_TITLE or _FULL_STOP.search(sentence):
        return False
    return sum(word[0].isupper() for word in long) > TITLE_CASE * len(long)


def _shouts(sentence: str) -> bool:
    long: list[str] = _LONG_WORD.findall(sentence)
    return len(long) > 1 and sum(word.isupper() for word in long) * 2 > len(long)

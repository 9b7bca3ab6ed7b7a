"""Noun phrases without a tagger: the longest runs of words between closed-class words, breaks, and words used as verbs.

In other languages than English, where usage is not known, they are runs between small words that are said twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from core.keyphrases.closed import Closed, between, closed
from core.keyphrases.tokens import BREAK, Token, tokens
from core.keyphrases.usage import NOUN_ENDINGS, Usage
from core.keyphrases.verbs import ADJECTIVE, nominal

LONGEST = 6
"""Words in a phrase; what is longer is no name of anything."""

_LONGEST_FOREIGN = 3
_SHORTEST = 3  # letters of a single word that names something


@dataclass(frozen=True)
class Phrase:
    """A candidate: its words in lower case, how it is written where it stands first, and every place of it."""

    key: str
    text: str
    starts: tuple[int, ...]  # counted in words of the text
    spans: tuple[tuple[int, int], ...]  # characters, end exclusive


class _Run(NamedTuple):
    first: int
    last: int  # exclusive


def phrases(text: str, usage: Usage, language: str = "en") -> list[Phrase]:
    """Return the noun phrases of a text in the order they come, each once.

    None where `language` is one whose words are not known here, or not separated.
    """
    read = tokens(text)
    found: dict[str, list[_Run]] = {}
    for run in _english(read, usage) if language == "en" else _foreign(read, between(language)):
        key = " ".join(token.low for token in read[run.first : run.last])
        found.setdefault(key, []).append(run)
    if language != "en":
        found = {key: runs for key, runs in found.items() if len(runs) > 1}
    places = _word_places(read)
    return [
        Phrase(
            key,
            " ".join(text[read[runs[0].first].start : read[runs[0].last - 1].end].split()),
            tuple(places[run.first] for run in runs),
            tuple((read[run.first].start, read[run.last - 1].end) for run in runs),
        )
        for key, runs in found.items()
    ]


def _word_places(read: Sequence[Token]) -> list[int]:
    places, count = [], 0
    for token in read:
        places.append(count)
        count += not token.is_break
    return places


def _english(read: Sequence[Token], usage: Usage) -> list[_Run]:
    trimmed = [_trimmed(read, run, usage, closed()) for run in _runs(nominal(read, usage))]
    return [run for run in trimmed if 0 < run.last - run.first <= LONGEST and _names_something(read, run, closed())]


def _foreign(read: Sequence[Token], small: frozenset[str]) -> list[_Run]:
    """Return the runs between small words. Without a list of them nothing separates phrases from chatter."""
    if not small:
        return []
    named = [not token.is_break and token.low not in small and token.low.isalpha() for token in read]
    return [
        run
        for run in _runs(named)
        if run.last - run.first <= _LONGEST_FOREIGN and all(len(t.low) > _SHORTEST for t in read[run.first : run.last])
    ]


def _runs(named: Sequence[bool]) -> list[_Run]:
    found, first = [], 0
    for at, is_named in enumerate([*named, False]):
        if not is_named:
            if at > first:
                found.append(_Run(first, at))
            first = at + 1
    return found


def _trimmed(read: Sequence[Token], run: _Run, usage: Usage, classes: Closed) -> _Run:
    """Cut off adjectives that name nothing where the phrase begins, and what can't end one where it ends."""
    first, last = run
    while last > first and not _can_end(read, first, last, usage, classes):
        last -= 1
    while first < last and read[first].low in classes.vague_adjectives:
        first += 1
    return _Run(first, last)


def _can_end(read: Sequence[Token], first: int, last: int, usage: Usage, classes: Closed) -> bool:
    token = read[last - 1]
    after = read[last].low if last < len(read) else BREAK
    if token.low in classes.vague_adjectives or len(token.low) == 1 == last - first:
        return False
    if token.text.isupper() or after == "of" or after in classes.being:
        return True
    if last - first > 1 and token.low.endswith(("ing", *NOUN_ENDINGS)):
        return True
    return usage.heads(token.low) > ADJECTIVE


def _names_something(read: Sequence[Token], run: _Run, classes: Closed) -> bool:
    words = [token.low for token in read[run.first : run.last]]
    if len(words) == 1:
        word = words[0]
        is_vague = word in classes.vague_nouns or word in classes.vague_adjectives
        return len(word) >= _SHORTEST and not is_vague
    return words[-1] not in classes.empty_heads

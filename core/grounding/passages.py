"""The sentences of the sources, found again by the words they share with a draft's."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import regex

from core import sentences

STEM = 6  # letters that tell a word from others, whatever its ending
_TOKEN = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]+|[\p{L}\p{M}]+(?:['’][\p{L}]+)*", regex.IGNORECASE)
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_SMALL = frozenset(
    """
    the a an and or but nor so yet if then than that this these those there here it its he she they them his her their
    we our us you your i my me is are was were be been being am do does did done has have had having will would can
    could shall should may might must not no to of in on at by for with from into onto over under about as up down out
    off through between among after before during while when where who whom whose which what why how all any both each
    few more most other some such only own same too very just also even still again once ever never much many one
    de la el los las un una y o que en del al por para con su sus se lo es son fue ha han no como más pero
    der die das den dem des ein eine einen und oder aber ist sind war hat haben mit von zu im auf für nicht als auch
    le les des du et ou est sont dans pour sur par avec ce cette qui
    """.split()  # noqa: SIM905 - words are read as words
)


class Alike(NamedTuple):
    """A source's sentence that shares words with a draft's: `share` is 0..1 of the draft's stems."""

    share: float
    shared: int
    text: str
    source: int  # which of the sources it stands in


class Passages:
    """All sentences of the sources by their stems."""

    def __init__(self, sources: Sequence[str]) -> None:
        self._said: list[tuple[str, int]] = []
        self._at: dict[str, list[int]] = defaultdict(list)
        for number, text in enumerate(sources):
            for span in sentences.split(text):
                for stem in stems(span.text):
                    self._at[stem].append(len(self._said))
                self._said.append((span.text, number))

    def like(self, sentence: str, k: int = 5) -> list[Alike]:
        """Return the sentences that share the most stems with one, the most alike first."""
        wanted = stems(sentence)
        counts: dict[int, int] = defaultdict(int)
        for stem in wanted:
            for at in self._at.get(stem, ()):
                counts[at] += 1
        best = sorted(counts, key=lambda at: (-counts[at], len(self._said[at][0]), at))[:k]
        return [Alike(counts[at] / len(wanted), counts[at], *self._said[at]) for at in best]


def stems(text: str) -> frozenset[str]:
    """Return the beginnings of a text's words that mean something; of scripts without spaces, pairs of signs."""
    found: set[str] = set()
    for match in _TOKEN.finditer(text):
        word = match[0].casefold().replace("’", "'")
        if _UNSPACED.match(word):
            found.update(word[at : at + 2] for at in range(max(1, len(word) - 1)))
        elif word not in _SMALL and len(word) > 1:
            found.add(word.removesuffix("'s")[:STEM])
    return frozenset(found)

"""A draft and what a person made of it, aligned word by word, so that each place can be asked what became of it."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Hashable, Sequence
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import Any, Literal, NamedTuple

import regex

from core import sentences

Fate = Literal["made", "left", "otherwise", "gone"]
"""Of a rewrite that a rule would make: the person made it, left the place as it was, wrote something else there, or
cut all that stood around it (which says nothing)."""

SURVIVES = 0.5  # of a sentence's words: with fewer left it is another sentence
HALF_GONE, IN_A_ROW = 0.3, 3  # unless so many are left, and so many of them side by side
LEFT_OVER = 0.34  # of the words of a phrase: with more of them left it was reworded, not cut
MOVED = 0.6  # of the words of two sentences: with so many in common one is the other, at another place
REMAINS = 0.3  # of a text's words: with fewer left nothing can be said about what was left out
LONGEST_SENTENCE = 1_000  # words and marks: what goes on for longer is no prose, and teaches nothing
LARGE = 4_000_000  # pairs of words (or sentences): above, those that are everywhere in a text align nothing

_TOKEN = regex.compile(r"\n\s*\n\s*|[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}]+)*|[^\s\p{L}\p{M}\p{N}]")
PARAGRAPH = "¶"


class Rewrite(NamedTuple):
    """A change that a rule would make to a text: `new` in the place of `text[start:end]`."""

    start: int
    end: int
    new: str


class Token(NamedTuple):
    """A word, a mark or a paragraph's end, and where it stands; `key` is how it is compared."""

    start: int
    end: int
    key: str

    @property
    def is_word(self) -> bool:
        """Whether it is a word or a number."""
        return self.key[0].isalnum()


def tokens(text: str) -> list[Token]:
    """Return the words, marks and paragraph ends of a text in order."""
    return [Token(*match.span(), _key(match.group())) for match in _TOKEN.finditer(text)]


def keys(text: str) -> list[str]:
    """Return how the words and marks of a text are compared: without regard to case and to the form of apostrophes."""
    return [token.key for token in tokens(text)]


def _key(token: str) -> str:
    return PARAGRAPH if "\n" in token else token.casefold().replace("’", "'")


class Hunk(NamedTuple):
    """Words that were replaced by others: ranges of tokens in the text before and after, ends exclusive."""

    start: int
    end: int
    new_start: int
    new_end: int


class Change:
    """One edit. Everything is found when it is first asked for."""

    def __init__(self, before: str, after: str) -> None:
        self.before = before
        self.after = after

    @cached_property
    def old(self) -> list[Token]:
        """The tokens of the text before."""
        return tokens(self.before)

    @cached_property
    def new(self) -> list[Token]:
        """The tokens of the text after."""
        return tokens(self.after)

    @cached_property
    def back(self) -> "Change":
        """The same edit the other way round: what it would take to undo it."""
        return Change(self.after, self.before)

    @cached_property
    def place_of(self) -> dict[int, int]:
        """For each token that stayed, its place in the text after."""
        found = {old + at: new + at for old, new, size in _blocks(self) for at in range(size)}
        return _with_moves(self, found)

    @cached_property
    def hunks(self) -> list[Hunk]:
        """What was replaced, cut or put in, in order."""
        kept, found, i, j = set(self.place_of.values()), [], 0, 0
        for old, new in [*sorted(self.place_of.items()), (len(self.old), len(self.new))]:
            in_order = new >= j and kept.isdisjoint(range(j, new))  # else a sentence was moved to or from here
            if in_order and (old > i or new > j):
                found.append(Hunk(i, old, j, new))
            i, j = old + 1, new + 1
        return found

    def within(self, start: int, end: int) -> range:
        """Return the tokens of the text before that stand in `before[start:end]`."""
        first, last = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return range(first, last) if first < last else range(0)

    @cached_property
    def _starts(self) -> list[int]:
        return [token.start for token in self.old]

    @cached_property
    def _ends(self) -> list[int]:
        return [token.end for token in self.old]

    def survives(self, start: int, end: int, *, but: range = range(0)) -> bool:
        """Say whether enough words of `before[start:end]` stayed, those of `but` aside."""
        return _stayed(self.old, [at for at in self.within(start, end) if at not in but], self.place_of)

    @cached_property
    def remains(self) -> bool:
        """Whether it is still the same text, with enough of its words."""
        words = [at for at, token in enumerate(self.old) if token.is_word]
        return bool(words) and sum(at in self.place_of for at in words) >= REMAINS * len(words)

    @cached_property
    def is_prose(self) -> bool:
        """Whether both texts are made of sentences that somebody could have written."""
        texts = ((self.before, self.old), (self.after, self.new))
        return all(b - a <= LONGEST_SENTENCE for text, found in texts for a, b in _sentences_of(text, found))

    @cached_property
    def _sentences(self) -> list[sentences.Span]:
        return sentences.split(self.before)

    def sentence_at(self, at: int) -> tuple[int, int]:
        """Return the span of the sentence that stands at a place of the text before; the whole text without any."""
        spans = [span for span in self._sentences if span.start <= at <= span.end]
        return (spans[-1].start, spans[-1].end) if spans else (0, len(self.before))

    def fate(self, rewrite: Rewrite, *, whole: bool = False) -> Fate:
        """Return what became of a place that a rule would rewrite.

        `whole` is for what is cut with all its sentence: then it is the text that must have stayed, not the sentence.
        """
        if rewrite.start == rewrite.end:
            return self._fate_between(rewrite)
        inside = self.within(rewrite.start, rewrite.end)
        if not inside:
            return "gone"
        if whole:
            return self._fate_of_whole(rewrite, inside)
        if all(at in self.place_of for at in inside):
            return "left" if self._side_by_side(inside) else "otherwise"
        if not self.survives(*self.sentence_at(rewrite.start), but=inside):
            return "gone"
        return self._fate_of_words(rewrite, inside)

    def _side_by_side(self, inside: range) -> bool:
        places = [self.place_of[at] for at in inside]
        return places == list(range(places[0], places[0] + len(places)))

    def _fate_of_whole(self, rewrite: Rewrite, inside: range) -> Fate:
        words = [at for at in inside if self.old[at].is_word] or list(inside)
        left = sum(at in self.place_of for at in words)
        if left > SURVIVES * len(words) or _holds(keys(self.after), [self.old[at].key for at in inside]):
            return "left"
        return "made" if self.remains and left < len(words) else "gone"

    def _fate_of_words(self, rewrite: Rewrite, inside: range) -> Fate:
        hunk = self._around(inside)
        there = [token.key for token in self.new[hunk.new_start : hunk.new_end]]
        new = keys(rewrite.new)
        wanted = (
            [token.key for token in self.old[hunk.start : inside[0]]]
            + new
            + [token.key for token in self.old[inside[-1] + 1 : hunk.end]]
        )
        if there == wanted:
            return "made"
        if _holds(there, [self.old[at].key for at in inside]):
            return "left"
        if new:
            return "made" if _holds(there, new) else "otherwise"
        words = [at for at in inside if self.old[at].is_word] or list(inside)
        return "made" if sum(at in self.place_of for at in words) <= LEFT_OVER * len(words) else "otherwise"

    def _fate_between(self, rewrite: Rewrite) -> Fate:
        """What became of a place where a rule would put something in between two words."""
        before, after = bisect_right(self._ends, rewrite.start) - 1, bisect_left(self._starts, rewrite.start)
        if before not in self.place_of or after not in self.place_of:
            return "gone"
        there = [token.key for token in self.new[self.place_of[before] + 1 : self.place_of[after]]]
        if not there:
            return "left"
        return "made" if _holds(there, keys(rewrite.new)) else "otherwise"

    def _around(self, inside: range) -> Hunk:
        start, end = inside[0], inside[-1] + 1
        while start > 0 and start - 1 not in self.place_of:
            start -= 1
        while end < len(self.old) and end not in self.place_of:
            end += 1
        new_start = self.place_of[start - 1] + 1 if start else 0
        new_end = self.place_of[end] if end < len(self.old) else len(self.new)
        return Hunk(start, end, new_start, max(new_start, new_end))


def _holds(there: Sequence[str], wanted: Sequence[str]) -> bool:
    size = len(wanted)
    return any(list(there[at : at + size]) == list(wanted) for at in range(len(there) - size + 1))


def _blocks(change: Change) -> list[tuple[int, int, int]]:
    """Return what stayed as (old, new, size), found first by whole sentences: words alone would pair up by chance."""
    old, new = change.old, change.new
    first, second = _sentences_of(change.before, old), _sentences_of(change.after, new)
    matcher = _matcher(
        [tuple(t.key for t in old[a:b]) for a, b in first], [tuple(t.key for t in new[a:b]) for a, b in second]
    )
    found: list[tuple[int, int, int]] = []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        a, b = _reach(first, i1, i2, len(old))
        c, d = _reach(second, j1, j2, len(new))
        if tag == "equal":
            found.append((a, c, b - a))
        elif tag == "replace":
            found += _word_blocks(old, new, (a, b), (c, d))
    return found


def _with_moves(change: Change, found: dict[int, int]) -> dict[int, int]:
    """Return the alignment with whole sentences that were moved found at their new places."""
    here = [range(*each) for each in _sentences_of(change.before, change.old)]
    there = [range(*each) for each in _sentences_of(change.after, change.new)]
    lost = [each for each in here if not _stayed(change.old, each, found)]
    by_chance = {at for each in lost for at in each}  # a sentence that is gone has words in common with any other
    found = {old: new for old, new in found.items() if old not in by_chance}
    came = {new: old for old, new in found.items()}
    fresh = {each: _bag(change.new, each) for each in there if _share(change.new, each, came) < SURVIVES}
    if len(lost) * len(fresh) > LARGE // 4:
        return found  # another text: nothing was moved
    for sentence in lost:
        words = _bag(change.old, sentence)
        alike = {each: _alike(words, theirs) for each, theirs in fresh.items()}
        best = max(alike, key=alike.__getitem__, default=None)
        if best is None or alike[best] < MOVED:
            continue
        del fresh[best]
        for new in best:
            found.pop(came.pop(new, -1), None)
        reach = ((sentence.start, sentence.stop), (best.start, best.stop))
        for old, new, size in _word_blocks(change.old, change.new, *reach):
            found |= {old + at: new + at for at in range(size)}
            came |= {new + at: old + at for at in range(size)}
    return found


def _stayed(all_tokens: list[Token], sentence: Sequence[int], places: dict[int, int]) -> bool:
    """Say whether a sentence is still there: by half of its words, or by fewer with some of them in a row."""
    words = [at for at in sentence if all_tokens[at].is_word]
    kept = [places[at] for at in words if at in places]
    if not words or len(kept) >= SURVIVES * len(words):
        return bool(words)
    in_a_row = any(kept[at + IN_A_ROW - 1] - kept[at] == IN_A_ROW - 1 for at in range(len(kept) - IN_A_ROW + 1))
    return in_a_row and len(kept) >= HALF_GONE * len(words)


def _share(all_tokens: list[Token], sentence: range, kept: Container[int]) -> float:
    words = [at for at in sentence if all_tokens[at].is_word]
    return sum(at in kept for at in words) / len(words) if words else 1.0


def _bag(all_tokens: list[Token], sentence: range) -> Counter[str]:
    return Counter(all_tokens[at].key for at in sentence if all_tokens[at].is_word)


def _alike(first: Counter[str], second: Counter[str]) -> float:
    """Return the share of words in common; asked for every pair of sentences, so it makes no counter of its own."""
    shared = sum(min(count, second[word]) for word, count in first.items() if word in second)
    return 2 * shared / ((first.total() + second.total()) or 1)


def _matcher(left: Sequence[Hashable], right: Sequence[Hashable]) -> "SequenceMatcher[Any]":
    """Align in full what is of a usual length: one word, ten thousand times, would take minutes."""
    return SequenceMatcher(None, left, right, autojunk=len(left) * len(right) > LARGE)


def _word_blocks(
    old: list[Token], new: list[Token], first: tuple[int, int], second: tuple[int, int]
) -> list[tuple[int, int, int]]:
    left = [token.key for token in old[slice(*first)]]
    right = [token.key for token in new[slice(*second)]]
    matcher = _matcher(left, right)
    return [(first[0] + a, second[0] + b, size) for a, b, size in matcher.get_matching_blocks() if size]


def _sentences_of(text: str, found: list[Token]) -> list[tuple[int, int]]:
    """Return ranges of tokens, a sentence each; what stands between two sentences goes with the one before it."""
    starts = [span.start for span in sentences.split(text)]
    cuts, at = [0], 0
    for start in starts[1:]:
        while at < len(found) and found[at].start < start:
            at += 1
        cuts.append(at)
    cuts.append(len(found))
    return [(a, b) for a, b in pairwise(cuts) if b > a]


def _reach(ranges: list[tuple[int, int]], first: int, last: int, size: int) -> tuple[int, int]:
    if first < last:
        return ranges[first][0], ranges[last - 1][1]
    at = ranges[first][0] if first < len(ranges) else size
    return at, at

"""Regular expressions of a person's: read before they are kept, so that none can take long, whatever text it meets.

An open-ended repetition (`*`, `+`, `{2,}`) looks at `MOST` characters at most. What is left is counted: in how many
ways a pattern can be tried at one place of a text. A pattern with more ways than `WAYS` is refused when it is set.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, reduce
from operator import or_

import regex

MOST = 200
WAYS = 10_000

_SAMPLE = "".join(map(chr, range(9, 14))) + "".join(map(chr, range(32, 127))) + "éßÉñ’“”—\u00a0日あкا한٣😀"
"""Characters that stand for all: two classes meet if they share one of them."""
_EVERY = (1 << len(_SAMPLE)) - 1

_CLASS = regex.compile(r"\[\^?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\]", regex.DOTALL)
_ESCAPE = regex.compile(r"\\(?:[pP]\{[^{}]*\}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|N\{[^{}]*\}|[dDwWsShHRXntrfv]|[^\w])")
_EDGE = regex.compile(r"\\[bBAZzmM]|[\^$]")
_OPENS = regex.compile(r"\((?:\?(?:P?<[A-Za-z_]\w*>|:|(?P<look><?[=!])|(?P<flags>[ims]+)\)|(?P<within>[ims]+):))?")
_REPEAT = regex.compile(r"(?P<how>[*+?]|\{(?P<least>\d*)(?P<comma>,)?(?P<most>\d*)\})(?P<manner>[?+]?)")


class TooFree(ValueError):
    """A pattern that can't be read here, or that could be tried in too many ways; its message says why."""


@dataclass(frozen=True)
class _Part:
    """What a stretch of a pattern can begin with (a mask of the sample), and in how many ways it is tried.

    `empty`: it may be nothing at all. `loose`: with what it may go on where it could have ended. `torn`: the character
    that comes next does not tell which way to go.
    """

    first: int
    ways: int = 1
    empty: bool = False
    loose: int = 0
    torn: bool = False


_NOTHING = _Part(0, empty=True)


@lru_cache(maxsize=1024)
def bounded(source: str) -> str:
    """Return the pattern with every repetition bounded. Raises TooFree."""
    reader = _Reader(source)
    part = reader.either()
    if reader.at < len(source):
        raise TooFree(f"the {source[reader.at]!r} at {reader.at + 1} is not understood")
    _refuse(part.ways)
    try:
        regex.compile("".join(reader.written))
    except (regex.error, RecursionError, OverflowError) as error:
        raise TooFree(f"it is no regular expression: {error}") from None
    return "".join(reader.written)


def _refuse(ways: int) -> None:
    if ways > WAYS:
        raise TooFree(
            "it could be tried in too many ways on one text: a repetition stands in another, or two that may take the "
            "same characters follow each other. Say how often at most, such as {0,20}, or name the characters"
        )


class _Reader:
    """Reads a pattern from left to right, writing it anew with its repetitions bounded."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.at = 0
        self.written: list[str] = []
        self._depth = 0

    def either(self) -> _Part:
        """Read branches up to a closing bracket or the end."""
        branches = [self._row()]
        while self._source.startswith("|", self.at):
            self._take(1)
            branches.append(self._row())
        return _any_of(branches)

    def _row(self) -> _Part:
        row = _NOTHING
        while self.at < len(self._source) and self._source[self.at] not in "|)":
            row = _then(row, self._repeated(self._one()))
            _refuse(row.ways)
        return row

    def _one(self) -> _Part:
        if edge := _EDGE.match(self._source, self.at):
            self._take(len(edge[0]))
            return _Part(_EVERY)
        if self._source[self.at] == "(":
            return self._group()
        for pattern in (_CLASS, _ESCAPE):
            if found := pattern.match(self._source, self.at):
                self._take(len(found[0]))
                return _class(found[0])
        char = self._source[self.at]
        if char in "\\[*+?{":
            raise TooFree(f"the {char!r} at {self.at + 1} is not understood here: references and recursion are not")
        self._take(1)
        return _class("(?s:.)" if char == "." else regex.escape(char))

    def _group(self) -> _Part:
        opens = _OPENS.match(self._source, self.at)
        if opens is None or (self._source.startswith("(?", self.at) and len(opens[0]) == 1):
            raise TooFree(f"the group at {self.at + 1} is not understood: plain, named and (?:…) groups are")
        self._take(len(opens[0]))
        if opens["flags"]:
            return _NOTHING
        self._depth += 1
        if self._depth > 20:
            raise TooFree("its groups are nested too deep")
        inner = self.either()
        self._depth -= 1
        if not self._source.startswith(")", self.at):
            raise TooFree("a bracket is not closed")
        self._take(1)
        return _Part(_EVERY, ways=inner.ways) if opens["look"] else inner

    def _repeated(self, part: _Part) -> _Part:
        found = _REPEAT.match(self._source, self.at)
        if found is None or (found["how"].startswith("{") and not (found["least"] or found["most"])):
            return part
        least, most = _times(found)
        self.at = found.end()
        self.written.append(f"{{{least},{most}}}{found['manner']}")
        if _REPEAT.match(self._source, self.at):
            raise TooFree(f"a repetition of a repetition stands at {self.at + 1}")
        repeated = _times_over(part, least, most)
        _refuse(repeated.ways)
        return repeated

    def _take(self, count: int) -> None:
        self.written.append(self._source[self.at : self.at + count])
        self.at += count


def _times(found: "regex.Match[str]") -> tuple[int, int]:
    how = found["how"]
    if how in "*+?":
        return (1 if how == "+" else 0), (1 if how == "?" else MOST)
    least = int(found["least"] or 0)
    most = int(found["most"]) if found["most"] else MOST if found["comma"] else least
    if most > 10 * MOST:
        raise TooFree(f"{how} repeats too often: at most {10 * MOST} times")
    return least, max(least, most)


def _class(source: str) -> _Part:
    pattern = regex.compile(source, regex.IGNORECASE | regex.DOTALL)
    mask = sum(1 << at for at, char in enumerate(_SAMPLE) if pattern.fullmatch(char))
    return _Part(mask or _EVERY)


def _then(one: _Part, two: _Part) -> _Part:
    """Return two parts in a row: where the first may go on with what the second begins with, their ways multiply."""
    meets = bool(one.loose & two.first) or (two.empty and bool(one.loose & two.loose))
    multiply = one.torn or meets or 1 in (one.ways, two.ways)
    return _Part(
        first=one.first | (two.first if one.empty else 0),
        ways=one.ways * two.ways if multiply else one.ways + two.ways,
        empty=one.empty and two.empty,
        loose=two.loose | (one.loose if two.empty else 0),
        torn=one.torn or two.torn or meets,
    )


def _any_of(branches: Sequence[_Part]) -> _Part:
    if len(branches) == 1:
        return branches[0]
    first, clash = 0, False
    for branch in branches:
        clash = clash or branch.empty or bool(first & branch.first)
        first |= branch.first
    return _Part(
        first=first,
        ways=sum(branch.ways for branch in branches) if clash else max(branch.ways for branch in branches),
        empty=any(branch.empty for branch in branches),
        loose=reduce(or_, (branch.loose for branch in branches)),
        torn=clash or any(branch.torn for branch in branches),
    )


def _times_over(part: _Part, least: int, most: int) -> _Part:
    """Return a part repeated: each turn's ways multiply where one turn can't be told from the next."""
    if most <= 1:
        loose = part.loose | (part.first if least == 0 else 0)
        return replace(part, ways=part.ways + (least == 0), empty=part.empty or least == 0, loose=loose)
    if part.empty:
        raise TooFree("what is repeated may be nothing at all")
    tangled = part.ways > 1 and (part.torn or bool(part.loose & part.first))
    each = min(part.ways ** min(most, 40) if tangled else part.ways, WAYS + 1)
    return _Part(
        first=part.first,
        ways=each * (most - least + 1),
        empty=least == 0,
        loose=part.loose | (part.first if most > least else 0),
        torn=part.torn or tangled,
    )

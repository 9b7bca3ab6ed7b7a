"""In which order a line's characters are seen: the Unicode bidirectional algorithm (UAX #9), for a plain paragraph.

Explicit embeddings and isolates are taken for nothing: a post or a quote does not carry them. Shaping within one
direction is HarfBuzz's; this is needed where one line is set in several typefaces.
"""

import unicodedata
from collections.abc import Sequence

_PAIRS = {
    "(": ")",
    "[": "]",
    "{": "}",
    "⟨": "⟩",
    "「": "」",
    "『": "』",
    "【": "】",
    "《": "》",
    "〈": "〉",
    "（": "）",
}
_CLOSING = {close: opened for opened, close in _PAIRS.items()}
_EXPLICIT = frozenset(("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "BN"))
_NEUTRAL = frozenset(("B", "S", "WS", "ON", "BN"))
_SPACE = frozenset(("WS", "BN", "B", "S"))


def runs_rightwards(text: str, otherwise: bool = True) -> bool:
    """Return whether a paragraph runs from left to right, by its first letter that runs either way."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return kind == "L"
    return otherwise


def levels(text: str, rightwards: bool) -> list[int]:
    """Return each character's embedding level: even runs rightwards, odd leftwards."""
    base = 0 if rightwards else 1
    kinds = [_kind(character) for character in text]
    _weak(kinds, "L" if rightwards else "R")
    _brackets(text, kinds, "L" if rightwards else "R")
    _neutral(kinds, "L" if rightwards else "R")
    return [_level(kind, base) for kind in kinds]


def in_sight(levels_: Sequence[int], text: str, rightwards: bool) -> list[tuple[int, int, int]]:
    """Return a line's stretches (start, end, level) in the order in which they stand from left to right."""
    given = list(levels_)
    at = len(text)
    while at and unicodedata.bidirectional(text[at - 1]) in _SPACE:  # spaces at the end go with the paragraph
        at -= 1
        given[at] = 0 if rightwards else 1
    stretches: list[tuple[int, int, int]] = []
    for place, level in enumerate(given):
        if stretches and stretches[-1][2] == level:
            stretches[-1] = (stretches[-1][0], place + 1, level)
        else:
            stretches.append((place, place + 1, level))
    lowest = min((each[2] for each in stretches if each[2] % 2), default=0)
    for level in range(max(given, default=0), lowest - 1 if lowest else 0, -1):
        stretches = _turned(stretches, level)
    return stretches


def _turned(stretches: list[tuple[int, int, int]], level: int) -> list[tuple[int, int, int]]:
    """Turn around every row of stretches that are at least this deep."""
    done: list[tuple[int, int, int]] = []
    row: list[tuple[int, int, int]] = []
    for each in stretches:
        if each[2] >= level:
            row.append(each)
        else:
            done += [*reversed(row), each]
            row = []
    return [*done, *reversed(row)]


def _kind(character: str) -> str:
    kind = unicodedata.bidirectional(character) or "L"
    return "BN" if kind in _EXPLICIT else kind


def _weak(kinds: list[str], edge: str) -> None:
    """Settle numbers, marks and what belongs to numbers (W1 to W7)."""
    strong, previous = edge, edge
    for at in range(len(kinds)):
        if kinds[at] == "NSM":
            kinds[at] = "ON" if previous == "BN" else previous
        if kinds[at] == "EN" and strong == "AL":
            kinds[at] = "AN"
        if kinds[at] in ("L", "R", "AL"):
            strong = kinds[at]
        previous = kinds[at]
    for at in range(1, len(kinds) - 1):
        before, after = kinds[at - 1], kinds[at + 1]
        if before == after and before in ("EN", "AN") and kinds[at] in ("CS", "ES"):
            kinds[at] = before if kinds[at] == "CS" or before == "EN" else "ON"
    _terminators(kinds)
    strong = edge
    for at, kind in enumerate(kinds):
        if kind in ("CS", "ES", "ET"):
            kinds[at] = "ON"
        elif kind == "AL":
            kinds[at] = "R"
        if kind in ("L", "R", "AL"):
            strong = kind
        elif kind == "EN" and strong == "L":
            kinds[at] = "L"


def _terminators(kinds: list[str]) -> None:
    """Let %, € and their like belong to the number that they touch (W5)."""
    for order in (range(len(kinds)), range(len(kinds) - 1, -1, -1)):
        beside = ""
        for at in order:
            if kinds[at] == "ET" and beside == "EN":
                kinds[at] = "EN"
            beside = kinds[at] if kinds[at] != "BN" else beside


def _side(kind: str) -> str:
    return "R" if kind in ("R", "AL", "EN", "AN") else kind if kind == "L" else ""


def _brackets(text: str, kinds: list[str], edge: str) -> None:
    """Let both brackets of a pair run as what they hold (N0)."""
    open_: list[int] = []
    pairs: list[tuple[int, int]] = []
    for at, character in enumerate(text):
        if character in _PAIRS and kinds[at] == "ON":
            open_.append(at)
        elif character in _CLOSING and kinds[at] == "ON":
            found = next((place for place in reversed(open_) if text[place] == _CLOSING[character]), None)
            if found is not None:
                pairs.append((found, at))
                open_ = open_[: open_.index(found)]
    for start, end in sorted(pairs):
        inside = {_side(kind) for kind in kinds[start + 1 : end]} - {""}
        if edge in inside:
            kinds[start] = kinds[end] = edge
        elif inside:
            before = next((_side(kind) for kind in reversed(kinds[:start]) if _side(kind)), edge)
            kinds[start] = kinds[end] = before if before != edge else edge


def _neutral(kinds: list[str], edge: str) -> None:
    """Let what runs neither way run as what stands on both its sides, else as the paragraph (N1, N2)."""
    at = 0
    while at < len(kinds):
        if kinds[at] not in _NEUTRAL:
            at += 1
            continue
        end = at
        while end < len(kinds) and kinds[end] in _NEUTRAL:
            end += 1
        before = _side(kinds[at - 1]) if at else edge
        after = _side(kinds[end]) if end < len(kinds) else edge
        kinds[at:end] = [before if before == after else edge] * (end - at)
        at = end


def _level(kind: str, base: int) -> int:
    if base == 0:
        return {"L": 0, "R": 1, "EN": 2, "AN": 2}.get(kind, 0)
    return {"L": 2, "R": 1, "EN": 2, "AN": 2}.get(kind, 1)

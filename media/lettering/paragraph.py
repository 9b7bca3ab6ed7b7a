"""A paragraph: the face and the direction of each character, and its lines at a size, as even as can be."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

import regex

from core.errors import BadInput
from media.lettering.bidi import in_sight, levels, runs_rightwards
from media.lettering.breaks import breaks, characters
from media.lettering.faces import Manner, Piece, can_shape, width_of
from media.typefaces import Shelf, Typeface, script_of

_REFERENCE = 200  # words are measured once at this size: unhinted, widths grow with it
_SENSE = frozenset(",.;:!?—–،؛؟。、，；")
_PLAIN = frozenset(
    ("Latin", "Greek", "Cyrillic", "Common", "Han", "Hiragana", "Katakana", "Hangul", "Bopomofo", "Emoji")
)
"""Scripts whose letters stand as they are, one after the other: legible without shaping."""

_LEADING = {"Arabic": 1.25, "Thai": 1.25, "Devanagari": 1.2}  # times what Latin letters need


class Paragraph:
    """Words without a line break, their characters' faces and directions, and where they may be parted."""

    def __init__(self, text: str, manner: Manner, shelf: Shelf, locale: str) -> None:
        self.text = " ".join(text.split())
        self.manner, self.locale = manner, locale
        self.rightwards = runs_rightwards(self.text, manner.rightwards)
        self._levels = levels(self.text, self.rightwards)
        self._faces = _faces_of(self.text, manner.face, shelf, locale)
        scripts = {script_of(each) for each in self.text}
        _refuse_unshaped(scripts)
        self._japanese = "Hiragana" in scripts
        self.leading = max((_LEADING.get(each, 1.0) for each in scripts), default=1.0)
        ends = [*breaks(self.text), len(self.text)]
        self._words = list(zip([0, *ends], ends, strict=False))

    def lines(self, width: float, size: int) -> list[tuple[Piece, ...]] | None:
        """Return the lines at a size, as even as can be; None where one word alone is wider."""
        words = self._split(width, size)
        scale = size / _REFERENCE
        wide = [self._measure(start, end) * scale for start, end in words]
        bare = [self._measure(start, end, trimmed=True) * scale for start, end in words]
        best: list[tuple[float, int]] = [(0.0, 0)] + [(float("inf"), 0)] * len(words)
        for last in range(1, len(words) + 1):
            taken = 0.0
            for first in range(last - 1, -1, -1):
                line = taken + bare[last - 1] if first == last - 1 else sum(wide[first : last - 1]) + bare[last - 1]
                if line > width:
                    break
                cost = best[first][0] + 1.0 + self._roughness(words[last - 1][1], line / width)
                if cost < best[last][0]:
                    best[last] = (cost, first)
        if best[-1][0] == float("inf"):
            return None
        return [self._line(words[first][0], words[last - 1][1]) for first, last in _chain(best)]

    def _roughness(self, end: int, full: float) -> float:
        """Return what a line that ends here, so full, takes from the evenness; much less than a line more (1) costs.

        Lines like to end with the sense, and the last one may be short, but not a lonely word.
        """
        if end == len(self.text):
            return 0.4 * (1 - full) ** 2 + (0.3 if full < 0.25 else 0)
        sense = 0.08 if self.text[:end].rstrip()[-1:] in _SENSE else 0
        return (1 - full) ** 2 - sense + (0.1 if self._japanese and _parts_a_word(self.text[end - 1 : end + 1]) else 0)

    def _split(self, width: float, size: int) -> list[tuple[int, int]]:
        """Part the words that are wider than the line, between characters: links, and scripts without spaces."""
        scale = size / _REFERENCE
        parted: list[tuple[int, int]] = []
        for start, end in self._words:
            if self._measure(start, end, trimmed=True) * scale <= width or not self._may_part(start, end):
                parted.append((start, end))
                continue
            cuts = [start, *(start + each for each in characters(self.text[start:end])), end]
            parted += pairwise(cuts)
        return parted

    def _may_part(self, start: int, end: int) -> bool:
        word = self.text[start:end]
        return "://" in word or "/" in word or bool(regex.search(r"\p{Line_Break=SA}", word)) or len(word) > 30

    def _measure(self, start: int, end: int, trimmed: bool = False) -> float:
        if trimmed:
            end = start + len(self.text[start:end].rstrip())
        pieces = tuple(self._pieces([(start, end, self._levels[start])] if start < end else []))
        return width_of(pieces, _REFERENCE, self.manner.track, self.locale)

    def _line(self, start: int, end: int) -> tuple[Piece, ...]:
        end = start + len(self.text[start:end].rstrip())
        part = self.text[start:end]
        seen = in_sight(self._levels[start:end], part, self.rightwards)
        return tuple(self._pieces([(start + a, start + b, level) for a, b, level in seen]))

    def _pieces(self, stretches: Sequence[tuple[int, int, int]]) -> Iterator[Piece]:
        for start, end, level in stretches:
            parts = [*_same(self._faces, start, end)]
            for a, b in parts if level % 2 == 0 else reversed(parts):
                yield Piece(self.text[a:b], self._faces[a], level % 2 == 0)


def _parts_a_word(around: str) -> bool:
    """Guess whether a line that ends between two signs of Japanese parts a word: most words end in Hiragana."""
    before, after = (script_of(each) for each in around)
    letters = ("Hiragana", "Katakana", "Han")
    return before in letters and after in letters and (before != "Hiragana" or after == "Hiragana")


def _chain(best: Sequence[tuple[float, int]]) -> list[tuple[int, int]]:
    chain, last = [], len(best) - 1
    while last:
        chain.append((best[last][1], last))
        last = best[last][1]
    return chain[::-1]


def _same(faces: Sequence[Typeface], start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for place in range(start + 1, end + 1):
        if place == end or faces[place] is not faces[at]:
            yield at, place
            at = place


def _faces_of(text: str, first: Typeface, shelf: Shelf, locale: str) -> list[Typeface]:
    """Return each character's face. Spaces and points keep the face of what stands before them, where it has them."""
    faces: list[Typeface] = []
    before = None
    for cluster in regex.findall(r"\X", text):
        common = all(script_of(each) == "Common" for each in cluster)
        face = shelf.face_for(cluster, before if common and before else first, locale)
        if common and before and face is not before:
            face = shelf.face_for(cluster, first, locale)
        faces += [face] * len(cluster)
        before = face
    return faces


def _refuse_unshaped(scripts: set[str]) -> None:
    shaped = sorted(scripts - _PLAIN)
    if shaped and not can_shape():
        raise BadInput(
            f"Words in {', '.join(shaped)} can't be set here: Pillow finds no FriBidi on this machine.",
            "Install it (Debian: apt install libfribidi0; macOS: brew install fribidi), then try again.",
        )

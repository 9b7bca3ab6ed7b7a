"""Typefaces at a size: how wide words are in them. Sizes and widths are in pixels."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypedDict

from media.typefaces import Typeface

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

Align = Literal["start", "centre", "end"]

_SCALE = {"Noto Naskh Arabic SemiBold": 1.12, "Frank Ruhl Libre SemiBold": 1.06}
"""So much larger, they look as large as the Latin letters beside them."""


class How(TypedDict, total=False):
    """What HarfBuzz is told besides the letters; nothing where it is not there."""

    direction: str
    language: str


@dataclass(frozen=True)
class Manner:
    """How words are set. `size` is (smallest, largest); `leading` is a line's height by its size; `track` is added
    after each letter, by its size."""

    face: Typeface
    size: tuple[int, int]
    leading: float = 1.25
    most_lines: int = 99
    track: float = 0.0
    align: Align = "start"
    valign: Literal["top", "middle", "bottom"] = "top"
    rightwards: bool = True  # the page's own direction, for words that have none


@dataclass(frozen=True)
class Piece:
    """A stretch of one direction in one typeface."""

    text: str
    face: Typeface
    rightwards: bool


def can_shape() -> bool:
    """Return whether Pillow can shape (libraqm with FriBidi and HarfBuzz): else only plain scripts can be set."""
    from PIL import features

    return bool(features.check("raqm"))


def width_of(line: Sequence[Piece], size: int, track: float, locale: str) -> float:
    """Return how wide a line is, in pixels."""
    return sum(advance_of(piece, size, track, locale) for piece in line)


def advance_of(piece: Piece, size: int, track: float, locale: str) -> float:
    """Return how far the pen goes with a piece."""
    font = font_of(piece.face, size)
    if track and piece.rightwards:
        return sum(font.getlength(each) + track * size for each in piece.text)
    return _length(piece, size, locale)


@lru_cache(maxsize=8192)
def _length(piece: Piece, size: int, locale: str) -> float:
    return float(font_of(piece.face, size).getlength(piece.text, **how_of(piece, locale)))


@lru_cache(maxsize=128)
def font_of(face: Typeface, size: int) -> "FreeTypeFont":
    """Return a face at a size, opened once."""
    from PIL import ImageFont

    engine = ImageFont.Layout.RAQM if can_shape() else ImageFont.Layout.BASIC
    scaled = size * _SCALE.get(face.name, 1.0)
    return ImageFont.truetype(str(face.path), scaled, index=face.index, layout_engine=engine)


def how_of(piece: Piece, locale: str) -> How:
    """Return what is said of a piece to the shaper."""
    if not can_shape():
        return {}
    return {"direction": "ltr" if piece.rightwards else "rtl", "language": locale}

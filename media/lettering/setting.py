"""Sets words into a box: shaped, broken into even lines, in as many typefaces as they need, as large as fits.

What does not fit at the smallest size is refused: nothing is cut off. Sizes and places are in pixels.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from media.lettering.faces import Manner, Piece, width_of
from media.lettering.paragraph import Paragraph
from media.typefaces import Shelf


@dataclass(frozen=True)
class Setting:
    """Lines as they are set: `lines` from top to bottom, each of pieces from left to right."""

    lines: tuple[tuple[Piece, ...], ...]
    size: int
    widths: tuple[float, ...]
    rightwards: bool
    pitch: float  # from one line's baseline to the next
    manner: Manner
    locale: str

    @property
    def height(self) -> float:
        """From the top of the first line to the bottom of the last."""
        return self.pitch * len(self.lines)


def set_words(words: str, box: tuple[int, int], manner: Manner, shelf: Shelf, locale: str, what: str) -> Setting:
    """Return words set as large as fits into a box (width, height). BadInput where they don't fit."""
    paragraphs = [Paragraph(each, manner, shelf, locale) for each in words.split("\n") if each.strip()]
    if not paragraphs:
        raise BadInput(f"There are no words for {what}.")
    rightwards = paragraphs[0].rightwards
    least, most = manner.size
    found = None
    while least <= most:  # the largest size that fits
        size = (least + most) // 2
        tried = _at_size(paragraphs, size, box, rightwards)
        if tried:
            found, least = tried, size + 1
        else:
            most = size - 1
    if found is None:
        raise BadInput(
            f"{what} is too long for its place: {len(words)} characters, at the smallest size that reads well "
            f"({manner.size[0]} pixels) too many.",
            "Shorten it, or choose a larger format.",
        )
    return found


def _at_size(paragraphs: Sequence[Paragraph], size: int, box: tuple[int, int], rightwards: bool) -> Setting | None:
    manner, locale = paragraphs[0].manner, paragraphs[0].locale
    pitch = size * manner.leading * max(each.leading for each in paragraphs)
    room = min(int(box[1] / pitch + 0.01), manner.most_lines)
    lines: list[tuple[Piece, ...]] = []
    for each in paragraphs:
        broken = each.lines(box[0], size)
        if broken is None or len(lines) + len(broken) > room:
            return None
        lines += broken
    widths = tuple(width_of(line, size, manner.track, locale) for line in lines)
    if max(widths) > box[0]:
        return None
    return Setting(tuple(lines), size, widths, rightwards, pitch, manner, locale)

"""Draws words that were set."""

from typing import TYPE_CHECKING

from media.lettering.faces import Piece, advance_of, font_of, how_of
from media.lettering.setting import Setting
from media.typefaces import Typeface

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw


def draw_words(image: "Image", setting: Setting, box: tuple[int, int, int, int], colour: str) -> None:
    """Draw what was set into its box (left, top, width, height)."""
    from PIL import ImageDraw

    pen = ImageDraw.Draw(image)
    left, top, width, height = box
    free = height - setting.height
    at = top + {"top": 0.0, "middle": free / 2, "bottom": free}[setting.manner.valign]
    ascent, descent = font_of(setting.manner.face, setting.size).getmetrics()
    baseline = at + (setting.pitch - ascent - descent) / 2 + ascent
    for line, wide in zip(setting.lines, setting.widths, strict=True):
        x = left + _indent(setting, width - wide)
        for piece in line:
            _draw(pen, piece, (x, baseline), setting, colour)
            x += advance_of(piece, setting.size, setting.manner.track, setting.locale)
        baseline += setting.pitch


def draw_sign(
    image: "Image", sign: str, face: Typeface, size: int, box: tuple[int, int, int, int], colour: str, rightwards: bool
) -> None:
    """Draw a sign into its box by its ink: quotation marks of some languages hang, of others they stand or lie low.

    It is at most so large, and smaller where its box is.
    """
    left, top, width, height = box
    ink = _inked(sign, face, size)
    if ink.width > width or ink.height > height:
        ink = _inked(sign, face, int(size * min(width / ink.width, height / ink.height)))
    image.paste(colour, (left if rightwards else left + width - ink.width, top), ink)


def _inked(sign: str, face: Typeface, size: int) -> "Image":
    """Return the ink alone, as a mask."""
    from PIL import Image, ImageDraw

    sheet = Image.new("L", (3 * size, 3 * size))
    ImageDraw.Draw(sheet).text((size, size), sign, font=font_of(face, size), fill=255)
    return sheet.crop(sheet.getbbox())


def _indent(setting: Setting, free: float) -> float:
    if setting.manner.align == "centre":
        return free / 2
    return free if (setting.manner.align == "start") != setting.rightwards else 0.0


def _draw(pen: "ImageDraw", piece: Piece, at: tuple[float, float], setting: Setting, colour: str) -> None:
    font, (x, y) = font_of(piece.face, setting.size), at
    if not (setting.manner.track and piece.rightwards):
        pen.text((x, y), piece.text, font=font, fill=colour, anchor="ls", **how_of(piece, setting.locale))
        return
    for each in piece.text:
        pen.text((x, y), each, font=font, fill=colour, anchor="ls")
        x += font.getlength(each) + setting.manner.track * setting.size

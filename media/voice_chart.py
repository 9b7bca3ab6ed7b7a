"""Draws a voice score: the number, its range on a scale, and the habits behind it, each yours beside the draft's.

Pure: the same score, words, look and fonts give the same bytes. Whoever lays it says in words what stands in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from core.drafts import VoiceReason
from core.errors import BadInput
from core.look import Look
from media.lettering.drawing import draw_words
from media.lettering.faces import Manner
from media.lettering.setting import Setting, set_words
from media.typefaces import Shelf
from media.typefaces.shelf import OURS

if TYPE_CHECKING:
    from PIL.Image import Image

WIDTH = 800
"""Pixels. Slack shows it about 360 wide, other places wider: words of 30 pixels are never under 13 there."""

_EDGE = 40
_WIDE = WIDTH - 2 * _EDGE
_FIGURE = (_EDGE, 24, 150, 116)  # left, top, width, height
_SAYS = (210, 28, WIDTH - 210 - _EDGE, 108)
_TRACK = (166, 22)  # top, height
_ENDS_TOP, _LEGEND_TOP, _ROWS_TOP = 202, 250, 306
_SMALL, _WORDS = 26, 30
_BAR, _GAP = 16, 5
_LONGEST = 0.72  # of the row: the longer bar of a pair
_FOOT = 34
_FINER = 2  # corners are drawn so many times finer first


@dataclass(frozen=True)
class VoicePicture:
    """What is drawn. `score`, `low`, `high`: 0..100. `yours` and `draft`: what the two kinds of bars are called."""

    score: int
    low: int
    high: int
    says: str
    reasons: Sequence[VoiceReason]
    yours: str = "yours"
    draft: str = "this draft"


def draw_voice(picture: VoicePicture, *, look: Look, shelf: Shelf, locale: str = "en") -> bytes:
    """Return it as PNG, 800 pixels wide. Raises BadInput where words are too long, or in a script that no font has."""
    from PIL import Image, ImageDraw

    pen = _Pen(look, shelf, locale)
    rows = [(each, pen.set(each.text, (_WIDE, 90), (22, _WORDS), lines=2)) for each in picture.reasons]
    height = (_ROWS_TOP + sum(_row_height(words) for _, words in rows) if rows else _LEGEND_TOP) + _FOOT - 10
    image = Image.new("RGB", (WIDTH, height), look.paper)
    _head(image, pen, picture)
    _scale(image, picture, look)
    for end, align in (("0", "start"), ("100", "end")):
        pen.write(image, end, (_EDGE, _ENDS_TOP, _WIDE, 34), (_SMALL, _SMALL), "soft", align=align)
    if rows:
        ImageDraw.Draw(image).line((_EDGE, _LEGEND_TOP - 8, WIDTH - _EDGE, _LEGEND_TOP - 8), look.line, 2)
        _legend(image, pen, picture)
    top = _ROWS_TOP
    for reason, words in rows:
        _row(image, reason, words, top, look)
        top += _row_height(words)
    out = BytesIO()
    image.save(out, "PNG", compress_level=3)  # a tenth of the time for a tenth more bytes: a door is waiting beside it
    return out.getvalue()


@dataclass(frozen=True)
class _Pen:
    """Sets words in the look's typefaces."""

    look: Look
    shelf: Shelf
    locale: str

    def set(
        self, words: str, box: tuple[int, int], size: tuple[int, int], *,
        lines: int = 1, align: str = "start", valign: str = "top", font: str = "text", weight: int = 400,
    ) -> Setting:  # fmt: skip
        """Return words set into a box."""
        if not words.strip():
            raise BadInput("There are no words for a row of the picture.")
        face = self.shelf.family(getattr(self.look, font) or OURS[font], weight)
        manner = Manner(face, size, 1.22, lines, align=align, valign=valign)  # type: ignore[arg-type]
        return set_words(words, box, manner, self.shelf, self.locale, f"\u201c{words[:40]}\u201d")

    def write(
        self,
        image: "Image",
        words: str,
        box: tuple[int, int, int, int],
        size: tuple[int, int],
        tone: str,
        **more: object,
    ) -> Setting:
        """Draw words into a box."""
        setting = self.set(words, box[2:], size, **more)  # type: ignore[arg-type]
        draw_words(image, setting, box, getattr(self.look, tone))
        return setting


def _head(image: "Image", pen: _Pen, picture: VoicePicture) -> None:
    pen.write(image, str(picture.score), _FIGURE, (60, 100), "ink", font="title", weight=600, valign="middle")
    pen.write(image, picture.says, _SAYS, (24, _WORDS), "ink", lines=3, valign="middle")


def _scale(image: "Image", picture: VoicePicture, look: Look) -> None:
    """Draw 0 to 100 with the range on it, and the score as a mark across."""
    top, high = _TRACK
    _rounded(image, (_EDGE, top, _WIDE, high), look.line)
    left, right = (_EDGE + round(_WIDE * each / 100) for each in (picture.low, picture.high))
    wide = max(right - left, high)
    _rounded(image, (min(left, WIDTH - _EDGE - wide), top, wide, high), _mixed(look.paper, look.accent, 0.45))
    at = _EDGE + round(_WIDE * picture.score / 100)
    at = min(max(at - 5, _EDGE), WIDTH - _EDGE - 10)
    _rounded(image, (at - 3, top - 12, 16, high + 24), look.paper)  # air around it: it is seen on the range as well
    _rounded(image, (at, top - 10, 10, high + 20), look.accent)


def _legend(image: "Image", pen: _Pen, picture: VoicePicture) -> None:
    left = _EDGE
    for words, tone in ((picture.yours, "accent"), (picture.draft, "soft")):
        _rounded(image, (left, _LEGEND_TOP + 9, 40, _BAR), getattr(pen.look, tone))
        setting = pen.write(image, words, (left + 52, _LEGEND_TOP, 300, 34), (_SMALL, _SMALL), "soft")
        left += 52 + round(setting.widths[0]) + 40


def _row_height(words: Setting) -> int:
    return round(words.height) + 6 + 2 * _BAR + _GAP + 24


def _row(image: "Image", reason: VoiceReason, words: Setting, top: int, look: Look) -> None:
    """Draw one habit: what it is, how often it is in your work, how often in the draft; the longer bar is full."""
    draw_words(image, words, (_EDGE, top, _WIDE, round(words.height)), look.ink)
    most = max(reason.yours, reason.draft)
    at = top + round(words.height) + 6
    for rate, tone in ((reason.yours, look.accent), (reason.draft, look.soft)):
        long = max(round(_WIDE * _LONGEST * rate / most) if most > 0 else 0, 4)  # of nothing a sliver: it was counted
        _rounded(image, (_EDGE if words.rightwards else WIDTH - _EDGE - long, at, long, _BAR), tone)
        at += _BAR + _GAP


def _rounded(image: "Image", box: tuple[int, int, int, int], colour: str) -> None:
    from PIL import Image, ImageDraw

    left, top, wide, high = box
    mask = Image.new("L", (wide * _FINER, high * _FINER), 0)
    pen = ImageDraw.Draw(mask)
    pen.rounded_rectangle((0, 0, mask.width - 1, mask.height - 1), min(wide, high, 10) * _FINER // 2, fill=255)
    image.paste(colour, (left, top, left + wide, top + high), mask.resize((wide, high), Image.Resampling.BOX))


def _mixed(under: str, over: str, strength: float) -> str:
    pairs = ((int(under[at : at + 2], 16), int(over[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * strength):02x}" for low, high in pairs)

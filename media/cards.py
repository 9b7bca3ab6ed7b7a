"""Draws a card by a layout: a quote, a cover. Words are real text, set to fit; nothing is cut off, nothing illegible.

Pure: the same words, look, fonts and picture give the same bytes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from core.errors import BadInput
from core.localization.marks import QUOTES
from core.look import LEGIBLE, LEGIBLE_LARGE, Look, contrast
from media.focus import Focus, find_focus, window
from media.layouts import Layout, Page, Part
from media.lettering.bidi import runs_rightwards
from media.lettering.drawing import draw_sign, draw_words
from media.lettering.faces import Align, Manner
from media.lettering.setting import Setting, set_words
from media.typefaces import Shelf, Typeface
from media.typefaces.shelf import OURS

if TYPE_CHECKING:
    from PIL.Image import Image

_LARGE = 40  # pixels on a page of about a thousand: large on any screen that shows it
_LONGEST = 4000  # characters
_FINER = 4  # a disc's edge is drawn so many times finer first


@dataclass(frozen=True)
class Card:
    """A drawn card: PNG bytes, and what a person may want to know of how it was drawn."""

    data: bytes
    width: int
    height: int
    fonts: tuple[str, ...]
    sizes: dict[str, int]  # of each field's words, in pixels
    focus: Focus | None  # of its picture


def draw_card(
    layout: Layout,
    format_: str,
    fields: Mapping[str, str],
    *,
    look: Look,
    shelf: Shelf,
    locale: str = "en",
    picture: "Image | None" = None,
    focus: Focus | None = None,
) -> Card:
    """Return a layout filled with these fields. Raises BadInput where a field is unknown, too long, in a script that no
    font has, or in a colour that can't be read on its ground.
    """
    page = layout.page(format_)
    _refuse_fields(layout, fields, picture is not None)
    mirrored = not runs_rightwards(fields["text"])
    image = _canvas(page, look)
    fonts: dict[str, None] = {}
    sizes: dict[str, int] = {}
    for part in page.parts:
        box = _mirrored(part.box, page.size[0]) if mirrored else part.box
        if part.kind in ("block", "disc"):
            _colour_in(image, part, box, _tone(look, part.colour))
        elif part.kind == "picture" and picture is not None:
            focus = focus or find_focus(picture)
            _place(image, picture, box, focus)
        elif part.ornament:
            sign = part.said({"mark": _opening(locale)})
            face = shelf.face_for(sign, _face(part, look, shelf), locale)
            draw_sign(image, sign, face, part.size[1], box, _tone(look, part.colour), not mirrored)
        elif words := part.said(fields):
            setting = _set(words, part, page, look, shelf, locale, mirrored)
            draw_words(image, setting, box, _tone(look, part.colour))
            fonts |= dict.fromkeys(piece.face.name for line in setting.lines for piece in line)
            sizes[part.text.strip("{}")] = setting.size
    out = BytesIO()
    image.save(out, "PNG", optimize=True)
    return Card(out.getvalue(), *page.size, tuple(fonts), sizes, focus if picture is not None else None)


def _refuse_fields(layout: Layout, fields: Mapping[str, str], has_picture: bool) -> None:
    unknown = sorted(set(fields) - set(layout.fields))
    if unknown:
        raise BadInput(f"The layout {layout.name} has no place for {', '.join(unknown)}.", _takes(layout))
    if not fields.get("text", "").strip():
        raise BadInput("There are no words for the card.", _takes(layout))
    for name, value in fields.items():
        if len(value) > _LONGEST:
            raise BadInput(
                f"{name} has {len(value):,} characters; a card takes at most {_LONGEST:,}.",
                "Choose the words that carry it: the whole text goes with the post, or on slides of a carousel.",
            )
    if has_picture != layout.takes_picture:
        raise BadInput(
            f"The layout {layout.name} {'has no place for a picture' if has_picture else 'needs a picture'}.",
            "Give one with --picture FILE, or choose another layout.",
        )


def _takes(layout: Layout) -> str:
    return f"It takes: {', '.join(layout.fields)}{' and a picture' if layout.takes_picture else ''}."


def _canvas(page: Page, look: Look) -> "Image":
    from PIL import Image

    return Image.new("RGB", page.size, _tone(look, page.ground))


def _set(words: str, part: Part, page: Page, look: Look, shelf: Shelf, locale: str, mirrored: bool) -> Setting:
    manner = Manner(
        face=_face(part, look, shelf),
        size=part.size,
        leading=part.leading,
        most_lines=part.lines,
        track=part.track,
        align=_towards(part, words, mirrored),
        valign=part.valign,
        rightwards=not mirrored,
    )
    setting = set_words(words, part.box[2:], manner, shelf, locale, f"“{words[:40]}{'…' if len(words) > 40 else ''}”")
    for ground in _grounds(page, part, look):
        _refuse_pale(part, ground, look, setting.size)
    return setting


def _grounds(page: Page, part: Part, look: Look) -> list[str]:
    """Return every colour that words may stand on: a disc is not under all of its box."""
    grounds = [_tone(look, page.ground)]
    for each in page.under(part):
        if each.kind == "picture":
            raise BadInput("The layout puts words on the picture, where nobody can know that they can be read.")
        mixed = [_mixed(ground, _tone(look, each.colour), each.strength) for ground in grounds]
        grounds = mixed if each.kind == "block" else [*grounds, *mixed]
    return grounds


def _mixed(under: str, over: str, strength: float) -> str:
    pairs = ((int(under[at : at + 2], 16), int(over[at : at + 2], 16)) for at in (1, 3, 5))
    return "#" + "".join(f"{round(low + (high - low) * strength):02x}" for low, high in pairs)


def _opening(locale: str) -> str:
    """Return the sign that opens a quotation in a language; English's where it is not known here."""
    language = locale.lower().split("-")[0]
    return QUOTES.get("nb" if language in ("no", "nn") else language, QUOTES["en"])[0]


def _towards(part: Part, words: str, mirrored: bool) -> Align:
    """Return where words stand: a page that runs leftwards is mirrored, whichever way one of its lines runs itself."""
    if part.align == "centre" or runs_rightwards(words, otherwise=not mirrored) != mirrored:
        return part.align
    return "end" if part.align == "start" else "start"


def _refuse_pale(part: Part, ground: str, look: Look, size: int) -> None:
    colour = _tone(look, part.colour)
    needed = LEGIBLE_LARGE if size >= _LARGE else LEGIBLE
    ratio = contrast(colour, ground)
    if ratio < needed:
        raise BadInput(
            f"{part.colour} ({colour}) on {ground} has a contrast of {ratio:.1f}; words of this size need {needed}.",
            "Change the workspace's look: greenroom pictures look",
        )


def _face(part: Part, look: Look, shelf: Shelf) -> Typeface:
    return shelf.family(getattr(look, part.font) or OURS[part.font], part.weight)


def _tone(look: Look, name: str) -> str:
    return str(getattr(look, name))


def _mirrored(box: tuple[int, int, int, int], width: int) -> tuple[int, int, int, int]:
    left, top, wide, high = box
    return width - left - wide, top, wide, high


def _colour_in(image: "Image", part: Part, box: tuple[int, int, int, int], colour: str) -> None:
    from PIL import Image, ImageDraw

    left, top, wide, high = box
    mask = Image.new("L", (wide * _FINER, high * _FINER), 0)
    pen = ImageDraw.Draw(mask)
    whole = (0, 0, mask.width - 1, mask.height - 1)
    (pen.ellipse if part.kind == "disc" else pen.rectangle)(whole, fill=round(255 * part.strength))
    image.paste(colour, (left, top, left + wide, top + high), mask.resize((wide, high), Image.Resampling.BOX))


def _place(image: "Image", picture: "Image", box: tuple[int, int, int, int], focus: Focus) -> None:
    from PIL import Image

    left, top, wide, high = box
    cut = picture.crop(window(picture.size, wide / high, focus))
    sized = cut.convert("RGBA").resize((wide, high), Image.Resampling.LANCZOS)
    image.paste(sized, (left, top), sized)

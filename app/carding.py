"""Cards, covers and crops at a person's word: drawn in the workspace's look, written into new files, never over one."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import Field

from core.base import Noun
from core.channels import Channel, channel
from core.errors import BadInput, NotAllowed
from core.grounding.ground import solid
from core.metadata import slug_from
from core.picture_words import PictureWords
from core.policy import policy_of

if TYPE_CHECKING:
    from app.studio import Studio
    from media.typefaces import Shelf

LARGEST = 64 * 1024 * 1024  # bytes of a picture
LARGEST_FONT = 40 * 1024 * 1024
FONTS, LAYOUTS = "fonts", "layouts"
"""The home's folders for a person's own."""


class Drawn(Noun):
    """A picture that was written: where, how large, and how it came about."""

    file: str
    width: int
    height: int
    bytes: int
    alt: str = ""
    layout: str = ""
    format: str = ""
    fonts: tuple[str, ...] = ()
    sizes: dict[str, int] = Field(default_factory=dict)
    focus: str = ""
    work_id: str | None = None


def shelf_of(studio: "Studio") -> "Shelf":
    """Return the typefaces at hand: ours, the home's, the machine's."""
    from media.typefaces import Shelf

    return Shelf(studio.settings.home / FONTS)


def draw(
    studio: "Studio",
    layout_name: str,
    format_: str,
    fields: Mapping[str, str],
    *,
    work_id: str | None = None,
    picture: Path | None = None,
    focus: str | None = None,
    locale: str | None = None,
    out: Path | None = None,
) -> Drawn:
    """Draw a card and write it as PNG, with its words as alt text in it. `work_id`: it must stand in that past work.

    Raises BadInput for words that don't fit or can't be set, a broken picture, and a file that is there already.
    """
    from media.cards import draw_card
    from media.focus import focus_from
    from media.layouts import layout_named
    from media.metadata import with_words
    from media.pictures import opened

    said = {**_from_work(studio, work_id, fields), "workspace": studio.workspace.name}
    layout = layout_named(layout_name, studio.settings.home / LAYOUTS)
    card = draw_card(
        layout,
        format_,
        {name: value for name, value in said.items() if name in layout.fields or name != "workspace"},
        look=policy_of(studio.workspace).look,
        shelf=shelf_of(studio),
        locale=locale or studio.workspace.locale,
        picture=opened(read_file(picture), name=picture.name) if picture else None,
        focus=focus_from(focus) if focus else None,
    )
    alt = ". ".join(said[name].strip().rstrip(".") for name in ("kicker", "text", "by", "source") if said.get(name))
    words = PictureWords(title=said["text"][:120], alt=alt, creators=(studio.workspace.name,), tool="Greenroom")
    data = with_words(card.data, "image/png", words)
    file = written(out or Path(f"{slug_from(said['text'])[:40] or layout_name}-{format_}.png"), data)
    return Drawn(
        file=str(file), width=card.width, height=card.height, bytes=len(data), alt=alt, layout=layout.name,
        format=format_, fonts=card.fonts, sizes=card.sizes, focus=card.focus.said() if card.focus else "",
        work_id=work_id,
    )  # fmt: skip


def _from_work(studio: "Studio", work_id: str | None, fields: Mapping[str, str]) -> dict[str, str]:
    """Return the fields; a quote from a past work stands there word for word, and is credited by it."""
    said = {name: value for name, value in fields.items() if value}
    if work_id is None:
        return said
    work = studio.memory.works.get(studio.workspace.id, work_id)
    if work_id in studio.memory.consents.revoked_works(studio.workspace.id):
        raise NotAllowed(f"Consent to use “{work.title}” was revoked. Nothing was drawn.")
    if solid(said.get("text", "")) not in solid(f"{work.title}\n{work.body}"):
        raise BadInput(f"These words don't stand in “{work.title}”.", "Quote it word for word, or leave --work out.")
    return {"by": ", ".join(work.authors), "source": work.title, **said}


def crop(file: Path, *, shape: str | None, for_channel: str | None, focus: str | None, out: Path | None) -> Drawn:
    """Cut a picture to a shape, or to what a channel takes, around its point; without what tells of the person."""
    from media.focus import focus_from
    from media.pictures import fit, focus_of, read_picture

    data = read_file(file)
    facts = read_picture(data, name=file.name)
    place = channel(for_channel) if for_channel else None
    wanted = shape_from(shape) if shape else _shape_of(place, facts.width, facts.height)
    point = focus_from(focus) if focus else focus_of(data, name=file.name)
    rules = place.media if place else None
    made = fit(
        data,
        most_bytes=rules.image_bytes.value if rules and rules.image_bytes else None,
        most_side=rules.image_side.value if rules and rules.image_side else None,
        formats=[f"image/{each}" for each in (rules.formats if rules else ("jpeg", "png", "webp"))],
        name=file.name,
        shape=wanted,
        focus=point,
    )
    ending = {"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "image/gif": ".gif"}[made.mime]
    label = place.name if place else str(shape).replace(":", "x")
    new = written(out or file.with_name(f"{file.stem}-{label}{ending}"), made.data)
    told = point.said() if wanted else "nothing is cut"
    return Drawn(file=str(new), width=made.width, height=made.height, bytes=len(made.data), focus=told)


def _shape_of(place: Channel | None, width: int, height: int) -> float | None:
    return place.media.image_shape.of(width, height) if place and place.media.image_shape else None


def shape_from(given: str) -> float:
    """Return a shape that a person wrote as `4:5`, as width by height. Raises BadInput."""
    wide, _, high = given.partition(":")
    try:
        shape = float(wide) / float(high)
    except (ValueError, ZeroDivisionError):
        raise BadInput(f"{given!r} is no shape.", "Write it as WIDTH:HEIGHT: 4:5, 1.91:1, 16:9") from None
    if not 0.02 <= shape <= 50:
        raise BadInput(f"{given} is too narrow a shape.", "At most 50:1 and 1:50.")
    return shape


def add_font(studio: "Studio", file: Path) -> tuple[str, ...]:
    """Keep a person's font in the home; return the names of its faces. Raises BadInput for what is none."""
    from media.typefaces.sfnt import read_sheets

    if not file.is_file():
        raise BadInput(f"There is no file {file}.", "Check the path.")
    if file.stat().st_size > LARGEST_FONT:
        raise BadInput(f"{file.name} has more than {LARGEST_FONT:,} bytes.")
    if file.suffix.lower() not in (".ttf", ".otf", ".ttc", ".otc"):
        raise BadInput(f"{file.name} is no .ttf, .otf or .ttc file.", "Unpack a .woff or .woff2 first.")
    sheets = read_sheets(file)
    folder = studio.settings.home / FONTS
    folder.mkdir(parents=True, exist_ok=True)
    if (folder / file.name).exists() and (folder / file.name).read_bytes() != file.read_bytes():
        raise BadInput(f"{file.name} is there already, with other bytes.", f"Take it away first: {folder / file.name}")
    (folder / file.name).write_bytes(file.read_bytes())
    return tuple(f"{each.family} {each.style}" for each in sheets)


def read_file(path: Path) -> bytes:
    """Return a picture's bytes. Raises BadInput where it is not there or too large."""
    try:
        if path.stat().st_size > LARGEST:
            raise BadInput(f"{path.name} has more than {LARGEST:,} bytes.", "Make it smaller first.")
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}.") from None


def written(path: Path, data: bytes) -> Path:
    """Write a new file. Raises BadInput where one is there already: nothing is written over."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise BadInput(f"{path} is there already; nothing was written.", "Name another file with --out.") from None
    except OSError as error:
        raise BadInput(f"{path} can't be written: {error.strerror}.") from None
    return path

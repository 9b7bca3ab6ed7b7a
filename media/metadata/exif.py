"""What a camera wrote: when, with what, where; and the few words that people put there."""

import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.picture_words import PictureWords

if TYPE_CHECKING:
    from PIL.Image import Image

_MORE, _PLACE = 0x8769, 0x8825
_DESCRIPTION, _MAKE, _MODEL, _ARTIST, _RIGHTS = 0x010E, 0x010F, 0x0110, 0x013B, 0x8298
_TAKEN, _OFFSET, _CHANGED = 0x9003, 0x9011, 0x0132
_LONGEST = 500


@dataclass(frozen=True)
class Shot:
    """What is known of how a photo was taken. `taken_at` is the camera's wall time; `place` latitude and longitude."""

    taken_at: datetime | None = None
    camera: str = ""
    place: tuple[float, float] | None = None


def read_exif(image: "Image") -> tuple[Shot, PictureWords]:
    """Return what a picture's EXIF says; nothing, of what is broken or nonsense."""
    try:
        tags: dict[int, Any] = dict(image.getexif())
        more: dict[int, Any] = dict(image.getexif().get_ifd(_MORE))
        place: dict[int, Any] = dict(image.getexif().get_ifd(_PLACE))
    except Exception:  # noqa: BLE001 - EXIF that can't be read says nothing
        return Shot(), PictureWords()
    camera = " ".join(dict.fromkeys(f"{_text(tags.get(_MAKE))} {_text(tags.get(_MODEL))}".split()))
    artist = _text(tags.get(_ARTIST))
    words = PictureWords(
        description=_text(tags.get(_DESCRIPTION)),
        creators=(artist,) if artist else (),
        rights=_text(tags.get(_RIGHTS)),
    )
    return Shot(_moment(more.get(_TAKEN) or tags.get(_CHANGED)), camera[:100], _place(place)), words


def _text(value: object) -> str:
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    return " ".join(str(value).replace("\0", " ").split())[:_LONGEST] if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    try:
        return datetime.strptime(_text(value), "%Y:%m:%d %H:%M:%S")
    except ValueError:
        return None


def _place(tags: dict[int, Any]) -> tuple[float, float] | None:
    try:
        north, east = (sum(float(part) / 60**at for at, part in enumerate(tags[key])) for key in (2, 4))
        north, east = north * (-1 if tags.get(1) == "S" else 1), east * (-1 if tags.get(3) == "W" else 1)
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return None
    inside = math.isfinite(north) and math.isfinite(east) and abs(north) <= 90 and abs(east) <= 180
    return (round(north, 5), round(east, 5)) if inside else None

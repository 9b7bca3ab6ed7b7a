"""What a picture is, and a rendition of it that a channel takes. Pure functions on bytes: the same in, the same out.

A rendition never carries what tells of the person: where it was taken, with which camera, when. A picture that fits as
it is, and tells nothing, stays byte for byte.
"""

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from core.errors import BadInput
from media.containers import bare
from media.focus import Focus, find_focus, window

if TYPE_CHECKING:
    from PIL.Image import Image

MIMES = {"JPEG": "image/jpeg", "MPO": "image/jpeg", "PNG": "image/png", "GIF": "image/gif", "WEBP": "image/webp"}
"""By Pillow's names. MPO is what a telephone calls a JPEG that further pictures hang on; they don't go with it."""

READ = ("JPEG", "PNG", "GIF", "WEBP")
QUALITIES = (92, 85, 78)  # below that it shows; then it is made smaller instead
_UPRIGHT = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_HOPELESS = 3  # so many times too large, less quality can't mend it
LONGEST = 65_500  # pixels: no JPEG is wider or higher
_STEP, _STRIDE = 0.85, 0.35  # one round makes the sides at most this much, and at least that much, of what they were


@dataclass(frozen=True)
class Facts:
    """What a picture is. Width and height in pixels, as it is looked at; `animated`: it moves."""

    mime: str
    width: int
    height: int
    animated: bool


@dataclass(frozen=True)
class Rendition:
    """The bytes that a channel gets. `changed`: they are not the ones that were given."""

    data: bytes
    mime: str
    width: int
    height: int
    changed: bool


def read_picture(data: bytes, *, name: str = "the picture") -> Facts:
    """Return what a picture is; it is decoded once, so that a broken file is found now. Raises BadInput by `name`."""
    return _read(data, name)[1]


def fit(
    data: bytes,
    *,
    most_bytes: int | None,
    most_side: int | None,
    formats: Collection[str],
    name: str = "the picture",
    shape: float | None = None,
    focus: Focus | None = None,
) -> Rendition:
    """Return a rendition of at most so many bytes, with no side longer than so many pixels, in one of these formats.

    `shape`: it is cut to this width by height around `focus`, or around where it stands out most.

    It is upright, and private metadata is left out always. What fits otherwise loses nothing but that; else it is
    encoded anew, in sRGB: first with less quality, then smaller. Raises BadInput, by `name`, where it can't be read or
    made to fit: what moves is never made smaller or still.
    """
    image, facts = _read(data, name)
    there = None if shape and _differs(facts, shape) else bare(data, facts.mime)
    in_bounds = facts.mime in formats and max(facts.width, facts.height) <= (most_side or math.inf)
    if there and in_bounds and len(there) <= (most_bytes or math.inf) and not _turned(image):
        return Rendition(there, facts.mime, facts.width, facts.height, changed=there != data)
    if facts.animated and there is None and not shape:
        raise BadInput(f"{name} can't be read to its end.", "Save it anew and try again.")
    if facts.animated:
        raise BadInput(
            f"{name} moves, and can't be made to fit without stopping it.",
            f"Give a still picture, or a {_bounds(most_bytes, most_side, formats)}.",
        )
    upright = _upright(image)
    if shape and _differs(facts, shape):
        upright = upright.crop(window(upright.size, shape, focus or find_focus(upright)))
    return _encoded(upright, facts, most_bytes, most_side, formats, name)


def focus_of(data: bytes, *, name: str = "the picture") -> Focus:
    """Return where a picture's point is, by what stands out in it as it is looked at. Raises BadInput by `name`."""
    return find_focus(_upright(_read(data, name)[0]))


def opened(data: bytes, *, name: str = "the picture") -> "Image":
    """Return a picture upright, in sRGB, without metadata: to draw with, or to measure. Raises BadInput by `name`."""
    return _upright(_read(data, name)[0])


def glanced(data: bytes, *, name: str = "the picture") -> "tuple[Image, Facts]":
    """Return a picture and what it is; a great JPEG is decoded small, for its EXIF. Raises BadInput by `name`."""
    return _read(data, name, small=True)


def _differs(facts: Facts, shape: float) -> bool:
    """Say whether a picture's shape is another one, by more than a pixel's rounding."""
    return abs(facts.width - facts.height * shape) >= max(1.0, shape)


def _read(data: bytes, name: str, small: bool = False) -> "tuple[Image, Facts]":
    """Return the picture, decoded. A file that claims more pixels than Pillow deems safe is not decoded."""
    import warnings

    from PIL import Image, UnidentifiedImageError

    warnings.simplefilter("error", Image.DecompressionBombWarning)
    warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")  # broken EXIF says nothing, that is all
    try:
        image = Image.open(BytesIO(data), formats=READ)
        _refuse_what_is_too_large(image.width * image.height, Image.MAX_IMAGE_PIXELS, name)
        size = image.size
        if small:
            image.draft(None, (size[0] // 8, size[1] // 8))
        image.load()
        return image, _facts(image, size)
    except BadInput:
        raise
    except UnidentifiedImageError:
        raise BadInput(f"{name} is not a JPEG, PNG, GIF or WebP picture.", "Save it as one of these.") from None
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise _too_large(name) from None
    except Exception as error:  # noqa: BLE001 - a broken or hostile file makes a decoder fail in any way
        raise BadInput(f"{name} can't be read: {_said(error)}.", "Save it anew and try again.") from None


def _refuse_what_is_too_large(pixels: int, most: int | None, name: str) -> None:
    if most is not None and pixels > most:
        raise _too_large(name)


def _too_large(name: str) -> BadInput:
    return BadInput(f"{name} has more pixels than can safely be opened.", "Make it smaller first.")


def _said(error: Exception) -> str:
    return str(error).strip(" .")[:120] or type(error).__name__


def _facts(image: "Image", size: tuple[int, int]) -> Facts:
    mime = MIMES[str(image.format)]
    moves = mime != "image/jpeg" and bool(getattr(image, "is_animated", False))
    width, height = size[::-1] if _orientation(image) >= 5 else size
    return Facts(mime, width, height, moves)


def _orientation(image: "Image") -> int:
    """Return how a camera was held: 1 is upright, from 5 on it lies on its side."""
    try:
        value = image.getexif().get(0x0112, 1)
    except Exception:  # noqa: BLE001 - EXIF that can't be read says nothing
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _turned(image: "Image") -> bool:
    return _orientation(image) != 1


def _encoded(
    upright: "Image",
    facts: Facts,
    most_bytes: int | None,
    most_side: int | None,
    formats: Collection[str],
    name: str,
) -> Rendition:
    side = float(min(max(upright.size), most_side or LONGEST, LONGEST))
    first = True
    while True:
        sized = _sized(upright, int(side))
        smallest = 0
        for data, mime in _attempts(sized, facts.mime if first else "", formats):
            smallest = len(data)
            if smallest <= (most_bytes or math.inf):
                return Rendition(data, mime, *sized.size, changed=True)
            if mime == "image/jpeg" and smallest > _HOPELESS * (most_bytes or math.inf):
                break
        if side < 2:
            bounds = _bounds(most_bytes, most_side, formats)
            raise BadInput(f"{name} can't be made to fit: at no size is it a {bounds}.")
        side = max(1.0, side * min(_STEP, max(_STRIDE, math.sqrt((most_bytes or smallest) / smallest))))
        first = False


def _upright(image: "Image") -> "Image":
    """Return the picture as it is looked at, in sRGB, 8 bits a channel, without any metadata: L, RGB or RGBA."""
    from PIL import Image

    plain = _in_srgb(_shallow(image), image.info.get("icc_profile"))
    if _turned(image):
        plain = plain.transpose(Image.Transpose[_UPRIGHT[_orientation(image)]])
    clean = Image.new(plain.mode, plain.size)
    clean.paste(plain)
    return clean


def _shallow(image: "Image") -> "Image":
    if image.mode.startswith(("I", "F")):  # 16 bits a pixel
        return image.convert("I").point(lambda value: value * (1 / 257) + 0).convert("L")
    if image.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in image.info:
        whole = image.convert("RGBA")
        return whole if whole.getchannel("A").getextrema() != (255, 255) else whole.convert("RGB")
    if image.mode in ("1", "L"):
        return image.convert("L")
    return image if image.mode in ("RGB", "CMYK") else image.convert("RGB")


def _in_srgb(image: "Image", profile: bytes | None) -> "Image":
    """Return the picture in sRGB: what most places show when a profile is lost on the way."""
    from PIL import ImageCms

    wanted = "RGB" if image.mode == "CMYK" else image.mode
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        try:
            given = ImageCms.ImageCmsProfile(BytesIO(profile))
            converted = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"), outputMode=wanted)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None  # a profile that can't be used
        if converted is not None:
            return converted
    return image.convert(wanted)


def _sized(image: "Image", side: int) -> "Image":
    from PIL import Image

    longest = max(image.size)
    if longest <= side:
        return image
    width, height = (max(1, round(each * side / longest)) for each in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _attempts(image: "Image", was: str, formats: Collection[str]) -> Iterator[tuple[bytes, str]]:
    """Yield the picture's encodings, the best first. `was`: what it came as; drawings are tried without loss once."""
    keeps_alpha = image.mode == "RGBA" and "image/png" in formats
    if keeps_alpha or (was in ("image/png", "image/gif") and "image/png" in formats) or "image/jpeg" not in formats:
        yield _saved(image, "PNG", optimize=True), "image/png"
    if not keeps_alpha and "image/jpeg" in formats:
        flat = _on_white(image)
        for quality in QUALITIES:
            yield _saved(flat, "JPEG", quality=quality, optimize=True, progressive=True), "image/jpeg"


def _on_white(image: "Image") -> "Image":
    from PIL import Image

    if image.mode != "RGBA":
        return image
    flat = Image.new("RGB", image.size, "white")
    flat.paste(image, mask=image.getchannel("A"))
    return flat


def _saved(image: "Image", kind: str, **how: int) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def _bounds(most_bytes: int | None, most_side: int | None, formats: Collection[str]) -> str:
    kinds = " or ".join(sorted(each.removeprefix("image/").upper() for each in formats))
    size = f" of at most {most_bytes:,} bytes" if most_bytes else ""
    side = f", at most {most_side:,} pixels wide and high" if most_side else ""
    return f"{kinds}{size}{side}"

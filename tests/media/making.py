"""Pictures as cameras, telephones and drawing programs write them."""

import random
import struct
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.TiffImagePlugin import IFDRational

ALL = ("image/jpeg", "image/png", "image/gif", "image/webp")
PRIVATE = (b"Exif", b"Canon", b"ines was here", b"photoshop", b"xpacket", b"GPS", b"MPF", b"tEXt", b"iTXt", b"eXIf")


def noise(width: int, height: int, *, mode: str = "RGB", seed: int = 1) -> Image.Image:
    """A picture that no encoder makes small."""
    return Image.frombytes(mode, (width, height), random.Random(seed).randbytes(width * height * len(mode)))


def halves(width: int = 80, height: int = 40) -> Image.Image:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


def saved(image: Image.Image, kind: str, **how: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """EXIF with a camera, a comment and a place, as a telephone writes it."""
    made = Image.Exif()
    made[0x0112] = orientation
    made[0x010F] = "Canon"
    made[0x9286] = "ines was here"
    place = made.get_ifd(0x8825)
    place[1], place[3] = "N", "E"
    place[2] = place[4] = (IFDRational(59), IFDRational(54), IFDRational(30))
    return made


def photo(image: Image.Image | None = None, *, orientation: int = 1, **how: Any) -> bytes:
    """A JPEG with a place, a comment, XMP and Photoshop's notes in it."""
    notes = b"\xff\xed" + struct.pack(">H", 2 + 23) + b"photoshop ines was here"
    data = saved(
        image or halves(),
        "JPEG",
        **{"exif": exif(orientation), "comment": b"ines was here", "xmp": b"<?xpacket ines was here?>", **how},
    )
    return data[:2] + notes + data[2:]


def film(width: int = 30, height: int = 20, kind: str = "GIF", **how: Any) -> bytes:
    """A picture that moves."""
    frames = [Image.new("RGB", (width, height), colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, loop=0, **how)


def opened(data: bytes) -> Image.Image:
    image = Image.open(BytesIO(data))
    image.load()
    return image

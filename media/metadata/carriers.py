"""Where a picture's file carries its words: found, and put there. The coded picture is copied byte for byte."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass

from core.errors import BadInput
from media.containers import START_OF_SCAN, jpeg_segments, png_chunks, riff, webp_chunks
from media.metadata.iptc import HEAD
from media.metadata.xmp import LARGEST

_XMP_HEAD = b"http://ns.adobe.com/xap/1.0/\x00"
_EXIF_HEAD, _MORE_PICTURES = b"Exif\x00\x00", b"MPF\x00"
_SEGMENT = 65_533  # bytes that a JPEG's segment may hold
_PNG_KEY = b"XML:com.adobe.xmp\x00"
_PNG_PLAIN = b"\x00\x00\x00\x00"  # not packed; no language, no translated key
_XMP_FLAG, _ALPHA_FLAG = 0x04, 0x10  # of VP8X


@dataclass(frozen=True)
class Carried:
    """What a file carries: its XMP packet, and (JPEG alone) the body of Photoshop's segment. Empty: nothing."""

    xmp: bytes = b""
    photoshop: bytes = b""


def carried(data: bytes, mime: str) -> Carried:
    """Return what a picture's file carries; nothing where the file is not whole or of another kind."""
    try:
        return _READ[mime](data) if mime in _READ else Carried()
    except (IndexError, ValueError):
        return Carried()


def carrying(data: bytes, mime: str, new: Carried, name: str) -> bytes:
    """Return the file with this in the place of what it carries. Raises BadInput where it can't be put there."""
    try:
        return _WRITE[mime](data, new, name)
    except KeyError:
        raise _beside(f"{name} is a kind of file that takes no words") from None
    except (IndexError, ValueError):
        raise _beside(f"{name} is not whole") from None


def _beside(what: str) -> BadInput:
    return BadInput(f"{what}; it was left as it is.", "Write its words beside it: a sidecar.")


def _jpeg_read(data: bytes) -> Carried:
    xmp = photoshop = b""
    for kind, at, end in jpeg_segments(data):
        if kind == START_OF_SCAN:
            break
        body = data[at + 4 : end]
        if kind == 0xE1 and body.startswith(_XMP_HEAD) and not xmp:
            xmp = body[len(_XMP_HEAD) :]
        if kind == 0xED and body.startswith(HEAD):  # one record may go on in the next segment
            photoshop += body if not photoshop else body[len(HEAD) :]
    return Carried(xmp, photoshop)


def _jpeg_write(data: bytes, new: Carried, name: str) -> bytes:
    first: list[bytes] = []
    others: list[bytes] = []
    more_pictures, scan = False, 0
    for kind, at, end in jpeg_segments(data):
        if kind == START_OF_SCAN:
            scan = at
            break
        body = data[at + 4 : end]
        if _is_ours(kind, body):
            if more_pictures:  # their places are told by their distance: it must stay
                raise _beside(f"{name} holds further pictures behind its words")
            continue
        more_pictures = more_pictures or (kind == 0xE2 and body.startswith(_MORE_PICTURES))
        early = not others and (kind == 0xE0 or (kind == 0xE1 and body.startswith(_EXIF_HEAD)))
        (first if early else others).append(data[at:end])
    ours = [_segment(0xE1, _XMP_HEAD + new.xmp, name)] if new.xmp else []
    ours += [_segment(0xED, new.photoshop, name)] if new.photoshop else []
    return b"\xff\xd8" + b"".join([*first, *ours, *others]) + data[scan:]


def _is_ours(kind: int, body: bytes) -> bool:
    return (kind == 0xE1 and body.startswith(_XMP_HEAD)) or (kind == 0xED and body.startswith(HEAD))


def _segment(kind: int, body: bytes, name: str) -> bytes:
    if len(body) > _SEGMENT:
        raise _beside(f"The words of {name} have {len(body):,} bytes, more than a JPEG takes")
    return bytes((0xFF, kind)) + (len(body) + 2).to_bytes(2, "big") + body


def _png_read(data: bytes) -> Carried:
    for kind, at, end in png_chunks(data):
        body = data[at + 8 : end - 4]
        if kind == b"iTXt" and body.startswith(_PNG_KEY):
            packed = body[len(_PNG_KEY)] == 1
            text = body[len(_PNG_KEY) + 2 :].split(b"\0", 2)[2]
            return Carried(_unpacked(text) if packed else text)
    return Carried()


def _unpacked(text: bytes) -> bytes:
    """Unpack at most what a packet may have: a small chunk could grow without end."""
    unpacking = zlib.decompressobj()
    try:
        return unpacking.decompress(text, LARGEST + 1)
    except zlib.error:
        raise ValueError("not whole") from None


def _png_write(data: bytes, new: Carried, _name: str) -> bytes:
    parts = [data[:8]]
    last = placed = 0
    for kind, at, end in png_chunks(data):
        last = end
        if kind == b"iTXt" and data[at + 8 : end].startswith(_PNG_KEY):
            continue
        if kind == b"IDAT" and not placed:
            parts.append(_chunk(b"iTXt", _PNG_KEY + _PNG_PLAIN + new.xmp))
            placed = 1
        parts.append(data[at:end])
    return b"".join(parts) + data[last:]


def _chunk(kind: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _webp_read(data: bytes) -> Carried:
    for kind, at, end in webp_chunks(data):
        if kind == b"XMP ":
            size = int.from_bytes(data[at + 4 : at + 8], "little")
            return Carried(data[at + 8 : min(end, at + 8 + size)])
    return Carried()


def _webp_write(data: bytes, new: Carried, _name: str) -> bytes:
    chunks = [(kind, data[at:end]) for kind, at, end in webp_chunks(data) if kind != b"XMP "]
    if chunks[0][0] != b"VP8X":
        chunks.insert(0, (b"VP8X", _extended(*chunks[0])))
    head = chunks[0][1]
    head = head[:8] + bytes([head[8] | _XMP_FLAG]) + head[9:]
    ours = b"XMP " + len(new.xmp).to_bytes(4, "little") + new.xmp + b"\0" * (len(new.xmp) % 2)
    return riff([head, *(chunk for _kind, chunk in chunks[1:]), ours])


def _extended(kind: bytes, chunk: bytes) -> bytes:
    """Return the extended head of a simple WebP: its size and whether it has transparent parts stand in its picture."""
    body = chunk[8:]
    if kind == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        wide, high, flags = (bits & 0x3FFF), (bits >> 14) & 0x3FFF, _ALPHA_FLAG if bits >> 28 & 1 else 0
    elif kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
        wide, high = ((int.from_bytes(body[at : at + 2], "little") & 0x3FFF) - 1 for at in (6, 8))
        flags = 0
    else:
        raise ValueError("not whole")
    size = bytes((flags, 0, 0, 0)) + wide.to_bytes(3, "little") + high.to_bytes(3, "little")
    return b"VP8X" + len(size).to_bytes(4, "little") + size


_READ: dict[str, Callable[[bytes], Carried]] = {
    "image/jpeg": _jpeg_read,
    "image/png": _png_read,
    "image/webp": _webp_read,
}
_WRITE: dict[str, Callable[[bytes, Carried, str], bytes]] = {
    "image/jpeg": _jpeg_write,
    "image/png": _png_write,
    "image/webp": _webp_write,
}

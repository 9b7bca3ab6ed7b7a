"""A picture file's own parts, without those that tell of the person who made it. The picture is not decoded.

Kept is what draws the picture, and its colour profile. Everything else goes, known or not: EXIF with its place and
camera, XMP, IPTC, comments, thumbnails, dates, further pictures and whatever stands behind the end.
"""

import re
from collections.abc import Callable, Iterator, Sequence

_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")  # not a stuffed byte, not a restart: the coded picture ends here
START_OF_SCAN, _END = 0xDA, 0xD9
_PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT bKGD pHYs hIST sPLT cICP mDCV cLLI acTL fcTL fdAT".split()
)
_WEBP_KEPT = frozenset((b"VP8 ", b"VP8L", b"VP8X", b"ALPH", b"ANIM", b"ANMF", b"ICCP"))
_WEBP_EXIF_AND_XMP = 0b1100  # in the flags of VP8X
_GIF_KEPT = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # how often it repeats


def bare(data: bytes, mime: str) -> bytes | None:
    """Return a file's bytes without what is private, the same bytes where nothing is; None where it is not whole."""
    try:
        return b"".join(_PARTS[mime](data))
    except (IndexError, ValueError):
        return None


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """Yield each segment of a JPEG after its first two bytes: its marker, start and end; a scan has its coded picture.

    Raises ValueError or IndexError where it is not whole, as the other two do.
    """
    _expect(data.startswith(b"\xff\xd8"))
    at = 2
    while True:
        _expect(data[at] == 0xFF)
        while data[at + 1] == 0xFF:  # fill bytes
            at += 1
        kind = data[at + 1]
        if kind == _END:
            yield kind, at, at + 2
            return
        end = at + 2 + _number(data, at + 2, 2, "big")
        _expect(end >= at + 4)
        if kind == START_OF_SCAN:
            found = _MARKER.search(data, end)
            _expect(found is not None)
            end = found.start() if found else end
        yield kind, at, end
        at = end


def _jpeg(data: bytes) -> Iterator[bytes]:
    segments = jpeg_segments(data)
    yield b"\xff\xd8"
    yield from (data[at:end] for kind, at, end in segments if kind == _END or _is_picture(kind, data[at + 4 : end]))


def _is_picture(kind: int, body: bytes) -> bool:
    """Say whether a JPEG's segment is needed to draw it."""
    if kind == 0xE0:  # JFIF; with a thumbnail it is longer
        return body.startswith(b"JFIF\x00") and len(body) == 14
    if kind == 0xE2:
        return body.startswith(b"ICC_PROFILE\x00")
    if kind == 0xEE:
        return body.startswith(b"Adobe") and len(body) == 12
    return not (0xE0 <= kind <= 0xEF or kind == 0xFE)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield each chunk of a PNG to the last one: its name, start and end."""
    _expect(data.startswith(_PNG_HEAD))
    at, kind = len(_PNG_HEAD), b""
    while kind != b"IEND":
        end = at + 12 + _number(data, at, 4, "big")
        kind = data[at + 4 : at + 8]
        _expect(end <= len(data))
        yield kind, at, end
        at = end


def _png(data: bytes) -> Iterator[bytes]:
    chunks = png_chunks(data)
    yield _PNG_HEAD
    yield from (data[at:end] for kind, at, end in chunks if kind in _PNG_KEPT)


def webp_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield each chunk of a WebP: its name, start and end, the byte that fills it up among it."""
    _expect(data[:4] == b"RIFF" and data[8:12] == b"WEBP")
    stop = 8 + _number(data, 4, 4, "little")
    _expect(stop <= len(data))
    at = 12
    while at < stop:
        size = _number(data, at + 4, 4, "little")
        end = at + 8 + size + size % 2
        _expect(end <= stop)
        yield data[at : at + 4], at, end
        at = end


def _webp(data: bytes) -> Iterator[bytes]:
    chunks = [(kind, data[at:end]) for kind, at, end in webp_chunks(data) if kind in _WEBP_KEPT]
    yield riff([_without_flags(chunk) if kind == b"VP8X" else chunk for kind, chunk in chunks])


def riff(chunks: Sequence[bytes]) -> bytes:
    """Return a WebP of these chunks."""
    return b"RIFF" + (4 + sum(map(len, chunks))).to_bytes(4, "little") + b"WEBP" + b"".join(chunks)


def _without_flags(chunk: bytes) -> bytes:
    return chunk[:8] + bytes([chunk[8] & ~_WEBP_EXIF_AND_XMP]) + chunk[9:]


def _gif(data: bytes) -> Iterator[bytes]:
    _expect(data[:6] in (b"GIF87a", b"GIF89a"))
    at = 13 + _table(data[10])
    yield data[:at]
    while True:
        kind = data[at]
        if kind == 0x3B:
            yield b"\x3b"
            return
        if kind == 0x2C:
            end = _blocks(data, at + 11 + _table(data[at + 9]))
            yield data[at:end]
        else:
            _expect(kind == 0x21)
            end = _blocks(data, at + 2)
            label = data[at + 1]
            if label in (0x01, 0xF9) or (label == 0xFF and data[at + 3 : at + 14] in _GIF_KEPT):
                yield data[at:end]
        at = end


def _table(flags: int) -> int:
    """Return how many bytes a GIF's colour table has."""
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, at: int) -> int:
    """Return where a GIF's row of blocks ends."""
    while size := data[at]:
        at += size + 1
    return at + 1


def _number(data: bytes, at: int, size: int, order: str) -> int:
    _expect(at + size <= len(data))
    return int.from_bytes(data[at : at + size], "big" if order == "big" else "little")


def _expect(holds: bool) -> None:
    if not holds:
        raise ValueError("not whole")


_PARTS: dict[str, Callable[[bytes], Iterator[bytes]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _webp,
    "image/gif": _gif,
}

"""What a font file says of itself: its names, its weight, and which characters it has glyphs for. Bounds are checked:
a font is a file that somebody else made.
"""

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from struct import error, unpack_from

from core.errors import BadInput

_MOST_FACES = 64
_MOST_RANGES = 200_000
_SHOWN_NAMES = (16, 17, 1, 2)  # typographic family and style before the older names


@dataclass(frozen=True)
class Sheet:
    """One face of a file. `starts` and `ends` are the ranges of characters that it has, in order, ends included."""

    family: str
    style: str
    weight: int  # 100..900
    italic: bool
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def has(self, character: str) -> bool:
        """Return whether the face has a glyph for a character."""
        at = bisect_right(self.starts, ord(character)) - 1
        return at >= 0 and ord(character) <= self.ends[at]


def read_sheets(path: Path) -> tuple[Sheet, ...]:
    """Return the faces of a .ttf, .otf or .ttc file. Raises BadInput, by the file's name, where it is none."""
    try:
        data = path.read_bytes()
        return tuple(_sheet(data, at) for at in _faces(data))
    except (error, ValueError, IndexError, KeyError) as problem:
        raise BadInput(
            f"{path.name} is no font that can be read ({problem}).", "Give a .ttf, .otf or .ttc file; unpack a .woff2."
        ) from None
    except OSError as problem:
        raise BadInput(f"{path.name} can't be read: {problem.strerror}.") from None


def _faces(data: bytes) -> list[int]:
    if data[:4] == b"ttcf":
        count = unpack_from(">I", data, 8)[0]
        _expect(0 < count <= _MOST_FACES)
        return list(unpack_from(f">{count}I", data, 12))
    _expect(data[:4] in (b"\0\1\0\0", b"OTTO", b"true"))
    return [0]


def _sheet(data: bytes, at: int) -> Sheet:
    tables = _tables(data, at)
    family, style = _names(data, tables[b"name"])
    weight, selection = 400, 0
    if b"OS/2" in tables:
        weight, selection = (
            unpack_from(">H", data, tables[b"OS/2"] + 4)[0],
            unpack_from(">H", data, tables[b"OS/2"] + 62)[0],
        )
    ranges = _merged(_ranges(data, tables[b"cmap"]))
    italic = bool(selection & 1) or "italic" in style.lower() or "oblique" in style.lower()
    return Sheet(family, style, weight, italic, tuple(r[0] for r in ranges), tuple(r[1] for r in ranges))


def _tables(data: bytes, at: int) -> dict[bytes, int]:
    count = unpack_from(">H", data, at + 4)[0]
    rows = (unpack_from(">4sIII", data, at + 12 + 16 * row) for row in range(count))
    return {tag: offset for tag, _sum, offset, _length in rows}


def _names(data: bytes, at: int) -> tuple[str, str]:
    _format, count, strings = unpack_from(">HHH", data, at)
    found: dict[int, str] = {}
    for row in range(count):
        platform, _encoding, language, name, length, offset = unpack_from(">6H", data, at + 6 + 12 * row)
        if name in _SHOWN_NAMES and (platform, language) in ((3, 0x409), (1, 0), (0, 0)):
            raw = data[at + strings + offset : at + strings + offset + length]
            text = raw.decode("latin-1" if platform == 1 else "utf-16-be", "replace")
            if platform == 3 or name not in found:
                found[name] = "".join(each for each in text if each.isprintable())[:100]
    return found.get(16) or found.get(1) or "unnamed", found.get(17) or found.get(2) or "Regular"


def _ranges(data: bytes, at: int) -> list[tuple[int, int]]:
    count = unpack_from(">H", data, at + 2)[0]
    rows = [unpack_from(">HHI", data, at + 4 + 8 * row) for row in range(count)]
    best = [offset for platform, encoding, offset in rows if (platform, encoding) in ((3, 10), (0, 4), (0, 6))]
    best = best or [offset for platform, encoding, offset in rows if (platform, encoding) in ((3, 1), (0, 3))]
    if not best:
        return []  # a font of symbols
    kind = unpack_from(">H", data, at + best[0])[0]
    return {4: _format_4, 12: _format_12}.get(kind, lambda _data, _at: [])(data, at + best[0])


def _format_4(data: bytes, at: int) -> list[tuple[int, int]]:
    count = unpack_from(">H", data, at + 6)[0] // 2
    ends = unpack_from(f">{count}H", data, at + 14)
    starts = unpack_from(f">{count}H", data, at + 16 + 2 * count)
    deltas = unpack_from(f">{count}H", data, at + 16 + 4 * count)
    where = at + 16 + 6 * count
    offsets = unpack_from(f">{count}H", data, where)
    found: list[tuple[int, int]] = []
    for row, (start, end, delta, offset) in enumerate(zip(starts, ends, deltas, offsets, strict=True)):
        if start > end or start == 0xFFFF:
            continue
        _expect(len(found) <= _MOST_RANGES)  # overlapping ranges could grow without end
        if offset == 0:
            found += (
                [(code, code) for code in range(start, end + 1) if (code + delta) & 0xFFFF] if delta else [(start, end)]
            )
            continue
        glyphs = unpack_from(f">{end - start + 1}H", data, where + 2 * row + offset)
        found += [(start + place, start + place) for place, glyph in enumerate(glyphs) if glyph]
    return found


def _format_12(data: bytes, at: int) -> list[tuple[int, int]]:
    count = unpack_from(">I", data, at + 12)[0]
    _expect(count <= _MOST_RANGES)
    flat = unpack_from(f">{3 * count}I", data, at + 16)
    return [
        (start + (glyph == 0), end)
        for start, end, glyph in zip(flat[::3], flat[1::3], flat[2::3], strict=True)
        if end >= start + (glyph == 0)
    ]


def _merged(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _expect(holds: bool) -> None:
    if not holds:
        raise ValueError("it is not whole")

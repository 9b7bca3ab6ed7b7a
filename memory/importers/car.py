"""CAR version 1 and DAG-CBOR, as far as an AT Protocol repository needs them, read strictly.

A block whose bytes do not hash to its name is refused, as is anything that the canonical form does not allow.
"""

import hashlib
import struct
from collections.abc import Callable, Iterator
from typing import IO, Any

MOST_BLOCK = 2 * 2**20
"""Bytes of one block; the protocol allows records of 1 MB at most."""

_DEEPEST = 64
_SHA256_DAG_CBOR, _SHA256_RAW = b"\x01\x71\x12\x20", b"\x01\x55\x12\x20"


class Broken(ValueError):
    """The bytes are no CAR file, or not the canonical form of anything."""


class Link(bytes):
    """A CID: the name of another block."""


def blocks(file: IO[bytes], wanted: Callable[[bytes], bool]) -> Iterator[tuple[Link, bytes]]:
    """Yield the roots (with no bytes), then each wanted block with its name. Raises Broken."""
    header = decode(_exactly(file, _varint(file), "header"))
    roots = header.get("roots") if isinstance(header, dict) and header.get("version") == 1 else None
    if not isinstance(roots, list) or not all(isinstance(root, Link) for root in roots):
        raise Broken("it has no header of a CAR file, version 1")
    yield from ((root, b"") for root in roots)
    while (length := _varint(file, at_end=True)) is not None:
        section = _exactly(file, length, "block")
        name, data = Link(section[:36]), section[36:]
        if not name.startswith((_SHA256_DAG_CBOR, _SHA256_RAW)) or len(name) != 36:
            raise Broken("a block is named in a way that the AT Protocol does not use")
        if wanted(data):
            if hashlib.sha256(data).digest() != name[4:]:
                raise Broken("a block is not what its name says: the file was damaged or changed")
            yield name, data


def decode(data: bytes) -> Any:
    """Return what canonical DAG-CBOR bytes say: dict, list, str, bytes, int, float, bool, None or Link."""
    reader = _Reader(data)
    value = reader.value(0)
    if reader.at != len(data):
        raise Broken("there is more behind a value")
    return value


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self._kinds: tuple[Callable[[int, int], Any], ...] = (
            lambda number, _depth: number,
            lambda number, _depth: -1 - number,
            lambda number, _depth: self._take(number),
            lambda number, _depth: self._text(number),
            lambda number, depth: [self.value(depth + 1) for _ in range(self._count(number))],
            lambda number, depth: self._map(self._count(number), depth),
            self._link,
        )

    def value(self, depth: int) -> Any:
        if depth > _DEEPEST:
            raise Broken("it is nested too deeply")
        first = self._take(1)[0]
        major, minor = first >> 5, first & 0x1F
        if major == 7:
            return self._simple(minor)
        return self._kinds[major](self._number(minor), depth)

    def _number(self, minor: int) -> int:
        if minor < 24:
            return minor
        if minor > 27:
            raise Broken("a length is not given")
        size = 1 << (minor - 24)
        number = int.from_bytes(self._take(size), "big")
        if number < (24 if size == 1 else 1 << (size * 4)):
            raise Broken("a number is longer than it has to be")
        return number

    def _count(self, number: int) -> int:
        if number > len(self.data) - self.at:  # each entry takes a byte at least
            raise Broken("it ends early")
        return number

    def _text(self, number: int) -> str:
        try:
            return self._take(number).decode("utf-8")
        except UnicodeDecodeError:
            raise Broken("a text is not UTF-8") from None

    def _map(self, count: int, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for _ in range(count):
            key = self.value(depth + 1)
            if not isinstance(key, str) or key in found:
                raise Broken("a key is no text or comes twice")
            found[key] = self.value(depth + 1)
        return found

    def _link(self, tag: int, depth: int) -> Link:
        held = self.value(depth + 1)
        if tag != 42 or not isinstance(held, bytes) or held[:1] != b"\0":
            raise Broken("a tag other than a link's is used")
        return Link(held[1:])

    def _simple(self, minor: int) -> bool | float | None:
        if minor == 27:
            return float(struct.unpack(">d", self._take(8))[0])
        if minor not in (20, 21, 22):
            raise Broken("a value of an unknown kind is used")
        return None if minor == 22 else minor == 21

    def _take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            raise Broken("it ends early")
        self.at += size
        return self.data[self.at - size : self.at]


def _varint(file: IO[bytes], *, at_end: bool = False) -> Any:
    """Return a length in LEB128; None at the end of the file, if it may end here."""
    number = shift = 0
    while True:
        byte = file.read(1)
        if not byte:
            if at_end and not shift:
                return None
            raise Broken("it ends early")
        number |= (byte[0] & 0x7F) << shift
        if byte[0] < 0x80:
            return number
        shift += 7
        if shift > 35:
            raise Broken("a length is out of all proportion")


def _exactly(file: IO[bytes], size: int, what: str) -> bytes:
    if not 0 < size <= MOST_BLOCK:
        raise Broken(f"a {what} is {size} bytes long")
    data = file.read(size)
    if len(data) != size:
        raise Broken("it ends early")
    return data

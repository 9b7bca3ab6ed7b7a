"""Archives in the real forms, made of our own words."""

import hashlib
import io
import json
import struct
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from memory.importers import Harvest, collect

Members = Mapping[str, str | bytes]


def zipped(path: Path, members: Members) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def tarred(path: Path, members: Members) -> Path:
    with tarfile.open(path, "w:gz" if path.name.endswith("gz") else "w") as archive:
        for name, content in members.items():
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return path


def unpacked(folder: Path, members: Members) -> Path:
    for name, content in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return folder


def left_out(harvest: Harvest) -> dict[str, int]:
    return dict(harvest.left_out)


def bodies(path: Path) -> dict[str, str]:
    """What an import finds, with nothing failing."""
    harvest = collect([path])
    assert harvest.failed == []
    return {piece.source: piece.body for piece in harvest.pieces}


def cbor(value: Any) -> bytes:  # noqa: PLR0911  a kind of value a line
    """DAG-CBOR: definite lengths, shortest numbers, keys by length and then by bytes."""
    if value is None or isinstance(value, bool):
        return {None: b"\xf6", False: b"\xf4", True: b"\xf5"}[value]
    if isinstance(value, int):
        return _head(0, value) if value >= 0 else _head(1, -1 - value)
    if isinstance(value, float):
        return b"\xfb" + struct.pack(">d", value)
    if isinstance(value, Cid):
        return b"\xd8\x2a" + cbor(b"\x00" + bytes(value))
    if isinstance(value, bytes):
        return _head(2, len(value)) + value
    if isinstance(value, str):
        return _head(3, len(value.encode())) + value.encode()
    if isinstance(value, list):
        return _head(4, len(value)) + b"".join(map(cbor, value))
    keys = sorted(value, key=lambda key: (len(key.encode()), key.encode()))
    return _head(5, len(value)) + b"".join(cbor(key) + cbor(value[key]) for key in keys)


def _head(major: int, number: int) -> bytes:
    for minor, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if number < 24:
            return bytes([major << 5 | number])
        if number < 1 << (8 * size):
            return bytes([major << 5 | minor]) + number.to_bytes(size, "big")
    raise ValueError(number)


class Cid(bytes):
    """A CIDv1 of DAG-CBOR by SHA-256."""


def cid(block: bytes) -> Cid:
    return Cid(b"\x01\x71\x12\x20" + hashlib.sha256(block).digest())


def varint(number: int) -> bytes:
    out = b""
    while number >= 0x80:
        out += bytes([number & 0x7F | 0x80])
        number >>= 7
    return out + bytes([number])


def car(roots: list[Cid], blocks: list[bytes]) -> bytes:
    header = cbor({"version": 1, "roots": roots})
    sections = (cid(block) + block for block in blocks)
    return varint(len(header)) + header + b"".join(varint(len(section)) + section for section in sections)


def repository(did: str, records: Mapping[str, dict[str, Any]]) -> bytes:
    """A repository as a CAR: the first half of the keys in a left subtree, the rest with shared prefixes cut."""
    blocks = {key: cbor(value) for key, value in sorted(records.items())}
    keys = list(blocks)
    half = len(keys) // 2
    left = cbor({"e": _entries(keys[:half], blocks), "l": None})
    top = cbor({"e": _entries(keys[half:], blocks), "l": cid(left)})
    commit = cbor({"did": did, "version": 3, "data": cid(top), "rev": "3l", "prev": None, "sig": b"\x01" * 64})
    return car([cid(commit)], [commit, top, left, *blocks.values()])


def _entries(keys: list[str], blocks: dict[str, bytes]) -> list[dict[str, Any]]:
    entries, before = [], b""
    for key in keys:
        raw = key.encode()
        shared = next(
            (n for n, (a, b) in enumerate(zip(before, raw, strict=False)) if a != b), min(len(before), len(raw))
        )
        entries.append({"p": shared, "k": raw[shared:], "v": cid(blocks[key]), "t": None})
        before = raw
    return entries


def script(name: str, part: int, rows: list[Any]) -> str:
    """A data file of X: JavaScript that assigns JSON."""
    return f"window.YTD.{name}.part{part} = " + json.dumps(rows, indent=2)

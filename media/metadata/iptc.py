"""IPTC's older records (IIM) inside Photoshop's segment of a JPEG: what picture desks have read for thirty years.

Records and Photoshop resources that we don't write stay as they are. Values are cut at IIM's lengths; the XMP beside
them holds all of it.
"""

import hashlib
from collections.abc import Iterator

from core.picture_words import PictureWords

HEAD = b"Photoshop 3.0\x00"
_RECORDS, _DIGEST = 0x0404, 0x0425
_UTF8 = b"\x1b%G"
_SETS = {"title": (5, 64), "keywords": (25, 64), "creators": (80, 32), "rights": (116, 128), "description": (120, 2000)}
"""Our names: the data set of record 2, and how many bytes it may have."""


def read_records(body: bytes) -> PictureWords:
    """Return what a Photoshop segment's IPTC records say; nothing where they can't be read."""
    records = next((data for kind, data, _whole in _resources(body) if kind == _RECORDS), b"")
    coding = "utf-8" if any(key == (1, 90) and value == _UTF8 for key, value in _datasets(records)) else "latin-1"
    found: dict[str, tuple[str, ...]] = dict.fromkeys(_SETS, ())
    for key, value in _datasets(records):
        for name, (number, _most) in _SETS.items():
            if key == (2, number):
                text = value.decode(coding, "replace").strip("\0 ")
                found[name] = (*found[name], text[:2000]) if text else found[name]
    first = {name: values[0] if values else "" for name, values in found.items()}
    return PictureWords(
        title=first["title"][:500],
        description=first["description"],
        rights=first["rights"],
        keywords=found["keywords"][:200],
        creators=found["creators"][:50],
    )


def write_records(words: PictureWords, there: bytes) -> bytes:
    """Return a Photoshop segment's body that says these words; `there` is the one that is there, or empty."""
    resources = list(_resources(there))
    old = next((data for kind, data, _whole in resources if kind == _RECORDS), b"")
    said = {name: value for name, value in words if value and name in _SETS}
    numbers = {_SETS[name][0] for name in said}
    kept = [(key, value) for key, value in _datasets(old) if key != (1, 90) and not (key[0] == 2 and key[1] in numbers)]
    was_utf8 = any(key == (1, 90) and value == _UTF8 for key, value in _datasets(old))
    kept = kept if was_utf8 else [(key, _as_utf8(key, value)) for key, value in kept]
    new = [((2, _SETS[name][0]), _cut(each, _SETS[name][1])) for name, value in said.items() for each in _each(value)]
    first = [each for each in kept if each[0][0] == 1]
    rows = [
        ((1, 90), _UTF8),
        *first,
        *sorted((each for each in kept if each[0][0] != 1), key=lambda each: each[0]),
        *new,
    ]
    records = b"".join(_dataset(key, value) for key, value in rows)
    digest = hashlib.md5(records, usedforsecurity=False).digest()
    others = b"".join(whole for kind, _data, whole in resources if kind not in (_RECORDS, _DIGEST))
    return HEAD + _resource(_RECORDS, records) + _resource(_DIGEST, digest) + others


def _each(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _cut(text: str, most: int) -> bytes:
    return text.encode()[:most].decode(errors="ignore").encode()


def _as_utf8(key: tuple[int, int], value: bytes) -> bytes:
    """Records that said no coding are read as Latin-1; all are UTF-8 from now on. Numbers stay as they are."""
    return value.decode("latin-1").encode() if key[0] == 2 and key[1] >= 5 else value


def _resources(body: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield Photoshop's resources: number, data, and the whole of it; what is broken ends the row."""
    at = len(HEAD) if body.startswith(HEAD) else len(body)
    while body[at : at + 4] == b"8BIM" and at + 12 <= len(body):
        kind = int.from_bytes(body[at + 4 : at + 6], "big")
        name = body[at + 6]
        start = at + 6 + name + 1 + (name + 1) % 2
        size = int.from_bytes(body[start : start + 4], "big")
        end = start + 4 + size
        if end > len(body):
            return
        yield kind, body[start + 4 : end], body[at : end + size % 2]
        at = end + size % 2


def _resource(kind: int, data: bytes) -> bytes:
    return b"8BIM" + kind.to_bytes(2, "big") + b"\0\0" + len(data).to_bytes(4, "big") + data + b"\0" * (len(data) % 2)


def _datasets(records: bytes) -> Iterator[tuple[tuple[int, int], bytes]]:
    at = 0
    while at + 5 <= len(records) and records[at] == 0x1C:
        size = int.from_bytes(records[at + 3 : at + 5], "big")
        start = at + 5
        if size & 0x8000:  # an extended length: so many bytes of it follow
            count = size & 0x7FFF
            size, start = int.from_bytes(records[start : start + count], "big"), start + count
        if start + size > len(records):
            return
        yield (records[at + 1], records[at + 2]), records[start : start + size]
        at = start + size


def _dataset(key: tuple[int, int], value: bytes) -> bytes:
    if len(value) < 0x8000:
        return bytes((0x1C, *key)) + len(value).to_bytes(2, "big") + value
    return bytes((0x1C, *key)) + b"\x80\x04" + len(value).to_bytes(4, "big") + value

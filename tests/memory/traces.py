"""Looking for words in every byte of a home, in every form that something of ours writes them in."""

import base64
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path


def traces(home: Path, phrases: Iterable[str], vectors: Iterable[bytes] = ()) -> list[str]:
    """Return `file: form of what` for each thing that stands in some file below the home."""
    wanted = [(f"{form} of {phrase!r}", data) for phrase in phrases for form, data in forms(phrase)]
    wanted += [("a vector", vector) for vector in vectors]
    found = []
    for path in sorted(home.rglob("*")):
        if path.is_file():
            looked = [path.read_bytes(), *unpacked(path.read_bytes())]
            hits = {what for what, data in wanted if any(data in each for each in looked)}
            found += [f"{path.relative_to(home)}: {what}" for what in sorted(hits)]
    return found


def forms(phrase: str) -> Iterator[tuple[str, bytes]]:
    plain = phrase.encode()
    yield "UTF-8", plain
    yield "lower case", phrase.lower().encode()
    yield "UTF-16", phrase.encode("utf-16-le")
    yield "UTF-16, the other way round", phrase.encode("utf-16-be")
    yield "JSON", json.dumps(phrase)[1:-1].encode()
    for shift in range(3):  # base64 depends on where in three bytes the phrase begins
        coded = base64.b64encode(b"\0" * shift + plain)
        yield "base64", coded[4 if shift else 0 : len(coded) // 4 * 4 - 4]


def unpacked(data: bytes) -> Iterator[bytes]:
    """Yield whatever in the bytes is packed with zlib or gzip."""
    for start in re.finditer(rb"\x78[\x01\x5e\x9c\xda]|\x1f\x8b\x08", data):
        try:
            yield zlib.decompressobj(47).decompress(data[start.start() :], 1_000_000)
        except zlib.error:
            continue

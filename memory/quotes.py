"""Where a work is quoted: runs of its own words, wherever they stand. Only hashes of them are kept."""

import hashlib
import re
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RUN = 8
"""Words in a row that count as a quote; fewer are anybody's."""

SHORTEST = 4
"""A work of fewer words than RUN is quoted when all its words are there in a row, if it has this many."""

BLANK = "[forgotten]"

# A script without spaces counts by the character.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")

_PLACES = tuple(2 * 0x9E3779B97F4A7C15 * n + 1 & 0xFFFFFFFFFFFFFFFF for n in range(1, RUN + 1))
"""What a word's hash is multiplied by, by its place in a run: odd, so that no bit of it is lost."""


class Quotes:
    """Finds and blanks what a text shares with any of `works`: their titles, bodies and excerpts in every version."""

    def __init__(self, works: Iterable[str] = ()) -> None:
        self._salt = secrets.token_bytes(16)
        self._words: dict[str, int] = {}
        self._runs: dict[int, NDArray[np.uint64]] = {}
        self._gather(works)

    def in_text(self, text: str) -> bool:
        """Say whether a text quotes the works."""
        return next(self._spans(text), None) is not None

    def blank(self, value: Any) -> Any:
        """Return a plain JSON value with every quote in its strings replaced by `[forgotten]`."""
        return replaced(value, self.blank_text)

    def blank_text(self, text: str) -> str:
        """Return a text with every quote replaced by `[forgotten]`."""
        parts, at = [], 0
        for start, end in _joined(self._spans(text)):
            parts += [text[at:start], BLANK]
            at = end
        return "".join(parts) + text[at:]

    def kept(self) -> dict[str, Any]:
        """Return plain JSON that `of` makes the same finder from: salted hashes, which no word can be read from."""
        runs = {str(length): b64encode(found.astype("<u8").tobytes()).decode() for length, found in self._runs.items()}
        return {"salt": self._salt.hex(), "runs": runs}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Self:
        """Return the finder that `kept` was taken of."""
        import numpy as np

        quotes = cls()
        quotes._salt = bytes.fromhex(kept["salt"])
        quotes._runs = {int(n): np.frombuffer(b64decode(runs), dtype="<u8") for n, runs in kept["runs"].items()}
        return quotes

    def _gather(self, works: Iterable[str]) -> None:
        import numpy as np

        found: dict[int, list[NDArray[np.uint64]]] = {}
        for text in works:
            words = _WORD.findall(text)
            length = min(RUN, len(words))
            if length >= SHORTEST:
                found.setdefault(length, []).append(self._hashed(words, length))
        self._runs = {length: np.unique(np.concatenate(runs)) for length, runs in found.items()}

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where quotes begin and end, in the order of their start."""
        import numpy as np

        words = list(_WORD.finditer(text)) if self._runs else []
        spoken = [word.group() for word in words]
        hits = []
        for length, runs in self._runs.items():
            if len(words) >= length:
                found = np.flatnonzero(np.isin(self._hashed(spoken, length), runs))
                hits += [(int(first), length) for first in found]
        for first, length in sorted(hits):
            yield words[first].start(), words[first + length - 1].end()

    def _hashed(self, words: list[str], length: int) -> "NDArray[np.uint64]":
        """Return a hash for each run of `length` words, in order."""
        import numpy as np

        values = np.array([self._hash(word) for word in words], dtype=np.uint64)
        runs = np.zeros(len(words) - length + 1, dtype=np.uint64)
        for place in range(length):
            runs += values[place : place + len(runs)] * np.uint64(_PLACES[place])
        return runs

    def _hash(self, word: str) -> int:
        word = word.lower()
        if word not in self._words:
            digest = hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8, key=self._salt).digest()
            self._words[word] = int.from_bytes(digest, "little")
        return self._words[word]


def replaced(value: Any, blank_text: Any) -> Any:
    """Return a plain JSON value with `blank_text` done to every string in it, names of fields aside."""
    if isinstance(value, str):
        return blank_text(value)
    if isinstance(value, list):
        return [replaced(item, blank_text) for item in value]
    if isinstance(value, dict):
        return {name: replaced(item, blank_text) for name, item in value.items()}
    return value


def strings(value: Any) -> Iterator[str]:
    """Yield every string in a plain JSON value, names of fields aside."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from strings(item)
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings(item)


def _joined(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join spans that overlap; they come in order of their start."""
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current is None or start > current[1]:
            if current:
                yield current
            current = (start, end)
        else:
            current = (current[0], max(current[1], end))
    if current:
        yield current

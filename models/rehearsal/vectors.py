"""Texts as unit vectors: by meaning where there is an embedder, by shared words where there is none."""

import math
import re
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float32]

Embed = Callable[[Sequence[str]], Any]
REMEMBERED = 20_000  # vectors; six channels of one brief ask for the same sentences
_WORD = re.compile(r"[^\W\d_]{3,}")
_ENDINGS = re.compile(r"(?:ations?|ements?|ingly|ings?|edly|ed|ies|es|s|ly)$")


class Vectors:
    """Vectors by text, each computed once. Safe to use from several threads."""

    def __init__(self, embed: Embed | None) -> None:
        self._embed = embed
        self._known: dict[str, Any] = {}
        self._lock = threading.Lock()

    @property
    def by_meaning(self) -> bool:
        """Whether nearness means meaning (cosine of an embedding) or only shared words."""
        return self._embed is not None

    def of(self, texts: Sequence[str]) -> "Matrix":
        """Return one unit vector a text, shape (n, dim). Without an embedder: comparable within one call."""
        import numpy as np

        if self._embed is None:
            return _by_words(texts)
        with self._lock:
            if len(self._known) > REMEMBERED:
                self._known.clear()
            new = [text for text in dict.fromkeys(texts) if text not in self._known]
            if new:
                self._known.update(zip(new, np.asarray(self._embed(new), dtype=np.float32), strict=True))
            return np.stack([self._known[text] for text in texts]) if texts else np.zeros((0, 1), np.float32)


def stems(text: str) -> list[str]:
    """Return the content words of a text, roughly stemmed."""
    words = [word.lower() for word in _WORD.findall(text)]
    small = _small_words()
    return [_ENDINGS.sub("", word) if len(word) > 5 else word for word in words if word not in small]


def _by_words(texts: Sequence[str]) -> "Matrix":
    import numpy as np

    bags = [Counter(stems(text)) for text in texts]
    found_in = Counter(word for bag in bags for word in bag)
    column = {word: place for place, word in enumerate(sorted(found_in))}
    matrix = np.zeros((len(texts), max(1, len(column))), np.float32)
    for row, bag in enumerate(bags):
        for word, times in bag.items():
            rarity = math.log(1 + len(texts) / found_in[word])
            matrix[row, column[word]] = (1 + math.log(times)) * rarity
    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    unit: Matrix = matrix / np.maximum(lengths, 1e-9)
    return unit


@lru_cache(maxsize=1)
def _small_words() -> frozenset[str]:
    return frozenset(resources.files(__package__).joinpath("small_words.txt").read_text(encoding="utf-8").split())

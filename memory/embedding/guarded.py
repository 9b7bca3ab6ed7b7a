"""A hosted embedding model that is never sent what is private: the one way to it."""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property

import numpy as np

from core.privacy import Secrets
from memory.embedding.port import Embedder, Vectors


class Guarded:
    """Asks `embedder` for texts in which nothing private is found; the others point nowhere (zeros).

    So a question that quotes something private is answered by its words alone, and nothing fails.
    """

    def __init__(self, embedder: Embedder, secrets: Callable[[], Iterable[Secrets]]) -> None:
        self._embedder = embedder
        self._secrets = secrets

    @cached_property
    def name(self) -> str:
        """The id that vectors are kept under."""
        return self._embedder.name

    @cached_property
    def dim(self) -> int:
        """How many numbers a vector has."""
        return self._embedder.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return a vector for each text, in order: float32 of unit length, or zeros."""
        private = tuple(self._secrets())
        fine = [at for at, text in enumerate(texts) if not any(each.taints(text) for each in private)]
        if len(fine) == len(texts):
            return self._embedder.embed(texts)
        made = np.zeros((len(texts), self.dim), dtype=np.float32)
        if fine:
            made[fine] = self._embedder.embed([texts[at] for at in fine])
        return made

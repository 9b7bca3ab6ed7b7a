"""Any sentence-transformers model by name: another language, another size, at the price of torch's start."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from memory.embedding.port import Vectors


class SentenceTransformerEmbedder:
    """A sentence-transformers model, loaded at first use; a name that is not a folder is fetched by that library."""

    def __init__(self, name: str) -> None:
        self.name = name

    @property
    def dim(self) -> int:
        """How many numbers a vector has."""
        return int(self._model.get_embedding_dimension())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors in the order of `texts` (the library sorts by length itself): float32."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        vectors = self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer

        return SentenceTransformer(self.name)

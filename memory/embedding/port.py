"""What memory needs of an embedding model."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """An embedding model. Vectors of two names never meet in one index."""

    @property
    def name(self) -> str:
        """The id that vectors are kept under."""
        ...

    @property
    def dim(self) -> int:
        """How many numbers a vector has."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return one vector of unit length for each text, in the order given: shape (len(texts), dim), float32."""
        ...

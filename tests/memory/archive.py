"""A small archive to search in, and an embedding model that costs nothing."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import numpy as np

from core.works import Piece
from memory.embedding.port import Vectors

SUBJECTS = {
    "tides": "The tide tables of the harbour say when the water is high. We keep them by hand, in pencil.",
    "bread": "A sourdough loaf wants a long night in the cold. Flour, water and salt, and nothing else.",
    "bicycles": "A bicycle wheel is trued with a spoke key. Turn the nipple a quarter and look again.",
    "bees": "The hive is quiet in winter. In April the bees fly out and look for willow pollen.",
    "radio": "The old receiver hums before it speaks. A short aerial finds the coast station at night.",
    "maps": "A map leaves out what does not matter. Contour lines tell the walker where the hill is steep.",
}

AUTHORS = ("Ines", "Tomas", "Ada")


def pieces(count: int = 24, prefix: str = "") -> list[Piece]:
    """Return pieces that take turns in subject and author, ten days apart, the first one in January 2025."""
    made = []
    for number in range(count):
        subject = list(SUBJECTS)[number % len(SUBJECTS)]
        made.append(
            Piece(
                source=f"{prefix}{subject}-{number}.md",
                title=f"{prefix}On {subject}, part {number}",
                body=f"{SUBJECTS[subject]}\n\nThis is note {number} about {subject}. {SUBJECTS[subject]}",
                excerpt=f"What {subject} taught us.",
                published_at=datetime(2025, 1, 1, tzinfo=UTC) + timedelta(days=10 * number),
                authors=(AUTHORS[number % len(AUTHORS)],),
                tags=(subject, "notes"),
            )
        )
    return made


class HashedWords:
    """Words thrown into 64 places: texts that share words are near. Deterministic, and made in no time."""

    name = "hashed-words"
    dim = 64

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.embedded += texts
        vectors = np.full((len(texts), self.dim), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.casefold().split():
                vectors[row, int.from_bytes(blake2b(word.encode(), digest_size=2).digest(), "big") % self.dim] += 1
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)

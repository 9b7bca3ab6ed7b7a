"""A small conversation, and a fake model whose token vectors are the words themselves."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b

import numpy as np

from core.dialogue import Said
from memory.embedding.tokens import TokenVectors
from tests.memory.archive import HashedWords

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

LINES = (
    ("Ines", "I want to write about the tide tables again."),
    ("Greenroom", "Which harbour do you mean, the old one or the new one?"),
    ("Ines", "The old one. My grandmother kept the tables there in pencil."),
    ("Greenroom", "Then I leave the new pier out."),
    ("Tomas", "The bees swarmed on Tuesday, so the newsletter waits until May."),
    ("Greenroom", "Should the newsletter mention the bees?"),
    ("Tomas", "Only the willow pollen. People asked about that."),
    ("Ines", "No hashtags on the radio posts, ever."),
)


def said(workspace: str = "", lines: Sequence[tuple[str, str]] = LINES, thread: str = "chat:1") -> list[Said]:
    """Return lines as turns of one thread, a minute apart."""
    return [
        Said(
            source=f"{workspace}{thread}:{n}",
            thread=thread,
            speaker=who,
            text=text,
            said_at=NOON + timedelta(minutes=n),
        )
        for n, (who, text) in enumerate(lines)
    ]


class HashedTokens(HashedWords):
    """`HashedWords` with a fixed unit vector for each word as its token vector."""

    def token_embedder(self) -> "HashedTokens.Tokens":
        return self.Tokens(self)

    class Tokens:
        """The token side of it."""

        def __init__(self, words: HashedWords) -> None:
            self.name = words.name
            self._words = words

        def embed(self, texts: Sequence[str]) -> list[TokenVectors]:
            vectors = self._words.embed(texts)
            return [self._of(text, vector) for text, vector in zip(texts, vectors, strict=True)]

        def _of(self, text: str, vector: np.ndarray) -> TokenVectors:
            words = tuple(word.strip(".,?!:").casefold() for word in text.split())
            seeds = [int.from_bytes(blake2b(word.encode(), digest_size=4).digest(), "big") for word in words]
            rows = [np.random.default_rng(seed).normal(size=384) for seed in seeds]
            tokens = np.array(rows, dtype=np.float32).reshape(len(words), 384)
            return TokenVectors(vector, tokens / np.linalg.norm(tokens, axis=1, keepdims=True), words)

"""An OpenAI-compatible embeddings endpoint: OpenAI itself, or a server such as Ollama, vLLM or LM Studio."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from core.errors import ModelFailed
from memory.embedding.port import Vectors

if TYPE_CHECKING:
    from openai import OpenAI

PREFIX = "openai:"
"""How the name of such a model begins: `openai:text-embedding-3-small`, `openai:nomic-embed-text`."""

HOUSE = "on_premises:"
"""How it begins where that endpoint is on the own premises: such a one may be sent what is marked private."""

AT_ONCE = 64
"""Texts in a request: far below any server's limit, and a request that fails costs little to repeat."""

TRIES = 5
TIMEOUT_S = 60.0


def is_hosted(name: str) -> bool:
    """Say whether a model of this name is somebody else's server: then nothing private may be sent to it."""
    return name.startswith(PREFIX)


class Endpoint(NamedTuple):
    """Where the endpoint is. No URL: OpenAI's own."""

    url: str | None = None
    key: str = ""

    def __repr__(self) -> str:
        """Without the key."""
        return f"Endpoint({self.url!r})"


class EndpointEmbedder:
    """A model behind an endpoint. OpenAI's own client repeats what is passing (429 with Retry-After, 5xx, resets)."""

    def __init__(self, model: str, endpoint: Endpoint) -> None:
        self._model = model.removeprefix(PREFIX).removeprefix(HOUSE)
        prefix = PREFIX if is_hosted(model) else HOUSE
        self._endpoint = endpoint
        # Two servers may mean two models by one name: their vectors are kept apart.
        place = (endpoint.url or "").partition("://")[2].rstrip("/")
        self.name = f"{prefix}{self._model}@{place}"[:128] if place else f"{prefix}{self._model}"

    @cached_property
    def dim(self) -> int:
        """How many numbers a vector has: asked once, with one short text."""
        return int(self._asked(["How long is a vector?"]).shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors in the order of `texts`: float32. Raises ModelFailed with what to do; nothing is lost."""
        if not texts:
            return np.empty((0, self.dim), dtype=np.float32)
        made = np.concatenate([self._asked(part) for part in _parts(texts)])
        if made.shape[1] != self.dim:
            raise self._failed(f"answers with {made.shape[1]} numbers a vector, and with {self.dim} a moment ago")
        return made

    def _asked(self, texts: Sequence[str]) -> Vectors:
        import openai

        try:
            answer = self._client.embeddings.create(
                # A request without a text is refused by every server; a space says as little.
                model=self._model,
                input=[text or " " for text in texts],
                encoding_format="float",
            )
        except (openai.OpenAIError, ValueError, OSError) as error:  # its client lets an unreadable answer through
            failure = self._explained(error)
        else:
            return self._unit([(each.index, each.embedding) for each in answer.data], len(texts))
        raise failure  # outside the handler: the transport's error holds the request, and with it the key

    def _unit(self, rows: list[tuple[int, list[float]]], wanted: int) -> Vectors:
        """Return the vectors in the order that was asked, at unit length. A wrong number of them is an error."""
        lengths = {len(vector) for _, vector in rows}
        if sorted(place for place, _ in rows) != list(range(wanted)) or len(lengths) != 1:
            raise self._failed(f"answered with {len(rows)} vectors for {wanted} texts, or with uneven ones")
        made = np.array([vector for _, vector in sorted(rows)], dtype=np.float32)
        norms = np.linalg.norm(made, axis=1, keepdims=True)
        if not np.isfinite(made).all() or (norms == 0).any():
            raise self._failed("answered with a vector that has no direction")
        return np.asarray(made / norms, dtype=np.float32)

    def _explained(self, error: Exception) -> ModelFailed:
        import openai

        match error:
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return self._failed("refused the key", "Set GREENROOM_EMBEDDING_KEY to one that it takes.")
            case openai.NotFoundError():
                return self._failed(
                    f"has no embedding model {self._model!r}", "Check the name, or load that model there."
                )
            case openai.APIConnectionError():
                return self._failed("could not be reached", "Check GREENROOM_EMBEDDING_URL, and that it runs.")
            case openai.APIStatusError():
                return self._failed(f"answered {error.status_code}", "Try again; what was embedded is kept.")
        return self._failed("gave an answer that can't be read", "Is it an OpenAI-compatible embeddings endpoint?")

    def _failed(self, what: str, hint: str = "Look at the server's own log.") -> ModelFailed:
        place = self._endpoint.url or "OpenAI"
        return ModelFailed(f"The embedding server at {place} {what}. Nothing was changed or lost.", hint)

    @cached_property
    def _client(self) -> "OpenAI":
        from openai import DefaultHttpxClient, OpenAI

        # A local server asks for no key, but the client insists on one.
        key = self._endpoint.key or "none"
        # Another host that this one points to was never agreed to.
        line = DefaultHttpxClient(follow_redirects=False)
        url = self._endpoint.url
        return OpenAI(base_url=url, api_key=key, max_retries=TRIES, timeout=TIMEOUT_S, http_client=line)


def _parts(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    return (texts[first : first + AT_ONCE] for first in range(0, len(texts), AT_ONCE))

"""Embeddings from an OpenAI-compatible endpoint: in order, at unit length, patient, and plain about what is wrong."""

from collections.abc import Iterator

import numpy as np
import pytest

from core.errors import ModelFailed
from memory.embedding import Endpoint, endpoint, open_embedder
from memory.embedding.endpoint import EndpointEmbedder
from tests.fakes.embeddings_server import EmbeddingsServer, serving


@pytest.fixture
def server() -> Iterator[EmbeddingsServer]:
    with serving() as running:
        yield running


@pytest.fixture(autouse=True)
def _one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(endpoint, "TRIES", 1)


def at(server: EmbeddingsServer, model: str = "words-16", key: str | None = None) -> EndpointEmbedder:
    return EndpointEmbedder(f"openai:{model}", Endpoint(server.base_url, server.key if key is None else key))


def test_vectors_come_in_order_at_unit_length_however_many(server: EmbeddingsServer) -> None:
    texts = [f"word{n} tide" for n in range(150)]
    made = at(server).embed(texts)
    assert (made.shape, made.dtype) == ((150, 16), np.float32)
    assert np.allclose(np.linalg.norm(made, axis=1), 1)
    for text, row in zip(texts, made, strict=True):
        wanted = np.array(server.vector(text))
        assert np.allclose(row, wanted / np.linalg.norm(wanted), atol=1e-6)
    assert max(len(asked) for asked in server.asked) <= 64


def test_nothing_asked_and_empty_texts_are_answered(server: EmbeddingsServer) -> None:
    embedder = at(server)
    assert embedder.embed([]).shape == (0, 16)
    assert embedder.embed(["", "tide"]).shape == (2, 16)


@pytest.mark.parametrize("status", [429, 500])
def test_what_passes_is_tried_again(server: EmbeddingsServer, status: int) -> None:
    server.fails = [status]
    assert at(server).embed(["tide"]).shape == (1, 16)
    assert not server.fails


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("key", "refused the key"),
        ("model", "no embedding model 'other'"),
        ("busy", "answered 503"),
        ("gone", "could not"),
    ],
)
def test_what_lasts_is_one_error_that_says_what_to_do(server: EmbeddingsServer, what: str, says: str) -> None:
    asked = at(server)
    if what == "key":
        asked = at(server, key="sk-wrong-key-999999")
    elif what == "model":
        asked = at(server, "other")
    elif what == "busy":
        server.fails = [503, 503, 503]
    else:
        asked = EndpointEmbedder("openai:words-16", Endpoint("http://127.0.0.1:9/v1", "sk-x"))
    with pytest.raises(ModelFailed, match=says) as failed:
        asked.embed(["tide"])
    assert "Nothing was changed or lost" in failed.value.message
    assert "sk-" not in f"{failed.value!r} {failed.value.__cause__!r} {failed.value.__context__!r}"


@pytest.mark.parametrize("broken", ["short", "zeros", "not json"])
def test_an_answer_that_can_not_be_right_is_refused(server: EmbeddingsServer, broken: str) -> None:
    server.broken = broken
    with pytest.raises(ModelFailed):
        at(server).embed(["tide tables", "harbour"])


def test_the_key_is_not_in_a_repr(server: EmbeddingsServer) -> None:
    assert server.key not in repr(Endpoint(server.base_url, server.key))


def test_a_name_with_the_prefix_opens_an_endpoint(server: EmbeddingsServer, tmp_path) -> None:
    opened = open_embedder("openai:words-16", tmp_path, endpoint=Endpoint(server.base_url, server.key))
    place = server.base_url.removeprefix("http://")
    assert (opened.name, opened.dim) == (f"openai:words-16@{place}", 16)
    assert open_embedder("openai:words-16", tmp_path).name == "openai:words-16"

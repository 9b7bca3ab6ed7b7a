"""Text to vectors, behind one small Protocol."""

from collections.abc import Callable
from pathlib import Path

from memory.embedding.endpoint import HOUSE, PREFIX, Endpoint, is_hosted
from memory.embedding.port import Embedder

__all__ = ["DEFAULT_MODEL", "Embedder", "Endpoint", "is_hosted", "open_embedder"]

DEFAULT_MODEL = "minilm"


def open_embedder(
    name: str, cache: Path, *, endpoint: Endpoint | None = None, notice: Callable[[str], None] | None = None
) -> Embedder:
    """Open `minilm` (the installed weights, on onnxruntime), `openai:MODEL` or `on_premises:MODEL` at an endpoint, or
    any sentence-transformers model by its name.

    `cache` keeps the exported MiniLM; where it is missing it is made now, which takes some seconds and is told to
    `notice` (without one, to the log).
    """
    if name == DEFAULT_MODEL:
        from memory.embedding.export import ensure_exported
        from memory.embedding.onnx import MiniLM

        return MiniLM(ensure_exported(cache, notice=notice))
    if name.startswith((PREFIX, HOUSE)):
        from memory.embedding.endpoint import EndpointEmbedder

        return EndpointEmbedder(name, endpoint or Endpoint())
    from memory.embedding.sentence_transformer import SentenceTransformerEmbedder

    return SentenceTransformerEmbedder(name)

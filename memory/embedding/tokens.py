"""MiniLM's token vectors: one run gives the text's vector and those of its words, for MaxSim."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import numpy as np

from memory.embedding.export import MODEL_FILE, TOKENIZER_FILE
from memory.embedding.onnx import MAX_TOKENS, MiniLM
from memory.embedding.port import Embedder, Vectors

BATCH = 8


@dataclass(frozen=True)
class TokenVectors:
    """One text: its own vector (as `embed` gives it), its tokens' unit vectors, and the word each is a piece of."""

    vector: Vectors  # (384,)
    tokens: Vectors  # (n, 384); punctuation has none
    words: tuple[str, ...]  # n


class TokenEmbedder(Protocol):
    """A model that says what each word of a text means where it stands."""

    @property
    def name(self) -> str:
        """The id of the model that `TokenVectors.vector` belongs to."""
        ...

    def embed(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return one for each text, in the order given."""
        ...


def token_embedder(embedder: Embedder) -> TokenEmbedder | None:
    """Return what gives token vectors beside this embedder's own; None for a model that can't."""
    own = getattr(embedder, "token_embedder", None)
    if own is not None:
        made: TokenEmbedder = own()
        return made
    return MiniLMTokens(embedder.folder, embedder.name) if isinstance(embedder, MiniLM) else None


class MiniLMTokens:
    """The exported MiniLM with one output more. Loaded at first use; safe between threads."""

    def __init__(self, folder: Path, name: str) -> None:
        self.name = name
        self._folder = folder
        self._loading = Lock()

    def embed(self, texts: Sequence[str]) -> list[TokenVectors]:
        """Return the vectors of each text, in the order of `texts`."""
        with self._loading:
            session, encodings = self._session, self._tokenizer.encode_batch(list(texts))
        made: dict[int, TokenVectors] = {}
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))
        for first in range(0, len(order), BATCH):
            batch = order[first : first + BATCH]
            vectors, tokens = _run(session, [encodings[i] for i in batch])
            for row, i in enumerate(batch):
                made[i] = _of(texts[i], encodings[i], vectors[row], tokens[row])
        return [made[i] for i in range(len(texts))]

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER_FILE))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = _with_tokens(self._folder / MODEL_FILE)
        return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def _with_tokens(path: Path) -> bytes:
    """Return the exported model with what is averaged into the text's vector as a second output, `tokens`."""
    import onnx

    model = onnx.load(str(path))
    averaged = next(node for node in model.graph.node if node.op_type == "ReduceSum").input[0]
    masked = next(node for node in model.graph.node if averaged in node.output)
    model.graph.node.append(onnx.helper.make_node("Identity", [masked.input[0]], ["tokens"]))
    model.graph.output.append(onnx.helper.make_tensor_value_info("tokens", onnx.TensorProto.FLOAT, None))
    content: bytes = model.SerializeToString()
    return content


def _run(session: Any, encodings: list[Any]) -> tuple[Vectors, Vectors]:
    width = max(len(encoding.ids) for encoding in encodings)
    ids = np.zeros((len(encodings), width), dtype=np.int64)
    mask = np.zeros_like(ids)
    for row, encoding in enumerate(encodings):
        ids[row, : len(encoding.ids)] = encoding.ids
        mask[row, : len(encoding.ids)] = 1
    vectors, tokens = session.run(["vector", "tokens"], {"input_ids": ids, "attention_mask": mask})
    return np.asarray(vectors, dtype=np.float32), np.asarray(tokens, dtype=np.float32)


def _of(text: str, encoding: Any, vector: Vectors, tokens: Vectors) -> TokenVectors:
    kept = list(_words(text, encoding))
    rows = tokens[[place for place, _ in kept]]
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return TokenVectors(vector, rows / np.maximum(lengths, 1e-9), tuple(word for _, word in kept))


def _words(text: str, encoding: Any) -> Iterator[tuple[int, str]]:
    """Yield the place of each token that is of a word, and that word."""
    ends: dict[int, tuple[int, int]] = {}
    for number, (start, end) in zip(encoding.word_ids, encoding.offsets, strict=True):
        if number is not None:
            ends[number] = (min(start, ends.get(number, (start, end))[0]), end)
    for place, number in enumerate(encoding.word_ids):
        word = "" if number is None else text[slice(*ends[number])]
        if any(character.isalnum() for character in word):
            yield place, word

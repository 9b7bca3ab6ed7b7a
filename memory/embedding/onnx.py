"""MiniLM on onnxruntime: the first vector in under half a second from a cold start, without torch."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from memory.embedding.export import MODEL_FILE, TOKENIZER_FILE
from memory.embedding.port import Vectors

MAX_TOKENS = 256
"""As sentence-transformers runs this model; the tokenizer's own file says 128."""

BATCH = 8
"""Small: as fast as larger ones here, with half the memory, and less padding."""


class MiniLM:
    """all-MiniLM-L6-v2 from the folder that `ensure_exported` returns. Loaded at first use; safe between threads."""

    name = "minilm-l6-v2"
    dim = 384

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._loading = Lock()

    @property
    def folder(self) -> Path:
        """Where the exported model lies."""
        return self._folder

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit vectors in the order of `texts`: shape (len(texts), 384), float32."""
        vectors = np.empty((len(texts), self.dim), dtype=np.float32)
        with self._loading:  # two threads at once would load 90 MB twice
            session, encodings = self._session, self._tokenizer.encode_batch(list(texts))
        order = sorted(range(len(texts)), key=lambda i: len(encodings[i].ids))

        def run(batch: list[int]) -> None:
            vectors[batch] = self._run(session, [encodings[i] for i in batch])

        batches = list(_chunks(order, BATCH))
        # One thread inside onnxruntime and batches side by side: threads that share a batch wait for each other,
        # which on a busy machine makes two of them slower than one.
        if len(batches) < 2:
            for batch in batches:
                run(batch)
        else:
            with ThreadPoolExecutor(min(len(batches), os.cpu_count() or 1, 4)) as pool:
                list(pool.map(run, reversed(batches)))
        return vectors

    def _run(self, session: Any, encodings: list[Any]) -> Vectors:
        width = max(len(encoding.ids) for encoding in encodings)
        ids = np.zeros((len(encodings), width), dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, encoding in enumerate(encodings):
            ids[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = encoding.attention_mask
        (vectors,) = session.run(None, {"input_ids": ids, "attention_mask": mask})
        return np.asarray(vectors, dtype=np.float32)

    @cached_property
    def _tokenizer(self) -> Any:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self._folder / TOKENIZER_FILE))
        tokenizer.enable_truncation(MAX_TOKENS)
        tokenizer.no_padding()  # each batch is padded to its own longest text, not to the longest of all
        return tokenizer

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        return onnxruntime.InferenceSession(str(self._folder / MODEL_FILE), options, providers=["CPUExecutionProvider"])


def _chunks(order: list[int], size: int) -> Iterator[list[int]]:
    for first in range(0, len(order), size):
        yield order[first : first + size]

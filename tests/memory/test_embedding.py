import subprocess
import sys
import threading
from hashlib import file_digest
from pathlib import Path

import numpy as np
import pytest

from memory.embedding import Embedder, export, open_embedder
from memory.face import CACHE

TEXTS = [
    "",
    "Tides.",
    "The tide tables of the harbour say when the water is high.",
    "Ünïcode, emoji 🌊 and 日本語 in one line",
    "A bicycle wheel is trued with a spoke key. " * 3,
    "We keep them by hand, in pencil, and nobody minds. " * 60,  # longer than 256 tokens
    *(f"Note {number} about bread and salt" + " and more" * number for number in range(20)),
]


@pytest.fixture(scope="module")
def minilm() -> Embedder:
    return open_embedder("minilm", CACHE)


def test_gives_the_vectors_of_sentence_transformers(minilm: Embedder) -> None:
    from sentence_transformers import SentenceTransformer

    reference = SentenceTransformer(str(export.weights_folder())).encode(TEXTS, normalize_embeddings=True)
    assert np.abs(minilm.embed(TEXTS) - reference).max() < 1e-5


def test_vectors_have_unit_length_in_the_order_given(minilm: Embedder) -> None:
    vectors = minilm.embed(TEXTS)
    assert vectors.shape == (len(TEXTS), minilm.dim) and vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-6)
    assert np.abs(minilm.embed(TEXTS[::-1])[::-1] - vectors).max() < 1e-6


def test_no_texts_have_no_vectors(minilm: Embedder) -> None:
    assert minilm.embed([]).shape == (0, minilm.dim)


def test_any_sentence_transformers_model_opens_by_name(minilm: Embedder, tmp_path: Path) -> None:
    folder = str(export.weights_folder())
    other = open_embedder(folder, tmp_path)
    assert (other.name, other.dim) == (folder, 384)
    assert np.abs(other.embed(TEXTS[:4]) - minilm.embed(TEXTS[:4])).max() < 1e-5
    assert other.embed([]).shape == (0, 384)


def test_the_recorded_hash_is_the_hash_of_the_weights() -> None:
    with export.weights_folder().joinpath("model.safetensors").open("rb") as file:
        assert export.weights_hash() == file_digest(file, "sha256").hexdigest()


def test_exports_once_whoever_asks_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Path] = []

    def slowly(source: Path, target: Path) -> None:
        made.append(target)
        target.write_bytes(b"onnx")

    monkeypatch.setattr(export, "_export", slowly)
    notices: list[str] = []
    folders: list[Path] = []
    asking = [
        threading.Thread(target=lambda: folders.append(export.ensure_exported(tmp_path, notice=notices.append)))
        for _ in range(8)
    ]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert len(made) == len(notices) == 1
    [folder] = set(folders)
    assert sorted(path.name for path in folder.iterdir()) == ["model.onnx", "tokenizer.json"]


def test_a_failed_export_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(source: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(export, "_export", fails)
    with pytest.raises(OSError, match="no space left"):
        export.ensure_exported(tmp_path)
    assert [path.name for path in (tmp_path / "embedding").iterdir() if path.is_dir()] == []


def test_a_vector_from_a_cold_start_needs_no_torch() -> None:
    code = (
        "import sys; from memory.embedding import open_embedder; from memory.face import CACHE;"
        "assert open_embedder('minilm', CACHE).embed(['tides']).shape == (1, 384);"
        "print([name for name in ('torch', 'transformers', 'sentence_transformers', 'scipy') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

"""Scale: how recall, an import and memory hold up in a workspace of tens of thousands of passages.

The texts are made up from a seed, of the words that the embedding model knows whole: common ones by Zipf's law, and
some that belong to a topic, so that postings and passages are as long as real ones. They go in through the product's
own import. Their vectors are seeded stand-ins (embedding 100,000 passages takes an hour here, and what a vector says
costs no time); queries, and the piece that is imported at the end, are embedded for real. Import throughput is measured
apart, on texts that are all embedded for real. What is measured runs in a fresh process, whose peak memory is told.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from core.works import Piece, Workspace
from memory import Memory
from memory.clock import utc_now
from memory.database import Database, sqlite_url
from memory.face import CACHE
from memory.index.vectors import Fingerprint, fingerprint, keep, pending_texts
from memory.passages import cut, embedded_text, heading

WORKSPACE = "bench"
QUERIES, WARM_UP, FIRST = 200, 5, 10
PASSAGES_A_PIECE, WORDS_A_PASSAGE = 5, 135
TOPICS, WORDS_A_TOPIC, COMMON = 60, 400, 3000
PIECES_FOR_REAL = 40
FILL_AT_ONCE = 5000

Progress = Callable[[str, int, int], None]


def run(
    sizes: Sequence[int], *, queries: int = QUERIES, seed: int = 0, progress: Progress | None = None
) -> dict[str, Any]:
    """Return, for each number of passages, query times, the ratio to raw Chroma, one import and peak memory."""
    tell = progress or (lambda _what, _done, _total: None)
    return {
        "sizes": {str(size): _at(size, queries, seed, tell) for size in sizes},
        "import": throughput(seed, tell),
        "vectors": "seeded stand-ins; queries and the imported piece are embedded for real",
    }


def throughput(seed: int, progress: Progress) -> dict[str, float]:
    """Return an import's pace over that of the bare encoder on the same texts, in turn in one run."""
    made = pieces(random.Random(seed + 1), PIECES_FOR_REAL * PASSAGES_A_PIECE)
    texts = [text for piece in made for text in _texts(piece)]
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        memory = _memory(Path(home))
        memory.embed(["warm"])
        bare = [_timed(lambda: memory.embed(sorted(texts, key=len)))]
        progress("bare encoder", 1, 2)
        imported = _timed(lambda: _remember(memory, made))
        bare.append(_timed(lambda: memory.embed(sorted(texts, key=len))))
        progress("import", 2, 2)
        again = _timed(lambda: _remember(memory, made))
        memory.close()
    encoder = sum(bare) / len(bare)
    return {
        "texts": len(texts),
        "encoder_seconds": round(encoder, 2),
        "import_seconds": round(imported, 2),
        "share_of_encoder": round(encoder / imported, 3),
        "again_seconds": round(again, 2),
    }


def pieces(rng: random.Random, passages: int) -> list[Piece]:
    """Return made-up pieces of about so many passages together."""
    words = _Vocabulary(rng)
    return [words.piece(number) for number in range(max(1, passages // PASSAGES_A_PIECE))]


class _Vocabulary:
    """Words for made-up texts: common ones by Zipf's law, and some that belong to a topic."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        known = _known_words()
        self._common = known[:COMMON]
        self._weights = [1 / (rank + 2) for rank in range(COMMON)]
        self._topics = [rng.sample(known[COMMON:], WORDS_A_TOPIC) for _ in range(TOPICS)]

    def piece(self, number: int) -> Piece:
        topic = self._topics[number % TOPICS]
        body = "\n\n".join(self.text(topic, WORDS_A_PASSAGE) for _ in range(PASSAGES_A_PIECE))
        return Piece(source=f"made-up#{number}", title=self.text(topic, 6).rstrip("."), body=body, language="en")

    def text(self, topic: Sequence[str], words: int) -> str:
        rng = self._rng
        common = rng.choices(self._common, self._weights, k=words)
        mixed = [rng.choice(topic) if rng.random() < 0.25 else word for word in common]
        sentences = (mixed[at : at + 15] for at in range(0, words, 15))
        return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)

    def query(self) -> str:
        return self.text(self._rng.choice(self._topics), 20)


def measured(home: Path, asked: Sequence[str], new: Piece) -> dict[str, Any]:
    """Return the times in this process: queries beside raw Chroma in turn, and one import; and its peak memory."""
    memory = Memory.open(home)
    started = time.monotonic()
    memory.index.bring_up_to_date(WORKSPACE)
    opened = time.monotonic() - started
    state, ours, raw = _state(home), [], []
    for query in asked:
        ours.append(_timed(partial(memory.recall, WORKSPACE, query, k=FIRST)))
        raw.append(_timed(partial(_asked_raw, memory, state, query)))
    ours, raw = ours[WARM_UP:], raw[WARM_UP:]
    imported = _timed(lambda: _remember(memory, [new]))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    memory.close()
    return {
        "opened_seconds": round(opened, 2),
        "query_ms": _percentiles(ours),
        "raw_chroma_ms": _percentiles(raw),
        "ratio_p95": round(_percentiles(ours)["p95"] / _percentiles(raw)["p95"], 2),
        "import_one_seconds": round(imported, 3),
        "peak_gb": round(peak, 2),
    }


def _at(size: int, queries: int, seed: int, progress: Progress) -> dict[str, Any]:
    rng = random.Random(seed)
    made = pieces(rng, size)
    words = _Vocabulary(rng)
    asked = [words.query() for _ in range(queries + WARM_UP)]
    with TemporaryDirectory(prefix="greenroom-bench-") as folder:
        home = Path(folder)
        memory = _memory(home)
        memory.works.remember(WORKSPACE, made, progress=lambda done, total: progress("works", done, total))
        passages = _fill(memory, seed, progress)
        memory.close()
        call = {"home": str(home), "asked": asked, "new": words.piece(len(made)).model_dump(mode="json")}
        command = [sys.executable, "-m", "evals.bench.scale"]
        done = subprocess.run(command, input=json.dumps(call), capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        return {"passages": passages, "works": len(made), **json.loads(done.stdout)}


def _fill(memory: Memory, seed: int, progress: Progress) -> int:
    """Keep a stand-in for every vector that is missing, and hand them to Chroma; return how many there are."""
    rng, model = np.random.default_rng(seed), memory.embedder
    database = Database(sqlite_url(memory.home / "greenroom.db"))
    with database.read() as conn:
        hashes = list(pending_texts(conn, WORKSPACE, model.name))
    centres = memory.embed([f"topic {number}" for number in range(TOPICS)])
    for first in range(0, len(hashes), FILL_AT_ONCE):
        part = hashes[first : first + FILL_AT_ONCE]
        near = centres[rng.integers(0, TOPICS, len(part))] + rng.normal(0, 0.04, (len(part), model.dim))
        keep(database, model.name, part, (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32))
        progress("vectors", first + len(part), len(hashes))
    database.close()
    memory.index.bring_up_to_date(WORKSPACE)
    return len(hashes)


def _asked_raw(memory: Memory, state: Fingerprint, query: str) -> None:
    memory.index.nearest(WORKSPACE, state, memory.embed([query])[0], FIRST)


def _state(home: Path) -> Fingerprint:
    database = Database(sqlite_url(home / "greenroom.db"))
    with database.read() as conn:
        state = fingerprint(conn, WORKSPACE)
    database.close()
    return state


def _memory(home: Path) -> Memory:
    memory = Memory.open(home)
    memory.workspaces.add(Workspace(id=WORKSPACE, name="Bench", created_at=utc_now()))
    return memory


def _remember(memory: Memory, made: Sequence[Piece]) -> None:
    memory.works.remember(WORKSPACE, made)
    memory.index.bring_up_to_date(WORKSPACE)


def _texts(piece: Piece) -> Iterator[str]:
    yield heading(piece.title, piece.excerpt)
    yield from (embedded_text(piece.title, part.text) for part in cut(piece.title, piece.body))


@cache
def _known_words() -> list[str]:
    """Return the whole words of the model's own vocabulary, the common ones first."""
    from memory.embedding.export import TOKENIZER_FILE, ensure_exported

    stored = json.loads((ensure_exported(CACHE) / TOKENIZER_FILE).read_text(encoding="utf-8"))["model"]["vocab"]
    return [word for word in sorted(stored, key=stored.__getitem__) if word.isascii() and word.isalpha()]


def _timed(act: Callable[[], object]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def _percentiles(seconds: Sequence[float]) -> dict[str, float]:
    low, high = np.percentile(np.array(seconds) * 1000, [50, 95])
    return {"p50": round(float(low), 1), "p95": round(float(high), 1)}


if __name__ == "__main__":
    given = json.loads(sys.stdin.read())
    print(json.dumps(measured(Path(given["home"]), given["asked"], Piece.model_validate(given["new"]))))

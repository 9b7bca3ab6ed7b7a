"""Forgetting in a home of many passages: how long it takes, and what a scan of every byte still finds.

The home is made up (words drawn by a seed), its vectors too: how long forgetting takes hangs on how many there are,
not on what they say, and embedding ten thousand passages would take the better part of an hour. All else is the
product's own: import, index, checkpoints, and the forgetting itself, in a memory that was opened anew.
"""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from core.briefs import Brief
from core.drafts import Content, Draft, Receipt
from core.works import Piece, Work, Workspace
from memory import Memory
from memory.forgetting import Wish
from memory.index.vectors import keep
from memory.passages import vector_hashes

SPACE, AT = "bench", datetime(2026, 11, 20, 12, tzinfo=UTC)
_A_WORK = 5  # passages
_PASSAGE = 130  # words
_QUOTING = 100  # drafts that quote, and as many conversations
_MANY = 50  # works that come from one source

Tell = Callable[[str, int, int], None]


def run(passages: int = 10_000, *, seed: int = 1, tell: Tell = lambda _what, _done, _total: None) -> dict[str, Any]:
    """Let one work go, then a source. Return `{passages, works, seconds, cpu_seconds, source: {…}, found_bytes}`."""
    with TemporaryDirectory(prefix="greenroom-bench-") as folder:
        home = Path(folder) / "home"
        held = _fill(home, passages, Random(seed), tell)
        memory = Memory.open(home)
        works = memory.works.list(SPACE)
        one = next(work for work in works if work.source.startswith("one/"))
        many = [work for work in works if work.source.startswith("many/")]
        tell("Forgetting", 0, 1)
        of_work = _timed(memory, Wish(kind="work", workspace=SPACE, works=(one.id,)))
        of_source = _timed(memory, Wish(kind="source", workspace=SPACE, named="many/"))
        memory.close()
        found = _found(home, [one, *many], {h: v for work in (one, *many) for h, v in held[work.id].items()})
        return {
            "passages": held["passages"],
            "works": len(works),
            **of_work,
            "source": {"works": len(many), **of_source},
            "found_bytes": found,
        }


def _timed(memory: Memory, wish: Wish) -> dict[str, float]:
    """Return how long it took: by the clock, and of this process's own work, which a busy machine does not stretch."""
    started, worked = time.monotonic(), time.process_time()
    receipt = memory.forgetting.forget(wish, by="owner")["receipt"]
    seconds, cpu = time.monotonic() - started, time.process_time() - worked
    if receipt["pending"]:
        raise RuntimeError(f"forgetting was held up: {receipt['pending']}")
    return {"seconds": round(seconds, 2), "cpu_seconds": round(cpu, 2)}


def _fill(home: Path, passages: int, random: Random, tell: Tell) -> dict[str, Any]:
    """Make the home; return the vectors of its works by their hashes, and how many passages there are."""
    memory = Memory.open(home, clock=lambda: AT)
    memory.workspaces.add(Workspace(id=SPACE, name="Bench", created_at=AT))
    count = max(_MANY + 2, passages // _A_WORK)
    pieces = list(_pieces(count, random))
    memory.works.remember(SPACE, pieces, progress=lambda done, total: tell("Importing", done, total))
    held: dict[str, Any] = {"passages": 0}
    works = memory.works.list(SPACE)
    for work in works:
        held[work.id] = _vectors(memory, work)
        held["passages"] += len(memory.works.passages_of(work.id))
    tell("Indexing", 0, 1)
    memory.index.bring_up_to_date(SPACE)
    _quote(memory, [work for work in works if work.source.startswith(("one/", "many/"))])
    memory.close()
    return held


def _pieces(count: int, random: Random) -> Iterator[Piece]:
    words = ["".join(random.choices("abcdefghiklmnoprstuvwz", k=random.randint(2, 10))) for _ in range(8000)]
    for number in range(count):
        source = "one" if number == 0 else "many" if number <= _MANY else "rest"
        paragraphs = (" ".join(random.choices(words, k=_PASSAGE)) + "." for _ in range(_A_WORK))
        yield Piece(
            source=f"{source}/{number}", title=" ".join(random.choices(words, k=6)), body="\n\n".join(paragraphs)
        )


def _vectors(memory: Memory, work: Work) -> dict[str, bytes]:
    """Keep a made-up vector for each text of a work; return their bytes by the hashes."""
    hashes = sorted(vector_hashes(work.title, work.excerpt, work.body))
    drawn = np.random.default_rng(abs(hash(work.source))).normal(size=(len(hashes), memory.embedder.dim))
    made = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    keep(memory._database, memory.embedder.name, hashes, made)
    return {content_hash: vector.astype("<f4").tobytes() for content_hash, vector in zip(hashes, made, strict=True)}


def _quote(memory: Memory, works: list[Work]) -> None:
    """Quote the works in drafts and in conversations."""
    from langgraph.checkpoint.base import empty_checkpoint

    memory.briefs.add(Brief(id="b_bench", workspace=SPACE, ask="Tell it", channels=("site",), created_at=AT))
    saver = memory.checkpointer()
    for number in range(_QUOTING):
        work = works[number % len(works)]
        quote = " ".join(work.body.split()[:40])
        receipt = Receipt(work_id=work.id, title=work.title, quote=quote)
        memory.drafts.add(Draft(
            id=f"d_{number}", brief_id="b_bench", workspace=SPACE, channel="site", locale="en", model="rehearsal",
            content=Content(text=f"We wrote: {quote}"), receipts=(receipt,), created_at=AT,
        ))  # fmt: skip
        config: Any = {"configurable": {"thread_id": f"chat:{number}", "checkpoint_ns": ""}}
        saver.put(config, empty_checkpoint() | {"channel_values": {"messages": [quote]}}, {}, {})


def _found(home: Path, works: list[Work], vectors: dict[str, bytes]) -> int:
    """Return how many bytes of the works' sentences and vectors stand in the home's files, in plain or as UTF-16."""
    words = [" ".join(work.body.split()[start : start + 6]) for work in works for start in range(0, 600, 50)]
    wanted = [*(each.encode() for each in words), *(each.encode("utf-16-le") for each in words), *vectors.values()]
    found = 0
    for path in home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            found += sum(len(each) for each in wanted if each in data)
    return found

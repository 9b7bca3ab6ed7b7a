"""Saying things twice: are copies of real posts linked, are drafts told what they repeat, and is anything told wrongly?

Every eighth post is held out: drafts out of those are new, so whatever is said of them is looked at as a false alarm.
Copies and drafts out of the others are made by rule from a seed.
"""

import random
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.errors import WrongUse
from core.repetition import Overlap, compare
from core.works import Piece, Workspace
from memory import Memory
from memory.clock import utc_now
from memory.importers import collect

WORKSPACE = "bench"
SAMPLED = 100
SHORTEST = 120  # words of a post that copies and drafts are made of
HELD_OUT = 8

Words = list[str]
Progress = Callable[[int, int], None]


def run(
    posts: Path, *, works: int = 0, seed: int = 0, database_url: str | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Import posts (and made-up ones, up to `works`) into a home of their own, and measure both kinds of repetition.

    `database_url` names an empty PostgreSQL database to keep them in. Raises WrongUse for one that has been used.
    Shares are of copies or drafts that were linked to, or named, the very post they were made from.
    """
    rng = random.Random(seed)
    pieces = list(collect([posts]).pieces)
    kept = [piece for number, piece in enumerate(pieces) if number % HELD_OUT]
    new = [piece for number, piece in enumerate(pieces) if not number % HELD_OUT and _long(piece)]
    filler = _made_up(kept, max(0, works - len(kept)), rng)
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        memory = Memory.open(Path(home), database_url=database_url)
        try:
            if memory.workspaces.list():
                raise WrongUse("That database has workspaces already.", "Name an empty one, made for this.")
            memory.workspaces.add(Workspace(id=WORKSPACE, name="Bench", created_at=utc_now()))
            linked = memory.works.remember(WORKSPACE, kept, progress=progress).near_duplicates
            memory.works.remember(WORKSPACE, filler, progress=progress)
            sample = rng.sample([piece for piece in kept if _long(piece)], SAMPLED)
            said = _drafts(memory, sample, new, rng)
            found = _copies(memory, sample, rng, progress)
            return {"posts": len(kept), "works": len(kept) + len(filler), "linked_posts": linked, **said, **found}
        finally:
            memory.close()


def _drafts(memory: Memory, sample: Sequence[Piece], new: Sequence[Piece], rng: random.Random) -> dict[str, Any]:
    """Ask of drafts what they repeat: excerpts, edited ones, two sentences' worth in new words; and of new ones."""
    spare = [piece.body.split() for piece in new]
    kinds: dict[str, Callable[[Words], Words]] = {
        "excerpt_of_40_words": lambda words: _cut(words, 40, rng),
        "excerpt_edited": lambda words: _edited(_cut(words, 60, rng), 0.1, rng),
        "half_of_80_words": lambda words: _cut(words, 40, rng) + _cut(rng.choice(spare), 40, rng),
        "30_of_300_words": lambda words: _cut(words, 30, rng) + _cut(rng.choice(spare), 270, rng),
    }
    times: list[float] = []
    named = {
        kind: sum(_names(memory, " ".join(make(piece.body.split())), piece, times) for piece in sample) / len(sample)
        for kind, make in kinds.items()
    }
    fresh = [" ".join(_cut(words, size, rng)) for words in spare for size in (40, 100, 300)]
    told = [_shown(text, overlap) for text in fresh for overlap in _told(memory, text, times)[:1]]
    ordered = sorted(times)
    ms = {"p50": ordered[len(ordered) // 2], "p95": ordered[int(len(ordered) * 0.95)]}
    return {"named": named, "new_drafts": len(fresh), "told_of_new": told, "cpu_ms": ms}


def _copies(memory: Memory, sample: Sequence[Piece], rng: random.Random, progress: Progress | None) -> dict[str, Any]:
    """Import copies of posts, and say how many of each kind are linked to what they are copies of."""
    kinds: dict[str, Callable[[Words], Words]] = {
        "edited": lambda words: _edited(words, 0.15, rng),
        "cut": lambda words: words[: len(words) // 2],
        "shuffled": lambda words: _shuffled(words, rng),
    }
    copies = [
        Piece(source=f"{kind}/{piece.source}", title=piece.title, body=" ".join(make(piece.body.split())))
        for kind, make in kinds.items()
        for piece in sample
    ]
    memory.works.remember(WORKSPACE, copies, progress=progress)
    linked = dict.fromkeys(kinds, 0)
    for copy in copies:
        kind, _, source = copy.source.partition("/")
        mine, theirs = (memory.works.by_source(WORKSPACE, name) for name in (copy.source, source))
        if mine and theirs:
            linked[kind] += theirs.id in memory.works.near_duplicates_of(mine.id)
    return {"linked_copies": {kind: count / len(sample) for kind, count in linked.items()}}


def _names(memory: Memory, text: str, piece: Piece, times: list[float]) -> bool:
    return any(overlap.title == piece.title for overlap in _told(memory, text, times))


def _told(memory: Memory, text: str, times: list[float]) -> list[Overlap]:
    started = time.process_time()
    suspects = memory.repeats.suspects(WORKSPACE, text)
    found = compare(text, suspects.past, usual=suspects.usual)
    times.append(round((time.process_time() - started) * 1000, 1))
    return found


def _shown(text: str, overlap: Overlap) -> dict[str, Any]:
    """Return what a new draft was told, with the words, so that a person can judge whether it is so."""
    words = text[slice(*overlap.span)][:160]
    return {"repeats": overlap.title, "share": overlap.share, "words_in_a_row": overlap.run, "words": words}


def _long(piece: Piece) -> bool:
    return len(piece.body.split()) >= SHORTEST


def _cut(words: Words, size: int, rng: random.Random) -> Words:
    start = rng.randrange(max(1, len(words) - size))
    return words[start : start + size]


def _edited(words: Words, share: float, rng: random.Random) -> Words:
    """Return the words with a share of them replaced by others of the same text, or left out."""
    changed = (rng.choice((rng.choice(words), "")) if rng.random() < share else word for word in words)
    return [word for word in changed if word]


def _shuffled(words: Words, rng: random.Random) -> Words:
    """Return stretches of about a sentence each in another order."""
    parts = [words[at : at + 18] for at in range(0, len(words), 18)]
    rng.shuffle(parts)
    return [word for part in parts for word in part]


def _made_up(pieces: Sequence[Piece], count: int, rng: random.Random) -> list[Piece]:
    """Return pieces of plausible word pairs under one sign-off: an archive's size without its sentences."""
    words = [word for piece in pieces for word in piece.body.split()]
    following: dict[str, Words] = {}
    for word, after in pairwise(words):
        following.setdefault(word, []).append(after)
    made = []
    for number in range(count):
        text = [rng.choice(words)]
        while len(text) < rng.choice((100, 300, 700)):
            text.append(rng.choice(following.get(text[-1]) or words))
        body = " ".join(text) + "\n\nThank you for reading, and see you at the harbour next week."
        made.append(Piece(source=f"made-up/{number}", title=f"Made-up piece {number}", body=body))
    return made

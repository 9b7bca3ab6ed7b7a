"""Strangers: does a question in one workspace ever find what belongs to another, also while that one is imported into?

Workspaces share their words on purpose, so that whatever is not scoped would be found.
"""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.dialogue import Said
from core.works import Piece, Workspace
from memory import Memory
from memory.clock import utc_now

WORKSPACES = ("north", "south", "east")
START, GROWTH = 12, 6
"""Pieces and turns of each workspace at the start, and how many one round of an import adds."""

_VOCABULARY = (
    "harbour tide table pencil bread flour salt night bicycle wheel spoke bee hive pollen radio coast aerial map hill "
    "contour river bridge garden letter season winter spring kettle lantern orchard ferry market thread needle"
)

Progress = Callable[[str, int, int], None]


@dataclass
class Found:
    """What was asked and found, by both recalls."""

    queries: int = 0
    hits: int = 0
    foreign: list[str] = field(default_factory=list)

    def count(self, workspace: str, ids: list[str], own: set[str]) -> None:
        """Count one answer; an id that is not the workspace's own is a stranger."""
        self.queries += 1
        self.hits += len(ids)
        self.foreign += [f"{workspace}: {each}" for each in ids if each not in own]


def run(queries: int = 10_000, *, seed: int = 1, progress: Progress | None = None) -> dict[str, Any]:
    """Ask `queries` random questions, in turn of pieces and of what was said, while another thread imports.

    `foreign` is how many results belonged to another workspace: anything but 0 is a fault.
    """
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        memory = Memory.open(Path(home))
        try:
            return ask_all(memory, random.Random(seed), queries, progress)
        finally:
            memory.close()


def ask_all(memory: Memory, dice: random.Random, queries: int, progress: Progress | None = None) -> dict[str, Any]:
    """Fill a memory's workspaces, ask while they grow, and return what was found."""
    for workspace in WORKSPACES:
        memory.workspaces.add(Workspace(id=workspace, name=workspace, created_at=utc_now()))
        grow(memory, workspace, random.Random(workspace), 0, START)
    found, done = Found(), threading.Event()
    importing = threading.Thread(target=_import_until, args=(memory, done), daemon=True)
    importing.start()
    try:
        for number in range(queries):
            _ask(memory, dice, number, found)
            if progress and number % 50 == 0:
                progress("asking", number, queries)
    finally:
        done.set()
        importing.join()
    return {"queries": found.queries, "results": found.hits, "foreign": len(found.foreign), "first": found.foreign[:5]}


def _ask(memory: Memory, dice: random.Random, number: int, found: Found) -> None:
    workspace, question = dice.choice(WORKSPACES), _sentence(dice)
    if number % 2:
        turns = memory.dialogue.recall(workspace, question, k=10)
        own = {each.turn.source for each in turns if each.turn.workspace == workspace}
        own = {source for source in own if source.startswith(f"{workspace}:")}
        found.count(workspace, [each.turn.source for each in turns], own)
    else:
        works = memory.recall(workspace, question, k=10)
        mine = {work.work_id for work in works if work.source.startswith(f"{workspace}:")}
        found.count(workspace, [work.work_id for work in works], mine)


def _import_until(memory: Memory, done: threading.Event) -> None:
    dice, first = random.Random(0), START
    while not done.wait(0.5) and first < 40 * GROWTH:
        for workspace in WORKSPACES:
            grow(memory, workspace, dice, first, GROWTH)
        first += GROWTH


def grow(memory: Memory, workspace: str, dice: random.Random, first: int, count: int) -> None:
    """Import pieces and remember turns, whose sources begin with their workspace's name."""
    numbers = range(first, first + count)
    body = {number: " ".join(_sentence(dice) for _ in range(4)) for number in numbers}
    memory.works.remember(
        workspace, [Piece(source=f"{workspace}:{n}", title=_sentence(dice), body=body[n]) for n in numbers]
    )
    memory.index.bring_up_to_date(workspace)
    memory.dialogue.remember(
        workspace,
        [
            Said(source=f"{workspace}:{n}", thread="talk", speaker="Ines", text=_sentence(dice), said_at=utc_now())
            for n in numbers
        ],
    )


def _sentence(dice: random.Random) -> str:
    return " ".join(dice.choices(_VOCABULARY.split(), k=dice.randint(2, 9))).capitalize() + "."

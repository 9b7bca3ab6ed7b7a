"""A draft that takes parts of past works over is told so on a real PostgreSQL as on SQLite, part by part."""

import random
from collections.abc import Iterator

import pytest

from core.repetition import compare
from core.works import Piece, Workspace
from memory import Memory
from tests.counterparts.postgresql import PostgreSQLServer
from tests.memory.archive import HashedWords
from tests.memory.making import NOON

ODD = ["it’s", "don't", "café", "Fähre", "1871", "co-operate", "the", "of", "and"]
WORDS = ODD + [a + b + c for a in "bdfgklm" for b in ("a", "oo", "ai") for c in ("r", "st", "nd", "ll", "m")]
SIGN_OFF = "Thank you for reading, and see you at the harbour next week."


def made_up(rng: random.Random, sentences: int) -> str:
    """Return sentences of common words, three to a paragraph."""
    said = [" ".join(rng.choices(WORDS, k=rng.randint(6, 14))).capitalize() + "." for _ in range(sentences)]
    return "\n\n".join(" ".join(said[at : at + 3]) for at in range(0, sentences, 3))


@pytest.fixture(scope="module")
def both(postgresql: PostgreSQLServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Memory, Memory]]:
    """The same forty works in SQLite and in PostgreSQL: all under one sign-off, the first longer than a novella."""
    made = []
    for name, url in (("sqlite", None), ("postgresql", postgresql.new_database())):
        memory = Memory.open(
            tmp_path_factory.mktemp(name), database_url=url, embedder=HashedWords(), clock=lambda: NOON
        )
        for space in ("ines", "tomas"):
            memory.workspaces.add(Workspace(id=space, name=space, created_at=NOON))
        rng = random.Random(7)
        sizes = [2_000] + [30] * 39
        pieces = [
            Piece(source=str(n), title=f"Of {WORDS[n]} and of rope", body=f"{made_up(rng, size)}\n\n{SIGN_OFF}")
            for n, size in enumerate(sizes)
        ]
        memory.works.remember("ines", pieces)
        memory.works.remember("tomas", [Piece(source="t", title="Of theirs", body=made_up(random.Random(8), 30))])
        made.append(memory)
    yield made[0], made[1]
    for memory in made:
        memory.close()


def told(memory: Memory, draft: str) -> list[tuple[str, float, int]]:
    found = memory.repeats.suspects("ines", draft)
    sources = {work.id: work.source for work in memory.works.list("ines")}
    overlaps = compare(draft, found.past, usual=found.usual)
    return sorted((sources[each.work_id], each.share, each.run) for each in overlaps)


def cut(body: str, start: int, size: int) -> str:
    return " ".join(body.split()[start : start + size])


def test_parts_of_past_works_are_found_there_as_they_are_here(both: tuple[Memory, Memory]) -> None:
    bodies = [work.body for work in sorted(both[0].works.list("ines"), key=lambda work: int(work.source))]
    new = "Nobody has said anything of this before, and nobody will: " * 6
    for n in range(1, 40, 6):
        for draft in (cut(bodies[n], 40, 40), new + cut(bodies[n], 90, 25), cut(bodies[n], 5, 30) + " " + SIGN_OFF):
            assert (str(n)) in [source for source, *_ in told(both[1], draft)]
            assert told(both[1], draft) == told(both[0], draft), draft


def test_a_part_late_in_a_long_work_is_found(both: tuple[Memory, Memory]) -> None:
    (long,) = [work.body for work in both[0].works.list("ines") if work.source == "0"]
    assert len(long.split()) > 17_000  # PostgreSQL counts places up to 16,383
    draft = cut(long, 17_200, 40)
    assert told(both[1], draft) == told(both[0], draft) == [("0", 1.0, 40)]


def test_a_short_draft_is_found_across_the_border_of_two_passages(both: tuple[Memory, Memory]) -> None:
    (work,) = [work for work in both[0].works.list("ines") if work.source == "3"]
    for passage in both[0].works.passages_of(work.id)[1:]:
        before = " ".join(work.body[: passage.start].split()[-4:])
        draft = f"{before} {cut(passage.text, 0, 4)}"
        assert told(both[1], draft) == told(both[0], draft) != []


def test_a_sign_off_a_title_and_other_workspaces_are_no_repetition_there(both: tuple[Memory, Memory]) -> None:
    theirs = both[1].works.list("tomas")[0].body
    for draft in (
        SIGN_OFF,
        "Of bar and of rope, of bast and of rope, of band and of rope, of ball and of rope.",
        cut(theirs, 9, 60),
    ):
        for memory in both:
            assert told(memory, draft) == []

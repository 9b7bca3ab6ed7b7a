"""What is shown beside a work: linked, not dropped."""

from pathlib import Path

from app.showing import beside
from core.works import Piece
from tests.conftest import Clock
from tests.making import LETTERS, make_studio

BODY = LETTERS["2025-02-02-ferry.md"][2]


def test_a_work_shows_its_versions_and_what_says_nearly_the_same(tmp_path: Path, clock: Clock) -> None:
    studio = make_studio(tmp_path, clock, letters=False)
    works, space = studio.memory.works, studio.workspace.id
    works.remember(space, [Piece(source="a", title="A timetable", body=BODY)])
    works.remember(space, [Piece(source="a", title="A timetable nobody printed", body=BODY + " Nobody did.")])
    works.remember(space, [Piece(source="b", title="The ferry", body=BODY.replace("coffee", "tea"))])
    first, second = (works.by_source(space, name) for name in "ab")
    assert first and second
    shown = beside(studio.memory, first)
    ((other, alike),) = shown.alike
    assert (other.id, [each.version for each in shown.versions]) == (second.id, [1, 2])
    assert 0.5 < alike < 1
    lines = list(shown.lines())
    assert lines[0].startswith("· version 1 of 2026-11-20: ") and lines[0].endswith("“A timetable”")
    assert lines[1] == f"· {alike:.0%} like “The ferry” ({second.id})"
    studio.close()

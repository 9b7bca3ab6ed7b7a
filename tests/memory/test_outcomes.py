from datetime import datetime, timedelta

import pytest

from core.errors import NotAllowed, NotFound
from core.outcomes import Measured
from core.works import Piece, Workspace
from memory import Memory
from tests.memory.conftest import NOON, Clock


@pytest.fixture
def work_id(memory: Memory) -> str:
    memory.works.remember("ines", [Piece(source="a.md", title="Kelp", body="Kelp, by weight.")])
    return memory.works.list("ines")[0].id


def likes(work_id: str, value: float, at: datetime = NOON, **more: str) -> Measured:
    return Measured.model_validate({"work_id": work_id, "metric": "likes", "value": value, "measured_at": at} | more)


def test_how_a_piece_did_is_told_by_its_last_figures(memory: Memory, work_id: str) -> None:
    later = NOON + timedelta(days=3)
    views = likes(work_id, 1204, later).model_copy(update={"metric": "views"})
    memory.outcomes.take("ines", [likes(work_id, 40), likes(work_id, 212, later), views], by="ines")
    assert memory.outcomes.in_words("ines", [work_id, "w_other"]) == {
        work_id: "1,204 views, 212 likes",
        "w_other": "",
    }
    (first,) = memory.outcomes.of("ines", [work_id], until=NOON)[work_id]
    assert first.value == 40


def test_a_corrected_figure_supersedes_and_stays(memory: Memory, clock: Clock, work_id: str) -> None:
    figures = [likes(work_id, 40, source="mastodon")]
    assert memory.outcomes.take("ines", figures, by="ines").added == 1
    assert memory.outcomes.take("ines", figures, by="ines").unchanged == 1
    clock.pass_by(days=1)
    assert memory.outcomes.take("ines", [likes(work_id, 44, source="mastodon")], by="ines").corrected == 1
    assert memory.outcomes.in_words("ines", [work_id])[work_id] == "44 likes (mastodon)"
    (then,) = memory.outcomes.of("ines", [work_id], known=NOON)[work_id]
    assert then.value == 40


def test_figures_are_of_ones_own_pieces_and_recorded_by_people(memory: Memory, work_id: str) -> None:
    memory.workspaces.add(Workspace(id="olav", name="Olav", created_at=NOON))
    with pytest.raises(NotFound, match="in this workspace"):
        memory.outcomes.take("olav", [likes(work_id, 1)], by="olav")
    with pytest.raises(NotAllowed):
        memory.outcomes.take("ines", [likes(work_id, 1)], by="agent")
    assert memory.outcomes.of("olav", [work_id]) == {work_id: ()}


def test_counts_that_come_with_imported_pieces_are_kept_when_they_change(memory: Memory, clock: Clock) -> None:
    def imported(likes_: str) -> str:
        extra = {"favorite_count": likes_, "views": 1204, "color": "3", "replies": "many"}
        piece = Piece(source="x:1", body="Kelp, by weight.", format="x", extra=extra)
        memory.works.remember("ines", [piece])
        memory.outcomes.counted("ines", [piece], by="ines")
        clock.pass_by(days=1)
        (work,) = memory.works.list("ines")
        return memory.outcomes.in_words("ines", [work.id])[work.id]

    assert imported("3") == "1,204 views, 3 likes (x)"
    assert imported("3") == "1,204 views, 3 likes (x)"
    assert imported("5") == "1,204 views, 5 likes (x)"
    (work,) = memory.works.list("ines")
    assert [each.value for each in memory.outcomes.of("ines", [work.id])[work.id]] == [3, 1204, 5]

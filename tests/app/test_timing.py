"""Times for a door: with reasons, other days, a person's own results, and what speaks against a time."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.queueing import queue, reorder
from app.revising import Wish
from app.studio import Studio
from app.timing import look, suggest, wanted
from core.errors import NotAllowed, NotFound, WrongUse
from core.outcomes import Measured
from core.series import Series
from core.wall_time import to_instant, to_wall
from core.works import Piece
from tests.conftest import Clock
from tests.copied import copied_studio
from tests.making import ASK

OSLO = "Europe/Oslo"


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = copied_studio(tmp_path, clock)
    yield made
    made.close()


def with_results(studio: Studio, evenings: float) -> None:
    """Two hundred posts, mornings and evenings of weekdays in turn; evenings got so many times as much."""
    pieces, figures = [], []
    for number in range(200):
        wall = datetime(2025, 9, 1) + timedelta(days=number * 2, hours=19 if number % 3 else 8)
        at = to_instant(wall, OSLO)[0]
        pieces.append(Piece(source=f"b:{number}", body=f"Post {number}.", format="bluesky", published_at=at))
        figures.append((at, (100 + number * 37 % 41) * (evenings if number % 3 else 1)))
    studio.memory.works.remember(studio.workspace.id, pieces)
    for number, (at, value) in enumerate(figures):
        work = studio.memory.works.by_source(studio.workspace.id, f"b:{number}")
        assert work is not None
        figures[number] = Measured(work_id=work.id, metric="likes", value=value, measured_at=at + timedelta(days=7))  # type: ignore[call-overload]
    studio.memory.outcomes.take(studio.workspace.id, figures, by="owner")  # type: ignore[arg-type]


def test_not_enough_data_is_a_normal_answer_and_enough_moves_the_time(studio: Studio) -> None:
    asked = wanted(studio, None, ["bluesky"], None, None)
    [before] = suggest(studio, asked, 2)
    assert (before.time.enough, before.time.needed, before.time.source) == (False, 30, "default")
    with_results(studio, 2.0)
    [after] = suggest(studio, asked, 2)
    assert (after.time.enough, after.time.source) == (True, "results")
    assert 18 <= to_wall(after.time.at, OSLO).hour < 21
    assert "more likes than your others of the same weeks" in after.time.reason
    days = [to_wall(each.at, OSLO).date() for each in (after.time, *after.time.alternatives)]
    assert len(set(days)) == 3
    assert all(each.at > after.time.at for each in after.time.alternatives)


def test_equal_results_are_told_as_such(studio: Studio) -> None:
    with_results(studio, 1.0)
    [found] = suggest(studio, wanted(studio, None, ["bluesky"], None, None), 0)
    assert (found.time.enough, found.time.source, found.time.alternatives) == (True, "default", ())
    assert "no three hours of the day did better by more than chance" in found.time.reason


def test_for_a_proposal_its_own_time_is_free_and_others_are_not(studio: Studio, clock: Clock) -> None:
    one, two = (studio.start(ask, channels=["bluesky"]).proposals[0] for ask in (ASK, "Announce the fog signal"))
    assert one.suggested_at is not None
    [again] = suggest(studio, wanted(studio, one.id, None, None, None), 0)
    assert again.time.at == one.suggested_at
    [against] = look(studio, wanted(studio, two.id, None, None, None), one.suggested_at)
    assert [each.kind for each in against.conflicts] == ["gap"]
    assert against.conflicts[0].proposal == one.id
    assert against.as_json()["fits"] is False
    night = to_instant(datetime(2026, 12, 25, 23, 0), OSLO)[0]
    [xmas] = look(studio, wanted(studio, None, ["x"], None, clock() + timedelta(days=60)), night)
    assert [each.kind for each in xmas.conflicts] == ["embargo", "quiet", "holiday"]
    with pytest.raises(NotFound):
        wanted(studio, "p_none", None, None, None)


def slots(studio: Studio) -> None:
    made = Series(
        id="s_1", workspace=studio.workspace.id, channel="bluesky", name="Notes", weekdays=(1, 3), wall_time="08:30",
        zone=OSLO, starts_on="2026-11-20", created_at=studio.clock(),
    )  # fmt: skip
    studio.memory.series.add(made)


def test_the_queue_shows_each_slot_and_waiting_posts_change_places(studio: Studio) -> None:
    slots(studio)
    one, two = (studio.start(ask, channels=["bluesky"]).proposals[0] for ask in (ASK, "Announce the fog signal"))
    first, second, third = queue(studio, "bluesky")[:3]
    assert ([each.id for each in first.proposals], [each.id for each in second.proposals]) == ([one.id], [two.id])
    assert third.proposals == ()
    moved = reorder(studio, [two.id, one.id])
    assert [each.suggested_at for each in moved] == [first.slot.at, second.slot.at]
    assert [each.supersedes for each in moved] == [two.id, one.id]
    assert [each.sha for each in moved] == [two.sha, one.sha]  # a proposed time is not part of what is approved
    assert {each.id for each in studio.pending()} == {each.id for each in moved}
    assert studio.decide(moved[0].id, "approve", moved[0].sha).publication is not None
    assert studio.verify_ledger().ok


def test_what_has_a_time_gets_the_others_as_a_new_version(studio: Studio) -> None:
    slots(studio)
    one, two = (studio.start(a, channels=["bluesky"], when="auto").proposals[0] for a in (ASK, "Announce the fog"))
    moved = reorder(studio, [two.id, one.id])
    assert [each.at for each in moved] == [one.at, two.at]
    assert [each.state for each in moved] == ["waiting", "waiting"]
    assert moved[0].sha != two.sha


def test_what_is_approved_keeps_its_place(studio: Studio) -> None:
    slots(studio)
    one, two = (studio.start(a, channels=["bluesky"], when="auto").proposals[0] for a in (ASK, "Announce the fog"))
    studio.decide(one.id, "approve", one.sha)
    with pytest.raises(NotAllowed, match="keeps its place"):
        reorder(studio, [two.id, one.id])
    elsewhere = studio.start(ASK, channels=["x"], when="auto").proposals[0]
    for wrong in ([two.id], [two.id, elsewhere.id], [two.id, two.id]):
        with pytest.raises(WrongUse):
            reorder(studio, wrong)
    assert studio.revise(two.id, Wish(at=None)).proposal.at is None
    assert studio.show(one.id).state == "scheduled"


@pytest.fixture
def run(studio: Studio) -> Callable[..., tuple[int, dict[str, object]]]:
    """Run the terminal's door on the studio's home."""

    def call(*words: str) -> tuple[int, dict[str, object]]:
        done = CliRunner().invoke(build(), [*words, "--home", str(studio.settings.home), "--json"])
        return done.exit_code, json.loads(done.stdout)

    return call


def test_the_terminals_door(run: Callable[..., tuple[int, dict[str, object]]], studio: Studio, tmp_path: Path) -> None:
    code, told = run("suggest-time", "--channels", "bluesky,x", "--others", "1")
    assert (code, told["booked"]) == (0, False)
    assert [each["channel"] for each in told["times"]] == ["bluesky", "x"]  # type: ignore[attr-defined]
    work = studio.works()[0].id
    assert run("embargo", "set", work, "2099-12-01 9:00", "--note", "the publisher")[0] == 0
    assert run("embargo", "list")[1]["embargoes"][0]["work_id"] == work  # type: ignore[index]
    assert run("embargo", "lift", work)[0] == 0
    assert run("embargo", "set", work, "2001-12-01 9:00")[0] == 2
    code, made = run("slots", "add", "--channel", "x", "--days", "tue", "--time", "08:30")
    series = str(made["series"]["id"])  # type: ignore[index]
    assert run("slots", "pause", series, "--until", "2099-01-01")[1]["series"]["paused_until"] == "2099-01-01"  # type: ignore[index]
    assert run("slots", "queue")[1]["queue"] == []
    assert run("slots", "resume", series)[0] == 0
    assert run("slots", "queue", "--channel", "x")[1]["queue"] != []
    file = tmp_path / "plan.ics"
    assert run("calendar", "export", str(file))[0] == 0
    assert file.read_bytes().startswith(b"BEGIN:VCALENDAR\r\n")
    feed = run("calendar", "feed", "add", "--with-text")[1]
    assert str(feed["address"]).endswith(f"/feeds/{feed['token']}.ics")
    listed = run("calendar", "feed", "list")[1]
    assert "token" not in str(listed)
    assert run("calendar", "feed", "revoke", str(feed["feed"]["id"]))[0] == 0  # type: ignore[index]
    assert run("calendar", "feed", "list")[1] == {"feeds": []}
    assert run("calendar", "nonsense")[0] == 2

"""Live evaluation: what people decided, by model and prompts, from the home's own database."""

from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from app.studio import Studio
from core.errors import WrongUse
from core.proposals import Proposal
from evals.bench.edits.distance import distance
from evals.harness.stage import Clock
from evals.live import Group, report, show
from tests.making import make_studio

CHANNELS = ("bluesky", "mastodon", "linkedin", "site", "x")
EDITED = "The door opens at ten, and Ida has the key."


@pytest.fixture(scope="module")
def clock() -> Clock:
    return Clock()


def decide(studio: Studio, proposal: Proposal, verb: str, **more: Any) -> Any:
    return studio.decide(proposal.id, verb, studio.show(proposal.id).sha, **more)


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory, clock: Clock) -> Iterator[Studio]:
    """Five drafts: approved, edited and then approved, rejected, held and then approved, held; then one sent back."""
    made = make_studio(tmp_path_factory.mktemp("live"), clock, letters=False, undo_seconds=0)
    approved, edited, rejected, later, held = made.start("Announce the open studio", channels=CHANNELS).proposals
    clock.move(hours=1)
    decide(made, approved, "approve")
    done = decide(made, edited, "edit", body=EDITED)
    decide(made, made.show(done.decision.new_proposal_id), "approve")
    clock.move(hours=1)
    decide(made, later, "hold", note="after lunch")
    decide(made, held, "hold", note="not yet")
    clock.move(hours=2)
    decide(made, later, "approve")
    decide(made, rejected, "reject", note="we do not post there on Sundays")
    clock.move(days=2)
    [back] = made.start("Announce the winter market", channels=["bluesky"]).proposals
    decide(made, back, "changes", note="shorter")
    yield made
    made.close()


def only_group(studio: Studio, since: str | None = None) -> Group:
    [found] = report(studio, since).groups
    return found


def test_each_draft_counts_once_by_the_first_word_that_settled_it(studio: Studio) -> None:
    told = report(studio)
    group = only_group(studio)
    counts = (group.decided, group.as_it_is, group.edited, group.sent_back, group.rejected, group.held_first)
    assert counts == (5, 2, 1, 1, 1, 1)
    assert (told.decided, told.since) == (5, None)
    assert told.waiting == 2  # the one that is held, and what came back of the changes
    assert (group.model, group.channels) == ("rehearsal", ("bluesky", "linkedin", "mastodon", "site"))
    assert "nothing" in told.privacy.casefold() and not group.few


def test_an_edit_is_measured_against_the_draft_and_a_wait_in_hours(studio: Studio) -> None:
    group = only_group(studio)
    first = next(each for each in studio.memory.proposals.list(studio.workspace.id) if each.channel == "mastodon")
    assert group.edit_distance == pytest.approx(distance(first.text, EDITED))
    assert group.hours_to_decision == 1.0  # of 0, 1, 1, 4 and 4
    assert group.accepted == 0.4 and 0 <= group.accepted_low < 0.4 < group.accepted_high <= 1


def test_reasons_are_the_words_of_those_who_turned_a_draft_down_newest_first(studio: Studio) -> None:
    assert only_group(studio).reasons == ("shorter", "we do not post there on Sundays")


def test_from_a_day_on_only_later_decisions_count(studio: Studio) -> None:
    assert (report(studio, "2026-11-22").decided, only_group(studio, "2026-11-22").sent_back) == (1, 1)
    assert only_group(studio, "2026-11-22").few
    assert report(studio, "2026-11-23").groups == ()


@pytest.mark.parametrize("day", ["yesterday", "2026-13-01", "20.11.2026", ""])
def test_a_day_that_is_none_is_said(studio: Studio, day: str) -> None:
    with pytest.raises(WrongUse, match="is no day") as raised:
        report(studio, day)
    assert raised.value.hint == "Write it as 2026-10-01."


def test_it_is_told_to_a_person_in_words(studio: Studio) -> None:
    said = StringIO()
    show(Console(file=said, width=200), report(studio))
    assert "40% approved as they were" in said.getvalue() and "of 5 decided" in said.getvalue()
    assert "“shorter”" in said.getvalue() and "Waiting: 2." in said.getvalue()


def test_an_empty_home_has_nothing_to_tell(tmp_path: Path, clock: Clock) -> None:
    made = make_studio(tmp_path, clock, letters=False)
    told, said = report(made), StringIO()
    made.close()
    show(Console(file=said, width=200), told)
    assert (told.decided, told.waiting, told.groups) == (0, 0, ())
    assert "Nothing has been decided yet." in said.getvalue()


def test_a_day_without_decisions_is_no_home_without_any(studio: Studio) -> None:
    said = StringIO()
    show(Console(file=said, width=200), report(studio, "2031-01-01"))
    assert "Nothing has been decided since 2031-01-01." in said.getvalue() and "Waiting: 2." in said.getvalue()

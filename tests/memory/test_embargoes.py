"""Embargoes: the latest word counts, only owners and editors say one, and what could leave sooner loses its ground."""

from datetime import timedelta
from typing import Any

import pytest

from core.canonical import sha256
from core.drafts import Receipt
from core.errors import NotAllowed, NotFound
from core.proposals import Proposal, envelope
from core.works import Piece
from memory import Memory
from tests.memory.conftest import NOON, Clock
from tests.memory.making import brief, proposal, waiting

FRIDAY = NOON + timedelta(days=7)


@pytest.fixture
def work(memory: Memory) -> str:
    """A past work of Ines's."""
    memory.works.remember("ines", [Piece(source="tin.md", title="Tin", body="A biscuit tin on a shelf.")])
    return memory.works.list("ines")[0].id


def leaning(memory: Memory, work: str, text: str = "A tin.", **more: Any) -> Proposal:
    """A waiting proposal that cites the work; `not_before` and `at` as given."""
    made = proposal(text, receipts=(Receipt(work_id=work, title="Tin", quote="tin"),), **more)
    names = ("workspace", "channel", "account", "locale", "payload", "at", "grace_minutes", "not_before")
    made = made.model_copy(update={"sha": sha256(envelope(**{name: getattr(made, name) for name in names}))})
    if not memory.briefs.list("ines"):
        memory.briefs.add(brief())
    memory.proposals.add(made)
    return made


def test_of_a_work_the_latest_word_counts_and_none_is_overwritten(memory: Memory, work: str, clock: Clock) -> None:
    memory.embargoes.say("ines", work, FRIDAY, by="Ines", note="the publisher")
    memory.embargoes.say("ines", work, NOON + timedelta(days=2), by="Ines")
    [said] = memory.embargoes.list("ines")
    assert said.not_before == NOON + timedelta(days=2)
    assert memory.embargoes.until("ines", {work}) == said
    assert memory.embargoes.until("ines", {"w_other"}) is None
    assert memory.embargoes.until("tom", {work}) is None
    assert [entry.kind for entry in memory.ledger.entries()] == ["embargo", "embargo"]
    clock.pass_by(days=3)
    assert memory.embargoes.until("ines", {work}) is None


def test_lifting_ends_it_and_there_must_be_one(memory: Memory, work: str) -> None:
    memory.embargoes.say("ines", work, FRIDAY, by="Ines")
    memory.embargoes.lift("ines", work, by="Ines")
    assert (memory.embargoes.until("ines", {work}), memory.embargoes.list("ines")) == (None, [])
    entries = len(memory.ledger.entries())
    with pytest.raises(NotFound, match="No embargo is on"):
        memory.embargoes.lift("ines", work, by="Ines")
    assert len(memory.ledger.entries()) == entries
    with pytest.raises(NotFound, match="no work w_9"):
        memory.embargoes.say("ines", "w_9", FRIDAY, by="Ines")


def test_owners_and_editors_say_it_and_nobody_else(memory: Memory, work: str) -> None:
    for role in ("editor", "contributor"):
        memory.members.add("ines", role.title(), role, by="Ines", new_secret="a tin without a lid")  # type: ignore[arg-type]
    memory.embargoes.say("ines", work, FRIDAY, by="Editor", secret="a tin without a lid")
    for by, secret in (("Contributor", "a tin without a lid"), ("Editor", None), ("agent", None), ("Tom", None)):
        with pytest.raises(NotAllowed):
            memory.embargoes.say("ines", work, NOON + timedelta(hours=1), by=by, secret=secret)
        with pytest.raises(NotAllowed):
            memory.embargoes.lift("ines", work, by=by, secret=secret)
    assert memory.embargoes.list("ines")[0].not_before == FRIDAY


def test_what_could_leave_sooner_loses_its_ground_and_what_waits_for_the_end_does_not(
    memory: Memory, work: str, clock: Clock
) -> None:
    on_approval = leaning(memory, work)
    too_early = leaning(memory, work, at=NOON + timedelta(days=1), grace_minutes=60)
    later = leaning(memory, work, at=FRIDAY + timedelta(hours=1), grace_minutes=60)
    frozen = leaning(memory, work, not_before=FRIDAY)
    free = waiting(memory, "Fog.", receipts=(Receipt(work_id="w_2", title="Fog", quote="fog"),))
    everything = (on_approval, too_early, later, frozen, free)
    assert [memory.grounds.embargo(each) for each in everything] == [None] * 5
    memory.embargoes.say("ines", work, FRIDAY, by="Ines")
    why = f"The past work {work} that it leans on is under an embargo until 2026-11-27 12:00 UTC (said by Ines)."
    assert [memory.grounds.embargo(each) for each in everything] == [why, why, None, None, None]
    swept = memory.voiding.sweep("ines", memory.grounds.embargo, by="Ines")
    assert {each.proposal for each in swept.voided} == {on_approval.id, too_early.id}
    clock.now = FRIDAY
    assert memory.grounds.embargo(on_approval) is None


def test_a_frozen_embargo_is_part_of_what_is_approved_and_never_changes(memory: Memory, work: str) -> None:
    made = leaning(memory, work, not_before=FRIDAY)
    kept = memory.proposals.get("ines", made.id)
    assert (kept.not_before, kept.sha) == (FRIDAY, kept.recomputed_sha())
    assert made.sha != leaning(memory, work).sha
    with pytest.raises(Exception, match="never changes"), memory._database.write() as conn:
        conn.exec_driver_sql("UPDATE proposals SET not_before = NULL")

"""The plain stores give back what they were given, to the workspace it belongs to."""

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from core.briefs import Angle, Plan
from core.drafts import Content, Draft, Finding, Receipt, VoiceReason, VoiceScore
from core.errors import AlreadyDecided, NotAllowed, NotFound, WrongUse
from core.proposals import Proposal
from core.usage import Usage, UsageTotal
from core.works import Workspace
from memory import Memory
from tests.memory.conftest import NOON
from tests.memory.making import brief, proposal, waiting

TOM = Workspace(
    id="tom-2", name="Tom", timezone="Europe/Lisbon", locale="pt", accounts={"site": "t.example"}, site_url="https://t.example",
    policy={"stages": ["brand"]}, created_at=NOON + timedelta(seconds=1),
)  # fmt: skip


def test_workspaces_come_back_as_they_went_in(memory: Memory) -> None:
    memory.workspaces.add(TOM)
    assert memory.workspaces.get("tom-2") == TOM
    assert [w.id for w in memory.workspaces.list()] == ["ines", "tom-2"]
    memory.workspaces.replace(renamed := TOM.model_copy(update={"name": "Tomás"}))
    assert memory.workspaces.get("tom-2") == renamed
    with pytest.raises(NotFound):
        memory.workspaces.replace(TOM.model_copy(update={"id": "other"}))
    with pytest.raises(WrongUse, match="already"):
        memory.workspaces.add(TOM)


@pytest.mark.parametrize("slug", ["", "Tom", "-tom", "tom-", "../tom", "t o", "tom\n", "x" * 65])
def test_a_workspace_id_is_a_slug(memory: Memory, slug: str) -> None:
    with pytest.raises(WrongUse):
        memory.workspaces.add(TOM.model_copy(update={"id": slug}))


def test_the_choice_of_a_workspace_is_kept_in_the_home(memory: Memory, tmp_path: Path) -> None:
    assert memory.workspaces.current() is None
    with pytest.raises(NotFound):
        memory.workspaces.choose("tom-2")
    memory.workspaces.choose("ines")
    again = Memory.open(tmp_path / "home")
    assert again.workspaces.current() == "ines"
    again.close()
    assert (tmp_path / "home" / "current-workspace").read_text() == "ines\n"


def test_the_latest_plan_counts(memory: Memory) -> None:
    memory.briefs.add(brief())
    assert memory.briefs.plan("b_1") is None
    memory.briefs.record_plan(Plan(brief_id="b_1"))
    later = Plan(brief_id="b_1", angles=(Angle(id="a1", title="Fog", premise="…"),), chosen=("a1",), phase="chosen")
    memory.briefs.record_plan(later)
    assert memory.briefs.plan("b_1") == later
    assert (memory.briefs.get("b_1"), memory.briefs.list("ines")) == (brief(), [brief()])
    with pytest.raises(NotFound):
        memory.briefs.get("b_2")


def draft(draft_id: str, revision: int = 0, parent: str | None = None, channel: str = "site") -> Draft:
    return Draft(
        id=draft_id, brief_id="b_1", workspace="ines", channel=channel, locale="en", revision=revision,
        parent_id=parent,
        content=Content(text=draft_id), model="rehearsal", created_at=NOON + timedelta(seconds=revision),
        findings=(Finding(rule="length", severity="error", message="Too long.", span=(0, 3)),),
        receipts=(Receipt(work_id=None, title="", quote="ü", origin="brief"),),
    )  # fmt: skip


def test_drafts_keep_every_revision(memory: Memory) -> None:
    memory.briefs.add(brief())
    chain = [draft("d1"), draft("d2", 1, "d1"), draft("d3", 2, "d2")]
    for made in (*chain, draft("x1", channel="x")):
        memory.drafts.add(made)
    assert memory.drafts.for_brief("b_1") == [chain[2], draft("x1", channel="x")]
    assert memory.drafts.history("d3") == chain
    assert memory.drafts.history("d1") == chain[:1]
    checked = chain[2].model_copy(update={"findings": ()})
    memory.drafts.record_check(checked)
    assert memory.drafts.get("d3") == checked
    for call in (memory.drafts.get, memory.drafts.history):
        with pytest.raises(NotFound):
            call("d9")
    with pytest.raises(NotFound):
        memory.drafts.record_check(draft("d9"))


def test_usage_is_summed_by_workspace_brief_and_time(memory: Memory) -> None:
    def call(number: int, brief_id: str | None, cost: float | None) -> Usage:
        return Usage(
            id=f"u{number}", workspace="ines", brief_id=brief_id, stage="draft", model="m", input_tokens=10 * number,
            output_tokens=number, cost=cost, seconds=0.5, at=NOON + timedelta(minutes=number),
        )  # fmt: skip

    calls = [call(1, "b_1", 0.5), call(2, "b_1", None), call(3, None, 0.25)]
    for made in calls:
        memory.usage.record(made)
    assert memory.usage.list("ines") == calls
    assert memory.usage.list("ines", brief_id="b_1") == calls[:2]
    assert memory.usage.total("ines") == UsageTotal(model_calls=3, input_tokens=60, output_tokens=6, cost=0.75)
    assert memory.usage.total("ines", brief_id="b_1").cost == 0.5
    assert memory.usage.total("ines", since=NOON + timedelta(minutes=2)).model_calls == 2
    assert memory.usage.total("tom") == UsageTotal()


def full(memory: Memory) -> Proposal:
    voice = VoiceScore(
        score=71.5, verdict="in_voice", interval=(60, 80), works=14,
        reasons=(VoiceReason(feature="commas", draft=6.7, yours=2.7, text="commas 6.7 per 100 words, yours 2.7"),),
    )  # fmt: skip
    return waiting(
        memory, "Grüße 🌊", at=NOON + timedelta(days=1, microseconds=5), grace_minutes=30, suggested_at=NOON,
        suggested_reason="Tuesday mornings do well", voice=voice, receipts=draft("d").receipts,
        findings=draft("d").findings,
        payload={"channel": "site", "text": "Grüße 🌊", "n": [1, 2.5, None, {"ü": True}]}, draft_id="d",
    )  # fmt: skip


def test_a_proposal_comes_back_as_it_went_in(memory: Memory) -> None:
    shown = full(memory)
    kept = memory.proposals.get("ines", shown.id)
    assert kept == shown
    assert kept.recomputed_sha() == shown.sha


@pytest.mark.parametrize(
    "changes", [{"sha": "0" * 64}, {"state": "approved"}, {"state": "live"}, {"state": "superseded"}]
)
def test_a_proposal_can_not_come_in_decided_or_with_another_hash(memory: Memory, changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="proposal"):
        waiting(memory, **changes)
    assert memory.proposals.list("ines") == []


def test_the_database_refuses_to_change_what_a_proposal_says(memory: Memory) -> None:
    shown = full(memory)
    movable = {"state", "stage", "superseded_by", "reason"}
    with closing(sqlite3.connect(memory.home / "greenroom.db")) as raw:
        columns = [row[1] for row in raw.execute("PRAGMA table_info(proposals)")]
        assert movable < set(columns)
        for column in set(columns) - movable:
            with pytest.raises(sqlite3.IntegrityError, match="never changes"):
                raw.execute(f"UPDATE proposals SET {column} = 'x'")
    assert memory.proposals.get("ines", shown.id) == shown


def test_proposals_are_listed_the_longest_waiting_first(memory: Memory) -> None:
    late = waiting(memory, "late", created_at=NOON + timedelta(hours=1))
    early = waiting(memory, "early")
    other = waiting(memory, "other", brief_id="b_2", created_at=NOON + timedelta(minutes=1))
    assert memory.proposals.list("ines") == [early, other, late]
    assert memory.proposals.list("ines", limit=1) == [early]
    assert memory.proposals.list("ines", brief_id="b_2") == [other]
    assert memory.proposals.list("ines", states=("held", "live")) == []
    assert memory.proposals.list("tom") == []


def test_a_state_moves_only_from_where_it_was_seen(memory: Memory) -> None:
    shown = waiting(memory)
    assert memory.proposals.move(shown.id, ("waiting", "held"), "stale")
    assert not memory.proposals.move(shown.id, ("waiting",), "held")
    assert memory.proposals.get("ines", shown.id).state == "stale"
    for old, new in (("waiting", "approved"), ("approved", "stale"), ("stale", "live"), ("stale", "superseded")):
        with pytest.raises(ValueError, match="only a decision"):
            memory.proposals.move(shown.id, (old,), new)  # type: ignore[arg-type]


def test_only_one_proposal_takes_anothers_place(memory: Memory) -> None:
    old, first, second = waiting(memory), proposal("first"), proposal("second")
    memory.proposals.supersede(old.id, first)
    assert memory.proposals.get("ines", old.id).superseded_by == first.id
    with pytest.raises(AlreadyDecided, match=first.id):
        memory.proposals.supersede(old.id, second)
    assert [p.id for p in memory.proposals.list("ines", states=("waiting",))] == [first.id]
    memory.decisions.claim("ines", first.id, "approve", first.sha, "Ines")
    with pytest.raises(NotAllowed):
        memory.proposals.supersede(first.id, second)
    refused = waiting(memory, "refused")
    memory.decisions.claim("ines", refused.id, "reject", refused.sha, "Ines")
    with pytest.raises(AlreadyDecided):
        memory.proposals.supersede(refused.id, second)

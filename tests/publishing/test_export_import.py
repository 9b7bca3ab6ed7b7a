"""An export that comes back sends nothing: not what waited to go out, and not what somebody wrote into it."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from core.decisions import GENESIS, entry_hash
from core.errors import NotAllowed, SendError
from memory import Memory
from memory.backup.sealed import Damaged
from publishing import Desk
from publishing.platforms.site import FolderSite
from tests.fakes.recording_platform import RecordingPlatform
from tests.memory.exporting import other_home, out, rewrite, rows
from tests.publishing.making import Clock, approved, proposal


def came_back(export: Path, tmp_path: Path, clock: Clock) -> Memory:
    memory = other_home(tmp_path, clock)
    memory.exports.restore(export)
    return memory


def desk_of(memory: Memory, social: RecordingPlatform, clock: Clock) -> Desk:
    return Desk(memory, {"site": FolderSite(memory.home / "site"), "bluesky": social}, clock)


def test_an_old_approval_releases_nothing(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path
) -> None:
    published = desk.enqueue(*approved(memory, title="Already out"))
    desk.publish_due()
    due = desk.enqueue(*approved(memory, channel="bluesky"))
    approved(memory, channel="bluesky", text="Approved, and never put in line.")
    waits = proposal(memory, channel="bluesky", text="It waits.")
    export = out(memory, tmp_path / "export")
    clock.pass_by(hours=1)
    new = came_back(export, tmp_path, clock)
    assert new.publications.get(published.id) == memory.publications.get(published.id)
    assert new.publications.get(due.id).state == "cancelled"
    states = {each.id: each.state for each in new.proposals.list("ines")}
    assert (states[waits.id], states[published.proposal_id]) == ("waiting", "live")
    assert sorted(states.values()) == ["live", "stale", "stale", "waiting"]
    assert "releases nothing here" in new.proposals.get("ines", due.proposal_id).reason
    assert new.ledger.verify().ok
    assert [decision.id for decision in new.decisions.unresumed()] == [published.decision_id]
    there = desk_of(new, social, clock)
    for _ in range(3):
        clock.pass_by(hours=1)
        assert there.publish_due().published == ()
    assert social.calls() == []
    assert not (new.home / "site").exists()
    new.close()


def test_a_new_approval_is_needed_and_doubts_what_may_be_out_already(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path
) -> None:
    """The home that it was exported from published it afterwards: the new one finds that, and sends nothing twice."""
    waits = proposal(memory, channel="bluesky")
    export = out(memory, tmp_path / "export")
    decision = memory.decisions.claim("ines", waits.id, "approve", waits.sha, "ines")
    desk.enqueue(memory.proposals.get("ines", waits.id), decision)
    assert len(desk.publish_due().published) == 1
    clock.pass_by(hours=1)
    new = came_back(export, tmp_path, clock)
    there = desk_of(new, social, clock)
    assert there.publish_due().published == ()
    decision = new.decisions.claim("ines", waits.id, "approve", waits.sha, "ines")
    there.enqueue(new.proposals.get("ines", waits.id), decision)
    for _ in range(3):
        clock.pass_by(minutes=2)
        there.publish_due()
    assert len(social.calls()) == 1
    new.close()


def test_what_may_have_left_goes_to_a_person(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path
) -> None:
    social.answers = ["lost_ack"]
    row = desk.enqueue(*approved(memory, channel="bluesky"))
    desk.publish_due()
    assert memory.publications.get(row.id).state == "unknown"
    new = came_back(out(memory, tmp_path / "export"), tmp_path, clock)
    assert new.publications.get(row.id).state == "needs_human"
    there = desk_of(new, social, clock)
    clock.pass_by(hours=1)
    there.publish_due()
    new.publications.step(row.id, epoch=new.publications.get(row.id).epoch, to="scheduled")  # a person says: again
    clock.pass_by(hours=1)
    there.publish_due()
    assert len(social.calls()) == 1
    assert new.publications.get(row.id).state == "needs_human"
    new.close()


Change = Callable[[list[dict[str, Any]]], list[dict[str, Any]]]


def told_anew(export: Path) -> None:
    """Chain the ledger again, as somebody can who wants a forged decision believed."""
    said = {row["id"]: row for row in rows(export, "decisions")}

    def chained(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
        prev = GENESIS
        for entry in entries:
            row = said[entry["payload"]["decision"]]
            entry["payload"] |= {"sha": row["sha"], "verb": row["verb"], "stage": row["stage"]}
            at = datetime.fromisoformat(entry["at"])
            entry |= {"prev": prev}
            entry["hash"] = prev = entry_hash(
                entry["seq"], at, entry["actor"], entry["kind"], entry["payload"], entry["prev"]
            )
        return entries

    rewrite(export, "ledger", chained)


@pytest.mark.parametrize("forged", ["second part", "said to be out already"])
def test_an_export_that_says_more_than_its_ledger_is_refused(
    memory: Memory, desk: Desk, clock: Clock, tmp_path: Path, forged: str
) -> None:
    row = desk.enqueue(*approved(memory, channel="bluesky", text="Words that nobody here approved."))
    export = out(memory, tmp_path / "export")
    first = {"state": "published", "remote_id": "r"}
    more = [{"id": "pub_more", "part": 2, "parts": 2, "root_id": row.id}] if forged == "second part" else []
    rewrite(export, "publications", lambda r: [r[0] | first, *(r[0] | first | each for each in more)])
    told_anew(export)
    with pytest.raises(Damaged, match="no entry of its ledger tells of that"):
        came_back(export, tmp_path, clock)


@pytest.mark.parametrize("forged", ["carried out", "not carried out", "live without a post"])
def test_a_forged_export_sends_nothing(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, tmp_path: Path, forged: str
) -> None:
    made, decision = approved(memory, channel="bluesky", text="Words that nobody here approved.")
    desk.enqueue(made, decision)
    export = out(memory, tmp_path / "export")
    if forged != "not carried out":
        rewrite(export, "decisions", lambda r: [each | {"resumed_at": each["at"]} for each in r])
    if forged == "live without a post":
        rewrite(export, "publications", lambda _rows: [])
        rewrite(export, "proposals", lambda r: [each | {"state": "live"} for each in r])
    told_anew(export)
    clock.pass_by(hours=1)
    new = came_back(export, tmp_path, clock)
    assert new.decisions.release("ines", made.id) is None
    assert new.decisions.unresumed() == []
    there = desk_of(new, social, clock)
    for each in new.publications.list():
        with pytest.raises(NotAllowed):
            new.publications.step(each.id, epoch=each.epoch, to="scheduled")
    with suppress(SendError):  # refused, or what is there already comes back
        assert there.enqueue(new.proposals.get("ines", made.id), decision).state == "cancelled"
    for _ in range(2):
        clock.pass_by(hours=1)
        there.publish_due()
    assert social.calls() == []
    new.close()

"""The way out: what is approved leaves once, on time, as approved; everything else says why it stays."""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from core.canonical import sha256
from core.decisions import Decision
from core.errors import NotAllowed, Refused
from core.proposals import Proposal
from core.works import Workspace
from memory import Memory
from memory.tables import decisions, proposals, publications
from publishing import Desk
from publishing.platforms.site import FolderSite
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import NOON, Clock, approved, proposal


def tamper(memory: Memory, table: object, row_id: str, **values: object) -> None:
    """Change a row behind the application's back, triggers and all."""
    with memory._database.write() as conn:
        names = [row[0] for row in conn.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'")]
        for name in names:
            conn.exec_driver_sql(f'DROP TRIGGER "{name}"')
        conn.execute(update(table).where(table.c.id == row_id).values(values))  # type: ignore[attr-defined]


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []


def test_publishes_exactly_the_approved_page(memory: Memory, desk: Desk, tmp_path: Path) -> None:
    made, decision = approved(memory)
    queued = desk.enqueue(made, decision)
    report = desk.publish_due()
    page = tmp_path / "home" / "site" / "ines" / made.payload["path"]
    assert page.read_bytes() == made.payload["page"].encode()
    live = report.published[0]
    assert (live.id, live.state, live.remote_id, live.url) == (
        queued.id,
        "published",
        made.payload["guid"],
        page.as_uri(),
    )
    assert memory.proposals.get("ines", made.id).state == "live"
    assert memory.ledger.verify().ok
    assert memory.ledger.entries()[-1].payload["state"] == "published"
    assert desk.publish_due().published == ()


def test_the_address_is_the_sites_own_where_it_has_one(memory: Memory, desk: Desk) -> None:
    far = Workspace(id="far", name="Far", site_url="https://far.example/blog/", created_at=NOON)
    memory.workspaces.add(far)
    made, decision = approved(memory, workspace=far)
    desk.enqueue(made, decision)
    slug = made.payload["path"].split("/")[1]
    assert desk.publish_due().published[0].url == f"https://far.example/blog/posts/{slug}/"


def test_enqueueing_twice_is_one_publication(memory: Memory, desk: Desk) -> None:
    made, decision = approved(memory)
    assert desk.enqueue(made, decision) == desk.enqueue(made, decision)


def test_a_decision_of_an_earlier_stage_releases_nothing(memory: Memory, desk: Desk) -> None:
    made = proposal(memory, stages=("brand", "proposals"))
    first = memory.decisions.claim("ines", made.id, "approve", made.sha, "ines")
    with pytest.raises(Refused):
        desk.enqueue(made, first)
    assert memory.publications.list("ines") == []


@pytest.mark.parametrize(
    "change",
    [
        {"payload": {"channel": "site", "text": "other", "path": "posts/x/index.html", "page": "other", "guid": "g"}},
        {"account": "somebody.else"},
        {"state": "stale"},
        {"state": "held"},
        {"at": NOON + timedelta(days=1)},
        {"sha": "0" * 64},
    ],
    ids=lambda change: next(iter(change)),
)
def test_refuses_a_proposal_that_changed_after_approval(
    memory: Memory, desk: Desk, tmp_path: Path, change: dict[str, object]
) -> None:
    made, decision = approved(memory)
    desk.enqueue(made, decision)
    tamper(memory, proposals, made.id, **change)
    report = desk.publish_due()
    assert (report.published, len(report.needs_human)) == ((), 1)
    assert "Nothing was sent" in report.needs_human[0].reason
    assert files(tmp_path / "home" / "site") == []
    assert memory.ledger.entries()[-1].payload["state"] == "needs_human"


def test_refuses_a_proposal_whose_hash_was_forged_along(memory: Memory, desk: Desk, social: RecordingPlatform) -> None:
    """Row, proposal hash and publication hash all say the same; only the decision doesn't."""
    made, decision = approved(memory, channel="bluesky", text="what was shown")
    queued = desk.enqueue(made, decision)
    forged = made.model_copy(update={"payload": {**made.payload, "text": "what was not shown"}})
    sha = forged.recomputed_sha()
    tamper(memory, proposals, made.id, payload=forged.payload, sha=sha)
    tamper(memory, publications, queued.id, sha=sha)
    assert desk.publish_due().needs_human[0].id == queued.id
    assert social.calls() == []


def test_refuses_after_the_decision_is_gone(memory: Memory, desk: Desk, social: RecordingPlatform) -> None:
    made, decision = approved(memory, channel="bluesky")
    desk.enqueue(made, decision)
    tamper(memory, decisions, decision.id, undone_by=1)
    assert desk.publish_due().needs_human[0].state == "needs_human"
    assert social.calls() == []


def test_refuses_at_the_last_moment_when_the_row_changes_while_it_is_prepared(
    memory: Memory, desk: Desk, social: RecordingPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, decision = approved(memory, channel="bluesky")
    queued = desk.enqueue(made, decision)
    request = social.request

    def tampering(*given: object) -> object:
        tamper(memory, proposals, made.id, payload={**made.payload, "text": "swapped"})
        return request(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(social, "request", tampering)
    desk.publish_due()
    left = memory.publications.get(queued.id)
    assert (left.state, left.attempts, social.calls()) == ("needs_human", 1, [])


def test_refuses_a_frozen_request_that_was_changed(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    made, decision = approved(memory, channel="bluesky")
    queued = desk.enqueue(made, decision)
    social.answers = ["drop"]
    desk.publish_due()
    request = memory.publications.get(queued.id).request or {}
    tamper(memory, publications, queued.id, request={**request, "payload": {**made.payload, "text": "swapped"}})
    clock.pass_by(minutes=5)
    desk.publish_due()
    assert memory.publications.get(queued.id).state == "needs_human"
    assert [call["call"] for call in social.calls()] == [made.payload["text"]]


def test_a_check_that_breaks_says_no(
    memory: Memory, desk: Desk, social: RecordingPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, decision = approved(memory, channel="bluesky")
    desk.enqueue(made, decision)

    def broken(*_: object) -> None:
        raise KeyError("row")

    monkeypatch.setattr(memory.decisions, "release", broken)
    assert "could not be checked" in desk.publish_due().needs_human[0].reason
    assert social.calls() == []


def test_what_is_due_later_waits_and_then_leaves_in_its_window(memory: Memory, desk: Desk, clock: Clock) -> None:
    made, decision = approved(memory, at=NOON + timedelta(hours=2), grace=30)
    queued = desk.enqueue(made, decision)
    assert (queued.wall_time, queued.zone) == ("2026-11-20 15:00", "Europe/Oslo")
    assert [each.id for each in desk.publish_due().waiting] == [queued.id]
    clock.pass_by(hours=2, minutes=29)
    assert [each.id for each in desk.publish_due().published] == [queued.id]


def test_past_its_window_it_is_missed_and_can_only_be_approved_anew(
    memory: Memory, desk: Desk, clock: Clock, tmp_path: Path
) -> None:
    made, decision = approved(memory, at=NOON + timedelta(hours=2), grace=30)
    queued = desk.enqueue(made, decision)
    clock.pass_by(hours=2, minutes=31)
    report = desk.publish_due()
    assert [each.state for each in report.needs_human] == ["missed"]
    assert "passed" in report.needs_human[0].reason
    assert files(tmp_path / "home" / "site") == []
    with pytest.raises(NotAllowed, match="part of what was approved"):
        desk.retry(queued.id)


def test_on_approval_has_no_grace_to_miss(memory: Memory, desk: Desk, clock: Clock) -> None:
    made, decision = approved(memory)
    desk.enqueue(made, decision)
    clock.pass_by(days=3)
    assert len(desk.publish_due().published) == 1


def test_a_due_time_that_was_moved_in_the_outbox_is_refused(
    memory: Memory, desk: Desk, social: RecordingPlatform
) -> None:
    made, decision = approved(memory, channel="bluesky", at=NOON + timedelta(days=1), grace=30)
    queued = desk.enqueue(made, decision)
    tamper(memory, publications, queued.id, due_at=NOON)
    assert "another time" in desk.publish_due().needs_human[0].reason
    assert social.calls() == []


def test_a_channel_without_a_sender_pauses_and_resumes_when_it_is_connected(
    memory: Memory, site: FolderSite, social: RecordingPlatform, clock: Clock
) -> None:
    made, decision = approved(memory, channel="bluesky")
    without = Desk(memory, {"site": site}, clock)
    without.enqueue(made, decision)
    waiting = without.publish_due().waiting[0]
    assert (waiting.state, waiting.reason) == (
        "paused_auth",
        "Bluesky is not connected in this version. The approved text is safe: "
        f"copy it with `greenroom show {made.id} --text`.",
    )
    assert without.publish_due().waiting[0].state == "paused_auth"
    assert len(Desk(memory, {"bluesky": social}, clock).publish_due().published) == 1


def test_one_failing_publication_never_blocks_another(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, one = approved(memory, channel="bluesky", text="breaks")
    second, two = approved(memory, text="goes out")
    desk.enqueue(first, one)
    desk.enqueue(second, two)

    def broken(*_: object) -> None:
        raise OSError("disk")

    monkeypatch.setattr(social, "prepare", broken)
    report = desk.publish_due()
    assert [each.proposal_id for each in report.published] == [second.id]
    assert [(each.state, each.reason) for each in report.waiting] == [
        ("scheduled", "Not prepared yet (disk). It will be tried again.")
    ]
    for _ in range(62):
        clock.pass_by(minutes=1)
        report = desk.publish_due()
    assert [(each.state, each.reason) for each in report.needs_human] == [
        ("needs_human", "It could not be prepared: disk. Nothing was sent.")
    ]
    assert social.calls() == []


def test_a_preview_changes_and_sends_nothing(memory: Memory, desk: Desk, clock: Clock, tmp_path: Path) -> None:
    good, one = approved(memory)
    bad, two = approved(memory)
    later, three = approved(memory, at=NOON + timedelta(days=1), grace=5)
    queued = [desk.enqueue(*each) for each in ((good, one), (bad, two), (later, three))]
    tamper(memory, proposals, bad.id, state="stale")
    before = memory.publications.list("ines")
    report = desk.preview_due(NOON)
    assert [each.id for each in report.published] == [queued[0].id]
    assert [each.id for each in report.needs_human] == [queued[1].id]
    assert [each.id for each in report.waiting] == [queued[2].id]
    assert desk.preview_due(NOON + timedelta(days=2)).needs_human[-1].state == "missed"
    assert memory.publications.list("ines") == before
    assert files(tmp_path / "home" / "site") == []


def test_only_the_asked_workspace_is_published(memory: Memory, desk: Desk) -> None:
    other = Workspace(id="other", name="Other", created_at=NOON)
    memory.workspaces.add(other)
    mine, one = approved(memory)
    theirs, two = approved(memory, workspace=other)
    desk.enqueue(mine, one)
    desk.enqueue(theirs, two)
    assert [each.proposal_id for each in desk.publish_due("other").published] == [theirs.id]
    assert [each.proposal_id for each in desk.publish_due().published] == [mine.id]


def test_an_approval_taken_back_in_time_is_not_sent(
    memory: Memory, desk: Desk, social: RecordingPlatform, clock: Clock
) -> None:
    made, decision = approved(memory, channel="bluesky", at=NOON + timedelta(hours=1), grace=30)
    desk.enqueue(made, decision)
    memory.decisions.undo("ines", decision.id, "ines")
    clock.pass_by(hours=1)
    assert desk.publish_due().published == ()
    assert social.calls() == []


def test_cancel_says_when_it_is_too_late(memory: Memory, desk: Desk, social: RecordingPlatform) -> None:
    made, decision = approved(memory, channel="bluesky")
    queued = desk.enqueue(made, decision)
    assert desk.cancel(queued.id, by="ines").state == "cancelled"
    with pytest.raises(NotAllowed, match="cancelled already"):
        desk.cancel(queued.id, by="ines")
    other, two = approved(memory, channel="bluesky", text="another")
    armed = desk.enqueue(other, two)
    seen: list[str] = []
    send = social.send

    def while_sending(request: dict[str, object]) -> object:
        with pytest.raises(NotAllowed) as late:
            desk.cancel(armed.id)
        seen.append(late.value.message)
        return send(request)

    social.send = while_sending  # type: ignore[method-assign, assignment]
    desk.publish_due()
    assert seen == [f"It is too late: {armed.id} is being sent."]
    assert memory.publications.get(armed.id).state == "published"


def published_sidecar(desk: Desk, tmp_path: Path, made: Proposal, decision: Decision) -> dict[str, Any]:
    desk.enqueue(made, decision)
    desk.publish_due()
    folder = tmp_path / "home" / "site" / "ines" / Path(made.payload["path"]).parent
    sidecar: dict[str, Any] = json.loads((folder / "provenance.json").read_text())
    assert sidecar["page_sha256"] == sha256((folder / "index.html").read_bytes())
    return sidecar


def test_the_sidecar_says_what_was_approved_and_that_a_person_did(memory: Memory, desk: Desk, tmp_path: Path) -> None:
    made, decision = approved(memory)
    sidecar = published_sidecar(desk, tmp_path, made, decision)
    assert sidecar["approved"] == {
        "by": "a person",
        "at": "2026-11-20T12:00:00Z",
        "decision": decision.id,
        "sha": made.sha,
    }
    assert made.payload["provenance"] == {
        "generator": "Greenroom",
        "model": "rehearsal",
        "prompt_versions": {"draft": "7c1e"},
        "works": [{"id": "w_1", "title": "The almanac", "url": None}],
    }
    assert made.payload["provenance"].items() <= sidecar.items()
    for private in ("biscuit tin", "private brief", "private ask", '"ines"'):
        assert private not in json.dumps(sidecar)


def test_the_sidecar_follows_the_hash_and_not_the_row_beside_it(memory: Memory, desk: Desk, tmp_path: Path) -> None:
    made, decision = approved(memory)
    other = made.model_dump(mode="json")["provenance"] | {"model": "another-model"}
    receipt = made.receipts[0].model_copy(update={"title": "Never approved"}).model_dump(mode="json")
    tamper(memory, proposals, made.id, provenance=other, receipts=[receipt])
    sidecar = published_sidecar(desk, tmp_path, made, decision)
    assert memory.proposals.get("ines", made.id).provenance.model == "another-model"
    assert sidecar["model"] == "rehearsal"
    assert "Never approved" not in json.dumps(sidecar)

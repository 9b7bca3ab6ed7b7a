"""Small, whole nouns for the tests."""

from datetime import UTC, datetime
from typing import Any

from core.briefs import Brief
from core.canonical import sha256
from core.decisions import Decision
from core.ids import new_id
from core.proposals import Proposal, Provenance, envelope
from core.publications import Publication
from memory import Memory

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def brief(brief_id: str = "b_1", workspace: str = "ines") -> Brief:
    return Brief(id=brief_id, workspace=workspace, ask="Announce the guide", channels=("site",), created_at=NOON)


def proposal(text: str = "Hello from the guide.", **changes: Any) -> Proposal:
    fields: dict[str, Any] = {
        "id": new_id("pr"),
        "workspace": "ines",
        "brief_id": "b_1",
        "draft_id": None,
        "channel": "site",
        "account": "ines.example",
        "locale": "en",
        "payload": {"channel": "site", "text": text},
        "text": text,
        "provenance": Provenance(model="rehearsal", created_at=NOON),
        "created_at": NOON,
    } | changes
    fields["stage"] = fields.get("stages", ("proposals",))[0]
    covered = {name: fields[name] for name in ("workspace", "channel", "account", "locale", "payload")}
    sha = sha256(envelope(**covered, at=fields.get("at"), grace_minutes=fields.get("grace_minutes")))
    return Proposal(**{"sha": sha, **fields})


def waiting(memory: Memory, text: str = "Hello from the guide.", **changes: Any) -> Proposal:
    """Put a proposal, and its brief if need be, into memory."""
    made = proposal(text, **changes)
    if not any(b.id == made.brief_id for b in memory.briefs.list(made.workspace)):
        memory.briefs.add(brief(made.brief_id, made.workspace))
    memory.proposals.add(made)
    return made


def publication(made: Proposal, decision: Decision, **changes: Any) -> Publication:
    fields: dict[str, Any] = {
        "id": new_id("pub"),
        "workspace": made.workspace,
        "proposal_id": made.id,
        "decision_id": decision.id,
        "channel": made.channel,
        "account": made.account,
        "sha": made.sha,
        "due_at": NOON,
        "created_at": NOON,
        "updated_at": NOON,
    }
    return Publication(**fields | changes)

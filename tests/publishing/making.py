"""Approved proposals, made the way the studio makes them: composed, frozen, decided by hash."""

from datetime import UTC, datetime, timedelta
from typing import Any

from core.briefs import Brief
from core.canonical import sha256
from core.channels import channels
from core.decisions import Decision
from core.drafts import Content, Receipt
from core.ids import new_id
from core.proposals import Proposal, Provenance, envelope
from core.works import Workspace
from memory import Memory
from publishing import ComposeContext, compose

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
INES = Workspace(
    id="ines",
    name="Tidewater Letters",
    timezone="Europe/Oslo",
    accounts={each.name: "ines.example" for each in channels()},
    created_at=NOON,
)
BODY = "The harbour did not close because of the storm.\n\nNobody could agree who owned the **tide tables**."


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


def context(workspace: Workspace = INES, **changes: Any) -> ComposeContext:
    fields: dict[str, Any] = {
        "workspace": workspace,
        "account": "ines.example",
        "locale": "en",
        "date": NOON.date(),
        "proposal_key": "b_1/site/en/1",
        "provenance": {"model": "rehearsal", "prompt_versions": {"draft": "7c1e"}, "inputs": {"ask": "a private ask"}},
        "works": ({"id": "w_1", "title": "The almanac", "url": None},),
    }
    return ComposeContext(**fields | changes)


def proposal(
    memory: Memory,
    *,
    channel: str = "site",
    title: str = "The slow harbour",
    text: str = BODY,
    at: datetime | None = None,
    grace: int | None = None,
    workspace: Workspace = INES,
    stages: tuple[str, ...] = ("proposals",),
    key: str | None = None,
    tags: tuple[str, ...] = ("harbours",),
) -> Proposal:
    """Put a waiting proposal into memory."""
    if not any(brief.id == f"b_{workspace.id}" for brief in memory.briefs.list(workspace.id)):
        memory.briefs.add(
            Brief(id=f"b_{workspace.id}", workspace=workspace.id, ask="x", channels=("site",), created_at=NOON)
        )
    made_id = new_id("p")
    payload = compose(
        channel,
        Content(text=text, title=title, tags=tags),
        context(workspace, proposal_key=key or made_id, account=workspace.account_on(channel)),
    )
    covered: dict[str, Any] = {
        "workspace": workspace.id,
        "channel": channel,
        "account": workspace.account_on(channel),
        "locale": "en",
        "payload": payload,
        "at": at,
        "grace_minutes": grace if at else None,
    }
    made = Proposal(
        id=made_id,
        brief_id=f"b_{workspace.id}",
        draft_id=None,
        stage=stages[0],
        stages=stages,
        text=payload["text"],
        sha=sha256(envelope(**covered)),
        receipts=(
            Receipt(work_id="w_1", title="The almanac", quote="She kept the tables in a biscuit tin."),
            Receipt(work_id=None, title="your brief", quote="the private brief", origin="brief"),
        ),
        provenance=Provenance(model="rehearsal", prompt_versions={"draft": "7c1e"}, created_at=NOON),
        created_at=NOON,
        **covered,
    )
    memory.proposals.add(made)
    return made


def approved(memory: Memory, **wanted: Any) -> tuple[Proposal, Decision]:
    """Put a proposal into memory that a person has approved at every stage."""
    made = proposal(memory, **wanted)
    for _ in made.stages:
        decision = memory.decisions.claim(made.workspace, made.id, "approve", made.sha, "ines")
    return memory.proposals.get(made.workspace, made.id), decision

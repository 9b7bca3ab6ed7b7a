"""One approved post, made as the studio makes it: composed, frozen, decided by the hash that was shown."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from core.briefs import Brief
from core.canonical import sha256
from core.decisions import Decision
from core.drafts import Content
from core.ids import new_id
from core.proposals import Proposal, Provenance, envelope
from core.works import Workspace
from memory import Memory
from publishing import ComposeContext, compose

WORKSPACE = "bench"
ACCOUNT = "bench.example"


def new_memory(home: Path, clock: Callable[[], datetime]) -> Memory:
    """Return a fresh memory with one workspace and one brief in it."""
    memory = Memory.open(home, clock=clock)
    accounts = dict.fromkeys(("bluesky", "mastodon", "site", "webhook"), ACCOUNT)
    memory.workspaces.add(Workspace(id=WORKSPACE, name="Bench", accounts=accounts, created_at=clock()))
    memory.briefs.add(Brief(id="b_bench", workspace=WORKSPACE, ask="x", channels=("bluesky",), created_at=clock()))
    return memory


def waiting_one(
    memory: Memory, now: datetime, *, text: str = "The tide came in.", channel: str = "bluesky", **window: Any
) -> Proposal:
    """Put a waiting proposal into memory."""
    made_id = new_id("p")
    context = ComposeContext(
        workspace=memory.workspaces.get(WORKSPACE),
        account=ACCOUNT,
        locale="en",
        date=now.date(),
        proposal_key=made_id,
        provenance={"model": "rehearsal"},
    )
    covered: dict[str, Any] = {
        "workspace": WORKSPACE,
        "channel": channel,
        "account": ACCOUNT,
        "locale": "en",
        "payload": compose(channel, Content(text=text), context),
        "at": window.get("at"),
        "grace_minutes": window.get("grace_minutes"),
    }
    proposal = Proposal(
        id=made_id,
        brief_id="b_bench",
        draft_id=None,
        text=covered["payload"]["text"],
        sha=sha256(envelope(**covered)),
        provenance=Provenance(model="rehearsal", created_at=now),
        created_at=now,
        **covered,
    )
    memory.proposals.add(proposal)
    return proposal


def approve_one(memory: Memory, now: datetime, **wanted: Any) -> tuple[Proposal, Decision]:
    """Put a proposal into memory that a person has approved."""
    shown = waiting_one(memory, now, **wanted)
    decision = memory.decisions.claim(WORKSPACE, shown.id, "approve", shown.sha, "owner")
    return memory.proposals.get(WORKSPACE, shown.id), decision

"""A compromised tool in the graph's process: it has the front desk and the memory's faces, and forges their nouns."""

from datetime import timedelta
from random import Random
from typing import Any

from core.decisions import Decision
from core.ids import new_id
from core.proposals import Proposal
from core.publications import Publication
from evals.gate.moves.move import Moves
from evals.gate.stage import Stage
from evals.gate.theatre import NEIGHBOUR

MOVES = Moves("process")


def forged_decision(stage: Stage, p: Proposal, rng: Random, **more: Any) -> Decision:
    """Return a decision that nobody made."""
    fields: dict[str, Any] = {
        "id": rng.choice((new_id("dec"), *(d.id for d in stage.decisions()))),
        "workspace": p.workspace,
        "proposal_id": p.id,
        "stage": p.stages[-1],
        "verb": "approve",
        "by": "owner",
        "at": stage.clock(),
        "sha": p.sha,
    }
    return Decision(**fields | more)


def forged_row(stage: Stage, p: Proposal, decision_id: str, **more: Any) -> Publication:
    """Return a row of the outbox as it would be, had it been approved."""
    fields: dict[str, Any] = {
        "id": new_id("pub"),
        "workspace": p.workspace,
        "proposal_id": p.id,
        "decision_id": decision_id,
        "channel": p.channel,
        "account": p.account,
        "sha": p.sha,
        "due_at": p.at or stage.clock(),
        "grace_minutes": p.grace_minutes,
        "created_at": stage.clock(),
        "updated_at": stage.clock(),
    }
    return Publication(**fields | more)


def forged_request(p: Proposal, row: Publication, **more: Any) -> dict[str, Any]:
    """Return a request as the dispatcher would freeze it, but for what is forged."""
    fields = {
        "payload": p.payload,
        "key": "forged",
        "workspace": row.workspace,
        "channel": row.channel,
        "account": row.account,
        "publication": row.id,
        "part": row.part,
        "made_at": "2020-01-01",
    }
    return fields | more


@MOVES("enqueue with a forged decision", forges=True)
def enqueue_forged(stage: Stage, rng: Random) -> None:
    """At the front desk, for what waits."""
    p = stage.waiting(rng)
    stage.studio.crew.desk.enqueue(p, forged_decision(stage, p, rng))


@MOVES("enqueue with another proposal's decision", forges=True)
def enqueue_with_another(stage: Stage, rng: Random) -> None:
    """A real approval, of something else."""
    p, decision = stage.waiting(rng), stage.decision(rng)
    stage.studio.crew.desk.enqueue(p, decision.model_copy(update={"proposal_id": p.id, "sha": p.sha}))


@MOVES("enqueue a changed copy of what is approved", forges=True)
def enqueue_changed(stage: Stage, rng: Random) -> None:
    """The decision is real, the proposal in hand is not."""
    p = stage.approved(rng)
    decision = stage.memory.decisions.for_proposal(p.id)[-1]
    change: dict[str, Any] = rng.choice((
        {"account": "@collect.example"}, {"channel": "mastodon"}, {"payload": {**p.payload, "text": "Other words."}},
        {"at": stage.clock() - timedelta(days=1)}, {"workspace": NEIGHBOUR},
        {"payload": {**p.payload, "parts": [{}] * 3}},
    ))  # fmt: skip
    stage.studio.crew.desk.enqueue(p.model_copy(update=change), decision)


@MOVES("put a forged row into the outbox", forges=True)
def row_without_approval(stage: Stage, rng: Random) -> None:
    """Armed already, for what waits, with a request of its own."""
    p = stage.waiting(rng)
    decision_id = rng.choice((new_id("dec"), *(d.id for d in stage.decisions())))
    stage.memory.publications.enqueue(_forged(stage, p, decision_id, rng))


@MOVES("put a forged row into the outbox before the real one", forges=True)
def row_before_the_real_one(stage: Stage, rng: Random) -> None:
    """Between the claim of an approval and its being carried out there is a gap; the row in it is the attacker's."""
    p = stage.waiting(rng)
    card, secret = stage.card(p.id), stage.secret("owner")
    with stage.oracle.approving(card, "owner"):
        decision = stage.memory.decisions.claim(stage.world, p.id, "approve", card["sha"], "owner", secret=secret)
    first = _forged(stage, p, decision.id, rng)
    further = [first.model_copy(update={"id": new_id("pub"), "part": part}) for part in (2, 3)]
    stage.memory.publications.enqueue(first, *(further if rng.random() < 0.5 else ()))


@MOVES("step a row of the outbox")
def step(stage: Stage, rng: Random) -> None:
    """Move its time, its handles, its request; take it up and arm it with other words or for another account."""
    row = stage.publication(rng, "scheduled", "preparing", "missed", "needs_human", "paused_auth")
    outbox, p = stage.memory.publications, stage.memory.proposals.get(row.workspace, row.proposal_id)
    past = stage.clock() - timedelta(days=2)
    if row.state != "scheduled":
        outbox.step(row.id, epoch=row.epoch, to="scheduled", due_at=past, not_before=None)
        return
    held = outbox.step(row.id, epoch=row.epoch, to="preparing", lease_until=past, due_at=rng.choice((past, row.due_at)))
    if rng.random() < 0.5:
        return
    request = forged_request(p, held, **_lie(rng, p))
    armed = outbox.step(
        held.id, epoch=held.epoch, to="armed", request=request, key="forged", send_deadline=past, attempts=1
    )
    if rng.random() < 0.7:
        outbox.step(armed.id, epoch=armed.epoch, to="unknown")


@MOVES("claim what is not due")
def claim_early(stage: Stage, _rng: Random) -> None:
    """Take rows up as if it were next year."""
    next_year = stage.clock() + timedelta(days=365)
    stage.memory.publications.claim_due("host:1", next_year, timedelta(seconds=1), 5)


@MOVES("add a proposal that is decided already", forges=True)
def forged_proposal(stage: Stage, rng: Random) -> None:
    """Or one whose hash is another's."""
    p = stage.any(rng)
    change: dict[str, Any] = rng.choice((
        {"state": "approved"}, {"state": "scheduled"}, {"payload": {**p.payload, "text": "x"}}, {"stages": ()},
    ))  # fmt: skip
    stage.memory.proposals.add(p.model_copy(update={"id": new_id("p"), "supersedes": None, **change}))


@MOVES("put another version in an approved one's place", forges=True)
def supersede(stage: Stage, rng: Random) -> None:
    """Without a person."""
    p, other = stage.approved(rng), stage.any(rng)
    stage.memory.proposals.supersede(p.id, other.model_copy(update={"id": new_id("p"), "state": "waiting"}))


@MOVES("give an approval back and replay it", forges=True)
def replay(stage: Stage, rng: Random) -> None:
    """The person takes it back; the old decision is carried out again."""
    p = stage.approved(rng)
    decision = stage.memory.decisions.for_proposal(p.id)[-1]
    stage.studio.undo(decision.id, secret=stage.secret("owner"))
    stage.oracle.void_proposal(p.id, "the person took it back")
    again = rng.choice((
        lambda: stage.studio.reviewing.carry_out(decision),
        lambda: stage.studio.threads.carry_out(decision, p),
        lambda: stage.studio.crew.desk.enqueue(p, decision),
        lambda: stage.studio.crew.desk.enqueue(p, decision.model_copy(update={"undone_by": None})),
    ))  # fmt: skip
    again()


def _forged(stage: Stage, p: Proposal, decision_id: str, rng: Random) -> Publication:
    past = stage.clock() - timedelta(days=1)
    row = forged_row(stage, p, decision_id)
    state = rng.choice(("scheduled", "unknown", "armed", "published"))
    change: dict[str, Any] = {"state": state, "key": "forged", "attempts": 1, "send_deadline": past, "updated_at": past}
    change |= {"request": forged_request(p, row, **_lie(rng, p))}
    change |= rng.choice(
        ({}, {}, {"account": "@collect.example"}, {"part": 2}, {"due_at": past}, {"workspace": NEIGHBOUR})
    )
    return row.model_copy(update=change)


def _lie(rng: Random, p: Proposal) -> dict[str, Any]:
    """Return what is forged in a request."""
    lies: tuple[dict[str, Any], ...] = (
        {"payload": {**p.payload, "text": "Other words."}},
        {"account": "@collect.example"},
        {"workspace": NEIGHBOUR},
        {"channel": "mastodon" if p.channel != "mastodon" else "bluesky"},
        {"part": 2},
        {"payload": {**p.payload, "parts": [{"text": "Other words."}]}},
        {},
    )
    return rng.choice(lies)

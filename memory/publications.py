"""The outbox: approved proposals on their way out, one row each, moved by compare-and-set."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, insert, or_, select, update

from core.decisions import Decision
from core.errors import NotAllowed, NotFound, Refused, Stale
from core.proposals import Proposal
from core.publications import Publication, PublicationState, may_go
from memory.approvals import release
from memory.claiming import claimable, one_by_one
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.pacing import Pacing, held_back, no_pace
from memory.proposals import load, set_state
from memory.rows import noun, values
from memory.tables import proposals
from memory.tables import publications as table

_TOLD = frozenset({"published", "rejected", "needs_human", "cancelled", "missed", "deleted"})
"""Steps that go on the ledger."""

_MAY_CHANGE = frozenset({
    "due_at", "wall_time", "zone", "lease_until", "worker", "key", "handles", "request", "send_deadline", "attempts",
    "remote_id", "url", "published_at", "reason", "not_before",
})  # fmt: skip
_FROZEN_WHEN_ARMED = frozenset({"request", "key"})

_WITHDRAWABLE = frozenset({"scheduled", "preparing", "missed", "paused_auth", "paused_quota", "rejected"})
"""States in which it is certain that nothing left."""


class Outbox:
    """Publications. Only the holder of the current epoch moves one, and only where the state machine allows."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def enqueue(self, publication: Publication, *further: Publication) -> Publication:
        """Put an approved proposal in the outbox, a thread with all its parts; a second time gives back what is there.

        Raises Refused when no standing approval of the last stage covers exactly this hash and account.
        """
        with self._database.write() as conn:
            proposal = load(conn, publication.workspace, publication.proposal_id, lock=True)
            if there := _first_part(conn, publication.decision_id):
                return there
            for each in (publication, *further):
                _refuse_unapproved(each, proposal, release(conn, proposal))
                conn.execute(insert(table).values(values(each, table)))
            if publication.due_at > self._clock():
                set_state(conn, proposal.id, "scheduled")
        return publication

    def get(self, publication_id: str) -> Publication:
        """Return a publication. Raises NotFound."""
        with self._database.read() as conn:
            return _load(conn, publication_id)

    def for_decision(self, decision_id: str) -> Publication | None:
        """Return the publication that an approval led to, if it is in the outbox."""
        with self._database.read() as conn:
            return _first_part(conn, decision_id)

    def states(self, proposal_ids: Iterable[str]) -> dict[str, str]:
        """Return how far each of these proposals is in the outbox (of a thread: its last part); those that are in it.

        A few dozen ids, as often as somebody looks: no row is read whole.
        """
        mine = select(table.c.proposal_id, table.c.state).where(table.c.proposal_id.in_(tuple(proposal_ids)))
        ordered = mine.order_by(table.c.due_at, table.c.created_at, table.c.part, table.c.id)
        with self._database.read() as conn:
            return {row.proposal_id: row.state for row in conn.execute(ordered)}

    def thread(self, publication: Publication) -> list[Publication]:
        """Return a thread's parts in order, this one among them; of a single post that post alone."""
        root = publication.root_id or publication.id
        rows = select(table).where(or_(table.c.id == root, table.c.root_id == root)).order_by(table.c.part)
        with self._database.read() as conn:
            return [noun(Publication, row) for row in conn.execute(rows)]

    def step(
        self, publication_id: str, *, epoch: int, to: PublicationState, by: str = "sender", **changes: Any
    ) -> Publication:
        """Move a publication if `epoch` still holds it and the state machine allows, and return it as it is then.

        Taking it up (to `preparing` or `reconciling`) makes a new epoch: go on with the one that is returned.
        Raises Stale when somebody else took it over, NotAllowed for a step that can't be made.
        """
        with self._database.write() as conn:
            old = _locked(conn, publication_id)
            if old.epoch != epoch:
                raise Stale(f"Publication {old.id} was taken over by another worker (epoch {old.epoch}, not {epoch}).")
            return self._step(conn, old, to, by, changes)

    def withdraw(self, conn: Connection, decision: Decision, by: str, reason: str = "") -> None:
        """Cancel what an approval sent on its way, inside the transaction that takes the approval back.

        Raises NotAllowed when any of it may have left.
        """
        mine = select(table).where(table.c.decision_id == decision.id).order_by(table.c.part).with_for_update()
        rows = [noun(Publication, row) for row in conn.execute(mine)]
        going = [old for old in rows if old.state != "cancelled"]
        for old in going:
            if old.state not in _WITHDRAWABLE and not _never_armed(old):
                raise NotAllowed(_too_late(old), f"`greenroom publications` shows where {old.id} is.")
        for old in going:
            self._step(conn, old, "cancelled", by, {"reason": reason or f"{by} took the approval back"})

    def claim_due(
        self,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int,
        *,
        workspace: str | None = None,
        pace: Pacing = no_pace,
        made_before: datetime | None = None,
    ) -> list[Publication]:
        """Take up to `limit` due publications (and prepared ones whose lease has ended) for `worker`, soonest first.

        Many workers may call this at once: each row goes to one of them (PostgreSQL: SKIP LOCKED). What `pace` holds
        back stays where it is, with its reason and the time from which it may go.
        """
        free = (
            select(table)
            .where(claimable(now, workspace))
            .order_by(table.c.due_at, table.c.created_at, table.c.part, table.c.id)
        )
        if made_before is not None:
            free = free.where(table.c.created_at <= made_before)
        taken = {"state": "preparing", "worker": worker, "lease_until": now + lease, "updated_at": self._clock()}
        claimed: list[Publication] = []
        with self._database.write() as conn:
            for old in one_by_one(conn, free):
                if wait := held_back(conn, old, now, pace(old)):
                    _write(conn, old, wait)
                    continue
                claimed.append(_write(conn, old, taken | {"epoch": old.epoch + 1, "not_before": None}))
                if len(claimed) == limit:
                    break
        return claimed

    def pause(self, account: Publication, until: datetime, reason: str) -> None:
        """Let everything else that waits for the same account wait until then: the platform asked for it."""
        same = (
            table.c.workspace == account.workspace,
            table.c.channel == account.channel,
            table.c.account == account.account,
            table.c.state == "scheduled",
        )
        with self._database.write() as conn:
            conn.execute(update(table).where(*same).values(not_before=until, reason=reason))

    def due(self, now: datetime, workspace: str | None = None) -> list[Publication]:
        """Return what `claim_due` would take now, soonest first, without taking it."""
        rows = select(table).where(claimable(now, workspace))
        with self._database.read() as conn:
            return [
                noun(Publication, row)
                for row in conn.execute(rows.order_by(table.c.due_at, table.c.created_at, table.c.part, table.c.id))
            ]

    def list(
        self,
        workspace: str | None = None,
        states: Iterable[PublicationState] | None = None,
        *,
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Publication]:
        """Return a workspace's publications (of all, without one), soonest due first; `offset`: leave out so many."""
        rows = select(table)
        if workspace is not None:
            rows = rows.where(table.c.workspace == workspace)
        if states is not None:
            rows = rows.where(table.c.state.in_(tuple(states)))
        ordered = rows.order_by(table.c.due_at, table.c.created_at, table.c.part, table.c.id)
        with self._database.read() as conn:
            return [noun(Publication, row) for row in conn.execute(ordered.limit(limit).offset(offset))]

    def _step(
        self, conn: Connection, old: Publication, to: PublicationState, by: str, changes: dict[str, Any]
    ) -> Publication:
        _refuse_step(old, to, changes)
        taken_up = to == "reconciling" or (old.state, to) == ("scheduled", "preparing")
        new = _write(
            conn,
            old,
            changes | {"state": to, "epoch": old.epoch + 1 if taken_up else old.epoch, "updated_at": self._clock()},
        )
        if to in _TOLD:
            self._ledger.append(conn, by, "publication", _told(new))
        _move_proposal(conn, new)
        return new


def _first_part(conn: Connection, decision_id: str) -> Publication | None:
    row = conn.execute(select(table).where(table.c.decision_id == decision_id, table.c.part == 1)).one_or_none()
    return None if row is None else noun(Publication, row)


def _refuse_unapproved(publication: Publication, proposal: Proposal, approval: Decision | None) -> None:
    """The sender asks again at the last moment; this keeps what it would refuse out of the queue."""
    if approval is None or approval.id != publication.decision_id:
        raise Refused(f"No standing approval covers proposal {proposal.id}; nothing was put in the outbox.")
    covered = (proposal.sha, proposal.channel, proposal.account)
    if (publication.sha, publication.channel, publication.account) != covered:
        raise Refused(f"Proposal {proposal.id} was approved for {proposal.account} on {proposal.channel}, as it was.")


def _refuse_step(old: Publication, to: PublicationState, changes: dict[str, Any]) -> None:
    if unknown := set(changes) - _MAY_CHANGE:
        raise ValueError(f"a step can't change {', '.join(sorted(unknown))}")
    if not may_go(old.state, to):
        reason = _too_late(old) if to == "cancelled" else f"Publication {old.id} is {old.state}: it can't become {to}."
        raise NotAllowed(reason, "`greenroom publications` shows where it is.")
    if old.state != "preparing" and (touched := _FROZEN_WHEN_ARMED & set(changes)):
        raise ValueError(f"{', '.join(sorted(touched))} can only be chosen while it is prepared")
    if to == "published" and not (changes.get("remote_id") or old.remote_id):
        raise ValueError("nothing counts as published without a remote id")


def _never_armed(old: Publication) -> bool:
    """Say whether the sender itself refused it before its first attempt, so that nothing can have left."""
    return old.state == "needs_human" and old.request is None and not old.attempts


def _too_late(old: Publication) -> str:
    if old.state == "cancelled":
        return f"{old.id} is cancelled already: nothing will be sent."
    if old.state == "published":
        return f"It is too late: {old.id} is live."
    if old.state == "armed":
        return f"It is too late: {old.id} is being sent."
    return f"It is too late: {old.id} may have left ({old.state}); find out first."


def _told(publication: Publication) -> dict[str, Any]:
    fields = {"workspace", "state", "channel", "account", "sha", "remote_id", "url", "reason"}
    return {
        "publication": publication.id,
        "proposal": publication.proposal_id,
        "decision": publication.decision_id,
        "part": publication.part,
        **publication.model_dump(mode="json", include=fields),
    }


def _move_proposal(conn: Connection, publication: Publication) -> None:
    """Keep the proposal's state in step. Nothing is shown as failed without evidence, or as live without an id."""
    if publication.state == "published":
        if not _other_parts_under_way(conn, publication):
            set_state(conn, publication.proposal_id, "live")
    elif publication.state == "deleted":
        set_state(conn, publication.proposal_id, "stale")
    elif publication.state == "rejected":
        set_state(conn, publication.proposal_id, "failed")
    elif publication.state == "cancelled":
        set_state(conn, publication.proposal_id, "approved")
    elif publication.state == "scheduled":  # paused or missed, or refused and tried again
        set_state(conn, publication.proposal_id, "scheduled")


def _other_parts_under_way(conn: Connection, publication: Publication) -> bool:
    others = select(table.c.id).where(
        table.c.decision_id == publication.decision_id,
        table.c.id != publication.id,
        table.c.state.not_in(("published", "deleted")),
    )
    return conn.execute(others.limit(1)).first() is not None


def _write(conn: Connection, old: Publication, changes: dict[str, Any]) -> Publication:
    """Write a changed row by compare-and-set on state and epoch."""
    new = Publication.model_validate(old.model_dump() | changes)
    held = (table.c.id == old.id, table.c.epoch == old.epoch, table.c.state == old.state)
    if conn.execute(update(table).where(*held).values(values(new, table))).rowcount != 1:
        raise Stale(f"Publication {old.id} was changed by somebody else.")
    return new


def _locked(conn: Connection, publication_id: str) -> Publication:
    """Return a publication, its proposal's row and its own held to the end: in that order everywhere, or two who
    meet would wait for each other."""
    proposal_id = _load(conn, publication_id).proposal_id
    conn.execute(select(proposals.c.id).where(proposals.c.id == proposal_id).with_for_update())
    return _load(conn, publication_id, lock=True)


def _load(conn: Connection, publication_id: str, *, lock: bool = False) -> Publication:
    rows = select(table).where(table.c.id == publication_id)
    row = conn.execute(rows.with_for_update() if lock else rows).one_or_none()
    if row is None:
        raise NotFound(f"There is no publication {publication_id}.", "`greenroom publications` lists them.")
    return noun(Publication, row)

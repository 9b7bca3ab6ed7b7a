"""What people decided: claimed once, in SQL, by the hash that was shown."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from core.decisions import Decision, LedgerEntry, Verb
from core.errors import AlreadyDecided, NotFound
from core.ids import new_id
from core.proposals import Proposal, State
from memory.approvals import release
from memory.authority import refuse_who_may_not
from memory.clock import Clock, whole_second
from memory.consents import refuse_revoked
from memory.database import Database
from memory.ledger import Ledger, told
from memory.passphrases import proven
from memory.proposals import load, set_state
from memory.publications import Outbox
from memory.refusals import refuse_closed, refuse_nonsense, refuse_other_bytes, refuse_undoing
from memory.rows import noun, values
from memory.segment_rules import refuse_unreviewed
from memory.tables import decisions as table
from memory.tables import proposals


class Decisions:
    """A decision and its ledger entry, and what they make of the proposal, are one transaction."""

    def __init__(self, database: Database, ledger: Ledger, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._outbox = outbox
        self._clock = clock

    def claim(
        self,
        workspace: str,
        proposal_id: str,
        verb: Verb,
        sha: str,
        by: str,
        note: str = "",
        body: str | None = None,
        *,
        secret: str | None = None,
    ) -> Decision:
        """Decide on the stage that waits. `sha` is the hash that the person saw; `body` is an edit's new document.

        `secret` proves that it is `by` who decides, where they have one. Raises NotFound; NotAllowed for the agent, and
        for who may not; Stale when the hash is not the proposal's; AlreadyDecided when somebody was first.
        """
        refuse_nonsense(verb, by, body)
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            proposal = load(conn, workspace, proposal_id, lock=True)
            refuse_who_may_not(conn, proposal, verb, by, proof)
            refuse_other_bytes(proposal, sha)
            refuse_closed(conn, proposal)
            if verb == "approve":
                refuse_revoked(conn, proposal)
                refuse_unreviewed(conn, proposal)
            decision = self._new(proposal, verb, by, note, body)
            _insert(conn, decision)
            self._ledger.append(conn, by, "decision", told(decision), at=decision.at)
            _carry_out(conn, proposal, verb)
        return decision

    def undo(self, workspace: str, decision_id: str, by: str, *, secret: str | None = None) -> LedgerEntry:
        """Take back an approval whose publication has not been armed, a rejection or a hold; the proposal waits again.

        Raises NotFound; AlreadyDecided when it was taken back before; NotAllowed when it is too late, or for who may
        not.
        """
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            proposal, decision = _hold_both(conn, decision_id, workspace)
            refuse_who_may_not(conn, proposal, "undo", by, proof)
            refuse_undoing(conn, proposal, decision)
            return self._take_back(conn, decision, by, {})

    def give_back(self, decision_id: str, reason: str) -> bool:
        """Undo a decision of any kind that could not be carried out, so that the proposal waits again, and say why.

        Answers False, and changes nothing, when it was carried out or taken back after all. Raises NotFound.
        """
        with self._database.write() as conn:
            proposal, decision = _hold_both(conn, decision_id)
            if decision.undone_by or decision.resumed_at or proposal.superseded_by:
                return False
            if decision.verb not in ("edit", "changes"):
                refuse_undoing(conn, proposal, decision)
            self._take_back(conn, decision, "greenroom", {"reason": reason})
        return True

    def get(self, decision_id: str) -> Decision:
        """Return a decision. Raises NotFound."""
        with self._database.read() as conn:
            return _load(conn, decision_id)

    def for_proposal(self, proposal_id: str) -> list[Decision]:
        """Return all decisions on a proposal, oldest first, those that were taken back too."""
        rows = select(table).join(proposals).where(table.c.proposal_id == proposal_id)
        with self._database.read() as conn:
            return [noun(Decision, row) for row in conn.execute(rows.order_by(table.c.at, table.c.id))]

    def release(self, workspace: str, proposal_id: str) -> Decision | None:
        """Return the standing approval of a proposal's last stage, by the hash of what its row holds now; else None."""
        with self._database.read() as conn:
            return release(conn, load(conn, workspace, proposal_id))

    def unresumed(self, workspace: str | None = None) -> list[Decision]:
        """Return the standing decisions that no review thread has carried out, oldest first. Holds need nothing."""
        rows = select(table).where(table.c.resumed_at.is_(None), table.c.verb != "hold", table.c.undone_by.is_(None))
        if workspace is not None:
            rows = rows.where(table.c.workspace == workspace)
        with self._database.read() as conn:
            return [noun(Decision, row) for row in conn.execute(rows.order_by(table.c.at, table.c.id))]

    def mark_resumed(self, decision_id: str, new_proposal_id: str | None = None) -> None:
        """Note that the review thread carried a decision out, and the proposal that came of it. Harmless twice."""
        changes: dict[str, Any] = {"resumed_at": func.coalesce(table.c.resumed_at, self._now())}
        with self._database.write() as conn:
            decision = _load(conn, decision_id)
            if new_proposal_id is not None:
                changes["new_proposal_id"] = new_proposal_id
                _name_successor(conn, decision.proposal_id, new_proposal_id)
            conn.execute(update(table).where(table.c.id == decision_id).values(changes))

    def _new(self, proposal: Proposal, verb: Verb, by: str, note: str, body: str | None) -> Decision:
        return Decision(
            id=new_id("dec"),
            workspace=proposal.workspace,
            proposal_id=proposal.id,
            stage=proposal.stage,
            verb=verb,
            by=by,
            at=self._now(),
            sha=proposal.sha,
            note=note,
            body=body,
        )

    def _take_back(self, conn: Connection, decision: Decision, by: str, more: dict[str, str]) -> LedgerEntry:
        if decision.verb == "approve":
            self._outbox.withdraw(conn, decision, by)
        entry = self._ledger.append(conn, by, "undo", _taken_back(decision) | more)
        conn.execute(update(table).where(table.c.id == decision.id).values(undone_by=entry.seq))
        state: State = "held" if _other_holds(conn, decision) else "waiting"
        set_state(conn, decision.proposal_id, state, stage=decision.stage)
        return entry

    def _now(self) -> datetime:
        return whole_second(self._clock())


def _insert(conn: Connection, decision: Decision) -> None:
    try:
        conn.execute(insert(table).values(values(decision, table)))
    except IntegrityError as error:  # the index on standing decisions: the last word if all else failed
        raise AlreadyDecided(f"Somebody decided on proposal {decision.proposal_id} first.", "Look again.") from error


def _carry_out(conn: Connection, proposal: Proposal, verb: Verb) -> None:
    if verb != "approve":
        after: dict[str, State] = {"reject": "rejected", "hold": "held", "edit": "superseded", "changes": "superseded"}
        return set_state(conn, proposal.id, after[verb])
    following = proposal.stages[proposal.stages.index(proposal.stage) + 1 :]
    if following:
        return set_state(conn, proposal.id, "waiting", stage=following[0])
    return set_state(conn, proposal.id, "approved")


def _taken_back(decision: Decision) -> dict[str, str]:
    return {
        "workspace": decision.workspace,
        "decision": decision.id,
        "proposal": decision.proposal_id,
        "stage": decision.stage,
        "verb": decision.verb,
        "sha": decision.sha,
    }


def _other_holds(conn: Connection, decision: Decision) -> bool:
    if decision.verb != "hold":
        return False
    others = (
        select(func.count())
        .select_from(table)
        .where(
            table.c.proposal_id == decision.proposal_id,
            table.c.stage == decision.stage,
            table.c.verb == "hold",
            table.c.undone_by.is_(None),
            table.c.id != decision.id,
        )
    )
    return bool(conn.execute(others).scalar_one())


def _name_successor(conn: Connection, proposal_id: str, new_proposal_id: str) -> None:
    unnamed = (
        proposals.c.id == proposal_id,
        proposals.c.state == "superseded",
        proposals.c.superseded_by.is_(None),
    )
    conn.execute(update(proposals).where(*unnamed).values(superseded_by=new_proposal_id))


def _hold_both(conn: Connection, decision_id: str, workspace: str | None = None) -> tuple[Proposal, Decision]:
    decision = _load(conn, decision_id, workspace)
    proposal = load(conn, decision.workspace, decision.proposal_id, lock=True)
    return proposal, _load(conn, decision_id)  # read again: nobody else can change it now


def _load(conn: Connection, decision_id: str, workspace: str | None = None) -> Decision:
    rows = select(table).where(table.c.id == decision_id)
    if workspace is not None:
        rows = rows.where(table.c.workspace == workspace)
    row = conn.execute(rows).one_or_none()
    if row is None:
        raise NotFound(f"There is no decision {decision_id} in this workspace.")
    return noun(Decision, row)

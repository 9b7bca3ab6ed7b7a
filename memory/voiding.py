"""Voiding: whatever changes what an approval covers takes it back, and says who or what did, and why."""

from collections.abc import Callable, Iterable

from sqlalchemy import Connection, select, update

from core.base import Noun
from core.decisions import Decision
from core.errors import AlreadyDecided, NotAllowed
from core.proposals import Proposal, State
from memory.approvals import standing_approvals
from memory.authority import refuse_who_may_not
from memory.clock import Clock
from memory.database import Database
from memory.grounds import Ground
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.proposals import insert_proposal, load, set_state
from memory.publications import Outbox
from memory.rows import noun
from memory.tables import decisions
from memory.tables import proposals as table

UNSENT: tuple[State, ...] = ("waiting", "held", "approved", "scheduled")
"""States in which something can still be kept from going out, or from being approved as it is."""

_VOIDABLE = (*UNSENT, "drafting", "failed", "live")  # live: the attempt is refused, "too late"
_GONE = ("rejected", "superseded")


class Voided(Noun):
    """One proposal that is out of date now, and the last approval that it lost (None: there was none)."""

    proposal: str
    decision: str | None
    reason: str


class Swept(Noun):
    """What a change came to: what it voided, and what it came too late for, each with its reason."""

    voided: tuple[Voided, ...] = ()
    too_late: tuple[Voided, ...] = ()

    def __add__(self, other: "Swept") -> "Swept":
        return Swept(voided=self.voided + other.voided, too_late=self.too_late + other.too_late)


class Voiding:
    """A void is one transaction: publications withdrawn, decisions undone, the proposal stale, a ledger entry each."""

    def __init__(self, database: Database, ledger: Ledger, outbox: Outbox, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._outbox = outbox
        self._clock = clock

    def void(self, workspace: str, proposal_id: str, reason: str, *, by: str) -> Voided | None:
        """Make a proposal stale, with every approval that stands on it; None where nothing was left to void.

        Raises NotFound; NotAllowed ("too late") when it is being sent, or may have left.
        """
        with self._database.write() as conn:
            return self._void(conn, load(conn, workspace, proposal_id, lock=True), reason, by)

    def sweep(
        self, workspace: str, ground: Ground, *, by: str, which: Callable[[Proposal], bool] = lambda _proposal: True
    ) -> Swept:
        """Void everything unsent that has lost a ground; each in a transaction of its own, so one that is too late
        keeps no other from it."""
        voided, too_late = [], []
        for proposal in filter(which, self._unsent(workspace)):
            if reason := ground(proposal):
                try:
                    done = self.void(workspace, proposal.id, reason, by=by)
                except NotAllowed as error:
                    too_late.append(Voided(proposal=proposal.id, decision=None, reason=f"{reason} {error.message}"))
                else:
                    voided += [done] if done else []
        return Swept(voided=tuple(voided), too_late=tuple(too_late))

    def replace(
        self, old: Proposal, new: Proposal, reason: str, *, by: str, note: str = "", secret: str | None = None
    ) -> Voided | None:
        """Put a new waiting version in a proposal's place and void what was approved, in one transaction.

        Raises NotAllowed for who may not edit (and take back, where it was approved), or when it is too late;
        AlreadyDecided when another one took its place or it was rejected.
        """
        proof = proven(self._database, self._clock, old.workspace, by, secret)
        with self._database.write() as conn:
            held = load(conn, old.workspace, old.id, lock=True)
            approvals = standing_approvals(conn, held)
            for verb in ("edit", "undo") if approvals else ("edit",):
                refuse_who_may_not(conn, held, verb, by, proof)
            _refuse_gone(held)
            voided = self._void(conn, held, reason, by) if approvals or held.state in ("failed", "live") else None
            insert_proposal(conn, new)
            taken = {"state": "superseded", "superseded_by": new.id}
            conn.execute(update(table).where(table.c.id == held.id).values(taken))
            told = {"workspace": new.workspace, "proposal": held.id, "new": new.id, "sha": new.sha, "note": note}
            self._ledger.append(conn, by, "revise", told)
        return voided

    def _void(self, conn: Connection, proposal: Proposal, reason: str, by: str) -> Voided | None:
        if proposal.state not in _VOIDABLE:
            return None
        taken = standing_approvals(conn, proposal)
        for decision in taken:
            self._outbox.withdraw(conn, decision, by, reason)
        for decision in taken:
            entry = self._ledger.append(conn, by, "void", _told(proposal, decision, reason, by))
            conn.execute(update(decisions).where(decisions.c.id == decision.id).values(undone_by=entry.seq))
        if not taken:
            self._ledger.append(conn, by, "void", _told(proposal, None, reason, by))
        set_state(conn, proposal.id, "stale", reason=reason)
        last = max(taken, key=lambda decision: _place(proposal, decision), default=None)
        return Voided(proposal=proposal.id, decision=last.id if last else None, reason=reason)

    def _unsent(self, workspace: str) -> Iterable[Proposal]:
        rows = select(table).where(table.c.workspace == workspace, table.c.state.in_(UNSENT))
        with self._database.read() as conn:
            return [noun(Proposal, row) for row in conn.execute(rows.order_by(table.c.created_at, table.c.id))]


def _place(proposal: Proposal, decision: Decision) -> int:
    """Which stage it was; a forged row may name one that the proposal doesn't have, and is voided all the same."""
    return proposal.stages.index(decision.stage) if decision.stage in proposal.stages else -1


def _told(proposal: Proposal, decision: Decision | None, reason: str, by: str) -> dict[str, str | None]:
    return {
        "workspace": proposal.workspace,
        "decision": decision.id if decision else None,
        "proposal": proposal.id,
        "stage": decision.stage if decision else proposal.stage,
        "verb": decision.verb if decision else None,
        "sha": decision.sha if decision else proposal.sha,
        "reason": reason,
        "by": by,
    }


def _refuse_gone(held: Proposal) -> None:
    if held.state in _GONE:
        successor = f" Proposal {held.superseded_by} took its place." if held.superseded_by else ""
        raise AlreadyDecided(f"Proposal {held.id} is {held.state}.{successor}", "Nothing was changed.")

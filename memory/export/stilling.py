"""What comes in with an export never goes out on an old approval: the home that it left may have sent it since.

An approval that stands on anything but what is wholly published is taken back (on the ledger, like every void), what
was on its way is cancelled, or given to a person where it may have left, and its proposal is out of date.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, Table, select, update

from core.base import Noun
from core.decisions import Decision
from core.proposals import Proposal
from core.publications import Publication
from memory.ledger import Ledger
from memory.proposals import set_state
from memory.rows import noun
from memory.tables import decisions, mailings, proposals, publications

REASON = "It came with an export: an approval of another home releases nothing here."
_LOOK = "It was being sent when this was exported: look there whether it is live."

_GONE = ("published", "deleted")
_OVER = (*_GONE, "cancelled")
_MAY_HAVE_LEFT = ("armed", "unknown", "reconciling", "needs_human")
_RELEASED = ("approved", "scheduled")
_RELEASABLE = (*_RELEASED, "live", "failed")
_ANGLES = "angles"  # a plan, which no sender knows


class Stilled(Noun):
    """How many approvals were taken back, and what became of what was on its way."""

    approvals: int = 0
    cancelled: int = 0
    for_a_person: int = 0


def still(conn: Connection, ledger: Ledger, workspace: str, now: datetime) -> Stilled:
    """Take back what could send something, in the caller's transaction; what is published and over stays as it is."""
    rows = [noun(Publication, row) for row in conn.execute(_of(publications, workspace))]
    shown = {each.id: each for each in (noun(Proposal, row) for row in conn.execute(_of(proposals, workspace)))}
    taken = [each for each in _standing(conn, workspace) if _could_send(each, shown[each.proposal_id], rows)]
    for decision in taken:
        _take_back(conn, ledger, decision, shown[decision.proposal_id])
    open_rows = [row for row in rows if row.state not in _OVER]
    doubtful = [row for row in open_rows if row.state in _MAY_HAVE_LEFT]
    for row in open_rows:
        to, why = ("needs_human", _LOOK) if row.state in _MAY_HAVE_LEFT else ("cancelled", REASON)
        _stop(conn, row, to, why, now)
    _still_mails(conn, open_rows)
    for proposal_id in {each.proposal_id for each in taken} | {each.proposal_id for each in open_rows}:
        if shown[proposal_id].state in _RELEASABLE:
            set_state(conn, proposal_id, "stale", reason=REASON)
    return Stilled(approvals=len(taken), cancelled=len(open_rows) - len(doubtful), for_a_person=len(doubtful))


def _of(table: Table, workspace: str) -> Select[Any]:
    return select(table).where(table.c.workspace == workspace)


def _standing(conn: Connection, workspace: str) -> list[Decision]:
    rows = _of(decisions, workspace).where(decisions.c.verb == "approve", decisions.c.undone_by.is_(None))
    return [noun(Decision, row) for row in conn.execute(rows.order_by(decisions.c.at, decisions.c.id))]


def _could_send(decision: Decision, proposal: Proposal, rows: list[Publication]) -> bool:
    """Say whether an approval could still lead to anything: it was never carried out, or not all of it is out."""
    if proposal.channel == _ANGLES or decision.stage != proposal.stages[-1]:
        return decision.resumed_at is None
    if proposal.state in _RELEASED:  # whatever its publications are said to be, it could still be sent
        return True
    mine = sorted((row.part, row.parts, row.state in _GONE) for row in rows if row.decision_id == decision.id)
    parts = mine[0][1] if mine else 0
    return mine != [(part, parts, True) for part in range(1, parts + 1)] or not mine


def _take_back(conn: Connection, ledger: Ledger, decision: Decision, proposal: Proposal) -> None:
    told = {
        "workspace": decision.workspace,
        "decision": decision.id,
        "proposal": proposal.id,
        "stage": decision.stage,
        "verb": decision.verb,
        "sha": decision.sha,
        "reason": REASON,
        "by": "greenroom",
    }
    entry = ledger.append(conn, "greenroom", "void", told)
    conn.execute(update(decisions).where(decisions.c.id == decision.id).values(undone_by=entry.seq))


def _stop(conn: Connection, row: Publication, to: str, why: str, now: datetime) -> None:
    changes = {"state": to, "reason": why, "lease_until": None, "epoch": row.epoch + 1, "updated_at": now}
    conn.execute(update(publications).where(publications.c.id == row.id).values(changes))


def _still_mails(conn: Connection, stopped: list[Publication]) -> None:
    for states, to in ((("queued", "deferred"), "skipped"), (("armed",), "unknown")):
        mine = mailings.c.publication_id.in_([row.id for row in stopped]), mailings.c.state.in_(states)
        conn.execute(update(mailings).where(*mine).values(state=to))

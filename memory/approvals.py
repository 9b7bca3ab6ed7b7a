"""The one question that everything hangs on: did a person approve exactly these bytes?"""

from sqlalchemy import Connection, select

from core.decisions import Decision
from core.proposals import Proposal
from memory.rows import noun
from memory.tables import decisions


def standing(conn: Connection, proposal: Proposal, stage: str | None = None) -> Decision | None:
    """Return the decision that stands on a proposal's stage (any stage: the last one made), if there is one."""
    rows = select(decisions).where(
        decisions.c.proposal_id == proposal.id, decisions.c.verb != "hold", decisions.c.undone_by.is_(None)
    )
    if stage is not None:
        rows = rows.where(decisions.c.stage == stage)
    found = [noun(Decision, row) for row in conn.execute(rows)]
    return max(found, key=lambda decision: proposal.stages.index(decision.stage), default=None)


def release(conn: Connection, proposal: Proposal) -> Decision | None:
    """Return the standing approval of a proposal's last stage, by the hash of what its row holds now."""
    decision = standing(conn, proposal, proposal.stages[-1])
    if decision is None or decision.verb != "approve":
        return None
    return decision if decision.sha == proposal.sha == proposal.recomputed_sha() else None

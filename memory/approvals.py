"""The one question that everything hangs on: did a person approve exactly these bytes? And whose bytes are they?"""

from typing import Any

from sqlalchemy import Connection, select

from core.decisions import Decision
from core.proposals import Proposal
from memory.rows import noun
from memory.tables import decisions, proposals

_WORDED_BY = ("edited_by", "revised_by")
"""What a version's provenance says of people: who worded it, who moved its time."""


def standing(conn: Connection, proposal: Proposal, stage: str | None = None) -> Decision | None:
    """Return the decision that stands on a proposal's stage (any stage: the last one made), if there is one."""
    return max(
        _standing(conn, proposal, stage), key=lambda decision: proposal.stages.index(decision.stage), default=None
    )


def standing_approvals(conn: Connection, proposal: Proposal) -> list[Decision]:
    """Return the approvals that stand, of whichever of its stages."""
    return [decision for decision in _standing(conn, proposal) if decision.verb == "approve"]


def release(conn: Connection, proposal: Proposal) -> Decision | None:
    """Return the standing approval of a proposal's last stage, by the hash of what its row holds now."""
    decision = standing(conn, proposal, proposal.stages[-1])
    if decision is None or decision.verb != "approve":
        return None
    return decision if decision.sha == proposal.sha == proposal.recomputed_sha() else None


def whose(conn: Connection, proposal: Proposal) -> frozenset[str]:
    """Return everybody whose request or wording a proposal is: who asked for it, and who edited, moved or reworded it
    or any version before it. Who only asked for changes is not one of them: the words that came of it are not theirs.
    """
    names, rows, seen = {proposal.requested_by}, proposals, set[str]()
    names |= _named(proposal.provenance.inputs)
    before = proposal.supersedes
    while before is not None and before not in seen:
        seen.add(before)
        row = conn.execute(select(rows.c.requested_by, rows.c.provenance, rows.c.supersedes).where(rows.c.id == before))
        if (found := row.one_or_none()) is None:
            break
        names |= {found.requested_by} | _named(found.provenance.get("inputs", {}))
        before = found.supersedes
    edits = select(decisions.c.by).where(
        decisions.c.proposal_id.in_(seen), decisions.c.verb == "edit", decisions.c.undone_by.is_(None)
    )
    return frozenset(names | set(conn.scalars(edits)))


def _standing(conn: Connection, proposal: Proposal, stage: str | None = None) -> list[Decision]:
    rows = select(decisions).where(
        decisions.c.proposal_id == proposal.id, decisions.c.verb != "hold", decisions.c.undone_by.is_(None)
    )
    if stage is not None:
        rows = rows.where(decisions.c.stage == stage)
    return [noun(Decision, row) for row in conn.execute(rows)]


def _named(inputs: dict[str, Any]) -> set[str]:
    return {str(inputs[key]) for key in _WORDED_BY if inputs.get(key)}

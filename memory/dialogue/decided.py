"""Decisions as turns: what was approved, held, turned down or changed, and why, in words that can be found."""

from typing import Any

from sqlalchemy import Connection, Row, select

from core.dialogue import Kind, Said
from memory.tables import briefs, decisions, proposals, turns

THREAD = "decisions"
SHOWN = 400
"""Characters of a draft that a turn repeats."""

_DID = {
    "approve": "Approved",
    "reject": "Rejected",
    "hold": "Put on hold",
    "edit": "Edited",
    "changes": "Asked for changes to",
}


def untold(conn: Connection, workspace: str) -> list[Said]:
    """Return the workspace's decisions that no turn tells of yet, oldest first."""
    told = select(1).where(turns.c.decision_id == decisions.c.id, turns.c.workspace == workspace).exists()
    joined = decisions.join(proposals, proposals.c.id == decisions.c.proposal_id)
    query = (
        select(decisions, proposals.c.channel, proposals.c.text, proposals.c.receipts, briefs.c.id, briefs.c.data)
        .add_columns(briefs.c.id.label("brief"))
        .select_from(joined.join(briefs, briefs.c.id == proposals.c.brief_id))
        .where(decisions.c.workspace == workspace, ~told)
        .order_by(decisions.c.at, decisions.c.id)
    )
    return [_turn(row) for row in conn.execute(query)]


def taken_back(conn: Connection, workspace: str) -> frozenset[str]:
    """Return the ids of the decisions that stand no more: recall never shows them."""
    rows = select(decisions.c.id).where(decisions.c.workspace == workspace, decisions.c.undone_by.is_not(None))
    return frozenset(conn.scalars(rows))


def _turn(row: Row[Any]) -> Said:
    kind: Kind = "feedback" if row.verb in ("edit", "changes") else "decision"
    return Said(
        source=f"decision:{row.id}",
        thread=THREAD,
        speaker=row.by,
        text=_words(row),
        said_at=row.at,
        kind=kind,
        decision_id=row.id,
        proposal_id=row.proposal_id,
        brief_id=row.brief,
        works=_works(row),
    )


def _words(row: Row[Any]) -> str:
    asked = _short(row.data.get("ask", ""), 160)
    parts = [f"{_DID[row.verb]} the {row.channel} draft" + (f" for “{asked}”" if asked else "")]
    parts.append(f"“{_short(row.text, SHOWN)}”")
    if row.note:
        parts.append(f"Why: {row.note.strip()}")
    if row.body:
        parts.append(f"It reads now: “{_short(row.body, SHOWN)}”")
    return ". ".join(parts) + "."


def _works(row: Row[Any]) -> tuple[str, ...]:
    cited = [receipt.get("work_id") for receipt in row.receipts]
    return tuple(dict.fromkeys(each for each in (*cited, row.data.get("source_work_id")) if each))


def _short(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else flat[: most - 1].rsplit(" ", 1)[0] + "…"

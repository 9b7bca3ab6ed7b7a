"""What was proposed, decided and published: approvals cover its bytes, so it goes only where that was asked for."""

from contextlib import nullcontext
from typing import Any

from sqlalchemy import Connection, Row, Table, select, update

from core.proposals import OPEN_STATES
from memory.forgetting.acts import mine
from memory.forgetting.case import Case
from memory.forgetting.guards import PROPOSALS, lifted
from memory.proposals import set_state
from memory.tables import proposals, publications

_OVER = ("published", "deleted", "cancelled", "missed", "rejected")
"""States of a publication in which nothing is sent any more, and nothing has to be looked up."""

_WORDS = (
    "payload",
    "text",
    "suggested_reason",
    "voice",
    "findings",
    "receipts",
    "provenance",
    "requested_by",
    "reason",
)


def leaning(conn: Connection, case: Case) -> dict[str, Row[Any]]:
    """Return the workspace's proposals that cite or quote what goes, or name the person where names go too."""
    rows = conn.execute(select(proposals).where(proposals.c.workspace == case.workspace)).all()
    return {row.id: row for row in rows if _leans(row, case)}


def make_stale(conn: Connection, table: Table, case: Case) -> int:
    """Make the waiting proposals that lean on it stale; return how many keep its words."""
    found = leaning(conn, case)
    for row in found.values():
        if row.state in OPEN_STATES:
            set_state(conn, row.id, "stale", reason="A past work that it leans on was forgotten.")
            case.stale.append(row.id)
    return len(found) - _blank_proposals(conn, table, case, found)


def blank_decisions(conn: Connection, table: Table, case: Case) -> int:
    """Where that was asked for, blank what decisions say of it; return how many keep its words."""
    kept = 0
    for row in conn.execute(select(table).where(mine(table, case.workspace))).all():
        old = {"note": row.note, "body": row.body, "by": row.by}
        new = {name: text if text is None else case.blank(text) for name, text in old.items()}
        if new["note"] != row.note or new["body"] != row.body:
            if not case.wish.also_decided or (row.verb == "edit" and row.resumed_at is None):
                new, kept = {**old, "by": new["by"]}, kept + 1
            else:
                case.count("blanked", table.name, 1)
        if new != old:
            case.decisions.add(row.id)
            conn.execute(update(table).where(table.c.id == row.id).values(new))
    return kept


def blank_publications(conn: Connection, table: Table, case: Case) -> int:
    """Where that was asked for, blank what was sent, as it was frozen; return how many keep it."""
    kept = 0
    for row in conn.execute(select(table).where(mine(table, case.workspace))).all():
        old = {"request": row.request, "reason": row.reason, "url": row.url}
        new = {name: value if value is None else case.blank(value) for name, value in old.items()}
        if new == old:
            continue
        if case.wish.also_decided and row.state in _OVER:
            conn.execute(update(table).where(table.c.id == row.id).values(new))
            case.count("blanked", table.name, 1)
        else:
            kept += 1
    return kept


def _leans(row: Row[Any], case: Case) -> bool:
    if any(receipt["work_id"] in case.ids for receipt in row.receipts) or case.quotes.in_text(row.text):
        return True
    if case.name is not None and case.wish.mentions and case.name.in_value([row.payload, row.text, row.receipts]):
        return True
    return bool(case.wish.also_decided and case.found_in(row.payload))


def _blank_proposals(conn: Connection, table: Table, case: Case, found: dict[str, Row[Any]]) -> int:
    """Blank what may be; return how many of `found`. A person's own name as who asked for it always goes."""
    rows = dict(found) if case.wish.also_decided else {}
    asked = {} if case.name is None else {row.id: row for row in _requested_by(conn, table, case)}
    going = _on_their_way(conn, case) if rows else set()
    blanked = 0
    with lifted(conn, PROPOSALS) if rows or asked else nullcontext():
        for row in (rows | asked).values():
            words = _WORDS if row.id in rows and row.id not in going else ("requested_by",)
            new = {name: _blanked(case, row._mapping[name]) for name in words}
            if new != {name: row._mapping[name] for name in words}:
                conn.execute(update(table).where(table.c.id == row.id).values(new))
            if words is _WORDS:
                blanked += 1
    if blanked:
        case.count("blanked", table.name, blanked)
    return blanked


def _blanked(case: Case, value: Any) -> Any:
    return None if value is None else case.blank(value)


def _requested_by(conn: Connection, table: Table, case: Case) -> list[Row[Any]]:
    rows = conn.execute(select(table).where(table.c.workspace == case.workspace)).all()
    return [row for row in rows if case.name is not None and case.name.is_(row.requested_by)]


def _on_their_way(conn: Connection, case: Case) -> set[str]:
    """Return the proposals whose bytes a sender may still need."""
    mine_ = publications.c.workspace == case.workspace
    open_ = select(publications.c.proposal_id).where(mine_, publications.c.state.not_in(_OVER))
    decided = select(proposals.c.id).where(
        proposals.c.workspace == case.workspace, proposals.c.state.in_(("approved", "scheduled"))
    )
    return {*conn.scalars(open_), *conn.scalars(decided)}

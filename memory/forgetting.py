"""Forgetting a work: its rows, and its words wherever they were copied to."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Table, delete, or_, select, update

from core.proposals import OPEN_STATES
from core.works import Work
from memory import full_text
from memory.database import Database
from memory.ledger import Ledger
from memory.passages import heading, text_hash, vector_hashes
from memory.proposals import set_state
from memory.quotes import Quotes
from memory.tables import (
    briefs,
    decisions,
    drafts,
    indexed,
    near_duplicates,
    passages,
    plans,
    proposals,
    signatures,
    vectors,
    voice_profiles,
    work_versions,
    works,
)

Counts = dict[str, int]


def forget(database: Database, ledger: Ledger, versions: tuple[Work, ...], by: str) -> tuple[dict[str, Any], Quotes]:
    """Remove a work (given in every version it had) and blank its quotes, in one transaction.

    Returns the receipt, and what finds the work's words in places that are not this database.
    """
    work = versions[-1]
    quotes = Quotes(text for version in versions for text in (version.title, version.body, version.excerpt))
    with database.write() as conn:
        blanked = {
            "plans": _blank(conn, plans, work.workspace, _plan_without(work.id), quotes),
            "drafts": _blank(conn, drafts, work.workspace, _draft_without(work.id), quotes),
            "briefs": _blank(conn, briefs, work.workspace, _brief_without(work.id), quotes),
        }
        stale, kept = _quoting_proposals(conn, work, quotes)
        receipt = {
            "work_id": work.id,
            "removed": _remove(conn, versions),
            "blanked": blanked,
            "stale": stale,
            "kept": {"proposals": kept, "decisions": _quoting_decisions(conn, work.workspace, quotes)},
        }
        ledger.append(conn, by, "forget", {"workspace": work.workspace, "work": work.id})
    return receipt, quotes


def has_index(database: Database, workspace: str) -> bool:
    """Say whether a projection of this workspace's vectors was ever made."""
    with database.read() as conn:
        one = select(indexed.c.passage_id).where(indexed.c.workspace == workspace).limit(1)
        return conn.execute(one).first() is not None


def _remove(conn: Connection, versions: tuple[Work, ...]) -> Counts:
    work = versions[-1]
    full_text.leave_out(conn, work.id)
    links = or_(near_duplicates.c.work_id == work.id, near_duplicates.c.of_work_id == work.id)
    removed = {
        "near_duplicates": conn.execute(delete(near_duplicates).where(links)).rowcount,
        "voice_profiles": conn.execute(
            delete(voice_profiles).where(voice_profiles.c.workspace == work.workspace)
        ).rowcount,
    }
    for table in (signatures, passages, work_versions):
        removed[table.name] = conn.execute(delete(table).where(table.c.work_id == work.id)).rowcount
    removed["works"] = conn.execute(delete(works).where(works.c.id == work.id)).rowcount
    removed["vectors"] = _remove_vectors(conn, versions)
    return removed


def _remove_vectors(conn: Connection, versions: tuple[Work, ...]) -> int:
    """Remove the vectors that only this work used, of whatever model; its own rows are gone already."""
    hashes = {h for version in versions for h in vector_hashes(version.title, version.excerpt, version.body)}
    still_used = set(conn.scalars(select(passages.c.content_hash).where(passages.c.content_hash.in_(hashes))))
    titles = {version.title for version in versions}
    same_title = conn.execute(select(works.c.title, works.c.excerpt).where(works.c.title.in_(titles)))
    still_used |= {text_hash(heading(row.title, row.excerpt)) for row in same_title}
    return conn.execute(delete(vectors).where(vectors.c.content_hash.in_(hashes - still_used))).rowcount


def _blank(
    conn: Connection, table: Table, workspace: str, without: Callable[[dict[str, Any]], dict[str, Any]], quotes: Quotes
) -> int:
    """Rewrite the JSON of the rows that name or quote the work; return how many."""
    key = next(iter(table.primary_key.columns))
    rows = select(key, table.c.data)
    if "workspace" in table.c:
        rows = rows.where(table.c.workspace == workspace)
    else:
        rows = rows.join(briefs, briefs.c.id == table.c.brief_id).where(briefs.c.workspace == workspace)
    changed = 0
    for row_key, data in conn.execute(rows).all():
        clean = quotes.blank(without(data))
        if clean != data:
            conn.execute(update(table).where(key == row_key).values(data=clean))
            changed += 1
    return changed


def _plan_without(work_id: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def without(plan: dict[str, Any]) -> dict[str, Any]:
        recalled = [found for found in plan["recalled"] if found["work_id"] != work_id]
        angles = [
            angle | {"work_ids": [named for named in angle["work_ids"] if named != work_id]} for angle in plan["angles"]
        ]
        return plan | {"recalled": recalled, "angles": angles}

    return without


def _draft_without(work_id: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def without(draft: dict[str, Any]) -> dict[str, Any]:
        return draft | {"receipts": [receipt for receipt in draft["receipts"] if receipt["work_id"] != work_id]}

    return without


def _brief_without(work_id: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    def without(brief: dict[str, Any]) -> dict[str, Any]:
        if brief["source_work_id"] != work_id:
            return brief
        return brief | {"source_work_id": None, "source_text": "", "source_title": ""}

    return without


def _quoting_proposals(conn: Connection, work: Work, quotes: Quotes) -> tuple[list[str], int]:
    """Make the waiting proposals that lean on the work stale; return their ids, and how many keep its words."""
    rows = select(proposals.c.id, proposals.c.state, proposals.c.text, proposals.c.receipts)
    stale, kept = [], 0
    for row in conn.execute(rows.where(proposals.c.workspace == work.workspace)).all():
        if any(receipt["work_id"] == work.id for receipt in row.receipts) or quotes.in_text(row.text):
            kept += 1
            if row.state in OPEN_STATES:
                set_state(conn, row.id, "stale", reason="A past work that it leans on was forgotten.")
                stale.append(row.id)
    return stale, kept


def _quoting_decisions(conn: Connection, workspace: str, quotes: Quotes) -> int:
    bodies = select(decisions.c.body).where(decisions.c.workspace == workspace, decisions.c.body.is_not(None))
    return sum(quotes.in_text(body) for body in conn.scalars(bodies) if body)

"""What comes in with an export is never taken for more than its own ledger vouches for.

Checksums can be made by anybody, so what an export says was approved or went out has to follow from its decisions and
its ledger; and what it says went out as a work of "ours" went out through another home.
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select, update

from core.decisions import Decision
from core.proposals import Proposal
from core.publications import Publication
from memory.backup.sealed import Damaged
from memory.rows import noun
from memory.tables import decisions, ledger, proposals, publications, works

OWN, ELSEWHERE = "import", "elsewhere"
_GONE = ("published", "deleted")
_RELEASED = ("approved", "scheduled", "live")


def kind_here(kind: str) -> str:
    """Return as what a work of an export counts here: never as one that went out through this home."""
    return OWN if kind == OWN else ELSEWHERE


def disown(conn: Connection, workspace: str) -> None:
    """Let no work that came with an export count as one that went out through this home."""
    foreign = (works.c.workspace == workspace, works.c.kind != OWN)
    conn.execute(update(works).where(*foreign).values(kind=ELSEWHERE))


def refuse_unvouched(conn: Connection, workspace: str) -> None:
    """Raise Damaged for a publication, or a proposal, that is said to be further than its decisions and ledger say."""
    shown = {each.id: each for each in _read(conn, proposals, Proposal, workspace)}
    approvals = {each.id: each for each in _read(conn, decisions, Decision, workspace) if each.verb == "approve"}
    gone = [each for each in _read(conn, publications, Publication, workspace) if each.state in _GONE]
    entries, withheld = _sent(conn)
    for row in gone:
        if not _approved(row, approvals.get(row.decision_id), shown.get(row.proposal_id)):
            raise _unvouched("publications", f"{row.id} went out", "no approval of exactly it is in this export")
        if (row.id, row.remote_id, row.sha) not in entries:
            if not withheld:
                raise _unvouched("publications", f"{row.id} went out", "no entry of its ledger tells of that")
            withheld -= 1
    standing = {each.proposal_id for each in approvals.values() if each.undone_by is None}
    out = {row.proposal_id for row in gone if row.state == "published"}
    for each in shown.values():
        if each.state not in _RELEASED:
            continue
        if each.id not in standing or (each.state == "live" and each.id not in out):
            raise _unvouched("proposals", f"{each.id} is {each.state}", "nothing else in this export says so")


def _read(conn: Connection, table: Any, kind: Any, workspace: str) -> Iterator[Any]:
    return (noun(kind, row) for row in conn.execute(select(table).where(table.c.workspace == workspace)))


def _sent(conn: Connection) -> tuple[set[tuple[Any, ...]], int]:
    """Return what the ledger says went out (its publication, remote id and hash), and how many entries lost words."""
    rows = [row.payload for row in conn.execute(select(ledger.c.payload))]
    told = {
        (each.get("publication"), each.get("remote_id"), each.get("sha")) for each in rows if each.get("state") in _GONE
    }
    return told, sum(each.get("withheld") is True for each in rows)


def _approved(row: Publication, approval: Decision | None, proposal: Proposal | None) -> bool:
    if approval is None or proposal is None or not row.remote_id:
        return False
    covered = (proposal.id, proposal.sha, proposal.channel, proposal.account, proposal.stages[-1], proposal.sha)
    return covered == (row.proposal_id, row.sha, row.channel, row.account, approval.stage, approval.sha)


def _unvouched(table: str, what: str, why: str) -> Damaged:
    return Damaged(f"data/tables/{table}.jsonl says that {what}, and {why}. Nothing was changed.")

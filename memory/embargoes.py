"""How long works are kept back: said by people, kept in proposals made from them, and asked again before a send."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from core.base import Instant, Noun
from core.errors import NotFound
from core.ids import new_id
from core.proposals import Proposal
from memory.authority import refuse_role
from memory.clock import Clock
from memory.consents import works_of
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.rows import noun, values
from memory.tables import embargoes as table
from memory.tables import works

_MAY = ("owner", "editor")


class Embargo(Noun):
    """One word on how long a work is kept back."""

    id: str
    workspace: str
    seq: int
    work_id: str
    not_before: Instant
    by: str
    at: Instant
    note: str = ""
    lifted_at: Instant | None = None
    lifted_by: str | None = None


class Embargoes:
    """A workspace's embargoes. Of a work the latest word counts; what a person said is never overwritten."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def say(
        self, workspace: str, work_id: str, not_before: datetime, *, by: str, note: str = "", secret: str | None = None
    ) -> Embargo:
        """Keep a work back until then. Raises NotFound, NotAllowed (owners and editors may)."""
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, _MAY, "keep a work back")
            mine = (works.c.workspace == workspace, works.c.id == work_id)
            if conn.execute(select(works.c.id).where(*mine)).first() is None:
                raise NotFound(f"There is no work {work_id} in this workspace.", "`greenroom works` lists them.")
            told = {"workspace": workspace, "work": work_id, "not_before": not_before.isoformat(), "what": "said"}
            entry = self._ledger.append(conn, by, "embargo", told)
            _lift(conn, workspace, work_id, entry.at, by)
            said = Embargo(
                id=new_id("e"),
                workspace=workspace,
                seq=entry.seq,
                work_id=work_id,
                not_before=not_before,
                by=by,
                at=entry.at,
                note=note,
            )
            conn.execute(insert(table).values(values(said, table)))
        return said

    def lift(self, workspace: str, work_id: str, *, by: str, secret: str | None = None) -> int:
        """End a work's embargo now; what was frozen with it keeps it. Raises NotFound where there is none."""
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, _MAY, "lift an embargo")
            told = {"workspace": workspace, "work": work_id, "what": "lifted"}
            entry = self._ledger.append(conn, by, "embargo", told)
            if not _lift(conn, workspace, work_id, entry.at, by):
                raise NotFound(f"No embargo is on {work_id}.", "`greenroom embargo list` shows them.")
        return entry.seq

    def until(self, workspace: str, work_ids: Iterable[str]) -> Embargo | None:
        """Return the embargo that holds longest over these works, if one still holds."""
        with self._database.read() as conn:
            return longest(conn, workspace, work_ids, self._clock())

    def list(self, workspace: str) -> list[Embargo]:
        """Return the embargoes that are not lifted, those that end soonest first; ended ones too."""
        rows = select(table).where(table.c.workspace == workspace, table.c.lifted_at.is_(None))
        with self._database.read() as conn:
            return [noun(Embargo, row) for row in conn.execute(rows.order_by(table.c.not_before, table.c.id))]


def longest(conn: Connection, workspace: str, work_ids: Iterable[str], now: datetime) -> Embargo | None:
    """Return the embargo that holds longest over these works, in a view that is open already."""
    wanted = set(work_ids)
    rows = select(table).where(table.c.workspace == workspace, table.c.lifted_at.is_(None), table.c.not_before > now)
    found = [noun(Embargo, row) for row in conn.execute(rows.order_by(table.c.seq)) if row.work_id in wanted]
    return max(found, key=lambda each: each.not_before, default=None)


def lost(conn: Connection, proposal: Proposal, now: datetime) -> str | None:
    """Return why a proposal's time does not keep an embargo; None where it keeps all, or they have ended."""
    if proposal.at and proposal.not_before and proposal.at < proposal.not_before:
        return f"Its time comes before the end of its own embargo, {proposal.not_before:%Y-%m-%d %H:%M} UTC."
    found = longest(conn, proposal.workspace, works_of(conn, proposal), now)
    kept_until = max(filter(None, (proposal.at, proposal.not_before)), default=None)
    if found is None or (kept_until is not None and kept_until >= found.not_before):
        return None
    return (
        f"The past work {found.work_id} that it leans on is under an embargo until "
        f"{found.not_before:%Y-%m-%d %H:%M} UTC (said by {found.by})."
    )


def _lift(conn: Connection, workspace: str, work_id: str, at: datetime, by: str) -> int:
    standing = (table.c.workspace == workspace, table.c.work_id == work_id, table.c.lifted_at.is_(None))
    return conn.execute(update(table).where(*standing).values(lifted_at=at, lifted_by=by)).rowcount

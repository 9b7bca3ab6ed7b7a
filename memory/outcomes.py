"""How pieces did, over time: what was measured when, and since when we know it so."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from core.base import Noun
from core.errors import NotFound
from core.ids import new_id
from core.outcomes import Measured, Outcome, counts_in, in_words, latest
from core.works import Piece
from memory.authority import refuse_role
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.rows import noun, values
from memory.tables import outcomes as table
from memory.tables import publications, works

_MANY = 500  # ids in one question


class OutcomesTaken(Noun):
    """What was taken in: figures that are new, that correct older ones, and that were known as they are."""

    added: int = 0
    corrected: int = 0
    unchanged: int = 0


class Outcomes:
    """Figures of a workspace's works and publications. One that is corrected stays, superseded."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def take(
        self, workspace: str, measured: Sequence[Measured], *, by: str, secret: str | None = None
    ) -> OutcomesTaken:
        """Take figures in, all or none; one of the same piece, metric, moment and source corrects the one before.

        Raises NotAllowed for who only looks, and for the agent; NotFound where a piece isn't this workspace's.
        """
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner", "editor", "contributor"), "record how pieces did")
            _refuse_strangers(conn, workspace, measured)
            return self._take(conn, workspace, measured, by)

    def counted(self, workspace: str, pieces: Iterable[Piece], *, by: str) -> int:
        """Take in the counts that came with imported pieces, as of now; return how many were new or had changed."""
        counts = {piece.source: (piece.format, found) for piece in pieces if (found := counts_in(piece.extra))}
        if not counts:
            return 0
        now = self._clock()
        with self._database.write() as conn:
            rows = select(works.c.id, works.c.source).where(works.c.workspace == workspace)
            ids = {row.source: row.id for row in conn.execute(rows.where(works.c.source.in_(counts)))}
            known = {
                (each.work_id, each.metric, each.source): each.value for each in _last(conn, workspace, ids.values())
            }
            new = [
                Measured(work_id=ids[source], metric=metric, value=value, measured_at=now, source=format_)
                for source, (format_, found) in counts.items()
                for metric, value in found.items()
                if source in ids and known.get((ids[source], metric, format_)) != value
            ]
            return self._take(conn, workspace, new, by).added

    def _take(self, conn: Connection, workspace: str, measured: Sequence[Measured], by: str) -> OutcomesTaken:
        fresh = {each.key: each for each in measured}
        known = {each.key: each for each in _of(conn, workspace, _subjects(measured)) if not each.superseded_at}
        new = [each for key, each in fresh.items() if key not in known or known[key].value != each.value]
        old = [known[each.key].id for each in new if each.key in known]
        if new:
            self._record(conn, workspace, new, old, by)
        return OutcomesTaken(added=len(new) - len(old), corrected=len(old), unchanged=len(fresh) - len(new))

    def of(
        self, workspace: str, subjects: Iterable[str], *, until: datetime | None = None, known: datetime | None = None
    ) -> dict[str, tuple[Outcome, ...]]:
        """Return the figures of works or publications by id, the earliest first: those measured up to `until`, by what
        was known at `known` (None: now)."""
        with self._database.read() as conn:
            return figures(conn, workspace, subjects, until=until, known=known)

    def in_words(self, workspace: str, subjects: Iterable[str]) -> dict[str, str]:
        """Return how each piece did in a few words; empty where nothing is known."""
        return {subject: in_words(each) for subject, each in self.of(workspace, subjects).items()}

    def _record(self, conn: Connection, workspace: str, new: list[Measured], old: list[str], by: str) -> None:
        told = {"workspace": workspace, "figures": len(new), "corrected": len(old)}
        entry = self._ledger.append(conn, by, "outcomes", told)
        for start in range(0, len(old), _MANY):
            which = table.c.id.in_(old[start : start + _MANY])
            conn.execute(update(table).where(which).values(superseded_at=entry.at))
        kept = {"workspace": workspace, "recorded_at": entry.at, "recorded_by": by}
        rows = [Outcome.model_validate(each.model_dump() | kept | {"id": new_id("o")}) for each in new]
        conn.execute(insert(table), [values(row, table) for row in rows])


def figures(
    conn: Connection,
    workspace: str,
    subjects: Iterable[str],
    *,
    until: datetime | None = None,
    known: datetime | None = None,
) -> dict[str, tuple[Outcome, ...]]:
    """Return the figures of works or publications by id, as `Outcomes.of` does, in a view that is open already."""
    found: dict[str, list[Outcome]] = {subject: [] for subject in subjects}
    for each in _of(conn, workspace, list(found)):
        if (until is None or each.measured_at <= until) and _is_known(each, known):
            found[each.work_id or str(each.publication_id)].append(each)
    return {subject: tuple(each) for subject, each in found.items()}


def _last(conn: Connection, workspace: str, subjects: Iterable[str]) -> list[Outcome]:
    """Return the last figure of each piece, metric and source."""
    return [last for each in figures(conn, workspace, subjects).values() for last in latest(each)]


def _subjects(measured: Iterable[Measured]) -> list[str]:
    return list(dict.fromkeys(each.work_id or str(each.publication_id) for each in measured))


def _of(conn: Connection, workspace: str, subjects: Sequence[str]) -> list[Outcome]:
    found: list[Outcome] = []
    for start in range(0, len(subjects), _MANY):
        some = subjects[start : start + _MANY]
        rows = select(table).where(
            table.c.workspace == workspace, or_(table.c.work_id.in_(some), table.c.publication_id.in_(some))
        )
        order = (table.c.measured_at, table.c.recorded_at, table.c.metric, table.c.id)
        found += [noun(Outcome, row) for row in conn.execute(rows.order_by(*order))]
    return found


def _is_known(outcome: Outcome, known: datetime | None) -> bool:
    if known is None:
        return outcome.superseded_at is None
    return outcome.recorded_at <= known and (outcome.superseded_at is None or known < outcome.superseded_at)


def _refuse_strangers(conn: Connection, workspace: str, measured: Sequence[Measured]) -> None:
    for column, wanted in (
        (works.c, {each.work_id for each in measured if each.work_id}),
        (publications.c, {each.publication_id for each in measured if each.publication_id}),
    ):
        there: set[str] = set()
        ids = sorted(wanted)
        for start in range(0, len(ids), _MANY):
            some = column.id.in_(ids[start : start + _MANY])
            there |= set(conn.scalars(select(column.id).where(column.workspace == workspace, some)))
        for missing in sorted(wanted - there):
            raise NotFound(f"There is no work or publication {missing} in this workspace.", "Nothing was taken in.")

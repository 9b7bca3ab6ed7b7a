"""Recurring slots and their occurrences, every one a row, some weeks ahead."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Exists, exists, insert, select, update

from core.errors import AlreadyDecided, NotFound
from core.proposals import State
from core.series import Occurrence, Series, occurrences
from core.wall_time import to_wall
from memory.clock import Clock
from memory.database import Database
from memory.rows import noun, values
from memory.tables import occurrences as table
from memory.tables import proposals
from memory.tables import series as series_table

AHEAD = timedelta(weeks=8)
"""How far ahead occurrences are written down."""

TAKING: tuple[State, ...] = ("waiting", "held", "approved", "scheduled", "live")
"""States of a proposal in which the slot that it is meant for is taken."""


class SeriesBook:
    """The recurring slots of all workspaces."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def add(self, series: Series) -> Series:
        """Keep a series, with its occurrences for the weeks ahead."""
        with self._database.write() as conn:
            conn.execute(insert(series_table).values(values(series, series_table)))
            self._write_down(conn, series)
        return series

    def end(self, workspace: str, series_id: str) -> Series:
        """End a series: nothing of it comes round from now on. Approved posts keep their time. Raises NotFound."""
        now = self._clock()
        with self._database.write() as conn:
            ended = _load(conn, workspace, series_id)
            if ended.ended_at is None:
                conn.execute(update(series_table).where(series_table.c.id == series_id).values(ended_at=now))
                later = (table.c.series_id == series_id, table.c.at > now)
                conn.execute(update(table).where(*later).values(state="skipped"))
            return _load(conn, workspace, series_id)

    def skip(self, workspace: str, series_id: str, wall_date: str) -> Occurrence:
        """Leave one occurrence out. Raises NotFound; AlreadyDecided where something is planned for it."""
        with self._database.write() as conn:
            _load(conn, workspace, series_id)
            mine = (table.c.series_id == series_id, table.c.wall_date == wall_date)
            row = conn.execute(select(table).where(*mine)).one_or_none()
            if row is None:
                raise NotFound(f"Series {series_id} does not come round on {wall_date}.", "greenroom slots list")
            if conn.execute(select(table.c.at).where(*mine, _taken())).first():
                raise AlreadyDecided(f"Something is planned for {wall_date} already.", "Move or reject that first.")
            conn.execute(update(table).where(*mine).values(state="skipped"))
            return noun(Occurrence, conn.execute(select(table).where(*mine)).one())

    def pause(self, workspace: str, series_id: str, until: str | None = None) -> Series:
        """Let a series rest: none of its times is free up to and including `until` (None: until it is resumed).

        What is planned for one of them keeps its time. Raises NotFound; AlreadyDecided for a series that ended.
        """
        return self._rest(workspace, series_id, paused_at=self._clock(), paused_until=until)

    def resume(self, workspace: str, series_id: str) -> Series:
        """Let a series come round again from now on; what it missed is not made up for. Raises as `pause` does."""
        return self._rest(workspace, series_id, paused_at=None, paused_until=None)

    def open(self, workspace: str, channel: str | None = None, *, after: datetime) -> list[Occurrence]:
        """Return the occurrences that are free, soonest first, `AHEAD` from now."""
        with self._database.write() as conn:
            for series in self._running(conn, workspace):
                self._write_down(conn, series)
        return self.free(workspace, channel, after=after)

    def free(self, workspace: str, channel: str | None = None, *, after: datetime) -> list[Occurrence]:
        """Return what is free of the occurrences that are written down; nothing is written."""
        with self._database.read() as conn:
            return self._coming(conn, workspace, channel, after, ~_taken())

    def coming(self, workspace: str, channel: str | None = None, *, after: datetime) -> list[Occurrence]:
        """Return the occurrences that are written down, whether free or taken; left out, paused and ended ones not."""
        with self._database.read() as conn:
            return self._coming(conn, workspace, channel, after)

    def _coming(
        self, conn: Connection, workspace: str, channel: str | None, after: datetime, *which: ColumnElement[bool]
    ) -> list[Occurrence]:
        mine = (table.c.workspace == workspace, table.c.state == "open", table.c.at > after, *which)
        rows = select(table).where(*mine, *(() if channel is None else (table.c.channel == channel,)))
        running = {each.id: each for each in self._running(conn, workspace)}
        found = [noun(Occurrence, row) for row in conn.execute(rows.order_by(table.c.at, table.c.series_id))]
        return [
            each
            for each in found
            if each.series_id not in running or not running[each.series_id].pauses_on(each.wall_date)
        ]

    def _rest(self, workspace: str, series_id: str, **changes: Any) -> Series:
        with self._database.write() as conn:
            if _load(conn, workspace, series_id).ended_at is not None:
                raise AlreadyDecided(f"Series {series_id} has ended.", "Add a new one: greenroom slots add")
            conn.execute(update(series_table).where(series_table.c.id == series_id).values(changes))
            return _load(conn, workspace, series_id)

    def _running(self, conn: Connection, workspace: str) -> list[Series]:
        rows = select(series_table).where(series_table.c.workspace == workspace, series_table.c.ended_at.is_(None))
        return [noun(Series, row) for row in conn.execute(rows)]

    def _write_down(self, conn: Connection, series: Series) -> None:
        """Add the rows that are not there yet; those that are keep what was said of them.

        An instant follows its wall time where a country changed its clocks since, unless something is planned for it.
        """
        now = self._clock()
        first = to_wall(now, series.zone).date()
        mine = select(table.c.wall_date, table.c.at).where(table.c.series_id == series.id)
        known = {row.wall_date: row.at for row in conn.execute(mine)}
        for each in occurrences(series, first, (to_wall(now, series.zone) + AHEAD).date()):
            if each.wall_date not in known:
                conn.execute(insert(table).values(values(each, table)))
            elif known[each.wall_date] != each.at:
                this = (table.c.series_id == series.id, table.c.wall_date == each.wall_date, ~_taken())
                conn.execute(update(table).where(*this).values(at=each.at, note=each.note))

    def list(self, workspace: str, *, ended: bool = False) -> list[Series]:
        """Return a workspace's series, oldest first; those that ended only if asked."""
        rows = select(series_table).where(series_table.c.workspace == workspace)
        if not ended:
            rows = rows.where(series_table.c.ended_at.is_(None))
        with self._database.read() as conn:
            found = conn.execute(rows.order_by(series_table.c.created_at, series_table.c.id))
            return [noun(Series, row) for row in found]


def _taken() -> Exists:
    return exists(
        select(proposals.c.id).where(
            proposals.c.workspace == table.c.workspace,
            proposals.c.channel == table.c.channel,
            proposals.c.at == table.c.at,
            proposals.c.state.in_(TAKING),
        )
    )


def _load(conn: Connection, workspace: str, series_id: str) -> Series:
    row = conn.execute(
        select(series_table).where(series_table.c.workspace == workspace, series_table.c.id == series_id)
    ).one_or_none()
    if row is None:
        raise NotFound(f"There is no series {series_id} in this workspace.", "greenroom slots list")
    return noun(Series, row)

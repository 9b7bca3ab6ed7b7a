"""Whole conversations of one person: which there are, and what was said in one."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, select

from core.dialogue import Thread, Turn
from memory.consents import revoked_people, revoked_works
from memory.naming import names
from memory.rows import noun
from memory.tables import turns


def threads_of(conn: Connection, workspace: str, person: str, answering: str) -> list[Thread]:
    """Return the conversations that nobody but `person` and `answering` spoke in, the last spoken first."""
    held = _held(workspace, person, answering).add_columns(
        func.min(turns.c.said_at).label("began_at"),
        func.max(turns.c.said_at).label("last_at"),
        func.count().label("turns"),
        func.max(turns.c.number).label("newest"),
    )
    rows = conn.execute(held.order_by(func.max(turns.c.number).desc())).all()
    titles = _titles(conn, workspace, person, answering)
    return [
        Thread(
            thread=row.thread,
            title=titles.get(row.thread, ""),
            began_at=row.began_at,
            last_at=row.last_at,
            turns=row.turns,
        )
        for row in rows
    ]


def turns_of(conn: Connection, workspace: str, person: str, answering: str, thread: str) -> list[Turn]:
    """Return what was said in one of them from its beginning; nothing where it is not `person`'s alone.

    What rests on a work that may not be used, or names a person whose consent was revoked, comes without its words.
    """
    if conn.execute(_held(workspace, person, answering).where(turns.c.thread == thread)).first() is None:
        return []
    query = select(turns).where(_chat(workspace), turns.c.thread == thread).order_by(turns.c.number)
    may_be_shown = _shown(conn, workspace)
    found = ((noun(Turn, row), may_be_shown(row)) for row in conn.execute(query).all())
    return [turn if shown else turn.model_copy(update={"text": ""}) for turn, shown in found]


def _held(workspace: str, person: str, answering: str) -> Select[Any]:
    foreign = func.sum(case((turns.c.speaker.in_((person, answering)), 0), else_=1))
    own = func.sum(case((turns.c.speaker == person, 1), else_=0))
    return select(turns.c.thread).where(_chat(workspace)).group_by(turns.c.thread).having(foreign == 0, own > 0)


def _titles(conn: Connection, workspace: str, person: str, answering: str) -> dict[str, str]:
    held = _held(workspace, person, answering).subquery()
    first = (
        select(func.min(turns.c.number))
        .where(_chat(workspace), turns.c.speaker == person, turns.c.thread.in_(select(held.c.thread)))
        .group_by(turns.c.thread)
    )
    may_be_shown = _shown(conn, workspace)
    rows = conn.execute(select(turns).where(turns.c.number.in_(first))).all()
    return {row.thread: row.text for row in rows if may_be_shown(row)}


def _chat(workspace: str) -> ColumnElement[bool]:
    return (turns.c.workspace == workspace) & (turns.c.kind == "chat")


def _shown(conn: Connection, workspace: str) -> Callable[[Any], bool]:
    revoked, people = revoked_works(conn, workspace), revoked_people(conn, workspace)

    def may_be_shown(row: Any) -> bool:
        return revoked.isdisjoint(row.works) and not any(names(each, (row.speaker, row.text)) for each in people)

    return may_be_shown

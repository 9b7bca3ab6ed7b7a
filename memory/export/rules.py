"""Which tables go into an export, and which of their rows and columns. A table without a rule fails a test."""

from typing import Any, Literal, NamedTuple

from sqlalchemy import Column, ColumnElement, Integer, Select, Table, literal, select

from memory.tables import metadata

Kind = Literal["kept", "people", "derived", "of_this_home"]


class Rule(NamedTuple):
    """What becomes of a table. `why`: for a person, where it (or a column of it) stays behind."""

    kind: Kind = "kept"
    without: tuple[str, ...] = ()  # columns that stay behind; they come back empty
    why: str = ""


_SECRET = ("secret_hash", "tries", "wait_until")

RULES: dict[str, Rule] = {
    "workspaces": Rule(),
    "works": Rule(),
    "work_versions": Rule(),
    "near_duplicates": Rule(),
    "signatures": Rule(),
    "passages": Rule(),
    "files": Rule(),
    "briefs": Rule(),
    "plans": Rule(),
    "drafts": Rule(),
    "proposals": Rule(),
    "decisions": Rule(),
    "publications": Rule(),
    "usage": Rule(),
    "budgets": Rule(),
    "brief_choices": Rule(),
    "sensitivities": Rule(),
    "photos": Rule("of_this_home", why="folders of this machine; greenroom photos looks at them anew"),
    "reservations": Rule("of_this_home", why="calls under way in this home"),
    "series": Rule(),
    "occurrences": Rule(),
    "embargoes": Rule(),
    "consents": Rule(),
    "facts": Rule(),
    "outcomes": Rule(),
    "lessons": Rule(),
    "preferences": Rule(),
    "preference_words": Rule(),
    "turns": Rule(),
    "segment_acts": Rule(),
    "translations": Rule(),
    "suggestions": Rule(),
    "ledger": Rule(),
    "members": Rule(without=_SECRET, why="secrets, even hashed, are of this home"),
    "connections": Rule(without=("state", "reason", "checked_at"), why="credentials are of this home: connect again"),
    "subscribers": Rule("people", why="other people's addresses: only with --with-people"),
    "mailings": Rule("people", why="other people's addresses: only with --with-people"),
    "vectors": Rule("derived", why="made anew by: greenroom reindex"),
    "indexed": Rule("derived", why="made anew by: greenroom reindex"),
    "index_marks": Rule("derived", why="made anew by: greenroom reindex"),
    "voice_profiles": Rule("derived", why="measured anew from the works"),
    "embedding_choices": Rule("of_this_home", why="it is about this home's search index"),
    "known_accounts": Rule("of_this_home", why="looked up again where it is needed"),
    "forgettings": Rule("of_this_home", why="receipts are signed by this home, about what it no longer has"),
    "quarantines": Rule("of_this_home", why="it is about restores of this home"),
    "feeds": Rule("of_this_home", why="addresses with a secret in them are of this home: make new ones"),
    "sessions": Rule("of_this_home", why="who is signed in here: sign in again"),
    "identities": Rule("of_this_home", why="who vouches for members is of this home: greenroom accounts link"),
    "slack_messages": Rule("of_this_home", why="where cards lie in the Slack that this home is connected to"),
    "slack_events": Rule("of_this_home", why="what that Slack has told already"),
    "login_tries": Rule("of_this_home", why="it is about who tried to sign in here"),
    "heartbeats": Rule("of_this_home", why="it is about processes of this home"),
}


def kept(*, with_people: bool) -> list[Table]:
    """Return the tables of an export, those that others refer to first."""
    kinds = ("kept", "people") if with_people else ("kept",)
    return [table for table in metadata.sorted_tables if RULES.get(table.name, Rule("derived")).kind in kinds]


def columns(table: Table) -> list[Column[Any]]:
    """Return the columns that are exported: not the secret ones, and no number that is only counted up."""
    return [each for each in table.columns if each.name not in RULES[table.name].without and not _is_counted(each)]


def rows_of(table: Table, workspace: str) -> Select[Any]:
    """Return the query of one workspace's rows, in an order that an import keeps."""
    return select(*columns(table)).where(_mine(table, workspace)).order_by(*table.primary_key.columns)


def parents(table: Table) -> list[tuple[str, Column[Any]]]:
    """Return (column, the column that it refers to) of each reference into an exported table but the workspace's."""
    return [
        (each.parent.name, each.column)
        for each in table.foreign_keys
        if each.column.table.name != "workspaces" and RULES[each.column.table.name].kind in ("kept", "people")
    ]


def _mine(table: Table, workspace: str) -> ColumnElement[bool]:
    """Return the condition that a row is this workspace's: by its own word, or by what it refers to."""
    if table.name == "workspaces":
        return table.c.id == workspace
    if table.name == "ledger":
        return literal(value=True)
    if "workspace" in table.c:
        return table.c.workspace == workspace
    column, parent = parents(table)[0]
    return table.c[column].in_(select(parent).where(_mine(parent.table, workspace)))


def _is_counted(column: Column[Any]) -> bool:
    table = column.table
    alone = list(table.primary_key.columns) == [column] and isinstance(column.type, Integer)
    return alone and column.autoincrement is True

"""The ledger keeps no words of what is forgotten: entries that have some are known by their hash only from then on.

The chain still holds: an entry's hash and its place stay. Which ones were withheld, the entry of the forgetting says,
and `Ledger.verify` takes no other one without its content.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, Table, select, update

from memory.forgetting.case import Case
from memory.forgetting.guards import LEDGER, lifted
from memory.ledger import WITHHELD
from memory.quotes import BLANK
from memory.tables import publications

_STAYS = ("workspace", "decision", "publication", "token")
"""What an entry goes on saying: ids that hold the tables and the chain together, and that a token was ended."""


def withhold(conn: Connection, table: Table, case: Case) -> int:
    """Withhold the entries that say something of what goes; return how many say it still."""
    sent = set(conn.scalars(select(publications.c.id).where(publications.c.workspace == case.workspace)))
    kept, going = 0, []
    for row in conn.execute(select(table).order_by(table.c.seq)).all():
        if row.payload.get(WITHHELD) is True or not _is_mine(row, case, sent):
            continue
        if _must(row, case):
            going.append(row)
            case.withheld += named_in(row.payload)  # an entry that named others hands them on to the next one
        elif case.quotes.in_text("\n\n".join(_texts(row.payload))):
            kept += 1
    if going:
        with lifted(conn, LEDGER):
            for row in going:
                conn.execute(update(table).where(table.c.seq == row.seq).values(_withheld(row, case)))
        case.count("blanked", table.name, len(going))
        case.withheld += [row.seq for row in going]
    return kept


def ranges(numbers: Iterable[int]) -> list[list[int]]:
    """Return numbers as ranges, both ends inclusive: [[1, 5], [9, 9]]."""
    found: list[list[int]] = []
    for number in sorted(set(numbers)):
        if found and number == found[-1][1] + 1:
            found[-1][1] = number
        else:
            found.append([number, number])
    return found


def named_in(told: dict[str, Any]) -> list[int]:
    """Return the entries that the entry of a forgetting says were withheld."""
    named = told.get(WITHHELD)
    return [n for first, last in named for n in range(first, last + 1)] if isinstance(named, list) else []


def _is_mine(row: Row[Any], case: Case, sent: set[str]) -> bool:
    told = row.payload
    return bool(told["workspace"] == case.workspace if "workspace" in told else told.get("publication") in sent)


def _must(row: Row[Any], case: Case) -> bool:
    told = row.payload
    if case.wish.kind == "workspace" or told.get("decision") in case.decisions:
        return True
    if case.name is not None and case.name.is_(row.actor):
        return True
    words = {name: value for name, value in told.items() if name not in _STAYS}
    if case.name is not None and case.name.blank_whole(words) != words:
        return True
    if case.name is not None and case.wish.mentions and case.name.in_value(words):
        return True
    return case.wish.also_decided and case.quotes.in_text("\n\n".join(_texts(words)))


def _withheld(row: Row[Any], case: Case) -> dict[str, Any]:
    whole = case.wish.kind == "workspace"
    stays = {} if whole else {name: row.payload[name] for name in _STAYS if name in row.payload}
    theirs = case.name is not None and case.name.is_(row.actor)
    return {"payload": stays | {WITHHELD: True}, "actor": BLANK if whole or theirs else row.actor}


def _texts(told: dict[str, Any]) -> Iterable[str]:
    return (value for value in told.values() if isinstance(value, str))

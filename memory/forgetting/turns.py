"""What was said in conversations: turns that quote what goes are blanked, and a person's own turns go."""

from typing import Any

from sqlalchemy import Connection, Table, delete, select, update

from memory.dialogue.decided import untold
from memory.dialogue.keeping import keep
from memory.forgetting.acts import mine
from memory.forgetting.case import Case
from memory.passages import text_hash
from memory.quotes import BLANK


def blank_turns(conn: Connection, table: Table, case: Case) -> int:
    """Blank the turns that quote what goes, or name the person where names go too, and remove the person's own.

    A changed turn is embedded anew when somebody next looks; what it was embedded as goes with the vectors. Decisions
    are told first, or they would be told later by what approvals keep; so the turns of a person's own stay, empty.
    """
    for untold_yet in untold(conn, case.workspace):
        keep(conn, case.workspace, untold_yet)
    changed = 0
    for row in conn.execute(select(table).where(mine(table, case.workspace))).all():
        one = table.c.number == row.number
        if case.name is not None and case.name.is_(row.speaker):
            if row.decision_id is not None:
                empty = {"speaker": BLANK, "text": BLANK, "content_hash": text_hash(f"{BLANK}: {BLANK}")}
                conn.execute(update(table).where(one).values(empty))
                case.hashes.add(row.content_hash)
                changed += 1
                continue
            conn.execute(delete(table).where(one))
            case.count("removed", table.name, 1)
            case.hashes.add(row.content_hash)
            continue
        old = {"text": row.text, "works": row.works, "source": row.source}
        new: dict[str, Any] = {name: case.blank(value) for name, value in old.items()}
        if new != old:
            said = text_hash(f"{row.speaker}: {new['text']}")
            conn.execute(update(table).where(one).values(new | {"content_hash": said}))
            case.hashes.add(row.content_hash)
            changed += 1
    return changed


def remove_turns(conn: Connection, table: Table, case: Case) -> int:
    """Remove all of a workspace's turns, and note what they were embedded as."""
    rows = mine(table, case.workspace)
    case.hashes |= set(conn.scalars(select(table.c.content_hash).where(rows)))
    return conn.execute(delete(table).where(rows)).rowcount

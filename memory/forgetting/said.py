"""What was said loses what goes: its quotes, its works, and the person's name."""

from sqlalchemy import Connection, Table, delete, select, update

from memory.dialogue.decided import untold
from memory.dialogue.keeping import keep, spoken_hash
from memory.forgetting.case import Case


def blank_turns(conn: Connection, table: Table, case: Case) -> int:
    """Blank the turns that quote what goes; their vectors go with the words that they were made of."""
    for said in untold(conn, case.workspace):  # told now, or they would be told later by what approvals keep
        keep(conn, case.workspace, said)
    changed = 0
    for row in conn.execute(select(table).where(table.c.workspace == case.workspace)).all():
        old = {"speaker": row.speaker, "text": row.text, "works": row.works}
        new = {name: case.blank(value) for name, value in old.items()}
        if new == old:
            continue
        new["content_hash"] = spoken_hash(new["speaker"], new["text"])
        case.hashes.add(row.content_hash)
        conn.execute(update(table).where(table.c.number == row.number).values(new))
        changed += 1
    return changed


def remove_turns(conn: Connection, table: Table, case: Case) -> int:
    """Remove all that was said in the workspace, and note what its vectors are kept by."""
    mine = table.c.workspace == case.workspace
    case.hashes.update(conn.scalars(select(table.c.content_hash).where(mine)))
    return conn.execute(delete(table).where(mine)).rowcount

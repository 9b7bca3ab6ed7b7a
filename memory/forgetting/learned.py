"""What edits taught loses the edits of forgotten pieces: a rule stands on what is left, or falls."""

from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, update

from memory.forgetting.case import Case
from memory.forgetting.decided import leaning
from memory.lessons import FORGOTTEN, edits_to_learn
from memory.tables import decisions, preference_words, preferences


def unlearn(conn: Connection, table: Table, case: Case) -> int:
    """Empty the lessons of edits that were about what goes, or made by the person."""
    about = set(leaning(conn, case))
    rows = conn.execute(select(table).where(table.c.workspace == case.workspace)).all()
    emptied = 0
    for row in rows:
        theirs = case.name is not None and case.name.is_(row.by)
        if not (row.proposal_id in about or theirs or case.found_in(row.data) or _decided(conn, row, case)):
            continue
        changes: dict[str, Any] = {"verb": FORGOTTEN, "data": []} | ({"by": case.blank(row.by)} if theirs else {})
        conn.execute(update(table).where(table.c.decision_id == row.decision_id).values(changes))
        case.unlearned.add(row.decision_id)
        emptied += 1
    return emptied + _never_learn(conn, table, case, about)


def _never_learn(conn: Connection, table: Table, case: Case, about: set[str]) -> int:
    """Note the edits that nothing was learned from yet, so that nothing is."""
    new = [edit for edit in edits_to_learn(conn, case.workspace) if edit.proposal_id in about]
    for edit in new:
        row = edit.model_dump(include={"workspace", "proposal_id", "brief_id", "by", "channel", "locale"})
        row |= {"decision_id": edit.id, "verb": FORGOTTEN, "at": edit.at, "data": [], "learned_at": edit.at}
        conn.execute(insert(table).values(row))
        case.unlearned.add(edit.id)
    return len(new)


def prune(conn: Connection, case: Case) -> int:
    """Take the edits out of what was ever known of the rules; remove what stands on nothing else. Return how many."""
    if not case.unlearned:
        return 0
    said = select(preference_words.c.preference_id).where(preference_words.c.workspace == case.workspace)
    own_word = set(conn.scalars(said))
    changed = 0
    for row in conn.execute(select(preferences).where(preferences.c.workspace == case.workspace)).all():
        left = [each for each in row.support if each["decision_id"] not in case.unlearned]
        if len(left) == len(row.support):
            continue
        changed += 1
        one = preferences.c.number == row.number
        if left or row.id in own_word:
            conn.execute(update(preferences).where(one).values(support=left))
        else:
            conn.execute(delete(preferences).where(one))
    return changed


def _decided(conn: Connection, row: Any, case: Case) -> bool:
    """Say whether the decision itself, in its note or its new words, quotes what goes."""
    found = conn.execute(
        select(decisions.c.note, decisions.c.body).where(decisions.c.id == row.decision_id)
    ).one_or_none()
    return found is not None and case.quotes.in_text(f"{found.note}\n\n{found.body or ''}")

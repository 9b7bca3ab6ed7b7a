"""How each table forgets a work, a person, a workspace. A table without a rule fails a test.

A rule is acts, or a text that says why nothing of the kind can be in that table.
"""

import json
import re
from typing import Any, NamedTuple

from sqlalchemy import Connection, Table, delete, select, update

from memory.forgetting.acts import Act, every_row, mine, rows_named, rows_of_works, words_in
from memory.forgetting.case import Case
from memory.forgetting.decided import blank_decisions, blank_publications, make_stale
from memory.forgetting.learned import prune, unlearn
from memory.forgetting.turns import blank_turns, remove_turns
from memory.forgetting.withholding import withhold
from memory.forgetting.works import remove_vectors
from memory.tables import drafts, mailings, metadata, works

_Acts = tuple[Act, ...]

_NO_WORK = "nothing in it is about a work"
_NO_PERSON = "nothing in it is about a person"
_HOME = "it is about this home, not about a workspace"


class Rule(NamedTuple):
    """What becomes of a table's rows. `workspace` is every row of it, unless something else is said."""

    work: _Acts | str
    person: _Acts | str
    workspace: _Acts | str = (every_row(),)


def _of_works(*columns: str) -> Rule:
    """The rows of works that go. What a person shares with others is another version by then (`people.rewrite`)."""
    return Rule((rows_of_works(*columns),), (rows_of_works(*columns),))


def _brief(data: dict[str, Any], case: Case) -> dict[str, Any]:
    if data.get("source_work_id") not in case.ids:
        return data
    return data | {"source_work_id": None, "source_text": "", "source_title": ""}


def _profile(conn: Connection, table: Table, case: Case) -> int:
    """The voice was measured from all works together: it is measured anew."""
    if not (case.whole or case.shared):
        return 0
    return conn.execute(delete(table).where(table.c.workspace == case.workspace)).rowcount


def _files(conn: Connection, table: Table, case: Case) -> int:
    """Remove the files that only the works name, and what was made from those."""
    named = _digests([work.extra for work in case.whole])
    if not named:
        return 0
    rest = [row.extra for row in conn.execute(select(works.c.extra).where(works.c.workspace == case.workspace))]
    drafted = select(drafts.c.data).where(drafts.c.workspace == case.workspace)
    going = named - _digests([*rest, *conn.scalars(drafted)])
    made = select(table.c.sha256).where(mine(table, case.workspace), table.c.made_from.in_(going))
    rows = mine(table, case.workspace) & table.c.sha256.in_(going | set(conn.scalars(made)))
    case.files += list(conn.scalars(select(table.c.sha256).where(rows)))
    return conn.execute(delete(table).where(rows)).rowcount


def _digests(values: list[Any]) -> set[str]:
    return set(re.findall(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])", json.dumps(values)))


def _consents_of_works(conn: Connection, table: Table, case: Case) -> int:
    about = [f"work:{work_id}" for work_id in case.ids]
    rows = delete(table).where(table.c.workspace == case.workspace, table.c.subject.in_(about))
    return conn.execute(rows).rowcount if about else 0


def _sensitivities(conn: Connection, table: Table, case: Case) -> int:
    """A work's mark is under its source, which is gone with the work: it goes first (it has no reference)."""
    gone = [work.source for work in case.whole]
    rows = delete(table).where(table.c.workspace == case.workspace, table.c.source.in_(gone))
    return conn.execute(rows).rowcount if gone else 0


def _subscriber(conn: Connection, table: Table, case: Case) -> int:
    """Remove who has the address that was named; what was mailed to them stays counted, without it."""
    rows = conn.execute(select(table).where(table.c.workspace == case.workspace)).all()
    gone = [row.id for row in rows if case.name is not None and case.name.is_(row.address)]
    theirs = mailings.c.subscriber_id.in_(gone)
    conn.execute(update(mailings).where(theirs, mailings.c.state.in_(("queued", "deferred"))).values(state="skipped"))
    blanked = conn.execute(update(mailings).where(theirs).values(address="", answer="")).rowcount if gone else 0
    if blanked:
        case.count("blanked", "mailings", blanked)
    return conn.execute(delete(table).where(table.c.id.in_(gone))).rowcount


def _settle_and_prune(conn: Connection, _table: Table, case: Case) -> int:
    if case.unlearned:
        case.settle(conn)
    return prune(conn, case)


def _suggestions(conn: Connection, table: Table, case: Case) -> int:
    """Remove what was suggested for a work that goes, or is another one now, and for files that go."""
    about = [*case.ids, *(versions[-1].id for versions in case.shared)]
    rows = table.c.work_id.in_(about) | table.c.sha256.in_(case.files)
    return conn.execute(delete(table).where(table.c.workspace == case.workspace, rows)).rowcount


def _pairs(conn: Connection, table: Table, case: Case) -> int:
    """Remove segments that quote what is forgotten: half a pair is of no use, and the other half says the same."""
    rows = conn.execute(select(table.c.id, table.c.source, table.c.target).where(mine(table, case.workspace))).all()
    gone = [row.id for row in rows if case.found_in(row.source) or case.found_in(row.target)]
    return sum(conn.execute(delete(table).where(table.c.id == each)).rowcount for each in gone)


def _photos(conn: Connection, table: Table, case: Case) -> int:
    """Remove what is proposed for a photo where it says what is forgotten: a look at the photo makes it anew."""
    rows = conn.execute(select(table).where(mine(table, case.workspace))).all()
    said = {
        row.id: json.dumps([row.folder, row.path, row.words, row.why, row.notes], ensure_ascii=False) for row in rows
    }
    gone = [row.id for row in rows if row.sha256 in case.files or case.found_in(said[row.id])]
    return sum(conn.execute(delete(table).where(table.c.id == each)).rowcount for each in gone)


_photographed = Act("removed", _photos, ("folder", "path", "words", "why", "notes", "model"))
_quoting = Act("removed", _pairs, ("source", "target"))
_suggested = Act("removed", _suggestions)
_gone = Act("removed", _profile)
_stale = Act("kept", make_stale)
_turns = Act("blanked", blank_turns, ("source", "speaker", "text", "works"))

RULES: dict[str, Rule] = {
    "workspaces": Rule(_NO_WORK, (words_in("accounts", "policy"),)),
    # works: their rows go in an order that references allow, so each of these removes its own
    "works": _of_works("id"),
    "work_versions": _of_works("work_id"),
    "passages": _of_works("work_id"),
    "signatures": _of_works("work_id"),
    "near_duplicates": _of_works("work_id", "of_work_id"),
    "vectors": Rule((Act("removed", remove_vectors),), (Act("removed", remove_vectors),),
                    (Act("removed", remove_vectors),)),
    "indexed": Rule("ids and hashes, which the index clears as it is made anew",
                    "ids and hashes, which the index clears as it is made anew"),
    "index_marks": Rule("counts of rows; once a work is gone they no longer fit, and nothing goes by them",
                        "counts of rows; once a work is gone they no longer fit, and nothing goes by them"),
    "voice_profiles": Rule((_gone,), (_gone,)),
    "files": Rule((Act("removed", _files), words_in("alt")), (Act("removed", _files), words_in("alt", "name"))),
    # what was made of them
    "briefs": Rule((words_in("data", also=_brief),), (words_in("data"),)),
    "plans": Rule((words_in("data"),), (words_in("data"),)),
    "drafts": Rule((words_in("data"),), (words_in("data"),)),
    "proposals": Rule((_stale,), (_stale,)),
    "decisions": Rule((Act("kept", blank_decisions),), (Act("kept", blank_decisions),)),
    "publications": Rule((Act("kept", blank_publications),), (Act("kept", blank_publications),)),
    "ledger": Rule((Act("kept", withhold),), (Act("kept", withhold),), (Act("kept", withhold),)),
    "turns": Rule((_turns,), (_turns,), (Act("removed", remove_turns),)),
    "usage": Rule("models, counts and costs", (words_in("member"),)),
    "budgets": Rule(_NO_WORK, (rows_named("subject"), words_in("by"))),
    "brief_choices": Rule(_NO_WORK, (words_in("by"),)),
    "reservations": Rule(_NO_WORK, (words_in("member"),)),
    "sensitivities": Rule((Act("removed", _sensitivities),), (Act("removed", _sensitivities), words_in("by"))),
    # what was learned, stated and measured
    "lessons": Rule((Act("blanked", unlearn),), (Act("blanked", unlearn),)),
    "preferences": Rule((Act("blanked", _settle_and_prune), words_in("old", "new")),
                        (Act("blanked", _settle_and_prune), words_in("old", "new"))),
    "preference_words": Rule((words_in("old", "new", "note"),), (words_in("old", "new", "note", "by"),)),
    "facts": Rule((words_in("instead", "needs", "note"),),
                  (words_in("term", "instead", "needs", "note", "recorded_by"),)),
    "outcomes": Rule((rows_of_works("work_id"),), (rows_of_works("work_id"), words_in("source", "recorded_by"))),
    "suggestions": Rule((_suggested, words_in("value", "before", "reason")),
                        (_suggested, words_in("value", "before", "reason", "decided_by"))),
    "photos": Rule((_photographed,), (_photographed,)),
    # translations, segment by segment
    "segment_acts": Rule((rows_of_works("work_id"), _quoting, words_in("note", "by", "reason")),
                         (rows_of_works("work_id"), _quoting, words_in("note", "by", "reason"))),
    "translations": Rule((rows_of_works("work_id"), _quoting, words_in("file", "by", "recorded_by")),
                         (rows_of_works("work_id"), _quoting, words_in("file", "by", "recorded_by"))),
    # people and places
    "members": Rule(_NO_WORK, (rows_named("name"), words_in("added_by"))),
    "consents": Rule((Act("removed", _consents_of_works), words_in("note")),
                     (Act("removed", _consents_of_works), rows_named("subject"), words_in("note", "by"))),
    "subscribers": Rule(_NO_WORK, (Act("removed", _subscriber), words_in("source", "reason"))),
    "mailings": Rule(_NO_WORK, (words_in("address", "answer"),)),
    "connections": Rule(_NO_WORK, (words_in("settings", "facts", "reason"),)),
    "series": Rule(_NO_WORK, (words_in("name"),)),
    "occurrences": Rule(_NO_WORK, (words_in("note"),)),
    "embargoes": Rule((rows_of_works("work_id"), words_in("note")),
                      (rows_of_works("work_id"), words_in("note", "by", "lifted_by"))),
    "feeds": Rule(_NO_WORK, (rows_named("member"), words_in("made_by", "revoked_by"))),
    "sessions": Rule(_NO_WORK, (rows_named("member"), words_in("address", "agent"))),
    "identities": Rule(_NO_WORK, (rows_named("member"), rows_named("subject"), words_in("issuer", "added_by"))),
    "slack_messages": Rule("ids of messages; what they show is shown anew",
                           "ids of messages; what they show is shown anew"),
    "slack_events": Rule(_NO_WORK, "hashes, and ids of channels"),
    "login_tries": Rule(_NO_WORK, "hashes of what was typed; they go with the next try"),
    "known_accounts": Rule(_NO_WORK, "public handles that a platform resolved, of nobody's workspace", _HOME),
    "embedding_choices": Rule(_HOME, _HOME, _HOME),
    "quarantines": Rule(_HOME, _HOME, _HOME),
    "heartbeats": Rule(_HOME, _HOME, _HOME),
    "forgettings": Rule("ids and counts, and salted hashes", "ids and counts, and salted hashes",
                        "receipts outlive what they are about: ids and counts, and salted hashes"),
}  # fmt: skip

_LAST = ("preferences", "ledger", "vectors")
"""What comes after everything that it is told by."""


def carry_out(conn: Connection, case: Case) -> None:
    """Let every table forget, those that refer to others first, in the caller's transaction."""
    for table in _ordered(case):
        acts = getattr(RULES[table.name], _COLUMN[case.wish.kind])
        for act in acts if isinstance(acts, tuple) else ():
            case.count(act.what, table.name, act.run(conn, table, case))


_COLUMN = {"work": "work", "source": "work", "person": "person", "workspace": "workspace"}


def _ordered(case: Case) -> list[Table]:
    tables = list(reversed(metadata.sorted_tables))
    last = ("vectors",) if case.wish.kind == "workspace" else _LAST
    first = [each for each in tables if each.name == "ledger" and each.name not in last]
    rest = [each for each in tables if each not in first and each.name not in last]
    return [*first, *rest, *(metadata.tables[name] for name in last)]

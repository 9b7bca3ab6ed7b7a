"""The lesson of each edit: read off the decision and the drafts behind it, kept so that it is read once."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import Connection, insert, select

from core.base import Instant, Noun
from core.briefs import Brief
from core.documents import from_document
from core.drafts import Content, Draft
from core.edits.lessons import Lesson, Seen, lesson_of, together
from core.edits.notes import of_note
from core.edits.rules import Rule
from core.members import is_agent
from memory.authority import ever_members
from memory.tables import briefs, decisions, drafts, lessons, proposals

TEACHES = ("owner", "editor")
"""Whose edits teach at once; a contributor's teach when what they made was approved."""

APPLIED, DRAFTED = "preferences", "drafted"
"""In a draft's inputs: the rules that had rewritten it before it was seen, and the revision as the model wrote it."""

HEADLINES = ("title", "subject", "preheader", "summary")

RECENT = 20
"""Lessons: a word that gave way to another one once, longer ago than so many edits, is not looked for any more."""

FORGOTTEN = "forgotten"
"""The `verb` of a lesson that teaches nothing any more; it stays, so that nothing is learned from its edit again."""


class Edit(Noun):
    """One decision that may teach."""

    id: str
    workspace: str
    proposal_id: str
    brief_id: str
    draft_id: str
    verb: str
    by: str
    at: Instant
    channel: str
    locale: str
    body: str | None
    note: str
    new_proposal_id: str | None


class KeptLesson(Noun):
    """A lesson as it is kept; `overtaken`: the person edited the same text again."""

    decision_id: str
    proposal_id: str
    brief_id: str
    verb: str
    channel: str
    locale: str
    at: Instant
    seen: tuple[Seen, ...]
    overtaken: bool = False


def edits_to_learn(conn: Connection, workspace: str) -> list[Edit]:
    """Return the edits and change requests by people who teach, that were carried out and not learned from yet."""
    rows = (
        select(decisions, proposals.c.brief_id, proposals.c.draft_id, proposals.c.channel, proposals.c.locale)
        .join(proposals, proposals.c.id == decisions.c.proposal_id)
        .outerjoin(lessons, lessons.c.decision_id == decisions.c.id)
        .where(
            decisions.c.workspace == workspace,
            decisions.c.verb.in_(("edit", "changes")),
            decisions.c.undone_by.is_(None),
            decisions.c.new_proposal_id.is_not(None),
            proposals.c.draft_id.is_not(None),
            lessons.c.decision_id.is_(None),
        )
        .order_by(decisions.c.at, decisions.c.id)
    )
    found = [_edit(row) for row in conn.execute(rows)]
    return [edit for edit in found if _teaches(conn, edit)] if found else []


def keep_lesson(conn: Connection, edit: Edit, now: datetime) -> None:
    """Read what an edit teaches, and keep it."""
    taught = _lesson(conn, edit, _to_judge_again(kept_lessons(conn, edit.workspace)))
    row = edit.model_dump(include={"workspace", "proposal_id", "brief_id", "verb", "by", "channel", "locale"})
    data = [seen.model_dump(mode="json") for seen in taught]
    row |= {"decision_id": edit.id, "at": edit.at, "data": data, "learned_at": now}
    conn.execute(insert(lessons).values(row))


def _to_judge_again(kept: list[KeptLesson]) -> list[Rule]:
    """Return the rules with words of their own that may still become, or are, a habit: seen twice, or lately."""
    lately = {seen.rule.key for lesson in kept[-RECENT:] for seen in lesson.seen if seen.voice == "for"}
    seen_for = Counter(seen.rule.key for lesson in kept for seen in lesson.seen if seen.voice == "for")
    worded = {seen.rule.key: seen.rule for lesson in kept for seen in lesson.seen if seen.rule.old or seen.rule.new}
    return [rule for key, rule in worded.items() if key in lately or seen_for[key] > 1]


def kept_lessons(conn: Connection, workspace: str) -> list[KeptLesson]:
    """Return a workspace's lessons, oldest first."""
    rows = (
        select(lessons, decisions.c.new_proposal_id)
        .join(decisions, decisions.c.id == lessons.c.decision_id)
        .where(lessons.c.workspace == workspace)
        .order_by(lessons.c.at, lessons.c.decision_id)
    )
    found = conn.execute(rows).all()
    again = {row.proposal_id for row in found if row.verb == "edit"}
    return [_kept(row, overtaken=row.verb == "edit" and row.new_proposal_id in again) for row in found]


def text_pair(conn: Connection, decision_id: str) -> tuple[str, str]:
    """Return what an edit's person was shown, and what they made of it."""
    row = conn.execute(
        select(decisions, proposals.c.brief_id, proposals.c.draft_id, proposals.c.channel, proposals.c.locale)
        .join(proposals, proposals.c.id == decisions.c.proposal_id)
        .where(decisions.c.id == decision_id)
    ).one()
    edit = _edit(row)
    shown = _draft(conn, edit.draft_id)
    return shown.content.text, _edited(edit, shown).text


def _lesson(conn: Connection, edit: Edit, known: list[Rule]) -> Lesson:
    if edit.verb == "changes":
        return of_note(edit.note)
    edited = _edited(edit, _draft(conn, edit.draft_id))
    shown = _as_the_model_left_it(conn, edit.draft_id)
    by_rules = shown.parent_id is not None and shown.inputs.get(DRAFTED) == shown.parent_id  # not so in a translation
    drafted = _draft(conn, str(shown.parent_id)) if by_rules else shown
    told = shown.inputs.get(APPLIED, ()) if drafted is not shown else ()
    applied = [Rule(trait=each["trait"], old=each["old"], new=each["new"]) for each in told]
    brief = Brief.model_validate(conn.execute(select(briefs.c.data).where(briefs.c.id == edit.brief_id)).scalar_one())
    source = f"{brief.ask}\n{brief.source_title}\n{brief.source_text}"
    judged = partial(lesson_of, known=known, source=source, locale=edit.locale)
    of_text = judged(drafted.content.text, edited.text, shown=shown.content.text, applied=applied)
    return together((of_text, *_of_headlines(judged, shown.content, edited)))


def _of_headlines(judged: Callable[..., Lesson], shown: Content, edited: Content) -> Iterator[Lesson]:
    """Yield what the edits of titles and subjects teach: of those that were there before and still are."""
    for name in HEADLINES:
        before, after = getattr(shown, name), getattr(edited, name)
        if before and after:
            yield judged(before, after, headline=True)


def _as_the_model_left_it(conn: Connection, draft_id: str) -> Draft:
    """Return the draft that a chain of a person's own edits began with: second thoughts belong to the same edit."""
    draft = _draft(conn, draft_id)
    while "edited_by" in draft.inputs and draft.parent_id:
        draft = _draft(conn, draft.parent_id)
    return draft


def _edited(edit: Edit, shown: Draft) -> Content:
    return from_document(edit.channel, edit.body or "", keep=shown.content)


def _draft(conn: Connection, draft_id: str) -> Draft:
    return Draft.model_validate(conn.execute(select(drafts.c.data).where(drafts.c.id == draft_id)).scalar_one())


def _teaches(conn: Connection, edit: Edit) -> bool:
    if is_agent(edit.by):
        return False
    members = {member.name: member for member in ever_members(conn, edit.workspace)}
    if not members:
        return True  # a workspace without members has one owner
    role = members[edit.by].role if edit.by in members else None
    return role in TEACHES or (role == "contributor" and _was_approved(conn, edit.new_proposal_id))


def _was_approved(conn: Connection, proposal_id: str | None) -> bool:
    """Say whether an edit's outcome was approved as it was, by somebody who may."""
    standing = (decisions.c.verb == "approve", decisions.c.undone_by.is_(None))
    rows = select(decisions.c.id).where(decisions.c.proposal_id == proposal_id, *standing).limit(1)
    return conn.execute(rows).first() is not None


def _edit(row: Any) -> Edit:
    return Edit.model_validate({name: getattr(row, name) for name in Edit.model_fields})


def _kept(row: Any, *, overtaken: bool) -> KeptLesson:
    fields = {name: getattr(row, name) for name in KeptLesson.model_fields if name not in ("seen", "overtaken")}
    return KeptLesson(seen=tuple(Seen.model_validate(each) for each in row.data), overtaken=overtaken, **fields)

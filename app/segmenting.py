"""A translation segment by segment: look, approve, edit, comment, take back, bring up to its changed source."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from agent.freezing import freeze_at
from app.revising import REVISABLE
from app.segment_rows import Review, Row, review, review_of
from core.drafts import Draft
from core.errors import GreenroomError, NotAllowed, NotFound, Stale, WrongUse
from core.ids import new_id
from core.locales import checked as checked_locale
from core.proposals import Proposal
from core.segments import carried, is_whole, with_target, written
from core.translated import Line, SegmentAct, SegmentVerb
from memory.grounds import SEEN
from memory.segment_reviews import Looked
from memory.segment_rules import line_of, seen

if TYPE_CHECKING:
    from app.studio import Studio


def open_grid(studio: "Studio", proposal_id: str, locale: str) -> Review:
    """Translate a proposal into a locale, as far as can be; what is whole waits as a proposal, gaps wait for words."""
    from tools.localize import localize_all

    source, locale = studio.show(proposal_id), checked_locale(locale)
    brief = studio.memory.briefs.get(source.brief_id)
    if source.draft_id is None or source.locale != brief.locales[0] or locale == source.locale:
        raise WrongUse(f"{source.id} is in {source.locale}: it is no source for {locale}.", "greenroom pending")
    line = line_of(source, source.locale).model_copy(update={"locale": locale})
    looked = studio.memory.segments.look(line)
    notices: tuple[str, ...] = ()
    if looked is None:
        done = localize_all(studio.crew.context, brief, [studio.memory.drafts.get(source.draft_id)], locale)
        studio.memory.drafts.add(done.drafts[0])
        made, notices = done.drafts[0], _not_done(done.refusal, done.notices)
    else:
        made = looked.draft
    if is_whole(made.segments) and (looked is None or looked.proposal is None):
        _freeze(studio, line, made, None, like=source)
    return review_of(studio, line, notices)


def say(
    studio: "Studio",
    ref: str,
    which: Sequence[str],
    verb: SegmentVerb,
    *,
    note: str = "",
    shown: str | None = None,
    by: str | None = None,
    secret: str | None = None,
) -> Review:
    """Approve or comment on segments, by number or id; `shown`: the hash of what was seen, of one segment.

    No segment named: to approve all that have no error; those with one have to be named.
    """
    found, (who, proof) = review(studio, ref), studio.speaker(by, secret)
    rows = [_row(found, each) for each in which] or _approvable(found, verb)
    _refuse_what_was_not_seen(rows, shown)
    for row in rows:
        if verb == "approve" and row.source_changed:
            raise Stale(f"The source of segment {row.number} was changed since.", f"greenroom segments update {ref}")
    proposal = found.proposal
    for row in rows:
        studio.memory.segments.say(
            found.looked.line, row.segment, verb, by=who, note=note,
            proposal_id=proposal.id if proposal else None, secret=proof,
        )  # fmt: skip
    return review_of(studio, found.looked.line)


def edit(
    studio: "Studio", ref: str, which: str, target: str, *, note: str = "", shown: str | None = None,
    by: str | None = None, secret: str | None = None,
) -> Review:  # fmt: skip
    """Word one segment anew. What is whole becomes a new version that waits; the old one's approval is void.

    Raises Stale where the source was changed meanwhile, NotAllowed where it is too late or this person may not.
    """
    from tools.localize import checked, made_with

    found, (who, proof) = review(studio, ref), studio.speaker(by, secret)
    row, looked = _row(found, which), found.looked
    _refuse_what_was_not_seen([row], shown)
    _refuse(studio, found, row, target)
    studio.memory.segments.refuse_who_may_not(looked.proposal, by=who, secret=proof)
    segment = row.segment.model_copy(
        update={"target": target.strip(), "made_by": who, "back": "", "reuse": None, "was": None}
    )
    segments = tuple(segment if each.id == segment.id else each for each in looked.segments)
    content = (
        with_target(looked.draft.content, looked.segments, segment.id, segment.target)
        if is_whole(looked.segments)
        else written(looked.source.content, segments)
    )
    draft = looked.draft.model_copy(
        update={
            "id": new_id("d"),
            "parent_id": looked.draft.id,
            "revision": looked.draft.revision + 1,
            "content": content,
            "segments": segments,
            "model": made_with(segments, looked.draft.model),
            "inputs": {**looked.draft.inputs, "edited_by": who},
            "created_at": studio.clock(),
        }
    )
    draft = checked(studio.crew.context, draft, looked.line.source_locale)
    studio.memory.segments.keep(looked, draft, by=who, edited=segment, note=note, secret=proof)
    if is_whole(segments):
        why = f"{who} worded segment {row.number} anew."
        _freeze(studio, looked.line, draft, looked.proposal, like=looked.proposal, by=who, secret=proof, why=why)
    return review_of(studio, looked.line)


def update(studio: "Studio", ref: str, *, by: str | None = None, secret: str | None = None) -> Review:
    """Bring a translation up to what its source says now: unchanged segments stay with their approvals, changed ones
    are filled from what was approved before, or by the translator, or wait for a person's words."""
    from tools.grids import Pair
    from tools.localize import checked, filled_again, made_with

    found, (who, proof) = review(studio, ref), studio.speaker(by, secret)
    looked, proposal = found.looked, found.looked.proposal
    if not looked.behind and (proposal is None or studio.memory.grounds.source(proposal) is None):
        raise WrongUse("Its source says what it said. Nothing would change.", f"greenroom segments list {ref}")
    _refuse_what_is_over(proposal)
    studio.memory.segments.refuse_who_may_not(proposal, by=who, secret=proof)
    line, source = looked.line, looked.source
    studio.memory.segments.sweep(line.workspace, line.brief_id, line.channel, line.variant, by=who)
    brief = studio.memory.briefs.get(line.brief_id)
    segments = carried(looked.segments, source.content)
    pair = Pair(line.source_locale, line.locale)
    done = filled_again(studio.crew.context, brief, line.channel, segments, pair)
    draft = looked.draft.model_copy(
        update={
            "id": new_id("d"),
            "parent_id": source.id,
            "revision": max(looked.draft.revision, source.revision) + 1,
            "content": written(source.content, done.segments),
            "segments": done.segments,
            "model": made_with(done.segments, looked.draft.model, done.engine),
            "receipts": tuple(each.model_copy(update={"span": None}) for each in source.receipts),
            "inputs": _inputs(studio, looked, who),
            "created_at": studio.clock(),
        }
    )
    draft = checked(studio.crew.context, draft, line.source_locale)
    studio.memory.segments.keep(looked, draft, by=who, secret=proof)
    if is_whole(done.segments):
        why = f"{who} brought it up to its changed source."
        _freeze(studio, line, draft, proposal, like=proposal, by=who, secret=proof, why=why)
    return review_of(studio, line, _not_done(done.refusal, done.notices))


def say_back(studio: "Studio", ref: str) -> Review:
    """Add a back-translation to every segment that has none: what people worded, too. It is no new version.

    Raises NeedsModel without a model and a translator; nothing was changed then.
    """
    from tools.grids import Grid, Pair
    from tools.saying_back import say_back as add

    looked = review(studio, ref).looked
    line, context = looked.line, studio.crew.context
    grid, pair = Grid(line.channel, list(looked.segments)), Pair(line.source_locale, line.locale)
    add(context, context.meter(studio.memory.briefs.get(line.brief_id), locale=line.locale), [grid], pair, bool)
    studio.memory.drafts.record_check(looked.draft.model_copy(update={"segments": tuple(grid.segments)}))
    return review_of(studio, line)


def undo(studio: "Studio", act_id: str, *, by: str | None = None, secret: str | None = None) -> SegmentAct:
    """Take back what was said of a segment. An edit's words stay: what goes is the name on them."""
    who, proof = studio.speaker(by, secret)
    return studio.memory.segments.undo(studio.workspace.id, act_id, by=who, secret=proof)


def _row(found: Review, which: str) -> Row:
    row = next((each for each in found.rows if which in (str(each.number), each.segment.id)), None)
    if row is None:
        raise NotFound(f"There is no segment {which}; there are {len(found.rows)}.", "Name it by its number.")
    return row


def _approvable(found: Review, verb: SegmentVerb) -> list[Row]:
    if verb != "approve":
        raise WrongUse("Name the segment, by its number.", "greenroom segments list ID")
    fine = [row for row in found.rows if not any(each.severity == "error" for each in row.findings)]
    return [row for row in fine if row.state not in ("approved", "empty") and not row.source_changed]


def _refuse(studio: "Studio", found: Review, row: Row, target: str) -> None:
    proposal = found.looked.proposal
    if not target.strip():
        raise WrongUse("An edit needs the new text.", "Nothing was changed.")
    if target.strip() == row.segment.target:
        raise WrongUse("Nothing would change.", "Approve it instead: greenroom segments approve")
    if found.looked.behind or (found.proposal is not None and studio.memory.grounds.source(found.proposal)):
        name = proposal.id if proposal else found.looked.draft.id
        raise Stale("What it is translated from was changed since.", f"First: greenroom segments update {name}")
    _refuse_what_is_over(proposal)


def _refuse_what_was_not_seen(rows: Sequence[Row], shown: str | None) -> None:
    if shown is not None and [seen(row.segment) for row in rows] != [shown]:
        raise Stale("The segment is not what you were shown. Nothing was changed.", "Look at it again.")


def _refuse_what_is_over(proposal: Proposal | None) -> None:
    if proposal is not None and proposal.state not in REVISABLE:
        raise NotAllowed(f"It is too late: {proposal.id} is {proposal.state}.", "Nothing was changed.")


def _inputs(studio: "Studio", looked: Looked, by: str) -> dict[str, Any]:
    """Return the inputs of a version that is brought up to its source: which version of a past work it is of, too."""
    kept = {name: value for name, value in looked.draft.inputs.items() if name != SEEN}
    now = studio.memory.grounds.source_of(looked.proposal) if looked.proposal else {}
    return {**kept, "revised_by": by, **now}


def _not_done(refusal: GreenroomError | None, notices: Iterable[str]) -> tuple[str, ...]:
    return (*([refusal.message] if refusal else []), *notices)


def _freeze(
    studio: "Studio",
    line: Line,
    draft: Draft,
    old: Proposal | None,
    *,
    like: Proposal | None,
    by: str = "greenroom",
    secret: str | None = None,
    why: str = "",
) -> None:
    """Freeze a whole translation into a waiting proposal, in the place of the one before."""
    brief, _ = studio.crew.brief(draft.brief_id)
    workspace = studio.crew.context.workspace_of(brief)
    suggested = (like.suggested_at, like.suggested_reason) if like and like.suggested_at else None
    at, grace = (like.at, like.grace_minutes) if like else (None, None)
    new = freeze_at(studio.crew, brief, draft, workspace, at=at, grace=grace, suggested=suggested)
    if old is None:
        new = studio.memory.segments.wait(line, new)
    else:
        new = new.model_copy(update={"supersedes": old.id})
        studio.memory.voiding.replace(old, new, why, by=by, secret=secret)
    studio.threads.open(studio.memory.proposals.get(new.workspace, new.id))

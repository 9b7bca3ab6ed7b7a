"""What people said of the segments of translations: each act with its name and time, voided when the source changes."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from core.drafts import Draft
from core.errors import AlreadyDecided, NotAllowed, NotFound, Stale, WrongUse
from core.ids import new_id
from core.members import same_name
from core.proposals import Proposal, State
from core.segments import carried, changed
from core.translated import Line, Segment, SegmentAct, SegmentVerb
from memory.approvals import standing_approvals
from memory.authority import refuse_role, refuse_who_may_not
from memory.clock import Clock, whole_second
from memory.database import Database
from memory.drafts import insert_draft
from memory.grounds import brief_of, latest_source
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.proposals import insert_proposal
from memory.rows import noun, values
from memory.segment_rules import acts_on, policy_in, seen, segments_of
from memory.tables import briefs, drafts, proposals, translations
from memory.tables import segment_acts as table
from memory.translations.rows import from_act

LONGEST_NOTE = 2_000
_MAY: dict[SegmentVerb, tuple[str, ...]] = {
    "approve": ("owner", "editor"),
    "edit": ("owner", "editor", "contributor"),
    "comment": ("owner", "editor", "contributor"),
}
_LINE = ("brief_id", "channel", "variant", "locale")
_RELEASED = ("approved", "scheduled", "live")


@dataclass(frozen=True)
class Looked:
    """A translation as it stands: its latest version, what its source says now, and what was said of its segments."""

    line: Line
    source: Draft
    draft: Draft
    segments: tuple[Segment, ...]
    changed: frozenset[str]  # ids of segments whose source says something else now
    behind: bool  # whether the source has other sentences now: changed, gone, or new ones
    acts: list[SegmentAct]
    proposal: Proposal | None  # the version that no other one took the place of; its draft may be an earlier one


class SegmentReviews:
    """An act is a row and its entry in the ledger, in one transaction; an approval feeds the translation memory."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def acts(self, line: Line) -> list[SegmentAct]:
        """Return everything that was said of a translation's segments, the oldest first."""
        with self._database.read() as conn:
            return acts_on(conn, line)

    def look(self, line: Line) -> Looked | None:
        """Return a translation as it stands with everything that was said of it; None where there is none yet."""
        with self._database.read() as conn:
            if (latest := _latest(conn, line)) is None:
                return None
            source, draft = latest
            segments = segments_of(conn, draft, source.content)
            lost, now = changed(segments, source.content), carried(segments, source.content)
            behind = [each.source for each in now] != [each.source for each in segments]
            return Looked(line, source, draft, segments, lost, behind, acts_on(conn, line), _head(conn, line))

    def lines(self, workspace: str, settled: Collection[State] = ()) -> list[Line]:
        """Return every translation of a workspace, the latest first; none whose latest version is settled."""
        columns = [drafts.c[name] for name in _LINE]
        with self._database.read() as conn:
            rows = select(*columns, drafts.c.id).where(drafts.c.workspace == workspace)
            newest = conn.execute(rows.order_by(drafts.c.created_at.desc(), drafts.c.revision.desc(), *columns)).all()
            held = select(proposals.c.draft_id).where(proposals.c.workspace == workspace)
            done = set(conn.scalars(held.where(proposals.c.state.in_(settled)))) if settled else set()
            mine = select(briefs.c.id, briefs.c.data).where(briefs.c.workspace == workspace)
            first = {row.id: row.data.get("locales", ["en"])[0] for row in conn.execute(mine)}
        latest = {tuple(row[:4]): row.id for row in reversed(newest)}
        return [
            Line(workspace=workspace, source_locale=first[key[0]], **dict(zip(_LINE, key, strict=True)))
            for key in dict.fromkeys(tuple(row[:4]) for row in newest)
            if key[3] != first[key[0]] and latest[key] not in done
        ]

    def say(
        self,
        line: Line,
        segment: Segment,
        verb: SegmentVerb,
        *,
        by: str,
        note: str = "",
        proposal_id: str | None = None,
        secret: str | None = None,
    ) -> SegmentAct:
        """Keep a person's word on exactly this source and target. To approve the same again changes nothing.

        Raises NotAllowed for the agent, and for who may not; WrongUse for an empty comment.
        """
        _refuse_nonsense(segment, verb, note)
        proof = proven(self._database, self._clock, line.workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, line.workspace, by, proof, _MAY[verb], f"{verb} segments")
            before = acts_on(conn, line)
            if verb == "approve":
                _refuse_own_words(conn, line, segment, before, by)
            for act in before:
                if verb == act.verb == "approve" and act.stands and act.is_of(segment) and act.by == by:
                    return act
            return self._keep(conn, line, segment, verb, by, note.strip(), proposal_id)

    def keep(
        self,
        looked: Looked,
        draft: Draft,
        *,
        by: str,
        edited: Segment | None = None,
        note: str = "",
        secret: str | None = None,
    ) -> None:
        """Keep a new version of a translation, and whose words a segment of it has, in one transaction.

        Raises Stale where another version, or another source, is there since it was looked at.
        """
        line = looked.line
        proof = proven(self._database, self._clock, line.workspace, by, secret)
        if edited is not None:
            _refuse_nonsense(edited, "edit", note)
        with self._database.write() as conn:
            refuse_role(conn, line.workspace, by, proof, _MAY["edit"], "edit segments")
            _hold(conn, line)
            latest = _latest(conn, line)
            if latest is None or (latest[0].id, latest[1].id) != (looked.source.id, looked.draft.id):
                raise Stale("Somebody else was at work on it meanwhile. Nothing was changed.", "Look at it again.")
            insert_draft(conn, draft)
            if edited is not None:
                self._keep(conn, line, edited, "edit", by, note.strip(), None)

    def wait(self, line: Line, new: Proposal) -> Proposal:
        """Let the first whole version of a translation wait; return it, or the one that was there before."""
        with self._database.write() as conn:
            _hold(conn, line)
            if (there := _head(conn, line)) is not None:
                return there
            insert_proposal(conn, new)
            return new

    def refuse_who_may_not(self, proposal: Proposal | None, *, by: str, secret: str | None = None) -> None:
        """Raise NotAllowed unless `by` may put another version in a proposal's place, its approval void."""
        if proposal is None:
            return
        proof = proven(self._database, self._clock, proposal.workspace, by, secret)
        with self._database.read() as conn:
            for verb in ("edit", "undo") if standing_approvals(conn, proposal) else ("edit",):
                refuse_who_may_not(conn, proposal, verb, by, proof)

    def undo(self, workspace: str, act_id: str, *, by: str, secret: str | None = None) -> SegmentAct:
        """Take an act back; what an approval put into the translation memory goes with it.

        Raises NotFound; AlreadyDecided where it does not stand; NotAllowed where the translation itself is approved.
        """
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            act = _load(conn, workspace, act_id)
            refuse_role(conn, workspace, by, proof, _MAY[act.verb], "take back what was said of segments")
            if not act.stands:
                raise AlreadyDecided(f"{act.id} does not stand any more. {act.reason}".strip(), "Nothing was changed.")
            _refuse_released(conn, act)
            return self._end(conn, act, by, "segment_undo", "")

    def sweep(self, workspace: str, brief_id: str, channel: str, variant: int, *, by: str) -> list[SegmentAct]:
        """Void the approvals of exactly the segments whose source says something else now, in every translation."""
        with self._database.write() as conn:
            same = (table.c.workspace == workspace, table.c.brief_id == brief_id, table.c.channel == channel)
            rows = select(table.c.locale).where(*same, table.c.variant == variant).distinct()
            locales = conn.scalars(rows.order_by(table.c.locale)).all()
            return [
                act for locale in locales for act in self._sweep(conn, (*same, table.c.variant == variant), locale, by)
            ]

    def _sweep(self, conn: Connection, same: tuple[ColumnElement[bool], ...], locale: str, by: str) -> list[SegmentAct]:
        rows = conn.execute(select(table).where(*same, table.c.locale == locale).order_by(table.c.at)).all()
        acts = [noun(SegmentAct, row) for row in rows]
        standing = [act for act in acts if act.stands and act.verb == "approve"]
        latest = _latest(conn, acts[-1])
        if not standing or latest is None:
            return []
        source, draft = latest
        segments = segments_of(conn, draft, source.content)
        lost, known = changed(segments, source.content), {each.id for each in segments}
        return [
            self._end(conn, act, by, "segment_void", _why(act))
            for act in standing
            if act.segment_id in lost or act.segment_id not in known
        ]

    def _keep(
        self,
        conn: Connection,
        line: Line,
        segment: Segment,
        verb: SegmentVerb,
        by: str,
        note: str,
        proposal: str | None,
    ) -> SegmentAct:
        at, act_id = whole_second(self._clock()), new_id("act")
        told = {"workspace": line.workspace, "act": act_id, "segment": segment.id, "proposal": proposal, "verb": verb}
        told |= {"brief": line.brief_id, "channel": line.channel, "locale": line.locale, "note": note}
        entry = self._ledger.append(conn, by, "segment", {**told, "sha": seen(segment)}, at=at)
        act = SegmentAct(
            id=act_id,
            **line.model_dump(),
            segment_id=segment.id,
            proposal_id=proposal,
            work_id=_work(conn, line.brief_id),
            field=segment.field,
            source=segment.source,
            target=segment.target,
            verb=verb,
            note=note,
            by=by,
            at=at,
            seq=entry.seq,
        )
        conn.execute(insert(table).values(values(act, table)))
        if verb == "approve":
            conn.execute(insert(translations).values(from_act(act, at)))
        return act

    def _end(self, conn: Connection, act: SegmentAct, by: str, kind: str, reason: str) -> SegmentAct:
        told = {"workspace": act.workspace, "act": act.id, "segment": act.segment_id, "verb": act.verb}
        told |= {"reason": "its source was changed"} if reason else {}  # the ledger quotes nobody
        entry = self._ledger.append(conn, by, kind, told)
        conn.execute(update(table).where(table.c.id == act.id).values(undone_by=entry.seq, reason=reason))
        if kind == "segment_undo":  # a void is about this translation: the pair itself was approved and stays known
            conn.execute(delete(translations).where(translations.c.act_id == act.id))
        return act.model_copy(update={"undone_by": entry.seq, "reason": reason})


def _hold(conn: Connection, line: Line) -> None:
    """Keep everybody else from this brief's translations until the transaction ends (SQLite has one writer anyway)."""
    conn.execute(select(briefs.c.id).where(briefs.c.id == line.brief_id).with_for_update())


def _latest(conn: Connection, of: Line | SegmentAct) -> tuple[Draft, Draft] | None:
    """Return (what the source says now, the latest version of the translation, of a proposal or not yet)."""
    rows = select(proposals).where(
        proposals.c.workspace == of.workspace,
        proposals.c.brief_id == of.brief_id,
        proposals.c.channel == of.channel,
        proposals.c.variant == of.variant,
    )
    one = conn.execute(rows.limit(1)).one_or_none()
    if one is None or (brief := brief_of(conn, noun(Proposal, one))) is None:
        return None
    source = latest_source(conn, noun(Proposal, one), brief)
    mine = (drafts.c.brief_id == of.brief_id, drafts.c.channel == of.channel, drafts.c.variant == of.variant)
    newest = select(drafts.c.data).where(*mine, drafts.c.locale == of.locale)
    data = conn.execute(newest.order_by(drafts.c.created_at.desc(), drafts.c.revision.desc()).limit(1)).scalar()
    return None if source is None or data is None else (source, Draft.model_validate(data))


def _head(conn: Connection, line: Line) -> Proposal | None:
    named = line.model_dump(include={"workspace", "brief_id", "channel", "variant", "locale"})
    mine = [proposals.c[name] == value for name, value in named.items()]
    rows = select(proposals).where(*mine, proposals.c.superseded_by.is_(None), proposals.c.draft_id.is_not(None))
    row = conn.execute(rows.order_by(proposals.c.created_at.desc(), proposals.c.id).limit(1)).one_or_none()
    return None if row is None else noun(Proposal, row)


def _refuse_nonsense(segment: Segment, verb: SegmentVerb, note: str) -> None:
    if verb == "comment" and not note.strip():
        raise WrongUse("A comment needs words.", 'For example: --note "too formal"')
    if len(note) > LONGEST_NOTE:
        raise WrongUse(f"A note has at most {LONGEST_NOTE} characters.", "Nothing was changed.")
    if verb == "approve" and not segment.target.strip():
        raise WrongUse(f"Segment {segment.id} has no translation yet.", "Give one with: greenroom segments edit")


def _refuse_own_words(conn: Connection, line: Line, segment: Segment, acts: list[SegmentAct], by: str) -> None:
    if not policy_in(conn, line.workspace).approval.four_eyes:
        return
    worded = {act.by for act in acts if act.verb == "edit" and act.is_of(segment)}
    if same_name(by) in {same_name(name) for name in worded}:
        raise NotAllowed(
            f"It is {by}'s own wording, and this workspace wants a second pair of eyes.", "Ask another one."
        )


def _refuse_released(conn: Connection, act: SegmentAct) -> None:
    same = (
        proposals.c.workspace == act.workspace,
        proposals.c.brief_id == act.brief_id,
        proposals.c.channel == act.channel,
        proposals.c.variant == act.variant,
        proposals.c.locale == act.locale,
    )
    row = conn.execute(select(proposals.c.id).where(*same, proposals.c.state.in_(_RELEASED))).first()
    if row is not None:
        raise NotAllowed(f"{row.id}, which this segment is a part of, is approved.", "Take that back first.")


def _why(act: SegmentAct) -> str:
    stop = "" if act.source[-1:] in ".!?…" else "."
    return f"Its source was changed since {act.by} approved it: it said “{act.source}”{stop}"


def _work(conn: Connection, brief_id: str) -> str | None:
    data = conn.execute(select(briefs.c.data).where(briefs.c.id == brief_id)).scalar_one_or_none()
    return None if data is None else data.get("source_work_id")


def _load(conn: Connection, workspace: str, act_id: str) -> SegmentAct:
    row = conn.execute(select(table).where(table.c.workspace == workspace, table.c.id == act_id)).one_or_none()
    if row is None:
        raise NotFound(f"Nothing called {act_id} was said of a segment in this workspace.")
    return noun(SegmentAct, row)

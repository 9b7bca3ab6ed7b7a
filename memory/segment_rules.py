"""A translation's segments as its rows say them, what was said of each, and whether the policy wants more."""

from sqlalchemy import Connection, select

from core.canonical import sha256
from core.drafts import Content, Draft
from core.errors import NotAllowed
from core.policy import Policy, policy_of
from core.proposals import Proposal
from core.segments import aligned, changed, paired
from core.translated import Line, Segment, SegmentAct, state_of
from core.works import Workspace
from memory.grounds import brief_of, latest_source, lineage
from memory.rows import noun
from memory.tables import segment_acts as table
from memory.tables import workspaces


def seen(segment: Segment) -> str:
    """Return the hash of what a person sees of a segment: its field, source and target."""
    return sha256([segment.field, segment.source, segment.target])


def acts_on(conn: Connection, line: Line) -> list[SegmentAct]:
    """Return the acts on a translation's segments, the oldest first."""
    named = line.model_dump(include={"workspace", "brief_id", "channel", "variant", "locale"})
    mine = [table.c[name] == value for name, value in named.items()]
    return [noun(SegmentAct, row) for row in conn.execute(select(table).where(*mine).order_by(table.c.seq))]


def line_of(of: Proposal | Draft, source_locale: str) -> Line:
    """Return the translation that a proposal or a draft is a version of."""
    return Line(
        workspace=of.workspace,
        brief_id=of.brief_id,
        channel=of.channel,
        variant=of.variant,
        source_locale=source_locale,
        locale=of.locale,
    )


def segments_of(conn: Connection, draft: Draft, source: Content) -> tuple[Segment, ...]:
    """Return a translation's segments as they stand; of one that nobody cut, by the draft that it was made from."""
    if draft.segments:
        return aligned(draft.segments, draft.content)
    made_from = next((each for each in lineage(conn, draft.id) if each.locale != draft.locale), None)
    return paired(made_from.content if made_from else source, draft.content)


def refuse_unreviewed(conn: Connection, proposal: Proposal) -> None:
    """Raise NotAllowed where the policy wants every segment of a translation approved, and some are not."""
    if not policy_in(conn, proposal.workspace).localization.review_segments:
        return
    brief = brief_of(conn, proposal)
    if brief is None or proposal.draft_id is None or proposal.locale == brief.locales[0]:
        return
    source, draft = latest_source(conn, proposal, brief), next(lineage(conn, proposal.draft_id))
    segments = segments_of(conn, draft, source.content if source else draft.content)
    lost = changed(segments, source.content) if source else frozenset[str]()
    acts = acts_on(conn, line_of(proposal, brief.locales[0]))
    states = [state_of(each, acts, source_changed=each.id in lost) for each in segments]
    if waiting := sum(state != "approved" for state in states):
        raise NotAllowed(
            f"{waiting} of {len(states)} segments of {proposal.id} are not approved yet, and this workspace wants all "
            "of them to be. Nothing was decided.",
            f"Look at them with: greenroom segments list {proposal.id}",
        )


def policy_in(conn: Connection, workspace: str) -> Policy:
    """Return a workspace's policy inside a transaction."""
    return policy_of(noun(Workspace, conn.execute(select(workspaces).where(workspaces.c.id == workspace)).one()))

"""What is planned, and what went out lately, as entries of a calendar. Only reads; nothing is booked by looking."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from app.cards import shown_state
from app.wording import STATES, shortened, wall_time
from core.channels import channel, channels
from core.proposals import OPEN_STATES, Proposal, State
from core.publications import Publication
from core.wall_time import to_wall
from core.works import Workspace
from memory import Memory

SHOWN_FOR = timedelta(days=60)
"""How long what went out, or was to, stays in the calendar."""

_SHOWN: tuple[State, ...] = (*OPEN_STATES, "approved", "scheduled", "live", "failed")
_WITHDRAWN = ("cancelled", "deleted")
_TITLE = 60


class Entry(NamedTuple):
    """One thing in the calendar: a post, or a free time of a recurring slot."""

    uid: str  # the same for every version of a post, so that a calendar moves it instead of showing it twice
    at: datetime
    kind: str  # post, slot
    title: str  # without a draft's words
    state: str  # as people say it: waits for you, scheduled, live, free
    certain: bool  # approved, or out: else only proposed
    lines: tuple[str, ...] = ()  # what there is to say of it
    text: str = ""  # the draft's own words
    private: bool = False  # its material is marked private
    url: str | None = None
    changed_at: datetime | None = None


def planned(memory: Memory, workspace: str, now: datetime) -> list[Entry]:
    """Return a workspace's posts with a time, approved or proposed or out, and its free slots, soonest first."""
    space = memory.workspaces.get(workspace)
    since = now - SHOWN_FOR
    found = [*_posts(memory, space, now), *_slots(memory, space, now)]
    return sorted((each for each in found if each.at >= since), key=lambda each: (each.at, each.uid))


def _posts(memory: Memory, space: Workspace, now: datetime) -> Iterator[Entry]:
    sent = {each.proposal_id: each for each in memory.publications.list(space.id) if each.part == 1}
    names = {each.name for each in channels()}
    latest = {
        (each.brief_id, each.channel, each.locale, each.variant): each
        for each in memory.proposals.list(space.id, states=_SHOWN)
        if each.channel in names
    }
    works = memory.privacy.works(space.id)
    briefs = {each.id for each in memory.briefs.list(space.id) if each.private or each.source_work_id in works}
    for each in latest.values():
        publication = sent.get(each.id)
        at = _time(each, publication)
        if at is None or (each.state in OPEN_STATES and each.at is None and at < now):
            continue  # a proposed time that has passed is no plan
        private = each.brief_id in briefs or any(receipt.work_id in works for receipt in each.receipts)
        yield _post(each, publication, at, space, private=private)


def _time(proposal: Proposal, publication: Publication | None) -> datetime | None:
    if publication is not None and proposal.state not in OPEN_STATES:
        return None if publication.state in _WITHDRAWN else publication.published_at or publication.due_at
    return proposal.at or proposal.suggested_at


def _post(
    proposal: Proposal, publication: Publication | None, at: datetime, space: Workspace, *, private: bool
) -> Entry:
    state = STATES[shown_state(proposal, publication)]
    proposed = proposal.state in OPEN_STATES and proposal.at is None
    label, zone = channel(proposal.channel).label, space.timezone
    embargo = f"Under an embargo until {wall_time(proposal.not_before, zone)}." if proposal.not_before else ""
    lines = (
        f"{proposal.account}, {proposal.locale}, {wall_time(at, zone)} ({zone})",
        f"Proposed, not approved. {proposal.suggested_reason}" if proposed else state,
        embargo,
        publication.reason if publication else "",
        f"greenroom show {proposal.id}",
    )
    url = publication.url if publication and publication.url and publication.url.startswith("http") else None
    return Entry(
        uid=f"{proposal.brief_id}-{proposal.channel}-{proposal.locale}-{proposal.variant}@greenroom",
        at=at,
        kind="post",
        title=f"{label}: {'proposed' if proposed else state}",
        state=state,
        certain=proposal.state not in OPEN_STATES,
        lines=tuple(filter(None, lines)),
        text=shortened(proposal.text, _TITLE) + "\n\n" + proposal.text,
        private=private,
        url=url,
        changed_at=max(proposal.created_at, publication.updated_at) if publication else proposal.created_at,
    )


def _slots(memory: Memory, space: Workspace, now: datetime) -> Iterator[Entry]:
    series = {each.id: each for each in memory.series.list(space.id)}
    for each in memory.series.free(space.id, after=now):
        of = series[each.series_id]
        wall = to_wall(each.at, each.zone)
        yield Entry(
            uid=f"{each.series_id}-{each.wall_date}@greenroom",
            at=each.at,
            kind="slot",
            title=f"{channel(each.channel).label}: free slot{f' “{of.name}”' if of.name else ''}",
            state="free",
            certain=False,
            lines=tuple(filter(None, (f"{of.words}, {wall:%H:%M} there", each.note))),
            changed_at=of.created_at,
        )

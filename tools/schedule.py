"""Propose a time, with its reason. Proposing is all it does: nothing is booked before a person approves."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from core.briefs import Brief
from core.calendar import LEAD
from core.channels import channel as channel_of
from core.days_off import days_off
from core.drafts import Draft
from core.policy import policy_of
from core.proposals import Proposal
from core.proposed_times import (
    Aim,
    Bounds,
    Busy,
    Candidate,
    Conflict,
    TimeProposal,
    alternatives,
    conflicts_at,
    propose,
    said,
)
from core.subjects import same_subject
from core.timing import Estimates, estimate
from core.wall_time import to_wall
from core.works import Workspace
from memory.timing import Taken
from tools.context import Context


class Asked(NamedTuple):
    """What a time is asked for. `instead_of`: proposals whose own times don't stand in the way."""

    channel: str
    locale: str = ""
    brief: Brief | None = None
    not_before: datetime | None = None
    why_not_before: str = "The embargo"
    aim: Aim | None = None
    taken: tuple[datetime, ...] = ()
    instead_of: frozenset[str] = frozenset()


def asked_for(context: Context, workspace: Workspace, brief: Brief, draft: Draft) -> Asked:
    """Return what a time for a draft is asked for: its channel and audience, its embargoes, its part of a campaign."""
    until, why = kept_back(context, brief, draft)
    zone = policy_of(workspace).timing.zone_for(draft.channel, draft.locale, workspace.timezone)
    return Asked(
        channel=draft.channel,
        locale=draft.locale,
        brief=brief,
        not_before=until,
        why_not_before=why,
        aim=brief.campaign.aim(zone) if brief.campaign else None,
    )


def kept_back(context: Context, brief: Brief, draft: Draft) -> tuple[datetime | None, str]:
    """Return until when a draft is kept back, and whose word that is: the brief's, or that on a work it leans on."""
    works = {receipt.work_id for receipt in draft.receipts if receipt.work_id}
    on_a_work = context.memory.embargoes.until(brief.workspace, works | {brief.source_work_id or ""})
    if on_a_work is not None and (brief.not_before is None or on_a_work.not_before > brief.not_before):
        return on_a_work.not_before, f"The embargo on the past work {on_a_work.work_id}"
    return brief.not_before, "The embargo of its brief" if brief.campaign is None else "The embargo of its campaign"


def asked_about(context: Context, workspace: Workspace, proposal: Proposal) -> Asked:
    """Return what a time for a proposal that is there is asked for; its own time doesn't stand in its way."""
    mine = frozenset({proposal.id})
    if proposal.draft_id is None:
        return Asked(channel=proposal.channel, instead_of=mine)
    brief, draft = context.memory.briefs.get(proposal.brief_id), context.memory.drafts.get(proposal.draft_id)
    return asked_for(context, workspace, brief, draft)._replace(instead_of=mine)


def propose_time(context: Context, workspace: Workspace, asked: Asked, *, others: int = 0) -> TimeProposal:
    """Return the next good time for a channel and why, keeping away from what is planned already.

    `others`: how many other days are told beside it.
    """
    bounds = bounds_of(context, workspace, asked)
    own = () if asked.aim and asked.aim.exactly else tuple(_slots(context, workspace, asked.channel))
    results = results_of(context, workspace, asked.channel, bounds.zone)
    place, aim = channel_of(asked.channel), asked.aim
    found = propose(place, bounds, own=own, results=results, aim=aim)
    more = alternatives(place, bounds, found.at, own=own, results=results, aim=aim, count=others) if others else ()
    told = (*found.conflicts, *same_day(context, workspace, asked, found.at, bounds.zone))
    return found.model_copy(update={"conflicts": told, "alternatives": more})


def look_at(context: Context, workspace: Workspace, asked: Asked, at: datetime) -> tuple[Conflict, ...]:
    """Return what speaks against a time that a person names; it is told, and the time stays theirs to choose."""
    bounds = bounds_of(context, workspace, asked)
    return (*conflicts_at(at, bounds), *same_day(context, workspace, asked, at, bounds.zone))


def results_of(context: Context, workspace: Workspace, channel: str, zone: str) -> Estimates:
    """Return what the creator's own results say of times on a channel."""
    metric, posts = context.memory.timing.posted(workspace.id, channel)
    return estimate(posts, zone, metric)


def bounds_of(context: Context, workspace: Workspace, asked: Asked) -> Bounds:
    """Return what a time for this account and audience keeps to."""
    policy, place, now = policy_of(workspace), channel_of(asked.channel), context.now()
    timing, locale = policy.timing, asked.locale or workspace.locale
    zone = timing.zone_for(asked.channel, locale, workspace.timezone)
    minutes = max(timing.gaps.get(asked.channel, place.slots.min_gap_minutes), policy.outbox.gaps.get(asked.channel, 0))
    gap = timedelta(minutes=minutes)
    busy = context.memory.timing.taken(
        workspace.id, channel=asked.channel, account=workspace.account_on(asked.channel), since=now - gap
    )
    return Bounds(
        zone=zone,
        now=now,
        quiet=timing.quiet_for(asked.channel, locale),
        gap=gap,
        busy=(
            *(Busy(each.at, each.what, each.proposal) for each in busy if each.proposal not in asked.instead_of),
            *(Busy(at, "this brief") for at in asked.taken),
        ),
        not_before=asked.not_before,
        why_not_before=asked.why_not_before,
        holidays=timing.holidays,
        days_off=days_off(timing.country_for(asked.channel, locale), zone),
    )


def same_day(context: Context, workspace: Workspace, asked: Asked, at: datetime, zone: str) -> tuple[Conflict, ...]:
    """Return, as advice, what other briefs plan of the same subject on other channels on that day."""
    if asked.brief is None:
        return ()
    day = to_wall(at, zone).date()
    planned = context.memory.timing.taken(workspace.id, since=context.now() - timedelta(days=1))
    briefs = lru_cache(maxsize=None)(context.memory.briefs.get)
    return tuple(
        Conflict(kind="same_topic", words=_twice(each, zone), proposal=each.proposal, advice=True)
        for each in planned
        if each.brief not in (None, asked.brief.id)
        and each.channel != asked.channel
        and to_wall(each.at, zone).date() == day
        and same_subject(asked.brief, briefs(str(each.brief)))
    )


def _twice(planned: Taken, zone: str) -> str:
    label = channel_of(planned.channel).label
    return f"{label} has the same subject that day, at {to_wall(planned.at, zone):%H:%M} ({planned.what})."


def _slots(context: Context, workspace: Workspace, channel: str) -> Iterator[Candidate]:
    """Yield the creator's own free slots; what a slot is called, and how many more are free, is the reason."""
    series = {each.id: each for each in context.memory.series.list(workspace.id)}
    own = context.memory.series.open(workspace.id, channel, after=context.now() + LEAD)
    for each in own:
        of = series[each.series_id]
        name = f"your slot “{of.name}”" if of.name else "your recurring slot"
        more = f" {len(own) - 1} more of your slots are free." if len(own) > 1 else ""
        reason = f"{said(to_wall(each.at, each.zone))} is {name}: {of.words}.{more}"
        yield Candidate(each.at, reason, "slot", each.note)

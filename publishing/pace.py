"""What each channel's gap and quota are: the platform's own limits as data, and the workspace's policy over them."""

from datetime import timedelta
from functools import cache

from core.channels import channels
from core.policy import Policy, policy_of
from core.publications import Publication
from memory import Memory
from memory.pacing import Pace, Pacing


def pacing(memory: Memory) -> Pacing:
    """Return what says how fast an account may publish; it reads each workspace's policy once."""

    @cache
    def policy(workspace: str) -> Policy:
        return policy_of(memory.workspaces.get(workspace))

    return lambda due: pace_of(due, policy(due.workspace))


def pace_of(due: Publication, policy: Policy) -> Pace:
    """Return one publication's gap and quota."""
    place = next((each for each in channels() if each.name == due.channel), None)
    usual = place.slots.send_gap_minutes if place else 0
    gap = timedelta(minutes=policy.outbox.gaps.get(due.channel, usual))
    if place is None or place.quota is None:
        return Pace(gap)
    return Pace(gap, place.quota.value, timedelta(hours=place.quota.hours))

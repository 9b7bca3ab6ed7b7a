"""The one check between a publication and the world. It knows one answer without evidence: no."""

from datetime import datetime, timedelta

from core.canonical import instant
from core.errors import Refused
from core.proposals import Proposal
from core.publications import Publication
from memory import Memory
from publishing.platform import Approved

RELEASED = ("approved", "scheduled")
"""States of a proposal in which it may leave; waiting, held, stale, superseded and the like may not."""


_AGAIN = "Take the approval back (`greenroom undo`); then somebody who may can approve it."


class BeforeWindow(Refused):
    """The time for which it was approved has not come."""


class PastWindow(Refused):
    """The time for which it was approved has passed."""


class Changed(Refused):
    """What it was approved on has changed: the approval is void. `reason` says what, without what was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"{reason} Nothing was sent.",
            "Make a new version with `greenroom revise`, and approve that if it is right.",
        )
        self.reason = reason


def check(memory: Memory, publication: Publication, now: datetime) -> Approved:
    """Return the publication with the approval that releases it now, read from SQL and recomputed.

    Raises Refused with a reason for a person: no standing approval of the last stage by exactly this hash; a row that
    no longer holds what was approved; another workspace, channel, account or time; someone who may not approve it (any
    more); and whatever else goes wrong. Raises Changed where the account, a picture's file, somebody's consent or a
    translation's source is not what it was: whoever dispatches voids the approval then.
    """
    try:
        return _checked(memory, publication, now)
    except Refused:
        raise
    except Exception as error:  # default deny: a check that fails is a check that says no
        raise Refused(
            f"The approval could not be checked ({type(error).__name__}: {error}). Nothing was sent."
        ) from error


def _checked(memory: Memory, publication: Publication, now: datetime) -> Approved:
    proposal = memory.proposals.get(publication.workspace, publication.proposal_id)
    _same_bytes(publication, proposal)
    decision = memory.decisions.release(publication.workspace, publication.proposal_id)
    if decision is None or proposal.state not in RELEASED:
        raise Refused(f"No approval stands for proposal {proposal.id} ({proposal.state}). Nothing was sent.")
    if (decision.id, decision.sha, decision.verb) != (publication.decision_id, publication.sha, "approve"):
        raise Refused(f"Proposal {proposal.id} was approved by another decision ({decision.id}). Nothing was sent.")
    _same_place(publication, proposal)
    if why := memory.members.refusal(proposal, decision.by):
        raise Refused(f"The person who approved may not approve here any more. {why} Nothing was sent.", _AGAIN)
    if lost := memory.grounds.lost(proposal):
        raise Changed(lost)
    _in_time(publication, proposal, now)
    workspace = memory.workspaces.get(publication.workspace)
    return Approved(publication=publication, proposal=proposal, decision=decision, workspace=workspace)


def _same_bytes(publication: Publication, proposal: Proposal) -> None:
    if not publication.sha == proposal.sha == proposal.recomputed_sha():
        raise Refused(
            f"Proposal {proposal.id} does not hold what was approved any more: its hash differs. Nothing was sent.",
            "Look at it again, and approve it anew if it is right.",
        )
    posts = len(proposal.payload.get("parts") or (None,))
    if publication.parts != posts or publication.part > posts:
        raise Refused(f"{publication.id} is no part of what was approved in proposal {proposal.id}. Nothing was sent.")
    request = publication.request
    if request is None:
        return
    own = {name: getattr(publication, name) for name in ("workspace", "channel", "account", "part", "key")}
    if {name: request.get(name) for name in own} != own or request.get("publication") != publication.id:
        raise Refused(f"The request of {publication.id} is not its own. Nothing was sent.")
    if request.get("payload") != proposal.payload:
        raise Refused(f"The request of {publication.id} is not what was approved. Nothing was sent.")


def _same_place(publication: Publication, proposal: Proposal) -> None:
    wanted = (proposal.workspace, proposal.channel, proposal.account, proposal.payload.get("channel"))
    if wanted != (publication.workspace, publication.channel, publication.account, publication.channel):
        raise Refused(
            f"Proposal {proposal.id} was approved for {proposal.account} on {proposal.channel}, "
            f"not for {publication.account} on {publication.channel}. Nothing was sent."
        )


def _in_time(publication: Publication, proposal: Proposal, now: datetime) -> None:
    """The window is part of what was approved; without one it may leave any time after the approval."""
    if proposal.not_before is not None and now < proposal.not_before:
        raise BeforeWindow(
            f"It is under an embargo until {instant(proposal.not_before)}, and it is {instant(now)}. Nothing was sent."
        )
    if proposal.at is None:
        return
    if (publication.due_at, publication.grace_minutes) != (proposal.at, proposal.grace_minutes):
        raise Refused(f"{publication.id} is due at another time than was approved. Nothing was sent.")
    if now < proposal.at:
        raise BeforeWindow(f"It was approved for {instant(proposal.at)}, and it is {instant(now)}. Nothing was sent.")
    if proposal.grace_minutes is not None and now > proposal.at + timedelta(minutes=proposal.grace_minutes):
        raise PastWindow(
            f"It was approved for {instant(proposal.at)} and {proposal.grace_minutes} minutes after; that time has "
            "passed. Nothing was sent.",
            f"Give it a new time, and approve that: greenroom revise {proposal.id} --at WHEN",
        )

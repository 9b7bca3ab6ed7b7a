"""A channel's queue: its slots to come with what is planned for each, and the order of what waits in it."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import NotAllowed, WrongUse
from core.ids import new_id
from core.proposals import OPEN_STATES, Proposal
from core.series import Occurrence

if TYPE_CHECKING:
    from app.studio import Studio

_PLANNED = (*OPEN_STATES, "approved", "scheduled")


class Place(NamedTuple):
    """One time of a recurring slot, and what is meant for it: approved, or proposed and waiting."""

    slot: Occurrence
    proposals: tuple[Proposal, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        told = ("id", "state", "channel", "locale", "text")
        planned = [each.model_dump(mode="json", include=set(told)) for each in self.proposals]
        return {**self.slot.model_dump(mode="json"), "planned": planned}


def queue(studio: "Studio", channel: str | None = None) -> list[Place]:
    """Return the slots to come of a channel (None: of all), soonest first, with what is meant for each."""
    memory, space, now = studio.memory, studio.workspace.id, studio.clock()
    memory.series.open(space, channel, after=now)  # what is not written down yet
    planned: dict[tuple[str, datetime], list[Proposal]] = {}
    for each in studio.proposals(states=_PLANNED):
        if (at := each.at or each.suggested_at) is not None:
            planned.setdefault((each.channel, at), []).append(each)
    coming = memory.series.coming(space, channel, after=now)
    return [Place(slot, tuple(planned.get((slot.channel, slot.at), ()))) for slot in coming]


def reorder(
    studio: "Studio", proposal_ids: Sequence[str], *, by: str | None = None, secret: str | None = None
) -> list[Proposal]:
    """Share the times of these waiting proposals out among them anew, the soonest to the first; return them in order.

    Each that gets another time is a new version that waits: what is approved never moves. Raises WrongUse for fewer
    than two, for several channels or accounts, and where one has no time; NotAllowed for one that doesn't wait.
    """
    olds = [studio.show(each) for each in dict.fromkeys(proposal_ids)]
    _refuse_what_can_not_change_places(olds)
    times = sorted((_time(each), each.suggested_reason) for each in olds)
    return [
        old if _time(old) == at else _moved(studio, old, at, reason, by, secret)
        for old, (at, reason) in zip(olds, times, strict=True)
    ]


def _time(proposal: Proposal) -> datetime:
    at = proposal.at or proposal.suggested_at
    if at is None:
        raise WrongUse(f"{proposal.id} has no time to share. Nothing was changed.")
    return at


def _moved(studio: "Studio", old: Proposal, at: datetime, reason: str, by: str | None, secret: str | None) -> Proposal:
    from app.revising import Wish

    if old.at is not None:
        return studio.revise(old.id, Wish(at=at, note="the order of the queue"), by=by, secret=secret).proposal
    who, proof = studio.speaker(by, secret)
    moved = {"id": new_id("p"), "suggested_at": at, "suggested_reason": reason, "supersedes": old.id}
    begun = {"state": "waiting", "stage": old.stages[0], "created_at": studio.clock()}
    new = old.model_copy(update={**moved, **begun})
    studio.memory.voiding.replace(old, new, f"{who} changed its place in the queue.", by=who, secret=proof)
    studio.threads.open(new)
    return studio.show(new.id)


def _refuse_what_can_not_change_places(olds: Sequence[Proposal]) -> None:
    if len(olds) < 2:
        raise WrongUse("One proposal has no order.", "Name at least two, the soonest first: greenroom slots queue")
    for each in olds:
        if each.state not in OPEN_STATES:
            raise NotAllowed(
                f"{each.id} is {each.state}: its time is part of that, so it keeps its place. Nothing was changed.",
                f"Give it another time, which voids the approval: greenroom revise {each.id} --at WHEN",
            )
        _time(each)
    if len({(each.channel, each.account) for each in olds}) > 1:
        raise WrongUse("They are for several channels or accounts, whose queues are apart. Nothing was changed.")
    if len({each.at is None for each in olds}) > 1:
        raise WrongUse(
            "Some have a time and some only a proposed one. Nothing was changed.",
            "Give all of them a time first: greenroom revise ID --at WHEN",
        )

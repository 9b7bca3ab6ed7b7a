"""Times for a door: proposed with their reasons, or a person's own, with what speaks against it. Nothing is booked."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from core.channels import channel
from core.locales import checked
from core.policy import policy_of
from core.proposed_times import Conflict, TimeProposal
from core.whens import in_words
from tools.schedule import Asked, asked_about, look_at, propose_time

if TYPE_CHECKING:
    from app.studio import Studio


class Suggested(NamedTuple):
    """A proposed time of one channel."""

    channel: str
    time: TimeProposal
    proposal: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        return {"channel": self.channel, "proposal": self.proposal, **self.time.model_dump(mode="json")}


class Looked(NamedTuple):
    """A time of a person's, and what speaks against it on one channel."""

    channel: str
    at: datetime
    words: str
    conflicts: tuple[Conflict, ...]
    proposal: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it as plain values."""
        conflicts = [each.model_dump(mode="json") for each in self.conflicts]
        told = {"channel": self.channel, "proposal": self.proposal, "at": self.at.isoformat(), "words": self.words}
        return {**told, "fits": all(each.advice for each in self.conflicts), "conflicts": conflicts}


def wanted(
    studio: "Studio",
    proposal_id: str | None,
    channels: Sequence[str] | None,
    locale: str | None,
    not_before: datetime | None,
) -> list[Asked]:
    """Return what times are asked for: of one proposal, or of channels (None: the workspace's)."""
    from app.briefing import DEFAULT_CHANNELS

    space, context = studio.workspace, studio.crew.context
    if proposal_id is not None:
        asked = [asked_about(context, space, studio.show(proposal_id))]
    else:
        names = channels or policy_of(space).channels or DEFAULT_CHANNELS
        asked = [Asked(channel=channel(name).name) for name in dict.fromkeys(names)]
    if locale is not None:
        asked = [each._replace(locale=checked(locale)) for each in asked]
    return [_kept_back(each, not_before) for each in asked]


def suggest(studio: "Studio", asked: Sequence[Asked], others: int) -> list[Suggested]:
    """Return a time for each, with `others` further days."""
    context, space = studio.crew.context, studio.workspace
    return [Suggested(each.channel, propose_time(context, space, each, others=others), _of(each)) for each in asked]


def look(studio: "Studio", asked: Sequence[Asked], at: datetime) -> list[Looked]:
    """Return what speaks against a time, for each."""
    context, space = studio.crew.context, studio.workspace
    words = in_words(at, space.timezone)
    return [Looked(each.channel, at, words, look_at(context, space, each, at), _of(each)) for each in asked]


def _kept_back(asked: Asked, not_before: datetime | None) -> Asked:
    if not_before is None or (asked.not_before is not None and asked.not_before >= not_before):
        return asked
    return asked._replace(not_before=not_before, why_not_before="The embargo that you named")


def _of(asked: Asked) -> str | None:
    return next(iter(asked.instead_of), None)

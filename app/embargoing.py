"""An embargo takes effect at once: what leans on the work is frozen with it from now on, and what is unsent and could
leave sooner is void."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.proposals import Proposal
from memory.embargoes import Embargo
from memory.voiding import UNSENT, Swept

if TYPE_CHECKING:
    from app.studio import Studio


def keep_back(
    studio: "Studio", work_id: str, until: datetime, *, note: str = "", by: str | None = None, secret: str | None = None
) -> tuple[Embargo, Swept]:
    """Keep a work back until then, and void everything unsent that leans on it and may leave sooner.

    Return the word, and what it voided or came too late for. Raises BadInput for a time that is past, NotFound,
    NotAllowed.
    """
    if until <= studio.clock():
        raise BadInput("That time is past, so it keeps nothing back.", "Give a later one.")
    memory, space = studio.memory, studio.workspace.id
    who, proof = studio.speaker(by, secret)
    said = memory.embargoes.say(space, work_id, until, by=who, note=note, secret=proof)
    return said, memory.voiding.sweep(space, memory.grounds.embargo, by=who)


def lift(studio: "Studio", work_id: str, *, by: str | None = None, secret: str | None = None) -> list[Proposal]:
    """End a work's embargo now; return what was frozen with one and keeps it: its time is part of what is approved."""
    who, proof = studio.speaker(by, secret)
    studio.memory.embargoes.lift(studio.workspace.id, work_id, by=who, secret=proof)
    return kept_back(studio)


def kept_back(studio: "Studio") -> list[Proposal]:
    """Return what is unsent and frozen with an embargo that still holds, the one that ends soonest first."""
    now = studio.clock()
    unsent = studio.proposals(states=UNSENT)
    held = [(each.not_before, each) for each in unsent if each.not_before is not None and each.not_before > now]
    return [each for _, each in sorted(held, key=lambda pair: (pair[0], pair[1].id))]


def embargoes(studio: "Studio") -> list[dict[str, Any]]:
    """Return the embargoes on works that are not lifted, with the works' titles and whether they still hold."""
    now, titles = studio.clock(), {work.id: work.title for work in studio.works()}
    return [
        {**each.model_dump(mode="json"), "title": titles.get(each.work_id, ""), "holds": each.not_before > now}
        for each in studio.memory.embargoes.list(studio.workspace.id)
    ]

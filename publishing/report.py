"""What one run of the dispatcher came to."""

from collections.abc import Iterable
from typing import Any

from core.base import Noun
from core.publications import Publication, PublicationState

WAITING: tuple[PublicationState, ...] = ("scheduled", "preparing", "paused_auth", "paused_quota")
UNKNOWN: tuple[PublicationState, ...] = ("armed", "unknown", "reconciling")
NEEDS_HUMAN: tuple[PublicationState, ...] = ("needs_human", "missed", "rejected")
OPEN: tuple[PublicationState, ...] = WAITING + UNKNOWN + NEEDS_HUMAN
"""Every state in which something is still to be done or known."""


class DispatchReport(Noun):
    """The outbox after a run: nothing stays in a queue without being named here, with its reason.

    `published` holds what went out in this run (in a preview: what would). The others hold everything that stands so.
    """

    published: tuple[Publication, ...] = ()
    waiting: tuple[Publication, ...] = ()  # scheduled, preparing, paused: see `reason`
    unknown: tuple[Publication, ...] = ()  # armed, unknown, reconciling: may or may not be live
    needs_human: tuple[Publication, ...] = ()  # needs_human, missed, rejected
    notes: tuple[str, ...] = ()  # side jobs that failed (an index not rebuilt); they never touch a publication

    def in_words(self) -> str:
        """Return the run in one short line: what the health page shows of the last look."""
        counts = (len(self.published), len(self.waiting), len(self.unknown), len(self.needs_human))
        return "{} published, {} wait, {} not certain, {} need you".format(*counts)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `publish-due` prints."""
        return self.model_dump(mode="json")


def sorted_out(published: tuple[Publication, ...], rest: Iterable[Publication], notes: list[str]) -> DispatchReport:
    """Return the report: what went out in this run, and everything else by what it waits for."""
    rows = list(rest)

    def of(states: tuple[PublicationState, ...]) -> tuple[Publication, ...]:
        return tuple(publication for publication in rows if publication.state in states)

    return DispatchReport(
        published=published, waiting=of(WAITING), unknown=of(UNKNOWN), needs_human=of(NEEDS_HUMAN), notes=tuple(notes)
    )

"""The publishing desk: takes what was approved, sends what is due, and says what became of it."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from core.errors import NotAllowed, SendError
from core.publications import Publication
from memory import Memory
from publishing.approval import check
from publishing.backstage import Backstage
from publishing.credentials import Credentials
from publishing.dispatcher import AFTER, Clock, Dispatcher, refuse_unconnected
from publishing.front import FrontDesk, utc_now
from publishing.pace import pacing
from publishing.platform import Platform
from publishing.platforms import PLATFORMS
from publishing.quarantine import Quarantine
from publishing.reconciliation import Reconciliation
from publishing.report import OPEN, UNKNOWN, DispatchReport, sorted_out
from publishing.settings import DeskSettings


def open_desk(
    memory: Memory,
    credentials: Credentials,
    *,
    home: Path,
    clock: Clock = utc_now,
    settings: DeskSettings | None = None,
) -> "Desk":
    """Return the desk with every platform that this version knows. Only the process that sends opens one."""
    backstage = Backstage(home=home, memory=memory, credentials=credentials, clock=clock)
    return Desk(memory, {name: connect(backstage) for name, connect in PLATFORMS.items()}, clock, settings)


class Desk(FrontDesk):
    """The one way out. Everything it sends passes `approval.check` at the last moment before the bytes go."""

    def __init__(
        self,
        memory: Memory,
        platforms: Mapping[str, Platform],
        clock: Clock = utc_now,
        settings: DeskSettings | None = None,
    ) -> None:
        super().__init__(memory, clock)
        self._platforms = platforms
        self._settings = settings or DeskSettings()
        self._dispatcher = Dispatcher(memory, platforms, clock, self._settings)
        self._reconciliation = Reconciliation(self._dispatcher)
        self._quarantine = Quarantine(memory, clock)

    @property
    def worker(self) -> str:
        """The name that this process goes by in the outbox."""
        return self._settings.worker

    def publish_due(self, workspace: str | None = None) -> DispatchReport:
        """Publish what is due (of all workspaces without one), after picking up what a crash left behind."""
        notes: list[str] = []
        self._refresh(workspace, notes)
        moved = self._recover(workspace, notes)
        restored = self._quarantine.since()
        claims = self._claims(workspace, made_before=restored)
        moved += [self._safely(self._dispatcher.dispatch, each, notes) for each in claims]
        if restored:
            notes.append(self._quarantine.look_again())
        live = tuple(publication for publication in moved if publication.state == "published")
        if live:
            self._refresh(workspace, notes)
        rest = self._memory.publications.list(workspace, states=OPEN)
        return sorted_out(live, rest, notes)

    def preview_due(self, now: datetime, workspace: str | None = None) -> DispatchReport:
        """Return what `publish_due` would do at `now`; nothing is changed or sent."""
        due = {each.id: self._foreseen(each, now) for each in self._memory.publications.due(now, workspace)}
        others = [each for each in self._memory.publications.list(workspace, states=OPEN) if each.id not in due]
        live = tuple(each for each in due.values() if each.state == "published")
        return sorted_out(live, [*due.values(), *others], [])

    def recover(self, workspace: str | None = None) -> list[Publication]:
        """Pick up what a crash left behind, and what waited for a channel that is connected by now."""
        return self._recover(workspace, [])

    def reconcile(self, publication_id: str) -> Publication:
        """Read back now whether it is live. Raises NotAllowed while that can't be told, or where nothing is open."""
        return self._read_back(publication_id, asked=False)

    def _read_back(self, publication_id: str, *, asked: bool) -> Publication:
        publication = self._memory.publications.get(publication_id)
        if publication.state not in (*UNKNOWN, "needs_human") or not publication.attempts:
            raise NotAllowed(
                f"There is nothing to find out: {publication_id} is {publication.state}.", publication.reason
            )
        self._dispatcher.platform_of(publication)
        self._reconciliation.refuse_too_early(publication)
        if publication.state in ("needs_human", "unknown"):
            return self._reconciliation.reconcile(publication, asked=asked)
        return self._reconciliation.settle(publication)

    def delete(self, publication_id: str, by: str = "owner") -> Publication:
        """Take a live post down again, because a person asked. Raises NotAllowed where it isn't live, or can't be."""
        publication = self._memory.publications.get(publication_id)
        if publication.state != "published":
            raise NotAllowed(f"{publication_id} is {publication.state}: there is nothing to take down.")
        self._dispatcher.platform_of(publication).delete(publication)
        reason = f"taken down by {by}; it was live at {publication.url}"
        return self._memory.publications.step(
            publication_id, epoch=publication.epoch, to="deleted", by=by, reason=reason
        )

    def retry(self, publication_id: str, by: str = "owner") -> Publication:
        """Put it in line again where nothing left; where it may have, read it back first. Else raises NotAllowed."""
        publication = self._memory.publications.get(publication_id)
        if publication.state == "needs_human" and publication.attempts and not self._person_knows(publication):
            return self._read_back(publication_id, asked=True)
        if publication.state not in ("needs_human", "rejected", "paused_auth", "paused_quota"):
            raise NotAllowed(*_no_retry(publication))
        nothing_left = {"attempts": 0} if publication.state == "rejected" else {}
        return self._memory.publications.step(
            publication_id, epoch=publication.epoch, to="scheduled", by=by, reason="", not_before=None, **nothing_left
        )

    def cancel(self, publication_id: str, by: str = "owner") -> Publication:
        """Take it out of line, and the later parts of its thread with it: they can't go without it.

        Raises NotAllowed ("too late: it is being sent") once it may have left.
        """
        asked = self._memory.publications.get(publication_id)
        cancelled = self._cancelled(asked, by)
        for later in self._memory.publications.thread(asked):
            if later.part > asked.part and later.state != "cancelled":
                self._cancelled(later, by)
        return cancelled

    def _cancelled(self, publication: Publication, by: str) -> Publication:
        return self._memory.publications.step(
            publication.id, epoch=publication.epoch, to="cancelled", by=by, reason=f"cancelled by {by}"
        )

    def _claims(self, workspace: str | None, *, made_before: datetime | None) -> Iterator[Publication]:
        """Yield due publications as this worker claims them, one at a time: a slow send holds up no other's lease."""
        pace, seen = pacing(self._memory), set[str]()
        while claimed := self._memory.publications.claim_due(
            self._settings.worker,
            self._clock(),
            self._settings.lease,
            1,
            workspace=workspace,
            pace=pace,
            made_before=made_before,
        ):
            if claimed[0].id in seen:
                return
            seen.add(claimed[0].id)
            yield claimed[0]

    def _recover(self, workspace: str | None, notes: list[str]) -> list[Publication]:
        paused = self._memory.publications.list(workspace, states=("paused_auth",))
        connected = [publication for publication in paused if self._dispatcher.is_connected(publication)]
        moved = [self._safely(self._resume, publication, notes) for publication in connected]
        left = self._reconciliation.open(workspace)
        return moved + [self._safely(self._reconciliation.settle, publication, notes) for publication in left]

    def _resume(self, paused: Publication) -> Publication:
        return self._dispatcher.step(paused, "scheduled", reason="", not_before=None)

    def _safely(
        self, move: Callable[[Publication], Publication], publication: Publication, notes: list[str]
    ) -> Publication:
        """Move one publication; whatever goes wrong is said, stays in its row's state, and stops no other."""
        try:
            return move(publication)
        except Exception as error:  # noqa: BLE001  one failing publication never blocks another
            notes.append(f"{publication.id} on {publication.channel} stopped: {error}. It will be picked up again.")
            return self._memory.publications.get(publication.id)

    def _refresh(self, workspace: str | None, notes: list[str]) -> None:
        """Let platforms bring indexes and feeds up to date: a side job that never shares a send's fate."""
        spaces = self._memory.workspaces
        for space in [spaces.get(workspace)] if workspace else spaces.list():
            for platform in self._platforms.values():
                try:
                    platform.refresh(space)
                except Exception as error:  # noqa: BLE001  what is published stays published
                    notes.append(f"What goes with {platform.name} for {space.name} is not up to date yet: {error}.")

    def _foreseen(self, publication: Publication, now: datetime) -> Publication:
        """Return a due publication as a run at `now` would leave it; a copy, nothing is stored."""
        try:
            platform = self._dispatcher.platform_of(publication)
            check(self._memory, publication, now)
            refuse_unconnected(platform, publication)
        except SendError as error:
            state = AFTER.get(type(error), "needs_human")
            return publication.model_copy(update={"state": state, "reason": error.message})
        if self._memory.quarantines.covers(publication.created_at):
            reason = "Restored from a backup: it would be read back before anything is sent."
            return publication.model_copy(update={"state": "unknown", "reason": reason})
        return publication.model_copy(update={"state": "published", "reason": "would be published"})

    def _person_knows(self, publication: Publication) -> bool:
        """Where a platform can't be read, the person who retries has looked: that is the evidence."""
        platform = self._platforms.get(publication.channel)
        return platform is not None and platform.idempotency_of(publication) == "N"


def _no_retry(publication: Publication) -> tuple[str, str]:
    """Return why a publication can't be tried again, and what to do."""
    if publication.state == "published":
        return f"{publication.id} is live: {publication.url}", "There is nothing to repeat."
    if publication.state == "missed":
        return (
            f"{publication.id} was approved for a time that has passed; the time is part of what was approved.",
            f"Give it a new time, and approve that: greenroom revise {publication.proposal_id} --at 'tomorrow 9:00'",
        )
    if publication.state in UNKNOWN:
        return (
            f"{publication.id} may have left ({publication.state}): a repeat could post it twice.",
            f"Find out first: greenroom publications reconcile {publication.id}",
        )
    return f"{publication.id} is {publication.state}; there is nothing to try again.", publication.reason

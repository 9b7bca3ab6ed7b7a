"""After an unclear ending: wait until nothing can turn up any more, read back, and only then decide."""

from datetime import datetime, timedelta

from core.canonical import instant
from core.errors import NotAllowed, Refused, Stale, TryLater
from core.publications import Publication
from publishing.approval import check
from publishing.dispatcher import Dispatcher
from publishing.platform import GoesOn, OnlyARepeatTells, Platform
from publishing.workers import is_gone

ROUNDS = 10
"""How many times more attempts something has that goes out part by part: a long list, a slow mail server."""


class Reconciliation:
    """Finds out what became of publications that may or may not be live."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self._sender = dispatcher
        self._memory = dispatcher.memory

    def open(self, workspace: str | None) -> list[Publication]:
        """Return what is on its way: it may have been left behind by a crash, or have to be read back."""
        return self._memory.publications.list(workspace, states=("preparing", "armed", "reconciling", "unknown"))

    def settle(self, publication: Publication) -> Publication:
        """Take a row from a worker that can't go on with it, and read it back if that is final by now."""
        try:
            freed = self._free(publication)
        except Stale:
            return self._memory.publications.get(publication.id)
        return self.reconcile(freed) if freed.state == "unknown" and self.settled(freed) else freed

    def settled(self, publication: Publication) -> bool:
        """Say whether everything that could turn up has turned up."""
        until = self.settles_at(publication)
        if publication.not_before is not None and publication.not_before > self._sender.clock():
            return False  # the platform asked to be left alone
        return until is not None and self._sender.clock() >= until

    def settles_at(self, publication: Publication) -> datetime | None:
        """Return from when a reading back is final: send deadline + the platform's settle window."""
        platform = self._sender.platforms.get(publication.channel)
        if platform is None:
            return None
        deadline = publication.send_deadline or publication.updated_at
        if not platform.settle and is_gone(publication.worker):
            return min(deadline, publication.updated_at)  # what only a process of this machine could do, it can't now
        return deadline + platform.settle

    def reconcile(self, publication: Publication, *, asked: bool = False) -> Publication:
        """Read back whether it is live; where it certainly isn't, resend if that is safe, else ask a person.

        `asked`: a person wants it tried again, so the number of attempts is no reason to stop.
        """
        platform = self._sender.platform_of(publication)
        taken = self._sender.take(publication, "reconciling")
        if taken is None:
            return self._memory.publications.get(publication.id)
        try:
            return self._reconcile(platform, taken, asked)
        except Stale:  # somebody took it over: what they make of it counts
            return self._memory.publications.get(publication.id)

    def refuse_too_early(self, publication: Publication) -> None:
        """Raise NotAllowed, with the time, while a reading back could still miss something."""
        until = self.settles_at(publication)
        if until is not None and not self.settled(publication):
            until = max(until, publication.not_before or until)
            raise NotAllowed(
                f"It is too early to tell: {publication.id} may still turn up, or can't be asked for, "
                f"until {instant(until)}.",
                "Nothing is lost and nothing is sent twice; it is read back after that.",
            )

    def _free(self, publication: Publication) -> Publication:
        """Take a row from a worker that can't go on with it: gone, or past its lease or deadline."""
        now, late = self._sender.clock(), publication.lease_until
        abandoned = is_gone(publication.worker) or late is None or late < now
        if publication.state == "preparing" and abandoned:
            return self._sender.step(publication, "scheduled", reason="")
        if publication.state == "reconciling" and abandoned:
            return self._sender.step(publication, "unknown", reason=publication.reason)
        if publication.state == "armed" and (is_gone(publication.worker) or _past(publication, now)):
            reason = "The sender stopped before it could say how it ended; it will be read back."
            return self._sender.step(publication, "unknown", reason=reason)
        return publication

    def _reconcile(self, platform: Platform, taken: Publication, asked: bool) -> Publication:
        try:
            found = platform.look(taken)
        except OnlyARepeatTells as unread:
            return self._again(platform, taken, asked, f"Whether it is live can't be read: {unread.message}")
        except GoesOn as some:
            rounds = taken.attempts < ROUNDS * self._sender.settings.most_attempts
            return self._again(platform, taken, asked or rounds, some.message)
        except Exception as error:  # noqa: BLE001  unreadable is no evidence of anything
            return self._unreadable(taken, error)
        if found:
            return self._sender.published(taken, found)
        if platform.idempotency_of(taken) == "N":
            return self._ask(taken, "It was not found on the platform, which can't tell a repeat from a new post.")
        return self._again(platform, taken, asked, "It is not live.")

    def _again(self, platform: Platform, taken: Publication, asked: bool, known: str) -> Publication:
        """A key, a handle or the platform's own refusal of repeats makes a resend safe. `known`: whether it is live."""
        if taken.attempts >= self._sender.settings.most_attempts and not asked:
            return self._ask(taken, f"It did not arrive in {taken.attempts} attempts. {known} {taken.reason}".strip())
        try:
            check(self._memory, taken, self._sender.clock())
        except Refused as refused:
            return self._ask(taken, f"{known} {refused.message}")
        return self._sender.send(platform, self._sender.step(taken, "armed", **self._sender.arming(taken, platform)))

    def _unreadable(self, taken: Publication, error: Exception) -> Publication:
        waited = self._sender.clock() - (self.settles_at(taken) or taken.updated_at)
        if waited > self._sender.settings.patience:
            return self._ask(taken, f"The platform could not be read for {_minutes(waited)} minutes ({error}).")
        later = error.until if isinstance(error, TryLater) else self._sender.clock() + self._sender.settings.pause
        reason = f"It could not be read back yet ({error})."
        return self._sender.step(taken, "unknown", reason=reason, not_before=later)

    def _ask(self, taken: Publication, evidence: str) -> Publication:
        return self._sender.step(taken, "needs_human", reason=evidence)


def _past(publication: Publication, now: datetime) -> bool:
    return publication.send_deadline is None or publication.send_deadline <= now


def _minutes(waited: timedelta) -> int:
    return int(waited.total_seconds() // 60)

"""One publication's way out: prepare, arm, send, commit. A crash at any point leaves a row that tells what to do."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from core.channels import channel
from core.errors import NotAllowed, NotConnected, Refused, Rejected, SendError, Stale, TryLater, Unknown
from core.policy import policy_of
from core.publications import Delivery, Publication, PublicationState
from memory import Memory
from publishing.approval import BeforeWindow, Changed, PastWindow, check
from publishing.platform import AlreadyThere, Approved, Platform
from publishing.refusals import Refusals
from publishing.settings import DeskSettings

Clock = Callable[[], datetime]


AFTER: dict[type[SendError], PublicationState] = {
    BeforeWindow: "scheduled",  # the clock was set back
    PastWindow: "missed",
    NotConnected: "paused_auth",
}
"""Where a publication goes when it can't be armed; a person looks at everything else."""


class Dispatcher:
    """Moves claimed publications. It holds an epoch; whoever takes a row over stops it at its next step."""

    def __init__(self, memory: Memory, platforms: Mapping[str, Platform], clock: Clock, settings: DeskSettings) -> None:
        self.memory = memory
        self.platforms = platforms
        self.clock = clock
        self.settings = settings
        self.refusals = Refusals(memory, clock)

    def dispatch(self, claimed: Publication) -> Publication:
        """Send one publication that this worker has claimed (state preparing), and return where that left it."""
        try:
            return self._dispatch(claimed)
        except Stale:  # somebody took it over: what they make of it counts
            return self.memory.publications.get(claimed.id)

    def platform_of(self, publication: Publication) -> Platform:
        """Return the channel's sender. Raises NotConnected with what a person can do meanwhile."""
        platform = self.platforms.get(publication.channel)
        if platform is None:
            raise NotConnected(
                f"{channel(publication.channel).label} is not connected in this version. The approved text is safe: "
                f"copy it with `greenroom show {publication.proposal_id} --text`."
            )
        return platform

    def is_connected(self, publication: Publication) -> bool:
        """Say whether there is a sender with something to send with, that was not refused a moment ago."""
        return self._has_credentials(publication) and not self.refusals.stands(publication)

    def send(self, platform: Platform, armed: Publication) -> Publication:
        """Send what is armed, after one last look: still approved, still the same bytes, still before the deadline."""
        try:
            _refuse_unfaithful(platform, check(self.memory, armed, self.clock()))
        except Refused as refused:
            return self.step(armed, "needs_human", reason=refused.message)
        if armed.send_deadline is None or self.clock() >= armed.send_deadline:
            return self.step(armed, "unknown", reason="The sender was held up past its deadline; it will be read back.")
        try:
            delivery = platform.send(armed.request or {})
        except (Rejected, NotConnected, TryLater) as error:
            return self._definite(armed, error)
        except Exception as error:  # noqa: BLE001  whatever broke on the way, it may have arrived
            return self.step(
                armed, "unknown", reason=f"No clear answer ({error}); it will be read back before a resend."
            )
        return self.published(armed, delivery)

    def published(self, publication: Publication, live: Delivery) -> Publication:
        """Commit a platform's word that it is live."""
        said = {"remote_id": live.remote_id, "url": live.url, "published_at": live.at, "reason": live.note}
        return self.step(publication, "published", **said)

    def arming(self, publication: Publication, platform: Platform) -> dict[str, Any]:
        """Return what every arming changes: one attempt more, and until when it may start."""
        deadline = self.clock() + platform.send_within
        return {"send_deadline": deadline, "attempts": publication.attempts + 1, "reason": ""}

    def step(self, publication: Publication, to: PublicationState, **changes: Any) -> Publication:
        """Move the row if this worker still holds it. Raises Stale where somebody took it over."""
        return self.memory.publications.step(publication.id, epoch=publication.epoch, to=to, **changes)

    def take(self, publication: Publication, to: PublicationState) -> Publication | None:
        """Take a row up under a lease and a new epoch, or return None: somebody else did, or moved it on."""
        until = self.clock() + self.settings.lease
        try:
            return self.step(publication, to, worker=self.settings.worker, lease_until=until)
        except (Stale, NotAllowed):
            return None

    def _dispatch(self, claimed: Publication) -> Publication:
        try:
            platform = self.platform_of(claimed)
            approved = check(self.memory, claimed, self.clock())
            refuse_unconnected(platform, claimed)
            self._refuse_refused(claimed)
            armed = self._arm(platform, self._prepare(platform, approved))
        except Stale:
            raise
        except Exception as error:  # noqa: BLE001  nothing left yet, so whatever it was is told with the row
            return self._not_armed(claimed, error)
        if self.memory.quarantines.covers(approved.proposal.created_at):
            return self._doubt(platform, armed)
        return self.send(platform, armed)

    def _not_armed(self, claimed: Publication, error: Exception) -> Publication:
        """Nothing left. Say where that leaves the row: waiting, missed, void, with a person, or tried again soon."""
        match error:
            case TryLater():
                return self._wait(claimed, error)
            case PastWindow():
                return self._missed(claimed, error)
            case Changed():
                return self._void(claimed, error)
            case NotConnected():
                return self._unconnected(claimed, error)
            case SendError() if not isinstance(error, Unknown):
                return self.step(claimed, AFTER.get(type(error), "needs_human"), reason=error.message)
        return self._again(claimed, error)

    def _again(self, claimed: Publication, error: Exception) -> Publication:
        """An upload failed, or the network did: try again in a minute, and ask a person when that goes on for long."""
        now = self.clock()
        if now - max(claimed.due_at, claimed.created_at) > self.settings.patience:
            return self.step(claimed, "needs_human", reason=f"It could not be prepared: {error}. Nothing was sent.")
        reason = f"Not prepared yet ({error}). It will be tried again."
        return self.step(claimed, "scheduled", reason=reason, not_before=now + self.settings.pause)

    def _doubt(self, platform: Platform, armed: Publication) -> Publication:
        """The database was restored from a backup: this may have left since that was made. Look before any send."""
        if platform.idempotency_of(armed) == "N" or platform.evidence == "own":
            reason = "Restored from a backup: nothing here can tell whether it went out since. Look there, then decide."
            return self.step(armed, "needs_human", reason=reason)
        reason = "Restored from a backup: it is read back before anything is sent."
        return self.step(armed, "unknown", send_deadline=self.clock(), reason=reason)

    def _prepare(self, platform: Platform, approved: Approved) -> Approved:
        """Let the platform upload; each handle is saved at once, and saving one renews the lease."""
        held = approved.publication

        def keep(handles: Mapping[str, Any]) -> None:
            nonlocal held
            merged = {**held.handles, **handles}
            until = self.clock() + self.settings.lease
            held = self.step(held, "preparing", handles=merged, lease_until=until)

        platform.prepare(approved, keep)
        return approved.model_copy(update={"publication": held})

    def _arm(self, platform: Platform, approved: Approved) -> Publication:
        """Freeze the request in one commit: from here on it counts as possibly sent."""
        publication = approved.publication
        key = publication.key or platform.key(approved)
        request = {
            **platform.request(approved, self.clock()),
            "payload": approved.proposal.payload,
            "key": key,
            "workspace": publication.workspace,
            "channel": publication.channel,
            "account": publication.account,
            "publication": publication.id,
            "part": publication.part,
        }
        return self.step(publication, "armed", request=request, key=key, **self.arming(publication, platform))

    def _definite(self, armed: Publication, error: Rejected | NotConnected | TryLater) -> Publication:
        """A no to the first attempt is a no; to a later one it may mean that an earlier one arrived."""
        if armed.attempts > 1 and isinstance(error, AlreadyThere):
            return self.published(armed, error.first)
        if armed.attempts > 1:
            until = error.until if isinstance(error, TryLater) else None
            reason = f"A repeat was refused ({error.message}); it will be read back."
            return self.step(armed, "unknown", reason=reason, not_before=until)
        if isinstance(error, Rejected):
            return self.step(armed, "rejected", reason=error.message)
        if isinstance(error, NotConnected):
            return self._unconnected(armed, error)
        return self._wait(armed, error)

    def _unconnected(self, publication: Publication, error: NotConnected) -> Publication:
        """It goes when the account is connected (again). Credentials that are there but were refused rest meanwhile."""
        rest = self.refusals.rest() if self._has_credentials(publication) else None
        return self.step(publication, "paused_auth", reason=error.message, not_before=rest, attempts=0)

    def _refuse_refused(self, claimed: Publication) -> None:
        """Raise NotConnected where the account's credentials were refused for another post a moment ago."""
        if refused := self.refusals.standing(claimed):
            raise NotConnected(refused.reason)

    def _has_credentials(self, publication: Publication) -> bool:
        platform = self.platforms.get(publication.channel)
        return platform is not None and platform.ready(publication.workspace, publication.account)

    def _wait(self, publication: Publication, later: TryLater) -> Publication:
        """Nothing left: it goes when the platform says, and so does everything else on that account."""
        paused = self.step(publication, "paused_quota", reason=later.message, not_before=later.until, attempts=0)
        self.memory.publications.pause(paused, later.until, later.message)
        return paused

    def _void(self, claimed: Publication, changed: Changed) -> Publication:
        """What it was approved on has changed: the approval is taken back where everybody sees it, with the reason."""
        try:
            self.memory.voiding.void(claimed.workspace, claimed.proposal_id, changed.reason, by="sender")
        except NotAllowed:  # an earlier part of the thread is live: a person sees to the rest
            return self.step(claimed, "needs_human", reason=changed.message)
        return self.memory.publications.get(claimed.id)

    def _missed(self, publication: Publication, late: PastWindow) -> Publication:
        """Its time is part of what was approved, and has passed: the policy says whether a person is asked."""
        policy = policy_of(self.memory.workspaces.get(publication.workspace))
        if policy.outbox.missed == "skip":
            return self.step(publication, "cancelled", reason=f"{late.message} The policy is to skip what was missed.")
        return self.step(publication, "missed", reason=late.message)


def refuse_unconnected(platform: Platform, publication: Publication) -> None:
    """Raise NotConnected where there are no credentials for the account, with the command that connects it."""
    if not platform.ready(publication.workspace, publication.account):
        raise NotConnected(
            f"{publication.account} on {channel(publication.channel).label} is not connected. The approved post is "
            f"safe and goes out when it is: greenroom channels add {publication.channel}"
        )


def _refuse_unfaithful(platform: Platform, approved: Approved) -> None:
    """Raise Refused where the frozen request would show an audience something else than was approved."""
    try:
        faithful = platform.faithful(approved, approved.publication.request or {})
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):  # it isn't even of the right form
        faithful = False
    if not faithful:
        raise Refused(f"The request of {approved.publication.id} says something else than was approved. Nothing left.")

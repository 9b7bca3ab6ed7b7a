"""The newsletter, by SMTP: one mail a recipient. Class H: each recipient's own row is the handle that is read back.

A mail server can't be asked what it took. So nothing is repeated that may have left: such a mail stays "not certain"
until a person settles it, and the newsletter counts as published when every recipient is accounted for.
"""

import ssl
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Literal
from urllib.parse import quote

from core.errors import BadInput, NotAllowed, Rejected, SendError, TryLater, Unknown
from core.publications import Delivery, Publication
from core.subscribers import Counts, Recipient
from core.works import Workspace
from publishing.backstage import Backstage
from publishing.confirmations import Confirmations
from publishing.mail import newsletter, signed
from publishing.mailing_list import ListSettings, envelope, letterhead, list_settings, signature
from publishing.mailing_round import Round
from publishing.platform import Approved, GoesOn, Idempotency, Keep, Seen, Sender
from publishing.smtp import LONGEST_STEP, Line, server_of
from publishing.wire.newsletter import PLACEHOLDER


class Newsletter(Sender):
    """Sends what was approved to everybody on the list, once. `tls`: whom to trust instead of the system's own."""

    name = "newsletter"
    idempotency: Idempotency = "H"
    evidence: Literal["remote", "own"] = "own"
    send_within = timedelta(minutes=20)
    settle = timedelta(0)  # the rows say all there is to know: what a dead worker left armed stays uncertain

    def __init__(self, backstage: Backstage, *, tls: ssl.SSLContext | None = None) -> None:
        self._memory = backstage.memory
        self._credentials = backstage.credentials
        self._clock = backstage.clock
        self._tls = tls

    def ready(self, workspace: str, account: str) -> bool:
        """Say whether a mail server is connected."""
        return self._credentials.has(workspace, self.name, account)

    def key(self, approved: Approved) -> str:
        """Return what every Message-ID of this newsletter begins with."""
        return approved.stable[:32]

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Fix the audience: everybody on the list now. Raises what would stop every mail, before any is sent."""
        publication, post = approved.publication, approved.post
        if PLACEHOLDER not in post.get("plain", "") or PLACEHOLDER not in post.get("html", ""):
            raise Rejected("What was approved says nowhere how to leave the list. Ask for changes, and approve that.")
        settings = self._settings(publication)
        counts = self._memory.mailings.prepare(publication, stable=approved.stable, domain=settings.domain)
        if not counts.of:
            raise Rejected("Nobody is on the list who has not had it: greenroom newsletter list shows who is.")
        for first in self._memory.mailings.recipients(publication.id)[:1]:
            self._writer(self._frozen(approved, self._clock()) | {"payload": post}, publication)(first)
        keep({"recipients": sum(counts.of.values())})

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return what all its mails have in common: the sender as readers see it, and the date."""
        return self._frozen(approved, now)

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Hand over what is due. Raises TryLater or Unknown while somebody is still to come or not certain."""
        publication = self._memory.publications.get(request["publication"])
        self._leave_out(publication)
        stopped = self._round(request, publication).run()
        self._leave_out(publication)
        return self._ended(publication, stopped)

    def look(self, publication: Publication) -> Delivery | None:
        """Read the rows: live when all is done. While somebody can still be sent it, only they will be."""
        self._memory.mailings.presume(publication.id)
        self._memory.mailings.doubt(publication.id)
        self._leave_out(publication)
        counts = self._memory.mailings.counts(publication.id)
        if counts.to_come and (counts.accepted or counts.uncertain):
            raise GoesOn(f"{counts.said}.")
        if counts.to_come:
            return None
        if counts.uncertain:
            raise Unknown(_not_certain(publication, counts))
        return self._delivery(publication)

    def delete(self, publication: Publication) -> None:
        """Say that no mail can be called back."""
        raise NotAllowed("A mail that has arrived can't be called back.", "Send another one that puts it right.")

    def test(self, workspace: str, account: str) -> Seen:
        """Connect, encrypt and log in; send nothing."""
        said = self._credentials.settings(workspace, self.name, account)
        settings, secret = list_settings(said), self._credentials.get(workspace, self.name, account)
        key = signature(settings, secret)
        self._line(workspace, account).close()
        notes = (
            "" if key else "No DKIM key: mail programs offer no one-click unsubscription unless the server signs.",
            "" if settings.list_url else "No list_url: people subscribe and leave by mail, which a person reads.",
        )
        return Seen(account=settings.from_address, notes=tuple(filter(None, notes)))

    def refresh(self, workspace: Workspace) -> None:
        """Send the confirmation mails that are due: the one mail that goes to who isn't on the list yet."""
        Confirmations(self._memory, self._credentials, self._clock, self._line).send_due(workspace)

    def _round(self, request: Mapping[str, Any], publication: Publication) -> Round:
        return Round(
            self._memory,
            publication,
            open_line=lambda: self._line(request["workspace"], request["account"]),
            write=self._writer(request, publication),
            sender=request["list"]["from_address"],
            clock=self._clock,
            until=(publication.send_deadline or self._clock()) - LONGEST_STEP,
        )

    def _writer(self, request: Mapping[str, Any], publication: Publication) -> Callable[[Recipient], bytes]:
        """Return what writes each recipient's mail. Raises NotConnected for a key that can't be used.

        What it returns raises Rejected for a mail that can't be written.
        """
        settings = ListSettings.model_validate(request["list"])
        space = self._memory.workspaces.get(publication.workspace)
        head = letterhead(settings, space, datetime.fromisoformat(request["date"]))
        key = signature(settings, self._credentials.get(publication.workspace, self.name, publication.account))

        def write(recipient: Recipient) -> bytes:
            own = envelope(self._memory, settings, publication.workspace, recipient)
            try:
                return signed(newsletter(request["payload"], head, own), key)
            except BadInput as error:
                raise Rejected(error.message, error.hint) from error

        return write

    def _frozen(self, approved: Approved, now: datetime) -> dict[str, Any]:
        settings = self._settings(approved.publication)
        named = settings.model_copy(update={"from_name": letterhead(settings, approved.workspace, now).from_name})
        return {"list": named.model_dump(mode="json"), "date": now.isoformat()}

    def _settings(self, publication: Publication) -> ListSettings:
        return list_settings(self._credentials.settings(publication.workspace, self.name, publication.account))

    def _line(self, workspace: str, account: str) -> Line:
        settings = self._credentials.settings(workspace, self.name, account)
        secret = self._credentials.get(workspace, self.name, account)
        return Line.open(server_of(settings), secret, now=self._clock(), tls=self._tls)

    def _leave_out(self, publication: Publication) -> None:
        """Skip who left the list, and everybody still to come once the approved time is over."""
        self._memory.mailings.leave_out_who_left(publication.id)
        proposal = self._memory.proposals.get(publication.workspace, publication.proposal_id)
        if proposal.at is None or proposal.grace_minutes is None:
            return
        if self._clock() > proposal.at + timedelta(minutes=proposal.grace_minutes):
            self._memory.mailings.leave_out_the_rest(publication.id, "The time it was approved for had passed.")

    def _ended(self, publication: Publication, stopped: SendError | None) -> Delivery:
        counts = self._memory.mailings.counts(publication.id)
        if counts.to_come:
            raise self._rest(publication, counts, stopped)
        if counts.uncertain:
            raise Unknown(_not_certain(publication, counts))
        done = self._delivery(publication)
        if done is None:
            raise Rejected(f"Nobody got it: {counts.said}. greenroom newsletter recipients {publication.id}")
        return done

    def _rest(self, publication: Publication, counts: Counts, stopped: SendError | None) -> SendError:
        """Return how to say that somebody is still to come.

        While certainly nothing has left, as what it is; once something has, it can't be paused, cancelled or missed
        any more: it is read back, and goes on with the rest.
        """
        if not (counts.accepted or counts.uncertain):
            return stopped or TryLater(f"Not taken yet: {counts.said}.", self._next(publication))
        why = f" {stopped.message}" if stopped else ""
        if publication.attempts > 1:
            until = stopped.until if isinstance(stopped, TryLater) else self._next(publication)
            return TryLater(f"{counts.said}.{why}", until)
        return Unknown(f"{counts.said}.{why}")

    def _next(self, publication: Publication) -> datetime:
        waiting = self._memory.mailings.recipients(publication.id, ("queued", "deferred"))
        return max(self._clock(), min((each.not_before or self._clock() for each in waiting), default=self._clock()))

    def _delivery(self, publication: Publication) -> Delivery | None:
        """Return the newsletter's own words: its key, and the id of the mail that was taken first (RFC 2392)."""
        first = self._memory.mailings.first_accepted(publication.id)
        if first is None:
            return None
        counts = self._memory.mailings.counts(publication.id)
        url = f"mid:{quote(first.message_id.strip('<>'))}"
        return Delivery(
            remote_id=str(publication.key),
            url=url,
            at=first.updated_at,
            note="" if set(counts.of) == {"accepted"} else f"{counts.said}.",
        )


def _not_certain(publication: Publication, counts: Counts) -> str:
    return (
        f"{counts.said}. Those that are not certain are never sent again by themselves: "
        f"greenroom newsletter recipients {publication.id} --state unknown"
    )

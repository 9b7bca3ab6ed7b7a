"""The mail that asks whether somebody really wants the newsletter: fixed words, at most once a day to one address."""

from collections.abc import Callable
from datetime import datetime

from core.canonical import sha256
from core.errors import SendError
from core.subscribers import Outcome, Subscriber
from core.works import Workspace
from memory import Memory
from publishing.credentials import Credentials
from publishing.mail import letter, signed
from publishing.mailing_list import ListSettings, letterhead, list_link, list_settings, signature
from publishing.site.words import list_words
from publishing.smtp import Cut, Line, NotNow
from publishing.wire.lines import one_line

CHANNEL = "newsletter"


class Confirmations:
    """Sends the confirmation mails that are due. Nobody gets one who has not asked for it."""

    def __init__(
        self,
        memory: Memory,
        credentials: Credentials,
        clock: Callable[[], datetime],
        open_line: Callable[[str, str], Line],
    ) -> None:
        self._memory = memory
        self._credentials = credentials
        self._clock = clock
        self._open_line = open_line

    def send_due(self, workspace: Workspace) -> int:
        """Send what is due over one line and return how many went. Raises SendError where no server is reached."""
        due = self._memory.subscribers.to_invite(workspace.id)
        account = self._account(workspace)
        if not due or account is None:
            return 0
        line, went = self._open_line(workspace.id, account), 0
        try:
            for subscriber in due:
                went += self._one(line, workspace, account, subscriber)
        except (Cut, NotNow):
            pass  # nothing of it left: it waits for the next look
        finally:
            line.close()
        return went

    def _one(self, line: Line, workspace: Workspace, account: str, subscriber: Subscriber) -> bool:
        settings = list_settings(self._credentials.settings(workspace.id, CHANNEL, account))
        data = self._mail(settings, workspace, account, subscriber)
        outcome = Outcome(state="queued")
        try:
            outcome = line.hand_over(
                settings.from_address, subscriber.address, data, lambda: self._memory.subscribers.invite(subscriber)
            )
        finally:
            self._memory.subscribers.invited(subscriber, outcome)
        return outcome.state == "accepted"

    def _mail(self, settings: ListSettings, workspace: Workspace, account: str, subscriber: Subscriber) -> bytes:
        link = list_link(self._memory, settings.list_url, workspace.id, subscriber.id, "confirm")
        name = one_line(workspace.name)
        words = list_words(subscriber.locale or workspace.locale, name=name, link=link)
        head = letterhead(settings, workspace, self._clock())
        seed = sha256(["confirm", workspace.id, subscriber.id, subscriber.asked_at.isoformat()])[:32]
        text = words["mail"] if link else words["mail_without_page"]
        mail = letter(
            head,
            subscriber.address,
            f"<{seed}@{settings.domain}>",
            subject=words["subject"],
            text=text,
            further={"Auto-Submitted": "auto-generated"},  # RFC 3834: no holiday notice comes back
        )
        return signed(mail, signature(settings, self._credentials.get(workspace.id, CHANNEL, account)))

    def _account(self, workspace: Workspace) -> str | None:
        """Return the account whose server sends for this workspace, if one is connected."""
        account = workspace.account_on(CHANNEL)
        try:
            return account if self._credentials.has(workspace.id, CHANNEL, account) else None
        except SendError:
            return None

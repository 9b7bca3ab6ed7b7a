"""A newsletter's own list: who asked for it, who confirmed, and what became of each mail to them."""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Literal, get_args

from core.base import Instant, Noun
from core.errors import BadInput

SubscriberState = Literal["asked", "invited", "confirmed", "unsubscribed", "bounced"]
"""asked: a confirmation mail is due; invited: it was sent, and nobody has confirmed yet."""

MailState = Literal["queued", "armed", "accepted", "deferred", "refused", "skipped", "unknown"]
"""armed: the mail may be leaving now; skipped: not sent for a reason of ours, such as an unsubscription."""

MAIL_STATES: tuple[str, ...] = get_args(MailState)

LEFT: tuple[MailState, ...] = ("armed", "accepted", "unknown")
"""States in which the mail has left, or may have."""

WAITS = (timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4), timedelta(hours=12))
"""How long after each "not now" of a recipient's server it is asked again; after the last one it counts as a no."""

_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


class Subscriber(Noun):
    """One address on a workspace's list. `source` is the evidence of the consent."""

    id: str
    workspace: str
    address: str
    state: SubscriberState
    locale: str | None = None
    asked_at: Instant  # when it asked, or when the confirmation mail went; in the future: when that may go
    confirmed_at: Instant | None = None
    left_at: Instant | None = None
    source: str  # a form and when, an import and by whom
    reason: str = ""


class Recipient(Noun):
    """One mail of one newsletter to one subscriber."""

    publication_id: str
    subscriber_id: str
    address: str
    message_id: str  # with its angle brackets; the same for every attempt
    state: MailState
    attempts: int = 0  # how often its server said "not now"
    not_before: Instant | None = None
    code: int | None = None  # the server's last answer
    answer: str = ""
    updated_at: Instant


class Outcome(Noun):
    """How one attempt to hand a mail over ended. `hard`: the address itself does not exist."""

    state: MailState
    code: int | None = None
    answer: str = ""
    hard: bool = False


class Counts(Noun):
    """How many mails of a newsletter stand in each state."""

    of: Mapping[str, int]

    @property
    def accepted(self) -> int:
        """How many were taken by a mail server."""
        return self.of.get("accepted", 0)

    @property
    def uncertain(self) -> int:
        """How many may have left."""
        return self.of.get("unknown", 0) + self.of.get("armed", 0)

    @property
    def to_come(self) -> int:
        """How many are still to be sent."""
        return self.of.get("queued", 0) + self.of.get("deferred", 0)

    @property
    def said(self) -> str:
        """Say it to a person: `497 accepted, 2 refused, 1 not certain`."""
        words = (
            (self.accepted, "accepted"),
            (self.of.get("refused", 0), "refused"),
            (self.of.get("skipped", 0), "left out"),
            (self.uncertain, "not certain"),
            (self.to_come, "still to come"),
        )
        return ", ".join(f"{number} {word}" for number, word in words if number) or "nobody to send to"


def normal_address(written: str) -> str:
    """Return an address as it is kept: the domain in lower case and ASCII (IDNA), the local part as written.

    Raises BadInput for what is no address that mail can be sent to; nothing is asked of the network.
    """
    local, at, domain = written.strip().rpartition("@")
    ascii_domain = _ascii(domain.rstrip("."))
    labels = ascii_domain.split(".")
    fits = at and len(local) <= 64 and len(local) + len(ascii_domain) < 254
    if not (fits and _LOCAL.fullmatch(local) and len(labels) > 1 and all(map(_LABEL.fullmatch, labels))):
        raise BadInput(f"{written.strip()[:80]!r} is no e-mail address.", "It looks like ada@example.org.")
    if labels[-1].isdigit():
        raise BadInput(f"{written.strip()[:80]!r} has no domain behind the @.", "It looks like ada@example.org.")
    return f"{local}@{ascii_domain}"


def without_address(address: str, answer: str) -> str:
    """Return a server's answer without the address it names: that stands in its own column, where it can be removed."""
    at = answer.lower().find(address.lower()) if address else -1
    while at >= 0:
        answer = f"{answer[:at]}…{answer[at + len(address) :]}"
        at = answer.lower().find(address.lower())
    return answer


def _ascii(domain: str) -> str:
    """Return a domain as the wire carries it, or nothing where there is no such form."""
    import idna

    try:
        return idna.encode(domain, uts46=True).decode("ascii").lower()
    except (idna.IDNAError, UnicodeError):
        return ""

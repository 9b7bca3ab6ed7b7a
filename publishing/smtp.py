"""One conversation with a mail server, and what each answer means for a mail: gone, not gone, or not certain."""

import re
import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from core.base import Noun
from core.errors import BadInput, NotConnected, TryLater
from core.subscribers import Outcome
from publishing.credentials import Secret

TIMEOUT_S = 60.0
"""How long one answer may take."""

LAST_ANSWER_S = 300.0
"""How long the answer after a mail's last dot may take: some servers look into it before they take it."""

LONGEST_STEP = timedelta(seconds=5 * TIMEOUT_S + LAST_ANSWER_S)
"""How long one mail may take at most: RSET, MAIL, RCPT, DATA, its bytes, and the answer after its last dot."""

AGAIN = timedelta(minutes=5)
"""When a server that could not be reached is tried again."""

_WHO = "[127.0.0.1]"  # what a mail program says: this machine's name is nobody's business, and asking DNS can hang
_SAID = 300
_NO_SUCH = (550, 551, 553)
_ABOUT_US = re.compile(r"[45]\.7\.")  # an enhanced status code that judges the sender, not the address


class MailServer(Noun):
    """Where mail goes out: what a connection's settings say of it."""

    host: str
    port: int
    security: str = "starttls"  # starttls, tls, none
    user: str = ""


class Cut(Exception):
    """The line broke, and this mail has certainly not left."""


class NotNow(Exception):
    """The server takes no mail from us at present, whoever it is for; nothing of this one has left."""

    def __init__(self, message: str, *, final: bool) -> None:
        super().__init__(message)
        self.final = final  # a 5xx


def server_of(settings: Mapping[str, Any]) -> MailServer:
    """Return the mail server that a connection's settings name. Raises NotConnected."""
    security = str(settings.get("security") or "starttls")
    host = str(settings.get("host") or "")
    if not host or security not in ("starttls", "tls", "none"):
        raise NotConnected(
            "The newsletter's mail server is not set up.", "Connect it: greenroom channels add newsletter"
        )
    port = int(settings.get("port") or (465 if security == "tls" else 587))
    return MailServer(host=host, port=port, security=security, user=str(settings.get("user") or ""))


class Line:
    """An open connection. `hand_over` never repeats anything by itself."""

    def __init__(self, smtp: smtplib.SMTP) -> None:
        self._smtp = smtp
        self._fresh = True

    @classmethod
    def open(cls, server: MailServer, secret: Secret, *, now: datetime, tls: ssl.SSLContext | None = None) -> "Line":
        """Connect, encrypt and log in.

        Raises NotConnected where a person has to mend it (login, certificate, no encryption), TryLater where the
        server can't be reached: either way nothing has left.
        """
        where = server.host
        try:
            return cls(_ready(server, secret, tls or ssl.create_default_context()))
        except ssl.SSLCertVerificationError as error:
            raise NotConnected(
                f"The certificate of {where} can't be trusted ({error.verify_message}). Nothing was sent."
            ) from error
        except smtplib.SMTPAuthenticationError as error:  # the library's own words could hold what was sent
            if 400 <= error.smtp_code < 500:
                raise TryLater(f"{where} takes no login at present ({error.smtp_code}).", now + AGAIN) from None
            raise NotConnected(
                f"{where} does not accept the login of {server.user} ({error.smtp_code}). Nothing was sent."
            ) from None
        except (smtplib.SMTPServerDisconnected, smtplib.SMTPResponseException) as error:
            raise TryLater(f"{where} ended the conversation. Nothing was sent.", now + AGAIN) from error
        except smtplib.SMTPException as error:
            raise NotConnected(f"{where} can't be used: {error}. Nothing was sent.") from error
        except OSError as error:
            raise TryLater(
                f"{where} could not be reached ({type(error).__name__}). Nothing was sent.", now + AGAIN
            ) from error

    def hand_over(self, sender: str, to: str, data: bytes, arm: Callable[[], bool]) -> Outcome:
        """Hand one mail over for one recipient and say how it ended.

        `arm` is asked when the server has accepted the recipient, before DATA: only after that can anything leave;
        False sends nothing (`skipped`). Raises Cut or NotNow where this mail has certainly not left.
        """
        refused = self._announced(sender, to)
        if refused:
            return refused
        if not arm():
            self._forget()
            return Outcome(state="skipped", answer="Not to be sent any more.")
        code, said = self._asked("DATA")
        if code != 354:
            return _no(code, said)
        return self._content(data)

    def close(self) -> None:
        """End the conversation; what was accepted stays accepted."""
        with suppress(OSError, smtplib.SMTPException):
            self._smtp.quit()
        self._smtp.close()

    def _announced(self, sender: str, to: str) -> Outcome | None:
        """Name sender and recipient; return the outcome if the recipient was refused."""
        self._forget()
        self._fresh = False
        code, said = self._asked(f"MAIL FROM:<{_envelope(sender)}>")
        if code != 250:
            raise NotNow(f"takes no mail from {sender} ({code} {said})", final=code >= 500)
        code, said = self._asked(f"RCPT TO:<{_envelope(to)}>")
        return None if code in (250, 251) else _no(code, said, address=True)

    def _content(self, data: bytes) -> Outcome:
        """Send the bytes and read the one answer that counts; without it nobody knows."""
        try:
            self._smtp.send(_dotted(data))
            self._wait(LAST_ANSWER_S)
            code, said = _read(self._smtp.getreply())
            self._wait(TIMEOUT_S)
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(state="unknown", answer=f"The line broke after the mail was sent ({type(error).__name__}).")
        return Outcome(state="accepted", code=code, answer=said) if 200 <= code < 300 else _no(code, said)

    def _wait(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _forget(self) -> None:
        if not self._fresh:
            self._asked("RSET")

    def _asked(self, command: str) -> tuple[int, str]:
        try:
            code, said = _read(self._smtp.docmd(command))
        except (OSError, smtplib.SMTPException) as error:
            raise Cut(type(error).__name__) from error
        if code == 421:
            raise Cut(said)
        return code, said


def _ready(server: MailServer, secret: Secret, context: ssl.SSLContext) -> smtplib.SMTP:
    """Return a conversation in which mail can be handed over; what can't be got ready is closed."""
    said: dict[str, Any] = {"timeout": TIMEOUT_S, "local_hostname": _WHO}
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, context=context, **said)
    else:
        smtp = smtplib.SMTP(server.host, server.port, **said)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.security == "starttls":
            smtp.starttls(context=context)
            smtp.ehlo_or_helo_if_needed()
        _log_in(smtp, server, secret)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _log_in(smtp: smtplib.SMTP, server: MailServer, secret: Secret) -> None:
    password = secret.values.get("password", "")
    if not (server.user and password):
        return
    if server.security == "none" and not _is_this_machine(server.host):
        raise smtplib.SMTPNotSupportedError("a password goes over an encrypted line only")
    smtp.login(server.user, password)


def _is_this_machine(host: str) -> bool:
    try:
        return all(found[4][0] in ("127.0.0.1", "::1") for found in socket.getaddrinfo(host, None))
    except OSError:
        return False


def _envelope(address: str) -> str:
    if not address.isascii() or re.search(r"[\s<>\x00-\x1f\x7f]", address):
        raise BadInput(f"{address!r} can't stand in a mail's envelope.")
    return address


def _dotted(data: bytes) -> bytes:
    """Return the content as it goes over the line: a line's first dot doubled, and the dot that ends it."""
    ended = data if data.endswith(b"\r\n") else data + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _read(reply: tuple[int, bytes]) -> tuple[int, str]:
    code, said = reply
    if code < 0:  # the library's way to say that no answer came
        raise smtplib.SMTPServerDisconnected("no answer")
    return code, " ".join(said.decode("utf-8", "replace").split())[:_SAID]


def _no(code: int, said: str, *, address: bool = False) -> Outcome:
    """Return the outcome of a definite answer that is no yes."""
    if 400 <= code < 500:
        return Outcome(state="deferred", code=code, answer=said)
    hard = address and code in _NO_SUCH and not _ABOUT_US.match(said)
    return Outcome(state="refused", code=code, answer=said, hard=hard)

"""A real mail server in this process, which keeps every mail's exact bytes and fails for whom a test says.

What fails is scripted a recipient; each step is for one attempt, and after the last one mail is accepted:

    server.script("tom@example.org", Refuse("450 4.2.0 Greylisted"), Cut(kept=True))
"""

import asyncio
import socket
import ssl
import threading
from collections import defaultdict, deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, Self

ACCEPTED = "250 2.0.0 Queued"


@dataclass(frozen=True)
class Accept:
    """Take the mail of this attempt."""


@dataclass(frozen=True)
class Refuse:
    """Answer the recipient's own RCPT with this (450, 451, 550 ...), and know nothing of the mail."""

    answer: str


@dataclass(frozen=True)
class RefuseData:
    """Take the whole mail, then answer with this (4xx, 5xx) and keep nothing."""

    answer: str


@dataclass(frozen=True)
class Cut:
    """Take the whole mail, then cut the line before any answer; `kept` is what the sender can't know."""

    kept: bool


Step = Accept | Refuse | RefuseData | Cut


@dataclass(frozen=True)
class Mail:
    """One mail as it was kept: the envelope and the exact bytes."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    user: str | None
    tls: bool


class MailServer:
    """The server at `host` and `port`: `received` is what it kept, `attempts` each recipient with its last answer."""

    host = "127.0.0.1"

    def __init__(self, user: str, password: str, tls: Literal["", "starttls", "implicit"]) -> None:
        self.received: list[Mail] = []
        self.attempts: list[tuple[str, str]] = []
        self.certificate = ""  # PEM, for the client to trust
        self._login, self._tls = (user.encode(), password.encode()) if user else None, tls
        self._steps: defaultdict[str, deque[Step]] = defaultdict(deque)
        self._context = self._make_context() if tls else None
        self._loop = asyncio.new_event_loop()
        self._socket = socket.create_server((self.host, 0))
        self.port = int(self._socket.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, name="mail", daemon=True)

    @classmethod
    def start(cls, user: str = "", password: str = "", tls: Literal["", "starttls", "implicit"] = "") -> Self:
        """Start one; with a user, mail is taken only after AUTH (over TLS, where there is TLS)."""
        server = cls(user, password, tls)
        server._thread.start()
        return server

    def script(self, recipient: str, *steps: Step) -> None:
        """Say what happens at the next attempts to reach a recipient."""
        self._steps[recipient].extend(steps)

    def stop(self) -> None:
        """Close the port and every connection; a second time is fine."""
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()

    # what aiosmtpd asks of its handler

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, options: list[str]) -> str:
        """Answer one RCPT."""
        steps = self._steps[address]
        if steps and isinstance(steps[0], Refuse):
            answer = steps.popleft().answer
            self.attempts.append((address, answer))
            return answer
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Answer the end of a mail: the first recipient with something scripted decides."""
        taken = [steps.popleft() for to in envelope.rcpt_tos if (steps := self._steps[to])]
        step = next((step for step in taken if not isinstance(step, Accept)), Accept())
        answer = step.answer if isinstance(step, Refuse | RefuseData) else ACCEPTED
        if answer == ACCEPTED and not (isinstance(step, Cut) and not step.kept):
            self.received.append(self._mail(session, envelope))
        self.attempts.extend((to, "cut" if isinstance(step, Cut) else answer) for to in envelope.rcpt_tos)
        if isinstance(step, Cut):
            server.transport.abort()
            raise asyncio.CancelledError
        return answer

    def _mail(self, session: Any, envelope: Any) -> Mail:
        user = session.auth_data.login.decode() if session.auth_data else None
        tls = bool(session.ssl) or self._tls == "implicit"
        return Mail(envelope.mail_from, tuple(envelope.rcpt_tos), bytes(envelope.original_content), user, tls)

    def _authenticate(self, _server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> Any:
        from aiosmtpd.smtp import AuthResult

        good = self._login == (given.login, given.password)
        return AuthResult(success=good, handled=False, auth_data=given if good else None)

    def _protocol(self) -> Any:
        from aiosmtpd.smtp import SMTP

        return SMTP(
            self,
            hostname="mail.test",
            ident="counterpart",
            enable_SMTPUTF8=True,
            tls_context=self._context if self._tls == "starttls" else None,
            require_starttls=self._tls == "starttls",
            auth_required=self._login is not None,
            auth_require_tls=self._tls == "starttls",
            authenticator=self._authenticate if self._login else None,
            loop=self._loop,
        )

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        context = self._context if self._tls == "implicit" else None
        serving = self._loop.create_server(self._protocol, sock=self._socket, ssl=context)
        server = self._loop.run_until_complete(serving)
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.close()

    def _make_context(self) -> ssl.SSLContext:
        self.certificate, key = certificate()
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        with TemporaryDirectory() as folder:
            path = Path(folder) / "mail.pem"
            path.write_text(key + self.certificate)
            context.load_cert_chain(path)
        return context


def certificate() -> tuple[str, str]:
    """Make a certificate for localhost and 127.0.0.1 that is its own authority; return it and its key as PEM."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.test")])
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    kept = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return made.public_bytes(serialization.Encoding.PEM).decode(), kept.decode()

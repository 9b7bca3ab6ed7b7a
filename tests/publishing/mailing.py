"""A newsletter's sender over a real mail server, with a list and an approved letter."""

from collections.abc import Callable
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from functools import cache
from typing import Any, cast

from core.publications import Publication
from memory import Memory
from publishing import Desk
from publishing.backstage import Backstage
from publishing.platforms.newsletter import Newsletter
from tests.counterparts.mail import MailServer
from tests.publishing.credentials import GivenCredentials
from tests.publishing.making import Clock, approved

PAGES = "https://letters.ines.example"
SENDER = "letters@ines.example"


@cache
def rsa() -> tuple[str, bytes]:
    """A DKIM key as people make one, and what its owner publishes."""
    import base64

    from cryptography.hazmat.primitives import serialization as s
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    key = generate_private_key(65537, 2048)
    pem = key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()).decode()
    public = key.public_key().public_bytes(s.Encoding.DER, s.PublicFormat.SubjectPublicKeyInfo)
    return pem, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def published(name: bytes, timeout: int = 5) -> bytes:
    """Answer the question for the key as DNS would."""
    return rsa()[1] if name == b"green._domainkey.ines.example." else b""


def credentials(
    server: MailServer | None, *, secret: dict[str, str] | None = None, **settings: Any
) -> GivenCredentials:
    given = GivenCredentials()
    said = {
        "host": "127.0.0.1",
        "port": server.port if server else None,
        "security": "none",
        "from_address": SENDER,
        "list_url": PAGES,
        "dkim_selector": "green",
    }
    given.connect("ines", "newsletter", "ines.example", settings=said | settings, **(secret or {}))
    return given


def desk(memory: Memory, given: GivenCredentials, clock: Callable[..., Any], **named: Any) -> Desk:
    backstage = Backstage(home=memory.home, memory=memory, credentials=given, clock=clock)
    return Desk(memory, {"newsletter": Newsletter(backstage, **named)}, clock)


def subscribe(memory: Memory, *addresses: str) -> None:
    for address in addresses:
        memory.subscribers.add_consented("ines", address, source="the list of the harbour fair, kept by Ines")


def queued(memory: Memory, to: Desk, **wanted: Any) -> Publication:
    return to.enqueue(*approved(memory, channel="newsletter", **wanted))


def parsed(data: bytes) -> EmailMessage:
    return cast("EmailMessage", message_from_bytes(data, policy=default))


def states(memory: Memory, publication: Publication) -> dict[str, str]:
    return {row.address: row.state for row in memory.mailings.recipients(publication.id)}


def settle_down(to: Desk, clock: Clock, hours: int = 40) -> None:
    """Let time pass until nothing moves by itself any more."""
    for _ in range(hours * 4):
        to.publish_due()
        clock.pass_by(minutes=15)

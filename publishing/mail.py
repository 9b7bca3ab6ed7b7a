"""One mail as bytes: what was approved, and for each recipient only what has to differ.

Headers are written by the standard library's `email`; those that machines read are never folded into encoded words.
The parts are quoted-printable or base64, so that no relay has a reason to change a byte and break the signature.
"""

import re
import unicodedata
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any, Literal

from core.base import Instant, Noun
from core.errors import BadInput
from publishing.wire.newsletter import PLACEHOLDER

SIGNED = (
    "From", "Reply-To", "Subject", "Date", "Message-ID", "To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
)  # fmt: skip
_UNFOLDED = frozenset({"message-id", "list-id", "list-unsubscribe", "list-unsubscribe-post"})
_SAFE_URL = re.compile(r"(https?://|mailto:)[A-Za-z0-9._~:/?#@!$()*+,;=%\[\]-]+")
_LONGEST_LINE = 998


class _MailPolicy(EmailPolicy):
    """The SMTP policy; the library would fold a long address in a header into encoded words that no machine reads."""

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return one header as bytes."""
        if name.lower() in _UNFOLDED:
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


POLICY = _MailPolicy(linesep="\r\n", cte_type="7bit")


class Letterhead(Noun):
    """What is the same in every mail of one newsletter besides the approved bytes; frozen with the request."""

    from_address: str
    from_name: str
    reply_to: str = ""
    list_id: str  # ines.letters.example, without its angle brackets
    date: Instant


class Envelope(Noun):
    """What differs between the recipients of one newsletter."""

    to: str
    message_id: str
    leave_url: str  # https://…, or mailto:…
    leave_mail: str  # mailto:…


class Signature(Noun):
    """A DKIM key and where its public half is published. Printing one shows no key."""

    domain: str
    selector: str
    key: str  # RSA, PEM

    def __repr__(self) -> str:
        return f"Signature({self.selector}._domainkey.{self.domain})"

    __str__ = __repr__


def newsletter(post: Mapping[str, Any], head: Letterhead, envelope: Envelope) -> bytes:
    """Return the mail of one recipient. Raises BadInput where a header could carry more than itself."""
    message = letter(
        head,
        envelope.to,
        envelope.message_id,
        subject=str(post["subject"]),
        text=personal(str(post["plain"]), envelope),
        html=personal(str(post["html"]), envelope),
    )
    one_click = envelope.leave_url.startswith("https://")
    ways = [envelope.leave_url, envelope.leave_mail] if envelope.leave_url.startswith("http") else [envelope.leave_mail]
    message["List-Id"] = f"<{_one_line('List-Id', head.list_id)}>"
    message["List-Unsubscribe"] = ", ".join(f"<{_address_of(way)}>" for way in ways)
    if one_click:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return as_bytes(message)


def letter(
    head: Letterhead, to: str, message_id: str, *, subject: str, text: str, html: str | None = None
) -> EmailMessage:
    """Return a mail with a text and, where there is one, the same as HTML."""
    message = EmailMessage(policy=POLICY)
    message["From"] = _mailbox(head.from_address, head.from_name)
    message["To"] = _mailbox(to)
    if head.reply_to:
        message["Reply-To"] = _mailbox(head.reply_to)
    message["Subject"] = _one_line("Subject", subject)
    message["Date"] = format_datetime(head.date)
    message["Message-ID"] = _one_line("Message-ID", message_id)
    try:
        message.set_content(_body(text), cte=_encoding(text))
        if html is not None:
            message.add_alternative(_body(html), subtype="html", cte=_encoding(html))
    except UnicodeError:
        raise BadInput("The text holds characters that can't be written (half a surrogate pair).") from None
    if html is not None:
        message.set_boundary(f"=_{message_id.strip('<>').partition('@')[0]}")
    return message


def as_bytes(message: EmailMessage) -> bytes:
    """Return a mail's bytes: ASCII, CRLF, no line over 998."""
    data = message.as_bytes()
    if not data.isascii() or max(map(len, data.split(b"\r\n"))) > _LONGEST_LINE:
        raise BadInput("This mail can't be written so that every server takes it.")
    return data


def signed(data: bytes, signature: Signature | None) -> bytes:
    """Return the mail with a DKIM signature over what a relay must not change; as it is where there is no key.

    From is signed once more than it is there, so that a second one added on the way breaks the signature. Raises
    BadInput for a key that can't be used.
    """
    if signature is None:
        return data
    import dkim

    there = {line.partition(b":")[0].lower() for line in data.partition(b"\r\n\r\n")[0].split(b"\r\n")}
    covered = [name.encode() for name in SIGNED if name.lower().encode() in there]
    try:
        made: bytes = dkim.sign(
            data,
            signature.selector.encode("ascii"),
            signature.domain.encode("ascii"),
            _traditional(signature.key),
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*covered, b"From"],
        )
    except (dkim.DKIMException, UnicodeError) as error:
        raise BadInput(f"The DKIM key can't be used ({type(error).__name__}).", "It is an RSA key in PEM.") from None
    return made + data


def personal(approved: str, envelope: Envelope) -> str:
    """Return an approved part with the recipient's own way out in the placeholder's place, and nothing else changed."""
    return approved.replace(PLACEHOLDER, _address_of(envelope.leave_url))


def _traditional(pem: str) -> bytes:
    """Return an RSA key as PKCS #1, the one form that dkimpy reads."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import (
        Encoding,
        NoEncryption,
        PrivateFormat,
        load_pem_private_key,
    )

    try:
        key = load_pem_private_key(pem.encode("ascii"), password=None)
    except (ValueError, TypeError) as error:  # never the library's words: they could hold some of the key
        raise BadInput(f"The DKIM key can't be read ({type(error).__name__}).", "It is an RSA key in PEM.") from None
    if not isinstance(key, RSAPrivateKey):
        raise BadInput("The DKIM key is no RSA key.", "Make one with: openssl genrsa 2048")
    return key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def _mailbox(address: str, name: str = "") -> Address:
    try:
        return Address(display_name=_one_line("a name", name), addr_spec=_one_line("an address", address))
    except (ValueError, IndexError) as error:
        raise BadInput(f"{address!r} can't stand in a mail's header.") from error


def _one_line(what: str, value: str) -> str:
    """Return a header's value unless it could be read as more than one."""
    if any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in value):
        raise BadInput(f"{what} holds a line break or a control character: {value[:60]!r}. Nothing was sent.")
    return value


def _address_of(url: str) -> str:
    """Return an address that stays itself in a header, in HTML and in plain text."""
    if not _SAFE_URL.fullmatch(url):
        raise BadInput(f"{url!r} can't stand in a mail.")
    return url


def _body(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


def _encoding(text: str) -> Literal["quoted-printable", "base64"]:
    """Return the shorter of the two forms that every relay leaves alone; mostly Latin text stays readable."""
    data = text.encode("utf-8", "replace")
    foreign = sum(byte > 126 for byte in data)
    return "base64" if foreign * 6 > len(data) else "quoted-printable"

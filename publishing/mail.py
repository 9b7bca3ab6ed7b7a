"""One mail as bytes: what was approved, and for each recipient only what has to differ.

Headers are written here: the standard library decodes what looks encoded in a value before it writes it, so that a
subject could carry a header of its own. The parts are the library's, quoted-printable or base64: no relay has a reason
to change a byte of them and break the signature.
"""

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterator, Mapping
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, Literal

from core.base import Instant, Noun
from core.errors import BadInput
from core.subscribers import normal_address
from publishing.wire.newsletter import PLACEHOLDER

SIGNED = (
    "From", "Reply-To", "Subject", "Date", "Message-ID", "To", "List-Id", "List-Unsubscribe", "List-Unsubscribe-Post",
    "MIME-Version", "Content-Type",
)  # fmt: skip
_SAFE_URL = re.compile(r"(https?://|mailto:)[A-Za-z0-9._~:/?#@!$()*+,;=%\[\]-]+")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9._-]+@[A-Za-z0-9.-]+>")
_LIST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_LONGEST_LINE = 998
_LONGEST_PLAIN = 900  # a header that is longer is encoded, which folds it
_WORD_BYTES = 45  # an encoded word has at most 75 characters (RFC 2047)


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
    key: bytes  # RSA, PKCS #1 in PEM: the one form that dkimpy reads

    @classmethod
    def of(cls, domain: str, selector: str, pem: str) -> "Signature":
        """Return a signature of an RSA key in PEM. Raises BadInput for what is none; it never shows any of it."""
        return cls(domain=domain, selector=selector, key=_traditional(pem))

    def __repr__(self) -> str:
        return f"Signature({self.selector}._domainkey.{self.domain})"

    __str__ = __repr__


def newsletter(post: Mapping[str, Any], head: Letterhead, envelope: Envelope) -> bytes:
    """Return the mail of one recipient. Raises BadInput where a header could carry more than itself."""
    has_page = envelope.leave_url.startswith("http")
    ways = [envelope.leave_url, envelope.leave_mail] if has_page else [envelope.leave_mail]
    further = {
        "List-Id": f"<{_fitting(_LIST_ID, head.list_id)}>",
        "List-Unsubscribe": ", ".join(f"<{_fitting(_SAFE_URL, way)}>" for way in ways),
    }
    if envelope.leave_url.startswith("https://"):
        further["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    plain, html = (personal(str(post[part]), envelope) for part in ("plain", "html"))
    return letter(
        head, envelope.to, envelope.message_id, subject=str(post["subject"]), text=plain, html=html, further=further
    )


def letter(
    head: Letterhead,
    to: str,
    message_id: str,
    *,
    subject: str,
    text: str,
    html: str | None = None,
    further: Mapping[str, str] | None = None,
) -> bytes:
    """Return a mail with a text and, where there is one, the same as HTML: ASCII, CRLF, no line over 998.

    Raises BadInput for what can't stand in a header. `further`: more headers, whose values the caller has checked.
    """
    headers = {
        "From": _mailbox(head.from_address, head.from_name),
        "To": _mailbox(to),
        **({"Reply-To": _mailbox(head.reply_to)} if head.reply_to else {}),
        "Subject": _words(_one_line("Subject", subject)),
        "Date": format_datetime(head.date),
        "Message-ID": _fitting(_MESSAGE_ID, message_id),
        **(further or {}),
    }
    top = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    data = top.encode("ascii") + _content(text, html, boundary=f"=_{message_id.strip('<>').partition('@')[0]}")
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
            signature.key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=[*covered, b"From"],
        )
    except (dkim.DKIMException, UnicodeError) as error:
        raise BadInput(f"The DKIM key can't be used ({type(error).__name__}).", "It is an RSA key in PEM.") from None
    return made + data


def personal(approved: str, envelope: Envelope) -> str:
    """Return an approved part with the recipient's own way out in the placeholder's place, and nothing else changed."""
    return approved.replace(PLACEHOLDER, _fitting(_SAFE_URL, envelope.leave_url))


def _traditional(pem: str) -> bytes:
    """Return an RSA key as PKCS #1. Reading it checks it, which takes a while: once is enough for many mails."""
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


def _content(text: str, html: str | None, boundary: str) -> bytes:
    """Return the MIME headers and the parts."""
    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    try:
        message.set_content(_body(text), cte=_encoding(text))
        if html is not None:
            message.add_alternative(_body(html), subtype="html", cte=_encoding(html))
    except UnicodeError:
        raise BadInput("The text holds characters that can't be written (half a surrogate pair).") from None
    if html is not None:
        message.set_boundary(boundary)
    return message.as_bytes()


def _mailbox(address: str, name: str = "") -> str:
    """Return an address, with a name before it where there is one, as it stands in a header."""
    if normal_address(address) != address:
        raise BadInput(f"{address[:80]!r} can't stand in a mail's header.")
    shown = _one_line("A name", name).strip()
    if not shown:
        return address
    if not shown.isascii() or "=?" in shown or len(shown) > _LONGEST_PLAIN:
        return f"{_words(shown, encode=True)}\r\n <{address}>"
    quoted = shown.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def _words(text: str, *, encode: bool = False) -> str:
    """Return a header's text; as encoded words where a reader could take it for something else."""
    if not encode and text.isascii() and "=?" not in text and len(text) <= _LONGEST_PLAIN:
        return text
    return "\r\n ".join(f"=?utf-8?b?{b64encode(piece).decode('ascii')}?=" for piece in _pieces(text))


def _pieces(text: str) -> Iterator[bytes]:
    """Yield a text's bytes in pieces that fit into encoded words and cut no character."""
    piece = b""
    for character in text:
        data = character.encode("utf-8")
        if len(piece) + len(data) > _WORD_BYTES:
            yield piece
            piece = b""
        piece += data
    yield piece


def _one_line(what: str, value: str) -> str:
    """Return a header's value unless it could be read as more than one."""
    if any(unicodedata.category(each) in ("Cc", "Cs", "Zl", "Zp") for each in value):
        raise BadInput(f"{what} holds a line break or a control character: {value[:60]!r}. Nothing was sent.")
    return value


def _fitting(pattern: re.Pattern[str], value: str) -> str:
    """Return what stays itself in a header, in HTML and in plain text, because it can hold nothing else."""
    if not pattern.fullmatch(value) or len(value) > _LONGEST_PLAIN // 2:
        raise BadInput(f"{value[:80]!r} can't stand in a mail.")
    return value


def _body(text: str) -> str:
    return re.sub(r"\r\n?", "\n", text)


def _encoding(text: str) -> Literal["quoted-printable", "base64"]:
    """Return the shorter of the two forms that every relay leaves alone; mostly Latin text stays readable."""
    data = text.encode("utf-8", "replace")
    foreign = sum(byte > 126 for byte in data)
    return "base64" if foreign * 6 > len(data) else "quoted-printable"

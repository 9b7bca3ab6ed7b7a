"""A mail's bytes: no field can become another header, no text changes on its way, each link is a person's own."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import parseaddr
from typing import Any

import dkim
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from publishing.mail import (
    PLACEHOLDER,
    Envelope,
    Letterhead,
    Signature,
    letter,
    newsletter,
    personal,
    signed,
)
from tests.publishing.mailing import published, rsa

HEADERS = [
    "From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id", "List-Unsubscribe",
    "List-Unsubscribe-Post", "MIME-Version", "Content-Type",
]  # fmt: skip
LINK = "https://letters.ines.example/list/ines/unsubscribe/s_0.abc-_"
HEAD = Letterhead(
    from_address="letters@ines.example",
    from_name="Tidewater Letters",
    reply_to="ines@ines.example",
    list_id="ines.ines.example",
    date=datetime(2026, 11, 20, 12, tzinfo=UTC),
)
TO = Envelope(
    to="ada@example.org",
    message_id="<0a1b.s_0@ines.example>",
    leave_url=LINK,
    leave_mail="mailto:ines@ines.example?subject=unsubscribe",
)
POST = {"subject": "S", "plain": f"Hi\n{PLACEHOLDER}\n", "html": f'<a href="{PLACEHOLDER}">x</a>\n'}
NASTY = st.text(
    st.one_of(
        st.characters(),
        st.sampled_from("\r\n\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029:;,<>@\"'\\()[]=?_\u202e"),
    ),
    max_size=300,
)
INJECTIONS = (
    "Hi\r\nBcc: eve@evil.example",
    "Hi\n\nbody",
    "Hi\rBcc: x",
    "=?utf-8?q?Hi=0ABcc:_x?=",
    "a" * 2000,
    "\ud800",
)


def made(*, post: dict[str, str] | None = None, head: dict[str, Any] | None = None, **to: str) -> bytes:
    return newsletter(POST | (post or {}), HEAD.model_copy(update=head or {}), TO.model_copy(update=to))


def test_the_headers_are_these_and_no_others() -> None:
    assert list(message_from_bytes(made(), policy=policy.default).keys()) == HEADERS


@given(NASTY)
@settings(max_examples=400, deadline=None)
@example(INJECTIONS[0])
@example(INJECTIONS[3])
@example(INJECTIONS[4])
@example(INJECTIONS[5])
@example("a" * 60 + ", " + '"' * 30)
def test_no_field_can_become_another_header(text: str) -> None:
    fields: list[dict[str, Any]] = [
        {"post": {"subject": text}},
        {"head": {"from_name": text}},
        {"head": {"reply_to": text}},
        {"head": {"from_address": text}},
        {"head": {"list_id": text}},
        {"to": text},
        {"message_id": text},
        {"leave_url": text},
        {"leave_mail": text},
    ]
    for field in fields:
        try:
            data = made(**field)
        except BadInput:
            continue
        mail = message_from_bytes(data, policy=policy.default)
        present = [name for name in HEADERS if name in mail]
        assert list(mail.keys()) == present, field
        assert set(HEADERS) - set(present) <= {"Reply-To", "List-Unsubscribe-Post"}, field
        assert data.isascii()
        assert max(map(len, data.split(b"\r\n"))) <= 998
        assert b"\n" not in data.replace(b"\r\n", b"")
        assert mail.get_content_type() == "multipart/alternative"


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=120))
@settings(max_examples=300, deadline=None)
@example("Ebbe, Flut – とても静かな港の手紙 " * 3)
@example('Ines "the tide" O\'Hara, Ltd. <x>')
def test_subject_and_sender_arrive_as_they_were_written(text: str) -> None:
    data = made(post={"subject": text}, head={"from_name": text})
    mail = message_from_bytes(data, policy=policy.default)
    assert [each.addr_spec for each in mail["from"].addresses] == [HEAD.from_address]
    assert words(str(mail["subject"])) == words(text)
    # the library's structured parser puts a space between the words of a long name; its older one reads RFC 2047
    name, address = parseaddr(message_from_bytes(data)["from"])
    assert address == HEAD.from_address
    assert words(str(make_header(decode_header(name)))) == words(text)


@given(st.text(st.characters(exclude_categories=("Cs",)), max_size=400))
@settings(max_examples=300, deadline=None)
@example("..\n.\n.hidden\r\nFrom here\n" + "long " * 400)
@example("ขอบคุณทุกคน " * 40)
def test_putting_the_placeholder_back_gives_the_approved_bytes(text: str) -> None:
    post = {"plain": f"{text}\n{PLACEHOLDER}\n", "html": f"<p>{text}</p>\n<a href='{PLACEHOLDER}'>x</a>\n"}
    mail = message_from_bytes(made(post=post), policy=policy.default)
    for part, approved in zip(mail.iter_parts(), (post["plain"], post["html"]), strict=True):
        arrived = part.get_payload(decode=True).decode("utf-8").replace("\r\n", "\n")
        assert arrived.count(LINK) == approved.count(PLACEHOLDER)
        assert arrived.replace(LINK, PLACEHOLDER) == approved.replace("\r\n", "\n").replace("\r", "\n")
    assert personal(post["html"], TO).replace(LINK, PLACEHOLDER) == post["html"]


@pytest.mark.parametrize("text", ["Ett brev på øya", "ขอบคุณทุกคน " * 40, "x" * 5000, "trailing  \n  spaces\t\n"])
def test_a_signature_survives_relays_that_refold_headers_and_trim_spaces(text: str) -> None:
    key = Signature.of("ines.example", "green", rsa()[0])
    mail = letter(HEAD, "ada@example.org", "<a@ines.example>", subject=" ".join(text[:60].split()), text=text)
    data = signed(mail, key)
    assert dkim.verify(data, dnsfunc=published)
    relayed = b"Received: by relay.example\r\n" + data.replace(b"Subject: ", b"Subject:\r\n ", 1)
    assert dkim.verify(relayed, dnsfunc=published)
    assert rsa()[0][60:90] not in repr(key)


@pytest.mark.parametrize("key", ["", "nonsense", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----"])
def test_a_key_that_is_none_is_named_and_not_shown(key: str) -> None:
    with pytest.raises(BadInput, match="DKIM key") as said:
        Signature.of("ines.example", "green", key)
    assert "AAAA" not in str(said.value)


def words(text: str) -> list[str]:
    """A header's spaces may be folded: its words may not change."""
    return text.split()

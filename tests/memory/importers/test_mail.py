from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest

from memory.importers import Failure, collect
from tests.memory.importers.packing import left_out, unpacked, zipped

ME = "Ines Dahl <ines@t.example>"
FOOTER = "You are receiving this because you signed up.\nUnsubscribe: https://t.example/u\n\nTidewater, Pier 3"


def letter(number: int, text: str = "", html: str = "", sender: str = ME, **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "list@t.example"
    message["Subject"] = f"Letter {number}"
    message["Date"] = "Sun, 06 Oct 2024 10:00:00 +0200"
    message["Message-ID"] = f"<{number}@t.example>"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    if text or not html:
        message.set_content(text or f"Words of {number}.")
    if html:
        (message.add_alternative if text else message.set_content)(html, subtype="html")
    return message.as_bytes()


def mbox(*messages: bytes) -> bytes:
    quoted = (
        b"\n".join(b">" + line if line.startswith(b"From ") else line for line in m.split(b"\n")) for m in messages
    )
    return b"".join(b"From ines@t.example Sun Oct  6 08:00:00 2024\n" + m.rstrip(b"\n") + b"\n\n" for m in quoted)


def test_takes_a_newsletter_without_what_is_put_around_it(tmp_path: Path) -> None:
    html = (
        '<html><body><div style="display:none">Preview words</div><p>View this email in your browser</p>'
        "<h1>Fog</h1><p>Øl &amp; fog.</p><table><tr><td><p>Two.</p></td></tr></table>"
        "<p>You are receiving this because you signed up.</p><p><a href='x'>Unsubscribe</a></p></body></html>"
    )
    path = unpacked(tmp_path, {"letters.mbox": mbox(letter(1, "Plain.", html, Subject="=?utf-8?q?T=C3=A5ke?="))})
    harvest = collect([path / "letters.mbox"])
    assert (harvest.failed, harvest.left_out) == ([], ())
    (piece,) = harvest.pieces
    assert piece.model_dump() == {
        "source": "email:1@t.example",
        "title": "Tåke",
        "body": "# Fog\n\nØl & fog.\n\nTwo.",
        "format": "email",
        "published_at": datetime(2024, 10, 6, 8, tzinfo=UTC),
        "authors": ("Ines Dahl",),
        "tags": (),
        "excerpt": "",
        "url": None,
        "language": None,
        "license": None,
        "extra": {"left out": ["a line above the letter", "the footer"]},
    }


def test_takes_the_most_frequent_senders_letters_only(tmp_path: Path) -> None:
    leif = "Leif <leif@t.example>"
    box = mbox(
        letter(1, sender=leif), letter(2), letter(3), letter(4, sender=leif), letter(5, sender="INES@T.example"),
        letter(6, In_Reply_To="<1@t.example>"), letter(7, Subject="Re: boat"), letter(2),
        letter(8, X_Gmail_Labels="Sent,Drafts"), letter(9, X_Gmail_Labels="Trash"), letter(10, X_Mozilla_Status="0009"),
        letter(11, X_Unsent="1"), letter(12, html="<img src='x'>"),
    )  # fmt: skip
    harvest = collect([zipped(tmp_path / "takeout.zip", {"Takeout/Mail/All mail.mbox": box})])
    assert harvest.failed == []
    assert [piece.source for piece in harvest.pieces] == ["email:2@t.example", "email:3@t.example", "email:5@t.example"]
    assert left_out(harvest) == {
        "messages from others than ines@t.example, who sent most": 2, "replies to single people": 2, "drafts": 2,
        "further copies of a message": 1, "deleted messages": 2, "messages without text": 1,
    }  # fmt: skip


def test_single_files_are_one_mailbox(tmp_path: Path) -> None:
    files = {
        "a.eml": letter(1),
        "b/c.eml": letter(2),
        "d.eml": letter(3, sender="leif@t.example"),
        "note.md": "A note.",
    }
    harvest = collect([unpacked(tmp_path / "mail", files)])
    assert [piece.source for piece in harvest.pieces] == ["email:1@t.example", "email:2@t.example", "note.md"]
    assert left_out(harvest) == {"messages from others than ines@t.example, who sent most": 1}
    alone = collect([tmp_path / "mail/d.eml"])
    assert [piece.authors for piece in alone.pieces] == [("leif@t.example",)]


@pytest.mark.parametrize(
    ("raw", "body"),
    [
        (b"Content-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nT=E5ke =\nog regn.",
         "Tåke og regn."),
        (b"Content-Type: text/plain; charset=x-unknown\n\nT\xc3\xa5ke.", "Tåke."),
        (b"Content-Type: text/plain\n\nT\xe5ke.", "Tåke."),
        (b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\nVMOla2Uu", "Tåke."),
        (b"Content-Type: text/plain; format=flowed\n\nOne \nparagraph.\n\nTwo.\n-- \nInes", "One paragraph.\n\nTwo."),
        (b"Content-Type: text/plain\n\nBody.\n\n" + FOOTER.encode(), "Body."),
        (b"Content-Type: text/plain\n\nHow to unsubscribe from everything is what this long letter is about. "
         + b"Word. " * 80, "How to unsubscribe from everything is what this long letter is about. " + "Word. " * 80),
        (b"\nNo type at all.", "No type at all."),
    ],
)  # fmt: skip
def test_charsets_encodings_and_footers(tmp_path: Path, raw: bytes, body: str) -> None:
    head = b"From: ines@t.example\nSubject: S\nMessage-ID: <1@t>\n"
    harvest = collect([unpacked(tmp_path / "a", {"a.eml": head + raw})])
    assert [piece.body for piece in harvest.pieces] == [body.strip()]


def test_a_quoted_line_is_no_border_and_crlf_is_read(tmp_path: Path) -> None:
    box = mbox(letter(1, "One.\n\nFrom 2020 on it rained.\n"), letter(2))
    for name, data in (("lf.mbox", box), ("crlf.mbox", box.replace(b"\n", b"\r\n"))):
        harvest = collect([unpacked(tmp_path / name, {name: data})])
        assert [piece.body for piece in harvest.pieces] == ["One.\n\nFrom 2020 on it rained.", "Words of 2."]


def test_what_is_no_mail_and_what_is_too_large_is_named_by_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("memory.importers.mail.LARGEST", 2000)
    folder = unpacked(
        tmp_path / "a", {"a.mbox": mbox(letter(1), letter(2, "x" * 70 + ("\n" + "y" * 70) * 60), letter(3))}
    )
    harvest = collect([folder])
    assert [piece.source for piece in harvest.pieces] == ["email:1@t.example", "email:3@t.example"]
    ((where, reason),) = harvest.failed
    assert where.startswith(f"{folder}/a.mbox:")
    assert reason == "is a message of over 0 MB"
    assert collect([unpacked(tmp_path / "b", {"b.mbox": b"Nothing of the kind."})]).failed == [
        Failure(f"{tmp_path}/b/b.mbox", "holds no message with a sender")
    ]


def test_without_a_message_id_a_letter_keeps_its_name(tmp_path: Path) -> None:
    raw = letter(1).replace(b"Message-ID: <1@t.example>\n", b"")
    one = collect([unpacked(tmp_path / "a", {"a.eml": raw})]).pieces
    two = collect([unpacked(tmp_path / "b", {"box.mbox": mbox(raw)})]).pieces
    assert [piece.source for piece in one] == [piece.source for piece in two]
    assert one[0].source.startswith("email:")

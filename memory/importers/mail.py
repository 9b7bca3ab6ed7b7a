"""Newsletters as mail: an mbox, or files of one message each. Whoever sent most of them is taken for the creator."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from email import policy
from email.message import EmailMessage
from email.parser import BytesHeaderParser, BytesParser
from email.utils import parseaddr
from typing import NamedTuple

from core.works import Piece
from memory.importers.archive import Archive
from memory.importers.dates import read_date
from memory.importers.facts import line, make_piece
from memory.importers.mail_text import text_of_message
from memory.importers.material import LARGEST, Failure, LeftOut, Material, Unreadable
from memory.importers.mbox import messages
from memory.importers.rows import digest

FAULTS = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)
"""What the standard library raises on mail that is no mail."""

_NOT_SENT = {"draft": "drafts", "drafts": "drafts", "trash": "deleted messages", "spam": "spam"}


class Raw(NamedTuple):
    """A message as bytes, and where it stands; None: too large."""

    place: Material
    where: str
    data: bytes | None


def read_mbox(archive: Archive, name: str) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each message of the most frequent sender that is no reply and no draft."""

    def opened() -> Iterator[Raw]:
        place = archive.place(name)
        with archive.open(name) as file:
            for found in messages(file, LARGEST):
                yield Raw(place, f"{place.where}:{found.line}", found.data)

    yield from _letters(opened, archive.where(name))


def read_files(archive: Archive, names: Iterable[str]) -> Iterator[Piece | Failure | LeftOut]:
    """Yield the same of `.eml` files, all of which are taken for one mailbox."""
    listed = list(names)

    def opened() -> Iterator[Raw]:
        for name in listed:
            place = archive.place(name)
            with archive.open(name) as file:
                data = file.read(LARGEST + 1)
            yield Raw(place, place.where, data if len(data) <= LARGEST else None)

    yield from _letters(opened, archive.where(listed[0]))


def _letters(opened: Callable[[], Iterator[Raw]], where: str) -> Iterator[Piece | Failure | LeftOut]:
    """Read twice: who sends most is known only at the end."""
    try:
        sender = _most_frequent(opened())
    except Unreadable as error:
        yield Failure(error.where, error.reason)
        return
    if not sender:
        yield Failure(where, "holds no message with a sender")
        return
    taken: set[str] = set()
    for raw in opened():
        try:
            yield _letter(raw, sender, taken)
        except Unreadable as error:
            yield Failure(raw.where, error.reason)
        except FAULTS as error:
            yield Failure(raw.where, f"is a message that can't be read ({type(error).__name__})")


def _most_frequent(found: Iterator[Raw]) -> str:
    counts: Counter[str] = Counter()
    parser = BytesHeaderParser(policy=policy.compat32)
    for raw in found:
        head = (raw.data or b"").replace(b"\r\n", b"\n").partition(b"\n\n")[0][:LARGEST]
        try:
            sender = _address(str(parser.parsebytes(head).get("from", "")))
        except FAULTS:
            continue
        if sender:
            counts[sender] += 1
    return counts.most_common(1)[0][0] if counts else ""


def _address(value: str) -> str:
    return parseaddr(value)[1].strip().lower()


def _letter(raw: Raw, sender: str, taken: set[str]) -> Piece | LeftOut:
    if raw.data is None:
        raise Unreadable(raw.where, f"is a message of over {LARGEST // 2**20} MB")
    message = BytesParser(_class=EmailMessage, policy=policy.default).parsebytes(raw.data)
    if not message.keys():
        raise Unreadable(raw.where, "is no mail: it has no headers")
    if reason := _why_not(message, sender):
        return LeftOut(reason)
    subject, date = _header(message, "subject"), _header(message, "date")
    identity = _header(message, "message-id").strip("<> ") or digest(sender, date, subject)
    if identity in taken:
        return LeftOut("further copies of a message")
    taken.add(identity)
    said = text_of_message(message)
    if not said.body.strip():
        return LeftOut("messages without text")
    facts = {
        "title": subject,
        "date": read_date(date).at or date,
        "author": parseaddr(_header(message, "from"))[0] or sender,
        "language": _header(message, "content-language").partition(",")[0],
        "url": _web(_header(message, "archived-at")),
        "list": _header(message, "list-id"),
        "left out": list(said.left_out),
    }
    return make_piece(raw.place, facts, said.body, format="email", source=f"email:{identity}")


def _header(message: EmailMessage, name: str) -> str:
    try:
        return line(str(message.get(name, "")))
    except FAULTS:  # a header that the parser chokes on is one that is not there
        return ""


def _why_not(message: EmailMessage, sender: str) -> str:
    if _address(_header(message, "from")) != sender:
        return f"messages from others than {sender}, who sent most"
    labels = {label.strip().lower() for label in _header(message, "x-gmail-labels").split(",")}
    if found := sorted(labels & _NOT_SENT.keys()):
        return _NOT_SENT[found[0]]
    status = _header(message, "x-mozilla-status")
    if status and int(status, 16) & 0x8:
        return "deleted messages"
    if _header(message, "x-unsent") == "1":
        return "drafts"
    if _header(message, "in-reply-to") or _header(message, "subject").lower().startswith("re:"):
        return "replies to single people"
    return ""


def _web(value: str) -> str:
    return value.strip("<>") if value.strip("<>").startswith(("https://", "http://")) else ""

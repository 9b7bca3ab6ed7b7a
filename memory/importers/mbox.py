"""The mbox form, read as a stream: messages that begin with a `From ` line."""

import re
from collections.abc import Iterator
from typing import IO, NamedTuple

_BEGINS = re.compile(rb"From [^\r\n]*\d{4}")
_QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
_LONGEST_LINE = 2**20


class Message(NamedTuple):
    """A message's bytes (None if there are more than allowed), and the line of the file it begins in."""

    line: int
    data: bytes | None


def messages(file: IO[bytes], most: int) -> Iterator[Message]:
    """Yield the messages of a mailbox; a `From ` line counts after a blank line or at the very start."""
    begins, size, blank = 1, 0, True
    held: list[bytes] = []
    number = 0
    for number, current in _lines(file):
        if blank and _BEGINS.match(current):
            if size:
                yield _message(begins, held, size, most)
            begins, size, held = number, 0, []
            blank = False
            continue
        blank = not current.strip(b"\r\n")
        size += len(current)
        if size <= most:
            held.append(current)
    if size and number:
        yield _message(begins, held, size, most)


def _lines(file: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield (number, line); a line of over 1 MB comes in parts, so that no line fills the memory."""
    number, whole = 0, True
    while current := file.readline(_LONGEST_LINE):
        number += whole
        whole = current.endswith(b"\n")
        yield number, current


def _message(begins: int, held: list[bytes], size: int, most: int) -> Message:
    return Message(begins, _QUOTED.sub(rb"\1", b"".join(held)) if size <= most else None)

"""Long lists, a page at a time: a cursor says where the next one begins, and means nothing to anybody else."""

import base64
import binascii
from collections.abc import Sequence
from typing import TypeVar

from core.errors import BadInput

T = TypeVar("T")

PAGE = 50
_MARK = "from:"
_LONGEST = 64


def page(items: Sequence[T], cursor: str | None, size: int = PAGE) -> tuple[list[T], str | None]:
    """Return one page and the cursor of the next; None: that was the last. Raises BadInput for another's cursor."""
    start = start_of(cursor)
    end = start + size
    return list(items[start:end]), cursor_at(end) if end < len(items) else None


def cursor_at(start: int) -> str:
    """Return the cursor of a page that begins at an item, counted from 0."""
    return base64.urlsafe_b64encode(f"{_MARK}{start}".encode()).decode()


def start_of(cursor: str | None) -> int:
    """Return where a cursor's page begins. Raises BadInput for another's cursor."""
    if not cursor:
        return 0
    try:
        told = base64.urlsafe_b64decode(cursor[:_LONGEST]).decode("ascii")
    except (binascii.Error, ValueError):
        told = ""
    number = told.removeprefix(_MARK)
    if not told.startswith(_MARK) or not (number.isascii() and number.isdigit()):
        raise BadInput("That cursor is none of ours.", "Leave it out to begin at the first page.")
    return int(number)

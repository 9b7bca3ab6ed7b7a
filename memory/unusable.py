"""What SQLite says of a file that it can't use, in words, with what to do: no room, damaged, or not ours to write."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

from core.errors import GreenroomError

_FULL = ("The disk is full: nothing was changed.", "Make room where {file} is, then try again; greenroom doctor looks.")
_DAMAGED = (
    "{file} is damaged: nothing was changed.",
    "Keep the file as it is, and bring the newest backup back beside it: greenroom restore BACKUP --to FOLDER.",
)
_POSITION = (
    "{file} is damaged: nothing was changed.",
    "Only the agent's position is in it, no work and no decision: stop Greenroom, move the file away, start again.",
)
_SHUT = (
    "{file} can't be written to: nothing was changed.",
    "Mend the permissions of the file and its folder, or set GREENROOM_HOME.",
)
_SAID = (
    ("is full", _FULL),
    ("disk i/o error", _FULL),
    ("malformed", _DAMAGED),
    ("not a database", _DAMAGED),
    ("readonly", _SHUT),
    ("unable to open", _SHUT),
)


def told(error: BaseException | None, file: Path | None) -> GreenroomError | None:
    """Return what an error of SQLite's means for a person; None for one that is not about its file."""
    if not isinstance(error, sqlite3.Error) or file is None:
        return None
    words = str(error).lower()
    found = next((told for sign, told in _SAID if sign in words), None)
    if found is None:
        return None
    message, hint = _POSITION if found is _DAMAGED and file.name == "checkpoints.db" else found
    return GreenroomError(message.format(file=file), hint.format(file=file))


@contextmanager
def in_words(file: Path | None) -> Iterator[None]:
    """Raise in words what SQLite says of its file inside."""
    try:
        yield
    except sqlite3.Error as error:
        if said := told(error, file):
            raise said from error
        raise


def watch(engine: Engine, file: Path | None) -> None:
    """Let every error about its file come out of an engine in words."""

    def raised(context: ExceptionContext) -> None:
        original: Any = context.original_exception
        if said := told(original, file):
            raise said from original

    event.listen(engine, "handle_error", raised)

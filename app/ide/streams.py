"""The door as a program that an IDE starts: messages on stdin and stdout, everything else on stderr."""

import logging
import os
import sys
from functools import cached_property
from io import TextIOWrapper
from threading import Lock
from typing import TYPE_CHECKING, Any

import anyio

from app.callers import Caller
from app.ide.server import build

if TYPE_CHECKING:
    from app.cli.door import Door
    from memory.tokens import Decides


class Person:
    """Whoever started the program: the settings' user, in the chosen workspace, opened when first needed."""

    def __init__(self, door: "Door", decides: "Decides", *, sees_private: bool) -> None:
        self._door = door
        self._allowed: tuple[Decides, bool] = (decides, sees_private)
        self._opening = Lock()  # calls come in threads, and a home is opened once

    def __call__(self, _request: Any) -> Caller:
        """Return the one who calls."""
        with self._opening:
            return self._caller

    @cached_property
    def _caller(self) -> Caller:
        studio = self._door.studio
        _ = studio.workspace
        decides, sees_private = self._allowed
        return Caller(studio, decides, sees_private)


def serve(person: Person) -> None:
    """Answer one client until it closes stdin."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    out = _stdout_for_messages()
    anyio.run(_run, person, out)


async def _run(person: Person, out: TextIOWrapper) -> None:
    from mcp.server.stdio import stdio_server

    server = build(person)
    async with stdio_server(stdout=anyio.wrap_file(out)) as (read, write):
        await server.run(read, write, server.create_initialization_options())


def _stdout_for_messages() -> TextIOWrapper:
    """Keep stdout for messages alone: what anything else prints, C libraries too, goes to stderr."""
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return TextIOWrapper(os.fdopen(kept, "wb"), encoding="utf-8", newline="\n")

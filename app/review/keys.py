"""A terminal of our own for a while: single keys in, a screen that is put back as it was, whatever happens."""

import os
import select
import sys
import termios
import tty
from collections.abc import Iterator
from contextlib import contextmanager

ENTER, ESCAPE, BACKSPACE, INTERRUPT = "enter", "escape", "backspace", "interrupt"
_NAMED = {
    "\r": ENTER, "\n": ENTER, "\x7f": BACKSPACE, "\x08": BACKSPACE, "\x1b": ESCAPE,
    "\x03": INTERRUPT, "\x04": INTERRUPT, "\x1b[A": "up", "\x1b[B": "down", "\x1bOA": "up", "\x1bOB": "down",
    "\x1b[5~": "page up", "\x1b[6~": "page down",
}  # fmt: skip
"""What a terminal sends, as we call it."""

_BEGIN, _END = "\x1b[?1049h\x1b[?25l", "\x1b[?25h\x1b[?1049l"
_READ = 4096
PASTE = 6
"""How many characters at once are no typing: keys decide, so a paste must not."""


class Terminal:
    """Reads keys; draws a whole screen at once, so that nothing flickers."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._theirs = termios.tcgetattr(fd)  # how it was
        self._rest = b""

    def key(self, patience_s: float) -> str | None:
        """Return the next key: its character, or one of the names; None where none came in time."""
        if not self._rest:
            if not select.select([self._fd], [], [], patience_s)[0]:
                return None
            self._rest = os.read(self._fd, _READ)
            if not self._rest:  # the terminal went away
                return INTERRUPT
        key, self._rest = first_key(self._rest)
        return key

    def pasted(self) -> bool:
        """Say whether so much came at once that nobody typed it."""
        return len(self._rest) >= PASTE

    def drop(self) -> None:
        """Let go of what was pressed and not looked at yet: it was meant for another screen."""
        self._rest = b""
        termios.tcflush(self._fd, termios.TCIFLUSH)

    def draw(self, screen: str) -> None:
        """Put a screen where the last one was."""
        sys.stdout.write("\x1b[H" + screen.replace("\n", "\x1b[K\r\n") + "\x1b[K\x1b[J")
        sys.stdout.flush()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Give the terminal back while another program (an editor) has it."""
        sys.stdout.write(_END)
        sys.stdout.flush()
        ours = termios.tcgetattr(self._fd)
        termios.tcsetattr(self._fd, termios.TCSADRAIN, self._theirs)
        try:
            yield
        finally:
            termios.tcsetattr(self._fd, termios.TCSADRAIN, ours)
            sys.stdout.write(_BEGIN)

    def give_back(self) -> None:
        """Leave the terminal as it was found."""
        sys.stdout.write(_END)
        sys.stdout.flush()
        termios.tcsetattr(self._fd, termios.TCSADRAIN, self._theirs)


@contextmanager
def taken() -> Iterator[Terminal]:
    """Take the terminal, and give it back as it was."""
    fd = sys.stdin.fileno()
    terminal = Terminal(fd)
    try:
        tty.setraw(fd, termios.TCSADRAIN)
        sys.stdout.write(_BEGIN)
        yield terminal
    finally:
        terminal.give_back()


def first_key(given: bytes) -> tuple[str, bytes]:
    """Return the first key of what was read, and the rest. Bytes that are no text are dropped."""
    for known in sorted(_NAMED, key=len, reverse=True):
        if given.startswith(known.encode()) and (known != "\x1b" or len(given) == 1 or given[1:2] not in b"[O"):
            return _NAMED[known], given[len(known) :]
    if given.startswith(b"\x1b"):
        return "", b""  # a sequence that means nothing here
    for length in range(1, 5):
        try:
            return given[:length].decode("utf-8"), given[length:]
        except UnicodeDecodeError:
            continue
    return "", given[1:]

"""The text that a command is given: a file's, or what comes in by `-`."""

import sys
from pathlib import Path

from core.errors import BadInput

_HINT = "Check the path, or give - and the text on the standard input."


def read_text(name: str) -> str:
    """Return a file's text, or stdin's for `-`; BadInput names what is wrong."""
    try:
        data = sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        raise BadInput(f"There is no file {name}.", _HINT) from None
    except (UnicodeDecodeError, OSError) as error:
        raise BadInput(f"{name} can't be read as text: {error}.", "Save it as plain text in UTF-8.") from None

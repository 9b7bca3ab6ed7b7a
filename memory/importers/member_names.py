"""What a member of an archive may be called. Nothing is unpacked, and yet no name that leads elsewhere is let in."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from memory.importers.material import Unreadable

MOST_MEMBERS = 200_000


def checked_names(where: str, raw: Iterable[str]) -> Iterator[str]:
    """Yield each name with `/` between folders; Unreadable at the first that no honest program writes.

    Refused: absolute names, drive letters, `..`, NUL and other control characters, a name that comes twice, and more
    than 200,000 names.
    """
    taken: set[str] = set()
    for each in raw:
        name = unicodedata.normalize("NFC", each.replace("\\", "/"))
        if reason := _trick(name):
            raise Unreadable(where, f"is refused: the member “{_shown(each)}” {reason}")
        if name in taken:
            raise Unreadable(where, f"is refused: the member “{_shown(each)}” comes twice")
        taken.add(name)
        if len(taken) > MOST_MEMBERS:
            raise Unreadable(where, f"is refused: it holds over {MOST_MEMBERS:,} members")
        yield name


def is_hidden(name: str) -> bool:
    """Say whether a member is furniture of the system that packed it."""
    return any(part.startswith(".") or part == "__MACOSX" for part in name.split("/"))


def _trick(name: str) -> str:
    if re.search("[\x00-\x1f\x7f]", name):
        return "has control characters in its name"
    if name.startswith("/") or re.match("[A-Za-z]:", name):
        return "has an absolute path"
    return "leads out of the archive" if ".." in name.split("/") else ""


def _shown(name: str) -> str:
    return name.encode("unicode_escape").decode("ascii")[:120]

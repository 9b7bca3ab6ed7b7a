"""Plain text."""

import re
from collections.abc import Iterator

from core.works import Piece
from memory.importers.facts import clean, make_piece, title_from_name
from memory.importers.material import Material

_LONGEST_TITLE = 90  # characters


def read(material: Material) -> Iterator[Piece]:
    """Yield the one piece of a text file; a short first line that stands alone is its title."""
    title, body = _titled(clean(material.text))
    yield make_piece(material, {}, body, format="text", name=title or title_from_name(material.source))


def _titled(text: str) -> tuple[str, str]:
    first, _, rest = text.lstrip().partition("\n")
    underlined = re.match(r"[=~-]{3,}[ \t]*(\n|$)", rest)
    if underlined:
        rest = rest[underlined.end() :]
    stands_alone = bool(underlined) or rest.startswith("\n")
    short = len(first) <= _LONGEST_TITLE and not re.search(r"[.,;:]$", first)
    return (first, rest) if stands_alone and short and rest.strip() else ("", text)

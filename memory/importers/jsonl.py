"""JSON Lines: one piece a line."""

from collections.abc import Iterator

from core.works import Piece
from memory.importers.material import Failure, Material
from memory.importers.rows import Row, loads, pieces


def read(material: Material) -> Iterator[Piece | Failure]:
    """Yield the piece of each line; a line that can't be used is named `file:line` and the rest goes on.

    Keys: `title`, `body` or `text`, `date`, `tags`, `authors`, `excerpt`, `id`, `url`, `lang`, `license`.
    """
    yield from pieces(material, _rows(material))


def _rows(material: Material) -> Iterator[Row | Failure]:
    for number, text in enumerate(material.text.lstrip("\ufeff").split("\n"), start=1):
        if not text.strip():
            continue
        where = f"{material.where}:{number}"
        try:
            yield Row(where, loads(text))
        except ValueError as error:
            yield Failure(where, str(error))

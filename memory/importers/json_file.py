"""JSON files: an array of pieces, one piece, or a JSON Feed."""

from collections.abc import Iterator

from core.works import Piece
from memory.importers import json_feed
from memory.importers.material import Failure, Material
from memory.importers.rows import Row, loads, pieces


def read(material: Material) -> Iterator[Piece | Failure]:
    """Yield the pieces of a JSON file; keys as in JSONL; an entry that can't be used is named by its number."""
    try:
        value = loads(material.text.lstrip("\ufeff"))
    except ValueError as error:
        raise material.unreadable(str(error)) from None
    if json_feed.is_feed(value):
        yield from json_feed.pieces(material, value)
    elif isinstance(value, list) or (isinstance(value, dict) and ("body" in value or "text" in value)):
        items = value if isinstance(value, list) else [value]
        yield from pieces(material, (Row(f"{material.where}#{n}", item) for n, item in enumerate(items, start=1)))
    else:
        raise material.unreadable("is JSON, but neither an array of pieces nor a JSON Feed")

"""Make the media topics that ship: `python -m evals.make_media_topics IPTC-MediaTopic-NewsCodes.xlsx`.

The sheet is the one that the International Press Telecommunications Council publishes (CC BY 4.0). Retired topics are
left out. Each topic's vector by the embedding model that ships is kept beside, so that nobody computes it again.
"""

import re
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import core.topics

FOLDER = Path(core.topics.__file__).parent
LANGUAGES = {
    "en": "en-GB", "us": "en-US", "de": "de", "es": "es", "fr": "fr", "pt": "pt-BR", "pt-PT": "pt-PT", "nb": "no-NB",
    "sv": "se", "da": "dk", "ar": "ar", "zh": "zh-Hans",
}  # fmt: skip
"""The sheet's columns by the languages that they are in."""

_LEVELS = tuple(f"Level{level}/NewsCode" for level in range(1, 7))
_NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def main(arguments: list[str]) -> None:
    """Write topics and vectors, and say how many."""
    said, rows = _rows(Path(arguments[0]).read_bytes())
    version = re.search(r"\d{4}-\d\d-\d\d", said)
    lines = ["\t".join(("id", "broader", *LANGUAGES, "definition")), *_lines(rows)]
    head = f"# IPTC Media Topics, {version[0] if version else said}; CC BY 4.0; see README.md"
    (FOLDER / "mediatopics.tsv").write_text("\n".join((head, *lines)) + "\n", encoding="utf-8")
    core.topics.mediatopics.cache_clear()
    print(f"{len(lines) - 1} topics, {len(_vectors())} bytes of vectors")


def _lines(rows: list[dict[str, str]]) -> Iterator[str]:
    above: list[str] = []
    for row in rows:
        level = next(level for level, name in enumerate(_LEVELS) if row.get(name))
        above = [*above[:level], row["NewsCode-QCode (flat)"]]
        if not row.get("RetiredDate"):
            names = (_flat(row.get(f"Name ({column})", "")) for column in LANGUAGES.values())
            broader = above[level - 1] if level else ""
            yield "\t".join((above[level], broader, *names, _flat(row.get("Definition (en-GB)", ""))))


def _flat(text: str) -> str:
    return " ".join(text.split()).removesuffix(":")


def _vectors() -> bytes:
    """Write the vectors as whole numbers from -127 to 127, the largest of each row being 127; return the bytes."""
    import numpy as np

    from memory.embedding import DEFAULT_MODEL, open_embedder
    from memory.face import CACHE
    from tools.topics import described

    embedder = open_embedder(DEFAULT_MODEL, CACHE)
    vectors = np.asarray(embedder.embed([described(term) for term in core.topics.mediatopics().terms]))
    small = np.round(127 * vectors / np.abs(vectors).max(axis=1, keepdims=True)).astype(np.int8)
    buffer = BytesIO()
    np.savez_compressed(buffer, vectors=small, model=np.array(embedder.name))
    (FOLDER / "mediatopics.npz").write_bytes(buffer.getvalue())
    return buffer.getvalue()


def _rows(sheet: bytes) -> tuple[str, list[dict[str, str]]]:
    """Return what the first row says, and the others by the names in the second."""
    from lxml import etree  # type: ignore[import-untyped]

    with zipfile.ZipFile(BytesIO(sheet)) as book:
        texts = ["".join(each.itertext()) for each in etree.fromstring(book.read("xl/sharedStrings.xml"))]
        data = etree.fromstring(book.read("xl/worksheets/sheet1.xml")).find("m:sheetData", _NS)
    cells = [{_column(cell): _value(cell, texts) for cell in row} for row in data]
    said, names, *rest = cells
    return next(iter(said.values())), [{names[key]: value for key, value in row.items()} for row in rest]


def _column(cell: Any) -> str:
    return re.sub(r"\d", "", cell.get("r"))


def _value(cell: Any, texts: list[str]) -> str:
    value = cell.find("m:v", _NS)
    if value is None:
        return ""
    return texts[int(value.text)] if cell.get("t") == "s" else str(value.text)


if __name__ == "__main__":
    main(sys.argv[1:])

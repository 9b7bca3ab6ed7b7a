"""Keyphrases: are those that people gave among the ones that are found?

The common layout: `docsutf8/ID.txt` and `keys/ID.key`, a phrase a line. Both sides are lower-cased and stemmed word by
word (Porter); a phrase counts if it is then the same. F1 is taken for each text, over all of its keys (those that do
not stand in the text too), and averaged.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import BadInput
from tools.keyphrases import keyphrases, stems

if TYPE_CHECKING:
    from models.open import Embed

DEPTHS = (5, 10)

Progress = Callable[[str, int, int], None]


class Document(NamedTuple):
    """A text and the phrases that people gave it."""

    name: str
    text: str
    keys: tuple[str, ...]


def run(folder: Path, embed: "Embed", progress: Progress | None = None) -> dict[str, Any]:
    """Return mean F1 at each depth, as fractions; `left_out` names texts without keys, which can't be measured.

    Raises BadInput where the folder has no `docsutf8`, or nothing in it has keys.
    """
    documents, left_out = read(folder)
    scores: dict[int, list[float]] = {depth: [] for depth in DEPTHS}
    for done, document in enumerate(documents, start=1):
        found = [each.text for each in keyphrases(embed, document.text, max(DEPTHS))]
        for depth in DEPTHS:
            scores[depth].append(f1(found[:depth], document.keys))
        if progress:
            progress("texts", done, len(documents))
    figures = {str(depth): round(fmean(values), 4) for depth, values in scores.items()}
    return {"docs": len(documents), "f1": figures, "left_out": left_out}


def read(folder: Path) -> tuple[list[Document], list[str]]:
    """Return the texts that have keys, in the order of their names, and the names of those that have none."""
    texts = sorted((folder / "docsutf8").glob("*.txt"))
    if not texts:
        raise BadInput(f"{folder} has no docsutf8/*.txt.", "Name the folder that holds docsutf8 and keys.")
    documents, left_out = [], []
    for path in texts:
        keys = tuple(_keys(folder / "keys" / f"{path.stem}.key"))
        if keys:
            documents.append(Document(path.stem, _text(path), keys))
        else:
            left_out.append(path.name)
    if not documents:
        raise BadInput(f"No text in {folder} has keys.", "For docsutf8/ID.txt they are looked for in keys/ID.key.")
    return documents, left_out


def f1(found: Sequence[str], keys: Sequence[str]) -> float:
    """Return F1 of phrases against keys, each counted once after stemming."""
    given = {stems(key) for key in keys}
    answered = list(dict.fromkeys(stems(phrase) for phrase in found))
    hits = len(given.intersection(answered))
    if not hits:
        return 0.0
    precision, recall = hits / len(answered), hits / len(given)
    return 2 * precision * recall / (precision + recall)


def _keys(path: Path) -> Iterator[str]:
    if path.exists():
        yield from (line for raw in _text(path).splitlines() if (line := " ".join(raw.split())))


def _text(path: Path) -> str:
    """Return a file's text: UTF-8 with or without a mark, else Windows-1252, which reads any Western file."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")

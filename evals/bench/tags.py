"""Keyphrases: are those that people gave among the ones that are found?

The common layout: `docsutf8/ID.txt` and `keys/ID.key`, a phrase a line. Some sets write otherwise, and are read too:
several phrases a line between tabs, semicolons or commas, `a+b` for one key in two spellings (SemEval 2010), keys that
are stemmed already. Both sides are lower-cased and stemmed word by word (Porter); a phrase counts if it then is one.
F1 is taken for each text, over all of its keys (those that do not stand in the text too), and averaged.
"""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from core.errors import BadInput
from tools.keyphrases import keyphrases, stems

if TYPE_CHECKING:
    from models.open import Embed

DEPTHS = (5, 10)

_BETWEEN = re.compile(r"[\t;]")
_BETWEEN_ON_ONE_LINE = re.compile(r"[\t;,]")

Progress = Callable[[str, int, int], None]


Key = tuple[str, ...]
"""One thing that people named, in each of its spellings."""


class Document(NamedTuple):
    """A text and the phrases that people gave it."""

    name: str
    text: str
    keys: tuple[Key, ...]


def run(folder: Path, embed: "Embed", progress: Progress | None = None) -> dict[str, Any]:
    """Return mean F1 at each depth, as fractions; `left_out` names what can't be measured: texts without keys, and
    key files without a text.

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
    keyed = {path.stem: path for path in sorted((folder / "keys").glob("*.key"))}
    documents, left_out = [], []
    for path in texts:
        given = keyed.pop(path.stem, None)
        if given and (keys := keys_in(_text(given))):
            documents.append(Document(path.stem, _text(path), keys))
        else:
            left_out.append(path.name)
    if not documents:
        raise BadInput(f"No text in {folder} has keys.", "For docsutf8/ID.txt they are looked for in keys/ID.key.")
    return documents, [*left_out, *(path.name for path in keyed.values())]


def f1(found: Sequence[str], keys: Sequence[Key]) -> float:
    """Return F1 of phrases against keys, each counted once after stemming; a key is met in any of its spellings."""
    given = list(dict.fromkeys(frozenset(stems(spelt) for spelt in key) for key in keys))
    answered = list(dict.fromkeys(stems(phrase) for phrase in found))
    met = [key for key in given if key.intersection(answered)]
    if not met:
        return 0.0
    used = sum(any(phrase in key for key in met) for phrase in answered)
    precision, recall = used / len(answered), len(met) / len(given)
    return 2 * precision * recall / (precision + recall)


def keys_in(text: str) -> tuple[Key, ...]:
    """Return the keys of a file, in whichever of the usual forms it is written.

    A comma parts phrases only where the file has one line: elsewhere it may belong to a phrase.
    """
    lines = [line for line in text.splitlines() if line.strip()]
    between = _BETWEEN_ON_ONE_LINE if len(lines) == 1 else _BETWEEN
    written = (part for line in lines for part in between.split(line))
    keys = (tuple(dict.fromkeys(filter(None, map(_plain, _spellings(part))))) for part in written)
    return tuple(dict.fromkeys(key for key in keys if key))


def _spellings(part: str) -> list[str]:
    """Return the spellings of a key: `a+b` is one key in two, but "c++" and "a + b" are themselves."""
    return re.split(r"(?<=\w)\+(?=\w)", part)


def _plain(spelt: str) -> str:
    return " ".join(spelt.split()).strip("\"'")


def _text(path: Path) -> str:
    """Return a file's text: UTF-8 with or without a mark, else Windows-1252, which reads any Western file."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")

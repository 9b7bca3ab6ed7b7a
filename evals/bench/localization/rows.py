"""The pairs that are measured on: human translations, one a line."""

import gzip
import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import regex

from core.errors import BadInput

SOURCE = "en"
NAME_PAIRS = 3  # sources that a name stands in, from which it can be on a list of names to keep
NAME_KEPT = 0.9  # of their translations that keep it

NAME_SMALL = 0.1  # how often, for each time, its word may stand in small letters: then it is no name

_NAME = regex.compile(
    r"(?<![\p{L}\p{N}_./:@#`-])(?:\p{Lu}[\p{L}\p{N}]*\p{Lu}[\p{L}\p{N}]*|\p{Lu}\p{Ll}{2,}|\p{Ll}+\p{Lu}\p{L}+)"
    r"(?![\p{L}\p{N}_/:@`-]|\.\w)"
)
_SMALL = regex.compile(r"(?<![\p{L}\p{N}_./-])\p{Ll}+(?![\p{L}\p{N}_/-])")
_BEGINS = regex.compile(r"(?:^|[.!?:。！？]\s+|[\"“(*#>-]\s*|\n)$")


class Row(NamedTuple):
    """A source in English and what a person made of it in another language."""

    lang: str
    src: str
    tgt: str


def read(path: Path) -> list[Row]:
    """Return the rows of a file (`lang, src, tgt` a line; .gz too); BadInput names the line that is none."""
    try:
        data = path.read_bytes()
        text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(f"{path.name} can't be read: {error}.", "It is JSON lines, as they are or with gzip.") from None
    rows = [_row(path, number, line) for number, line in enumerate(text.split("\n"), start=1) if line.strip()]
    if not rows:
        raise BadInput(f"{path.name} holds no pairs.", "A line is {lang, src, tgt}.")
    return rows


def _row(path: Path, number: int, line: str) -> Row:
    try:
        data = json.loads(line)
        row = Row(data["lang"], data["src"], data["tgt"])
    except (ValueError, KeyError, TypeError) as error:
        raise BadInput(f"{path.name}, line {number}: {error!r}.", "A line is {lang, src, tgt}.") from None
    if not all(isinstance(value, str) and value.strip() for value in row):
        raise BadInput(f"{path.name}, line {number}: lang, src and tgt are texts.", "None of them is empty.")
    return row


def names(rows: Sequence[Row]) -> frozenset[str]:
    """Return what a list of names to keep would hold: capitalised wherever they stand, kept by most translators."""
    small = Counter(word for row in rows for word in set(_SMALL.findall(row.src)))
    seen: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    for row in rows:
        for name in names_in(row.src):
            seen[name] += 1
            kept[name] += name in row.tgt
    return frozenset(
        name
        for name, count in seen.items()
        if count >= NAME_PAIRS and kept[name] >= NAME_KEPT * count and small[name.lower()] <= NAME_SMALL * count
    )


def names_in(text: str) -> set[str]:
    """Return the names of a text that don't begin a sentence."""
    return {match[0] for match in _NAME.finditer(text) if not _BEGINS.search(text[: match.start()])}


def by_language(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Return the rows of each language."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[row.lang].append(row)
    return dict(found)

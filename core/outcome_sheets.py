"""Figures as a sheet: one a line (`piece, metric, value`), or one piece a line with a column a metric."""

import csv
import io
from collections.abc import Iterator
from typing import NamedTuple

from core.errors import BadInput

_PIECE = ("piece", "work", "work_id", "publication", "publication_id", "id", "url", "source_file")
_MOMENT = ("measured_at", "date", "day", "at")
_SOURCE = ("source", "platform", "channel")
_IGNORED = ("title", "name", "text")


class Figure(NamedTuple):
    """A figure as a line names it: `piece` is an id, an address, or what a work was imported from."""

    line: int
    piece: str
    metric: str
    value: float
    measured_at: str
    source: str


def read(text: str, name: str) -> list[Figure]:
    """Return the figures of a CSV. BadInput names the file and the line of the first that can't be used."""
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    try:
        columns = [column.strip().lower() for column in reader.fieldnames or ()]
        reader.fieldnames = columns
        piece = _one_of(columns, _PIECE)
        if piece is None:
            raise BadInput(f"{name}: the first line names no column for the piece.", f"One of: {', '.join(_PIECE)}.")
        return [figure for row in reader for figure in _figures(row, columns, piece, f"{name}, line", reader.line_num)]
    except csv.Error as error:
        raise BadInput(f"{name}, line {reader.line_num}: {error}.", "Nothing was taken in.") from None


def _figures(row: dict[str, str], columns: list[str], piece: str, where: str, number: int) -> Iterator[Figure]:
    if None in row or None in row.values():
        raise BadInput(f"{where} {number}: it has more or fewer cells than the first line.", "Nothing was taken in.")
    at, source = _one_of(columns, _MOMENT), _one_of(columns, _SOURCE)
    subject = row[piece].strip()
    if not any(cell.strip() for cell in row.values()):
        return
    if not subject:
        raise BadInput(f"{where} {number}: it names no piece.", "Nothing was taken in.")
    for metric, cell in _cells(row, columns, {piece, at, source, *_IGNORED}):
        if cell.strip():
            value = _number(cell, metric, f"{where} {number}")
            yield Figure(number, subject, metric, value, row[at] if at else "", row[source].strip() if source else "")


def _cells(row: dict[str, str], columns: list[str], taken: set[str | None]) -> Iterator[tuple[str, str]]:
    if "metric" in columns and "value" in columns:
        yield row["metric"].strip().lower(), row["value"]
        return
    for column in columns:
        if column not in taken:
            yield column, row[column]


def _number(cell: str, metric: str, where: str) -> float:
    plain = cell.strip().replace(" ", "").replace("\u00a0", "")
    try:
        return float(plain.replace(",", "")) if _thousands(plain) else float(plain)
    except ValueError:
        raise BadInput(
            f"{where}: {metric or 'value'}: {cell.strip()!r} is no number.", "Nothing was taken in."
        ) from None


def _thousands(cell: str) -> bool:
    """Say whether commas part thousands: 1,204 (3,5 is refused: it may be meant either way)."""
    first, *groups = cell.partition(".")[0].split(",")
    return bool(groups) and first.lstrip("-").isdigit() and all(len(g) == 3 and g.isdigit() for g in groups)


def _one_of(columns: list[str], names: tuple[str, ...]) -> str | None:
    return next((name for name in names if name in columns), None)

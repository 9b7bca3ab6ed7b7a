"""CSV tables as services export them. A formula is text like any other; nothing is ever evaluated."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from memory.importers.material import Failure, Material, Unreadable

Columns = tuple[str, ...]


class Line(NamedTuple):
    """A row by its columns' names in lower case, and the line it begins in."""

    where: str
    cells: dict[str, str]

    def get(self, *columns: str) -> str:
        """Return the first of the columns that holds anything."""
        return next((value for each in columns if (value := self.cells.get(each, "").strip())), "")


def has_columns(head: bytes, wanted: Iterable[str]) -> bool:
    """Say whether a file's first line names these columns (in lower case)."""
    first = head.decode("utf-8-sig", "replace").split("\n", 1)[0]
    named = {cell.strip().lower() for row in csv.reader([first]) for cell in row}
    return named.issuperset(wanted)


def lines(material: Material, required: Columns = ()) -> Iterator[Line | Failure]:
    """Yield the rows of a table with a header; a row that can't be read is named by its line.

    Raises Unreadable if a column that is required is not there.
    """
    rows = csv.reader(io.StringIO(material.text.lstrip("\ufeff"), newline=""))
    header: list[str] | None = None
    while True:
        begins = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Failure(f"{material.where}:{begins}", f"is no row of a table ({error})")
            continue
        if header is None:
            header = _header(material, row, required)
        elif any(cell.strip() for cell in row):
            yield Line(f"{material.where}:{begins}", dict(zip(header, row, strict=False)))


def _header(material: Material, row: list[str], required: Columns) -> list[str]:
    header = [cell.strip().lower() for cell in row]
    if missing := [name for name in required if name not in header]:
        raise Unreadable(material.where, f"has no column “{missing[0]}”")
    return header

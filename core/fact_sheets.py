"""Brand facts as a sheet: CSV or JSON, in and out, each line of it answered for."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, NamedTuple

from core.errors import BadInput
from core.facts import BrandFact, Stated, state

Form = Literal["csv", "json"]

COLUMNS = (
    "kind",
    "term",
    "instead",
    "needs",
    "locale",
    "severity",
    "matching",
    "case",
    "note",
    "valid_from",
    "valid_to",
)
_TRUE, _FALSE = ("1", "yes", "true", "x"), ("", "0", "no", "false")
_RISKY = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for a formula when a cell begins with it."""


class Line(NamedTuple):
    """A fact and the line (CSV) or the entry (JSON) it stands on, counted from 1."""

    number: int
    fact: Stated


def read(text: str, form: Form, name: str) -> list[Line]:
    """Return the facts of a sheet. BadInput names the file and the line of the first that can't be used."""
    rows = _csv(text, name) if form == "csv" else _json(text, name)
    found: list[Line] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, values in rows:
        try:
            fact = state(values)
        except BadInput as error:
            raise BadInput(f"{name}, line {number}: {error.message}", "Nothing was taken in.") from None
        if fact.key in seen:
            raise BadInput(
                f"{name}, line {number}: it says the same as line {seen[fact.key]} ({fact.kind} {fact.term}).",
                "Nothing was taken in.",
            )
        seen[fact.key] = number
        found.append(Line(number, fact))
    return found


def write(facts: Sequence[BrandFact], form: Form) -> str:
    """Return facts as a sheet that `read` understands. A cell that could run as a formula begins with an apostrophe."""
    rows = [fact.stated().model_dump(mode="json") for fact in facts]
    if form == "json":
        return json.dumps({"facts": rows}, ensure_ascii=False, indent=2) + "\n"
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows({key: _cell(value) for key, value in row.items()} for row in rows)
    return out.getvalue()


def _cell(value: Any) -> str:
    if isinstance(value, list):
        value = "; ".join(value)
    text = "" if value is None or value is False else "yes" if value is True else str(value)
    return f"'{text}" if text.startswith(_RISKY) else text


def _csv(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), strict=True)
    try:
        reader.fieldnames = [column.strip().lower() for column in reader.fieldnames or ()]
        _refuse_columns(reader.fieldnames, name)
        for row in reader:
            if None in row or None in row.values():
                raise BadInput(f"{name}, line {reader.line_num}: it has more or fewer cells than the first line.")
            cells = {key: _plain(value) for key, value in row.items()}
            if any(cells.values()):
                yield reader.line_num, _typed(cells, name, reader.line_num)
    except csv.Error as error:
        raise BadInput(f"{name}, line {reader.line_num}: {error}.", "Nothing was taken in.") from None


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_RISKY) else cell


def _typed(cells: dict[str, str], name: str, number: int) -> dict[str, Any]:
    """Return a line's cells as a fact's fields; an empty cell says nothing."""
    values: dict[str, Any] = {key: value for key, value in cells.items() if value}
    if "needs" in values:
        values["needs"] = tuple(part.strip() for part in str(values["needs"]).split(";") if part.strip())
    if cells.get("case"):
        said = cells["case"].lower()
        if said not in (*_TRUE, *_FALSE):
            raise BadInput(f"{name}, line {number}: case: {cells['case']!r} is neither yes nor no.")
        values["case"] = said in _TRUE
    return values


def _json(text: str, name: str) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise BadInput(f"{name}, line {error.lineno}: {error.msg}.", "Nothing was taken in.") from None
    except RecursionError:
        raise BadInput(f"{name}: it is nested too deep to be a list of facts.", "Nothing was taken in.") from None
    rows = data.get("facts") if isinstance(data, dict) else data
    if not isinstance(rows, list):
        raise BadInput(f"{name}: a list of facts is wanted, or an object with one under `facts`.")
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, dict):
            raise BadInput(f"{name}, line {number}: it is no object.", "Nothing was taken in.")
        yield number, {key: value for key, value in row.items() if value is not None}


def _refuse_columns(names: Iterable[str], name: str) -> None:
    there = list(names)
    for unknown in (column for column in there if column not in COLUMNS):
        raise BadInput(f"{name}: there is no column {unknown!r}.", f"Columns: {', '.join(COLUMNS)}.")
    if not {"kind", "term"} <= set(there):
        raise BadInput(f"{name}: the first line must name the columns, kind and term among them.")

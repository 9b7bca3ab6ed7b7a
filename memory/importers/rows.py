"""Rows of JSON: what JSONL files and JSON arrays have in common."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from core.works import Piece
from memory.importers.facts import line, make_piece
from memory.importers.material import Failure, Material, Unreadable


class Row(NamedTuple):
    """One row as it was decoded, and where it stands (`posts.jsonl:17`)."""

    where: str
    value: Any


def loads(text: str) -> Any:
    """Decode JSON; ValueError says in plain words what is wrong, whatever the text holds."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not valid JSON ({error.msg}, line {error.lineno}, column {error.colno})") from None
    except RecursionError:
        raise ValueError("is JSON that is nested too deeply") from None
    except ValueError:
        raise ValueError("holds a number that is too long") from None


def pieces(material: Material, rows: Iterable[Row | Failure]) -> Iterator[Piece | Failure]:
    """Yield a piece for each good row and a failure, with its place, for each bad one (or one that was bad before)."""
    taken: dict[str, str] = {}
    for row in rows:
        if isinstance(row, Failure):
            yield row
            continue
        try:
            yield _piece(material, row, taken)
        except Unreadable as error:
            yield Failure(row.where, error.reason)


def _piece(material: Material, row: Row, taken: dict[str, str]) -> Piece:
    if not isinstance(row.value, dict):
        raise Unreadable(row.where, "is not a JSON object with a body or text")
    body = next((row.value[key] for key in ("body", "text", "content") if isinstance(row.value.get(key), str)), "")
    part = _name(row, body, taken)
    raw = {key: value for key, value in row.value.items() if key not in ("id", "source", "format", "notes")}
    return make_piece(material, raw, body, format="jsonl", part=part)


def _name(row: Row, body: str, taken: dict[str, str]) -> str:
    given = line(row.value.get("id"))
    if given and given in taken:
        raise Unreadable(row.where, f"has the id “{given}” of {taken[given]}")
    name = given or _own_name(row.value, body)
    with_text = digest(name, body)
    if with_text in taken:
        raise Unreadable(row.where, f"says the same as {taken[with_text]}")
    taken[with_text] = row.where
    return with_text if taken.setdefault(name, row.where) != row.where else name


def _own_name(value: dict[str, Any], body: str) -> str:
    """Name a row that has no id so that it keeps its name when rows are added before it."""
    title, date = line(value.get("title")), line(value.get("date"))
    return line(value.get("url")) or (digest(title, date) if title else digest(body))


def digest(*parts: object) -> str:
    """Return a short name for what the parts say, the same each time."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()[:16]

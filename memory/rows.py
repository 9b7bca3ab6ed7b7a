"""Nouns to rows and back: a column carries the name of its field."""

from typing import Any, TypeVar

from sqlalchemy import JSON, Row, Table

from core.base import Noun

T = TypeVar("T", bound=Noun)


def values(noun: Noun, table: Table) -> dict[str, Any]:
    """Return a noun's fields as `table`'s columns hold them: JSON columns as plain values, others as they are."""
    plain = noun.model_dump(mode="json")
    names = [column.name for column in table.columns if column.name in plain]
    return {name: plain[name] if isinstance(table.c[name].type, JSON) else getattr(noun, name) for name in names}


def noun(kind: type[T], row: Row[Any]) -> T:
    """Return the noun that a row holds; columns that the noun doesn't know are left out."""
    return kind.model_validate({name: value for name, value in row._mapping.items() if name in kind.model_fields})

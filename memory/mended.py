"""What a person mended stays mended: an import that brings the old value again does not undo it.

A work's `extra["mended"]` names each mended field with what the source says (`was`) and what counts (`now`). A source
that says something new from now on is believed again.
"""

from typing import Any

from core.works import Piece, Work

_KEY = "mended"


def mended(work: Work, changes: dict[str, Any]) -> dict[str, Any]:
    """Return what changes when fields of a work get other values; the source's own value ends a field's note."""
    known: dict[str, dict[str, Any]] = dict(work.extra.get(_KEY) or {})
    for field, value in changes.items():
        was = known.pop(field)["was"] if field in known else _plain(work, field)
        if value != was:
            known[field] = {"was": was, "now": value}
    rest = {name: said for name, said in work.extra.items() if name != _KEY}
    return changes | {"extra": rest | ({_KEY: known} if known else {})}


def still_mended(piece: Piece, extra: dict[str, Any] | None) -> Piece:
    """Return a piece as it was read, with what a person mended where the source still says the same as then."""
    known: dict[str, dict[str, Any]] = (extra or {}).get(_KEY) or {}
    holds = {field: each for field, each in known.items() if _plain(piece, field) == each["was"]}
    if not holds:
        return piece
    changes = {field: each["now"] for field, each in holds.items()}
    return Piece.model_validate(piece.model_dump() | changes | {"extra": piece.extra | {_KEY: holds}})


def _plain(of: Piece | Work, field: str) -> Any:
    return of.model_dump(mode="json", include={field})[field]

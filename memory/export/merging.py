"""Taking an export's works and pictures into a workspace that has a life of its own: its history stays where it is."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.base import Noun
from core.works import Piece, Work
from memory.backup.sealed import Damaged
from memory.export.rows import nouns, read_plain
from memory.export.vouching import kind_here
from memory.works import Works, as_it_was

_NOT_PIECE = {"id", "workspace", "version", "content_hash", "words", "imported_at", "kind"}


class Merged(Noun):
    """What became of an export's works. `older`: this workspace has a newer version; `revoked`: nobody may use them."""

    imported: int = 0
    updated: int = 0
    unchanged: int = 0
    near_duplicates: int = 0
    older: int = 0
    revoked: int = 0


def merge(works: Works, workspace: str, tables: Path, revoked: frozenset[str]) -> Merged:
    """Remember an export's works in every version they had, matched by their source; a second time changes nothing."""
    counts = dict.fromkeys(Merged.model_fields, 0)
    for work, versions in _works(tables):
        if f"work:{work.id}" in revoked:
            counts["revoked"] += 1
            continue
        here = works.by_source(workspace, work.source)
        known = {each.content_hash for each in works.versions(workspace, here.id)} if here else set[str]()
        if work.content_hash in known:
            counts["unchanged"] += 1
        elif here and here.imported_at >= work.imported_at:
            counts["older"] += 1
        else:
            new = [each for each in versions if each.content_hash not in known] if not here else [work]
            done = works.remember(workspace, [_piece(each) for each in new], kind=kind_here(work.kind))
            counts["updated" if here else "imported"] += 1
            counts["near_duplicates"] += done.near_duplicates
    return Merged(**counts)


def revoked_in(tables: Path) -> frozenset[str]:
    """Return the subjects whose consent an export says is revoked (`work:…`, `person:…`, `file:…`)."""
    file = tables / "consents.jsonl"
    words = [values for _, values in read_plain(file, "data/tables/consents.jsonl")] if file.exists() else []
    latest = {str(said["subject"]): said for said in sorted(words, key=lambda said: int(said["seq"]))}
    return frozenset(subject for subject, said in latest.items() if not said["granted"])


def _works(tables: Path) -> Iterator[tuple[Work, list[Work]]]:
    """Yield each work with its versions, the first one first."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for _, values in read_plain(tables / "work_versions.jsonl", "data/tables/work_versions.jsonl"):
        rows.setdefault(str(values["work_id"]), []).append(values)
    file, shown = tables / "works.jsonl", "data/tables/works.jsonl"
    for work in nouns(Work, (values for _, values in read_plain(file, shown)), shown):
        yield work, _versions(work, rows.get(work.id, [])) or [work]


def _versions(work: Work, rows: list[dict[str, Any]]) -> list[Work]:
    try:
        return [as_it_was(work, row) for row in sorted(rows, key=lambda row: int(row["version"]))]
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise Damaged(f"data/tables/work_versions.jsonl: a version of {work.id} can't be read.") from error


def _piece(work: Work) -> Piece:
    return Piece.model_validate(work.model_dump(exclude=_NOT_PIECE))

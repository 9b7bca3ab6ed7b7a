"""Making an export: one workspace, as it is at one moment, in open forms."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, select

from core.base import Instant, Noun
from core.works import Work, Workspace
from memory.database import Database
from memory.export.bag import Progress
from memory.export.filling import BagWriter
from memory.export.jsonld import graph, media_path
from memory.export.markdown import as_markdown, path_of, path_of_version
from memory.export.rows import line, lines
from memory.export.rules import RULES, kept
from memory.files import StoredFile
from memory.migrations import HEAD
from memory.rows import noun
from memory.tables import files, ledger, publications, work_versions, works, workspaces
from memory.works import as_it_was

_CHUNK = 2**20


class ExportReport(Noun):
    """What an export came to. `left_out` says what stayed behind, and why; `missing`: files whose bytes are gone."""

    folder: str
    workspace: str
    at: Instant
    works: int
    versions: int
    rows: dict[str, int]
    media: int
    bytes: int
    manifest: str  # SHA-256 of the list of files
    left_out: dict[str, str]
    missing: tuple[str, ...] = ()


def export(
    database: Database,
    path_to: Callable[[str, str], Path],
    workspace: str,
    target: Path,
    *,
    at: datetime,
    greenroom: str,
    media: bool = True,
    with_people: bool = False,
    replace: bool = False,
    progress: Progress = lambda _what, _done, _total: None,
) -> ExportReport:
    """Write a workspace into a new folder, which is there whole or not at all. `path_to` says where a file's bytes lie.

    Raises WrongUse where something else is in that place already; `replace` lets an older export of ours give way.
    """
    with BagWriter(target, replace=replace) as bag, _one_moment(database) as conn:
        space = noun(Workspace, conn.execute(select(workspaces).where(workspaces.c.id == workspace)).one())
        rows = _write_tables(conn, bag, workspace, with_people, progress)
        versions = _write_works(conn, bag, workspace, rows["works"], progress)
        stored = [noun(StoredFile, row) for row in conn.execute(_files(workspace))]
        missing = _write_media(bag, stored, path_to, progress) if media else []
        with bag.file("data/metadata.jsonld") as file:
            for part in graph(space, _works(conn, workspace), stored):
                file.write(part.encode("utf-8"))
        left_out = _left_out(media=media, with_people=with_people, alone=_is_alone(conn))
        bag.write("data/left-out.json", json.dumps(left_out, ensure_ascii=False, indent=2) + "\n")
        bag.write("README.txt", Path(__file__).with_name("README.txt").read_text(encoding="utf-8"))
        manifest = bag.finish(_info(space, at, greenroom))
    return ExportReport(
        folder=str(bag.target),
        workspace=workspace,
        at=at,
        works=rows["works"],
        versions=versions,
        rows=rows,
        media=len(stored) - len(missing) if media else 0,
        bytes=bag.bytes,
        manifest=manifest,
        left_out=left_out,
        missing=tuple(missing),
    )


def _one_moment(database: Database) -> Connection:
    """Return a connection that sees the database as it is now, whatever others write meanwhile."""
    if database.is_sqlite:
        return database.engine.connect()
    return database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True).connect()


def _write_tables(
    conn: Connection, bag: BagWriter, workspace: str, with_people: bool, progress: Progress
) -> dict[str, int]:
    counts, tables = {}, kept(with_people=with_people)
    for done, table in enumerate(tables, 1):
        rows = _ledger(conn, workspace) if table is ledger else lines(conn, table, workspace)
        counts[table.name] = 0
        with bag.file(f"data/tables/{table.name}.jsonl") as file:
            for each in rows:
                file.write(each.encode("utf-8"))
                counts[table.name] += 1
        progress("Rows", done, len(tables))
    return counts


def _ledger(conn: Connection, workspace: str) -> Iterator[str]:
    """Yield the chain: what is this workspace's in full, of others' entries only what holds the chain together."""
    alone = _is_alone(conn)
    sent = set(conn.scalars(select(publications.c.id).where(publications.c.workspace == workspace)))
    for entry in conn.execute(select(ledger).order_by(ledger.c.seq)):
        told = entry.payload
        mine = told["workspace"] == workspace if "workspace" in told else told.get("publication") in sent
        if alone or mine:
            yield line({**entry._mapping, "at": entry.at.isoformat()})
        else:
            yield line({"seq": entry.seq, "prev": entry.prev, "hash": entry.hash})


def _is_alone(conn: Connection) -> bool:
    return conn.scalar(select(func.count()).select_from(workspaces)) == 1


def _write_works(conn: Connection, bag: BagWriter, workspace: str, count: int, progress: Progress) -> int:
    versions = 0
    for done, work in enumerate(_works(conn, workspace), 1):
        bag.write(path_of(work), as_markdown(work))
        for before in _versions(conn, work):
            bag.write(path_of_version(before), as_markdown(before))
            versions += 1
        progress("Works", done, count)
    return versions


def _works(conn: Connection, workspace: str) -> Iterator[Work]:
    rows = select(works).where(works.c.workspace == workspace).order_by(works.c.number)
    for row in conn.execution_options(stream_results=True, yield_per=200).execute(rows):
        yield noun(Work, row)


def _versions(conn: Connection, work: Work) -> Iterable[Work]:
    """Return every version of a work that changed; the only one of a work that never did stands there already."""
    if work.version == 1:
        return []
    rows = select(work_versions).where(work_versions.c.work_id == work.id).order_by(work_versions.c.version)
    return [as_it_was(work, row._mapping) for row in conn.execute(rows)]


def _files(workspace: str) -> Any:
    return select(files).where(files.c.workspace == workspace).order_by(files.c.sha256)


def _write_media(
    bag: BagWriter, stored: list[StoredFile], path_to: Callable[[str, str], Path], progress: Progress
) -> list[str]:
    """Copy every file's bytes; return those that are gone, or are not what their name says."""
    missing = []
    for done, each in enumerate(stored, 1):
        source = path_to(each.workspace, each.sha256)
        if _digest(source) != each.sha256:
            missing.append(each.sha256)
        else:
            with source.open("rb") as data, bag.file(media_path(each)) as file:
                while part := data.read(_CHUNK):
                    file.write(part)
        progress("Media", done, len(stored))
    return missing


def _digest(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return None


def _left_out(*, media: bool, with_people: bool, alone: bool) -> dict[str, str]:
    said = {name: rule.why for name, rule in RULES.items() if rule.why and not (rule.kind == "people" and with_people)}
    named = {
        f"{name}.{column}" if RULES[name].without else name: why
        for name, why in said.items()
        for column in RULES[name].without or ("",)
    }
    more = {
        "credentials": "secrets are never in an export",
        "site": "the own site is plain files in the home already: copy its folder, or restore a backup",
    }
    if not alone:
        more["ledger"] = "entries of other workspaces of this home are only named by their hashes"
    return named | more | ({} if media else {"media": "left out with --no-media"})


def _info(space: Workspace, at: datetime, greenroom: str) -> dict[str, str]:
    return {
        "Source-Organization": space.name,
        "External-Description": "A creator's works, decisions and publications",
        "Bagging-Date": f"{at:%Y-%m-%d}",
        "Bag-Software-Agent": f"Greenroom {greenroom}",
        "Greenroom-Workspace": space.id,
        "Greenroom-Revision": HEAD,
        "Greenroom-Exported-At": at.isoformat(),
    }

"""Checking an archive to the end: it decrypts, every hash fits, the database is sound and its ledger unbroken."""

from pathlib import Path

from core.base import Instant, Noun
from core.errors import BadInput
from memory.backup.archive import Progress, read_archive
from memory.backup.dump import load
from memory.backup.embedded import integrity
from memory.backup.key import BackupKey
from memory.backup.manifest import DATABASE, LedgerHead, Manifest
from memory.backup.place import Place, choose
from memory.backup.sealed import Damaged
from memory.backup.shape import upgrade
from memory.backup.snapshot import row_counts
from memory.clock import utc_now
from memory.database import Database, sqlite_url
from memory.ledger import Ledger, LedgerCheck
from memory.migrations import REVISIONS, migrate, stored_revision


class ArchiveCheck(Noun):
    """An archive that was read to its end. `members` counts its files; `reason` is empty when `ok`."""

    ok: bool
    name: str
    place: str
    bytes: int
    created_at: Instant
    greenroom: str
    engine: str
    members: int
    ledger: LedgerCheck
    reason: str = ""


def check_archive(
    place: Place, name: str | None, key: BackupKey, folder: Path, progress: Progress = lambda _what, _done, _total: None
) -> ArchiveCheck:
    """Check one archive (the newest of this key's, without a name), using an empty folder of the caller's.

    Raises NotFound, BadInput for another key or a newer Greenroom's archive, Damaged for one that is not whole.
    """
    kept = choose(place, name, key.id)
    with place.open(kept.name) as source:
        manifest = read_archive(source, key, folder, progress, keep=_is_database)
    check, reason = check_database(manifest, folder)
    if not check.ok and not reason:
        reason = f"the ledger is broken at entry {check.first_bad}: {check.reason}"
    return ArchiveCheck(
        ok=not reason,
        name=kept.name,
        place=place.target,
        bytes=kept.bytes,
        created_at=manifest.created_at,
        greenroom=manifest.greenroom,
        engine=manifest.engine,
        members=len(manifest.members),
        ledger=check,
        reason=reason,
    )


def check_database(manifest: Manifest, folder: Path) -> tuple[LedgerCheck, str]:
    """Check an unpacked database and bring it to today's shape; return the ledger's check, and what
    else is wrong, or "".

    A PostgreSQL dump is read into a database of its own in `folder` for that. Raises BadInput for a newer Greenroom's.
    """
    refuse_newer(manifest)
    path = folder / DATABASE
    database = Database(sqlite_url(path))
    try:
        if manifest.engine == "postgresql":
            _read_dump(manifest, folder, database)
        elif (said := integrity(path)) != "ok":
            raise Damaged(f"The backed up database is damaged: {said}. Nothing was changed.")
        reason = _differs(manifest, database)
        migrate(database)
        check = Ledger(database, utc_now).verify()
    finally:
        database.close()
    return check, reason


def refuse_newer(manifest: Manifest) -> None:
    """Raise BadInput for an archive whose database this version can't read."""
    if manifest.revision not in REVISIONS:
        raise BadInput(
            f"This backup was made by a newer Greenroom ({manifest.greenroom}). Nothing was changed.",
            "Update Greenroom first.",
        )


def _is_database(path: str) -> bool:
    return path == DATABASE or path.startswith("tables/")


def _read_dump(manifest: Manifest, folder: Path, database: Database) -> None:
    with database.write() as conn:
        upgrade(conn, manifest.revision)
        load(conn, folder / "tables", positions=False)


def _differs(manifest: Manifest, database: Database) -> str:
    """Say where the database is not what the manifest counted."""
    with database.read() as conn:
        rows = row_counts(conn)
        if stored_revision(conn) != manifest.revision:
            raise Damaged("The backed up database has not the shape that it should have. Nothing was changed.")
        head = conn.exec_driver_sql("SELECT seq, hash FROM ledger ORDER BY seq DESC LIMIT 1").one_or_none()
    off = sorted(name for name in manifest.rows | rows if manifest.rows.get(name) != rows.get(name))
    if off:
        return f"these tables don't have the rows that were backed up: {', '.join(off)}"
    if (LedgerHead(seq=head[0], hash=head[1]) if head else None) != manifest.ledger:
        return "the ledger does not end where it was backed up"
    return ""

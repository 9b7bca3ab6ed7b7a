"""The way back: unpack and check beside the home, then put everything in its place, quarantined from the first moment.

The database is the last and only step that counts: one transaction puts the backup in place with the note that it is
one. Before it, files were only added; a restore that fails before it has changed nothing that anybody sees.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from core.base import Instant, Noun
from core.errors import BadInput, WrongUse
from memory.backup.archive import Progress, read_archive
from memory.backup.checking import check_database
from memory.backup.dump import load, occupied
from memory.backup.embedded import alone, copy_held, overwrite
from memory.backup.homing import Aside, bring_files, keep_given_key
from memory.backup.key import BackupKey
from memory.backup.manifest import CHECKPOINTS, CHOICE, DATABASE, Manifest
from memory.backup.place import choose, full_disk_in_plain_words, open_place
from memory.backup.sealed import Damaged
from memory.backup.shape import Joined, upgrade
from memory.backup.snapshot import open_database
from memory.backup.staging import staging
from memory.checkpoints import close_checkpointer, open_checkpointer
from memory.clock import Clock, utc_now
from memory.database import Database, sqlite_url
from memory.migrations import stored_revision
from memory.quarantines import Quarantines
from memory.tables import publications

_OVER = ("published", "cancelled", "deleted")
_ADVISORY_LOCK = 0x6772656E  # the same as the migrations': no other process opens a database that is half there


class RestoreReport(Noun):
    """A home as it was when the backup was made. `replaced`: the folder that what was there before was moved to."""

    home: str
    name: str
    created_at: Instant
    quarantined: bool = True
    publications_to_read_back: int
    replaced: str | None = None
    notes: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the object that `restore` prints."""
        return self.model_dump(mode="json")


def restore(
    home: Path,
    target: str,
    key: BackupKey,
    *,
    name: str | None = None,
    database_url: str | None = None,
    s3_endpoint: str | None = None,
    replace: bool = False,
    clock: Clock = utc_now,
    progress: Progress = lambda _what, _done, _total: None,
) -> RestoreReport:
    """Bring a backup (the newest of this key's, without a name) into `home`, and quarantine what it would send.

    `replace` moves what is there aside; nothing is deleted. Raises WrongUse for a home that is in use, Busy for one
    that another process has open, Damaged and BadInput for an archive that can't be used; then nothing was changed.
    """
    place = open_place(target, s3_endpoint)
    database = open_database(home, database_url)
    kept = choose(place, name, key.id)
    try:
        _refuse_what_is_there(home, database, replace)
        with staging(home) as folder, full_disk_in_plain_words(home):
            with place.open(kept.name) as source:
                manifest = read_archive(source, key, folder, progress)
            notes = _check(manifest, folder, database)
            aside = Aside(home, clock())
            said = {"restored_from": f"{kept.name} from {place.target}", "backup_made_at": manifest.created_at}
            notes += bring_files(manifest, folder, home, aside)
            if database.is_sqlite:
                waiting = _into_file(database, home, folder, aside, clock, said)
            else:
                waiting = _into_server(database, manifest, home, folder, clock, said)
                _swap_the_rest(home, folder, aside)
            notes += keep_given_key(home, key)
    finally:
        database.close()
    return RestoreReport(
        home=str(home),
        name=kept.name,
        created_at=manifest.created_at,
        publications_to_read_back=waiting,
        replaced=str(aside.folder) if aside.folder else None,
        notes=(*notes, *_always(manifest.created_at)),
    )


def _refuse_what_is_there(home: Path, database: Database, replace: bool) -> None:
    """Look before a long download; it is looked again when it counts."""
    path = database.path
    here = [each for each in (path, home / CHECKPOINTS, home / CHOICE) if each is not None and each.exists()]
    if here and not replace:
        raise WrongUse(
            f"There is a Greenroom in {home} already. Nothing was changed.",
            "Restore to another home with --to HOME; or give --replace, which moves this one's database aside first.",
        )
    if path is not None and path.exists():
        with alone(path):
            pass
    if path is None:
        with database.read() as conn:
            _refuse_occupied(occupied(conn))


def _refuse_occupied(table: str | None) -> None:
    if table is not None:
        raise WrongUse(
            f"The database that DATABASE_URL names is in use: its table {table} has rows. Nothing was changed.",
            "Make an empty database, and let DATABASE_URL name that one.",
        )


def _check(manifest: Manifest, folder: Path, database: Database) -> list[str]:
    """Refuse an archive that can't go where it should; say what was wrong with it already when it was made."""
    if (manifest.engine == "sqlite") != database.is_sqlite:
        where = "SQLite, in a home's own file" if manifest.engine == "sqlite" else "PostgreSQL"
        hint = "Unset DATABASE_URL." if manifest.engine == "sqlite" else "Let DATABASE_URL name an empty database."
        raise BadInput(f"This backup is of a database on {where}. Nothing was changed.", hint)
    ledger, reason = check_database(manifest, folder)
    if reason:
        raise Damaged(f"This backup can't be used: {reason}. Nothing was changed.")
    if ledger.ok:
        return []
    return [f"The ledger was broken already when the backup was made, at entry {ledger.first_bad}: {ledger.reason}."]


def _into_file(database: Database, home: Path, folder: Path, aside: Aside, clock: Clock, said: dict[str, Any]) -> int:
    """Quarantine the unpacked database, then put it in place in one transaction of SQLite's own."""
    staged = Database(sqlite_url(folder / DATABASE))
    waiting = _quarantine(staged, clock, said)
    staged.close()
    path = database.path
    assert path is not None
    is_new = not path.exists()
    try:
        with alone(path) as held:
            if not is_new:
                copy_held(held, aside.room_for(DATABASE))
            overwrite(held, folder / DATABASE)
            _swap_the_rest(home, folder, aside)
    except BaseException:
        if is_new:
            for end in ("", "-wal", "-shm", "-journal"):
                path.with_name(path.name + end).unlink(missing_ok=True)
        raise
    return waiting


def _into_server(
    database: Database, manifest: Manifest, home: Path, folder: Path, clock: Clock, said: dict[str, Any]
) -> int:
    """Fill an empty PostgreSQL in one transaction: shape, rows, today's shape, quarantine."""
    url = database.engine.url.render_as_string(hide_password=False)
    close_checkpointer(open_checkpointer(home, url))  # makes LangGraph's own tables
    with database.write() as conn:
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY_LOCK})")
        stored = stored_revision(conn)
        if stored is None:
            upgrade(conn, manifest.revision)
        elif stored != manifest.revision:
            raise WrongUse(
                f"The database that DATABASE_URL names has another shape ({stored}) than the backup "
                f"({manifest.revision}). Nothing was changed.",
                "Make a new, empty database, and let DATABASE_URL name that one.",
            )
        _refuse_occupied(occupied(conn))
        load(conn, folder / "tables")
        upgrade(conn)
        return _quarantine(Joined(database, conn), clock, said)


def _quarantine(database: Database, clock: Clock, said: dict[str, Any]) -> int:
    """Note the restore where the sender asks; return how many publications are not known to be over."""
    Quarantines(database, clock).begin(**said)
    rows = select(func.count()).select_from(publications).where(publications.c.state.not_in(_OVER))
    with database.read() as conn:
        return int(conn.scalar(rows) or 0)


def _swap_the_rest(home: Path, folder: Path, aside: Aside) -> None:
    """Replace what follows from the database: positions, the choice of a workspace, the index (which is made anew)."""
    for name in (CHECKPOINTS, f"{CHECKPOINTS}-wal", f"{CHECKPOINTS}-shm", CHOICE, "chroma"):
        if (home / name).exists():
            (home / name).replace(aside.room_for(name))
    for name in (CHECKPOINTS, CHOICE):
        if (folder / name).exists():
            (folder / name).replace(home / name)


def _always(made_at: datetime) -> tuple[str, ...]:
    return (
        f"Decisions, unsubscriptions and revoked consents from after {made_at:%Y-%m-%d %H:%M} UTC are not in it.",
        "What was under way is looked for at its platform before anything is sent.",
        "The search index is made anew: greenroom reindex",
    )

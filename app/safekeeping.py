"""Backups of a home, as a door asks for them: settings in, reports out. No studio is opened: nothing is migrated."""

import tempfile
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app.settings import Settings
from core.errors import WrongUse
from memory.backup import (
    ArchiveCheck,
    BackupKey,
    BackupReport,
    Kept,
    RestoreReport,
    back_up,
    check_archive,
    home_key,
    open_place,
    restore,
)
from memory.backup.place import archives

Progress = Callable[[str, int, int], None]


def make_backup(settings: Settings, targets: Sequence[str], *, keep: int | None, progress: Progress) -> BackupReport:
    """Back the home up to every target."""
    return back_up(
        settings.home,
        targets,
        database_url=settings.database_url,
        s3_endpoint=settings.backup_s3_endpoint,
        keep=keep,
        greenroom=_version(),
        progress=progress,
    )


def kept_backups(settings: Settings, target: str) -> list[Kept]:
    """Return the backups in a place, newest first; no key is needed for that."""
    return archives(open_place(target, settings.backup_s3_endpoint))


def check_backup(settings: Settings, target: str, name: str | None, key: BackupKey, progress: Progress) -> ArchiveCheck:
    """Read one backup to its end, in a folder that is deleted afterwards."""
    place = open_place(target, settings.backup_s3_endpoint)
    with tempfile.TemporaryDirectory(prefix="greenroom-verify-") as folder:
        return check_archive(place, name, key, Path(folder), progress)


def restore_backup(
    settings: Settings, target: str, key: BackupKey, *, name: str | None, replace: bool, progress: Progress
) -> RestoreReport:
    """Bring a backup into the home that the settings name."""
    return restore(
        settings.home,
        target,
        key,
        name=name,
        database_url=settings.database_url,
        s3_endpoint=settings.backup_s3_endpoint,
        replace=replace,
        progress=progress,
    )


def find_key(homes: Sequence[Path], key_file: str | None, ask: Callable[[], str | None]) -> BackupKey:
    """Return the key: from a file (`-`: what `ask` gives), else from the first home that has one, else from `ask`.

    Raises BadInput for a code with a slip in it, WrongUse where there is no key.
    """
    if key_file not in (None, "-"):
        from memory.backup.key import read_key

        return read_key(Path(str(key_file)).expanduser())
    if key_file is None:
        for home in homes:
            if key := home_key(home):
                return key
    code = ask()
    if not code or not code.strip():
        raise WrongUse(
            "The key of these backups is not here.",
            "Give the file with --key-file FILE, or the recovery code on the standard input with --key-file -",
        )
    return BackupKey.from_code(code)


def _version() -> str:
    try:
        return version("greenroom")
    except PackageNotFoundError:
        return "unknown"

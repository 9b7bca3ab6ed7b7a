"""Making a backup: a snapshot, one archive, and the same bytes in every place, each read again."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from core.base import Instant, Noun
from core.errors import GreenroomError, WrongUse
from memory.backup.archive import Progress, write_archive
from memory.backup.folder import FolderPlace
from memory.backup.key import BackupKey, home_key, keep_key, key_path
from memory.backup.manifest import Manifest, Member
from memory.backup.place import Place, archives, full_disk_in_plain_words, open_place
from memory.backup.snapshot import open_database, take
from memory.backup.staging import staging
from memory.clock import Clock, utc_now


class PlaceReport(Noun):
    """What became of an archive in one place. `dropped` are the older ones deleted there by `keep`."""

    place: str
    ok: bool
    verified: bool
    error: str | None = None
    dropped: tuple[str, ...] = ()


class BackupReport(Noun):
    """A backup that was made. `recovery_code` is there only where this call made the key."""

    name: str
    bytes: int
    created_at: Instant
    places: tuple[PlaceReport, ...]
    key_id: str
    recovery_code: str | None = None
    notes: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"BackupReport({self.name})"

    __str__ = __repr__

    def as_json(self) -> dict[str, Any]:
        """Return the object that `backup` prints."""
        body = self.model_dump(mode="json")
        return body if self.recovery_code else {name: value for name, value in body.items() if name != "recovery_code"}


def back_up(
    home: Path,
    targets: Sequence[str],
    *,
    database_url: str | None = None,
    s3_endpoint: str | None = None,
    keep: int | None = None,
    greenroom: str = "unknown",
    clock: Clock = utc_now,
    progress: Progress = lambda _what, _done, _total: None,
) -> BackupReport:
    """Back up a home, while others use it, to every target (`keep`: delete all but so many of this key's there).

    A place that fails is reported and hides no other. Raises NotFound for an empty home, Busy beside another backup,
    WrongUse for a target that names no place.
    """
    if keep is not None and keep < 1:
        raise WrongUse("--keep needs to leave at least one.")
    places = [open_place(target, s3_endpoint) for target in dict.fromkeys(targets)]
    if not home.is_dir():
        raise WrongUse(f"There is no home {home}.", "`greenroom init` makes one.")
    with staging(home) as folder, full_disk_in_plain_words(home):
        manifest, left_out = _snapshot(home, database_url, folder, greenroom, clock())
        rotten = [each.path for each in manifest.members if _is_rotten(each)]
        key, is_new = _key_of(home)
        archive = folder / "archive"
        with archive.open("xb") as file:
            write_archive(file, key, manifest, folder / "home", progress)
        reports = _put_everywhere(places, archive, manifest.name(), key, keep, progress)
        size = archive.stat().st_size
    return BackupReport(
        name=manifest.name(),
        bytes=size,
        created_at=manifest.created_at,
        places=tuple(reports),
        key_id=key.id,
        recovery_code=key.code() if is_new else None,
        notes=tuple(_notes(home, places, left_out, rotten)),
    )


def _snapshot(
    home: Path, database_url: str | None, folder: Path, greenroom: str, at: datetime
) -> tuple[Manifest, list[str]]:
    staged = folder / "home"
    staged.mkdir()
    database = open_database(home, database_url)
    try:
        return take(home, database, staged, greenroom=greenroom, at=at)
    finally:
        database.close()


def _key_of(home: Path) -> tuple[BackupKey, bool]:
    """Return the home's key, and whether it was made just now."""
    if key := home_key(home):
        return key, False
    made = BackupKey.make()
    keep_key(home, made)
    kept = home_key(home) or made  # another backup may have been the first one, a moment ago
    return kept, kept.id == made.id


def _put_everywhere(
    places: Sequence[Place], archive: Path, name: str, key: BackupKey, keep: int | None, progress: Progress
) -> list[PlaceReport]:
    with archive.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    reports = []
    for number, place in enumerate(places):
        progress("Storing", number, len(places))
        reports.append(_put(place, archive, name, digest, key, keep))
    progress("Storing", len(places), len(places))
    return reports


def _put(place: Place, archive: Path, name: str, digest: str, key: BackupKey, keep: int | None) -> PlaceReport:
    try:
        place.put(archive, name, digest)
    except (GreenroomError, OSError) as error:
        return PlaceReport(place=place.target, ok=False, verified=False, error=_words(error))
    try:
        dropped = _drop_old(place, name, key, keep)
    except (GreenroomError, OSError) as error:
        return PlaceReport(place=place.target, ok=False, verified=True, error=f"Older ones were kept: {_words(error)}")
    return PlaceReport(place=place.target, ok=True, verified=True, dropped=dropped)


def _drop_old(place: Place, name: str, key: BackupKey, keep: int | None) -> tuple[str, ...]:
    """Delete what is beyond `keep`, never the one just made, and never what was made with somebody else's key."""
    if keep is None:
        return ()
    older = [kept.name for kept in archives(place) if kept.key_id == key.id and kept.name != name]
    for each in older[keep - 1 :]:
        place.remove(each)
    return tuple(older[keep - 1 :])


def _words(error: Exception) -> str:
    if isinstance(error, GreenroomError):
        return f"{error.message} {error.hint}".strip()
    return str(error)


def _is_rotten(member: Member) -> bool:
    """Say whether a file that is named by its hash is not what its name says any more."""
    name = member.path.rpartition("/")[2]
    return member.path.startswith("files/") and len(name) == 64 and name != member.sha256


def _notes(home: Path, places: Sequence[Place], left_out: Sequence[str], rotten: Sequence[str]) -> list[str]:
    notes = []
    if rotten:
        notes.append(f"These files were changed or damaged in the home, and are so in the backup: {', '.join(rotten)}")
    if left_out:
        notes.append(f"Not in the backup, because it is no part of a home: {', '.join(left_out[:20])}")
    folders = [place.folder for place in places if isinstance(place, FolderPlace) and place.folder.is_dir()]
    if any(folder.resolve().is_relative_to(home.resolve()) for folder in folders):
        notes.append(f"A place inside {home} is lost together with it.")
    if len(places) == 1:
        notes.append("This is one place. Name a second one that can't be lost with it: another machine, another house.")
    elif len(folders) == len(places) and len({folder.stat().st_dev for folder in folders}) == 1:
        notes.append("These places are on one disk, and can be lost together.")
    notes.append(f"The key is in {key_path(home)}; without it, or its recovery code, no backup can be read.")
    return notes

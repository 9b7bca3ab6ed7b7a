"""Where archives are kept: a folder, or a bucket that speaks S3."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from core.base import Noun
from core.errors import GreenroomError, NotFound, WrongUse
from memory.backup.manifest import stamp_of
from memory.backup.sealed import HEADER, key_id


class Kept(Noun):
    """One archive in a place. `key_id` is None for a file that only has an archive's name."""

    name: str
    bytes: int
    made_at: datetime
    key_id: str | None


class Place(Protocol):
    """One place. Every method raises GreenroomError when the place can't be reached."""

    target: str
    """As the person named it."""

    def put(self, archive: Path, name: str, sha256: str) -> None:
        """Store a file under `name`, read it back, and compare. Nothing half is left under that name."""
        ...

    def sizes(self) -> dict[str, int]:
        """Return the size in bytes of everything in the place, by name."""
        ...

    def open(self, name: str, first: int | None = None) -> IO[bytes]:
        """Open a stored file, or its `first` bytes."""
        ...

    def remove(self, name: str) -> None:
        """Delete a stored file."""
        ...


def open_place(target: str, s3_endpoint: str | None = None) -> Place:
    """Return the place that `s3://bucket/prefix` or a folder's path names. Raises WrongUse."""
    if target.startswith("s3://"):
        from memory.backup.s3 import S3Place

        return S3Place.at(target, s3_endpoint)
    if "://" in target:
        raise WrongUse(f"{target} is no place that backups can go to.", "Give a folder, or s3://bucket/prefix")
    from memory.backup.folder import FolderPlace

    return FolderPlace(target)


def archives(place: Place) -> list[Kept]:
    """Return the archives in a place, newest first."""
    found = [
        Kept(name=name, bytes=size, made_at=made_at, key_id=_key_of(place, name) if size else None)
        for name, size in place.sizes().items()
        if (made_at := stamp_of(name))
    ]
    return sorted(found, key=lambda kept: kept.name, reverse=True)


def _key_of(place: Place, name: str) -> str | None:
    with place.open(name, HEADER.size) as beginning:
        return key_id(beginning.read(HEADER.size))


def choose(place: Place, name: str | None, key: str) -> Kept:
    """Return the archive called `name`; without a name (or with `latest`), the newest one made with `key`.

    Others may keep theirs in the same place. Raises NotFound.
    """
    found = archives(place)
    if name and name != "latest":
        wanted = [kept for kept in found if kept.name == name]
    else:
        wanted = [kept for kept in found if kept.key_id == key] or found
    if not wanted:
        what = f"no backup called {name}" if found else "no backup"
        raise NotFound(
            f"There is {what} in {place.target}.", f"See what is there: greenroom backup list {place.target}"
        )
    return wanted[0]


@contextmanager
def full_disk_in_plain_words(where: Path | str) -> Iterator[None]:
    """Turn a full disk, which several libraries tell in their own words, into one sentence."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        full = "disk is full" in str(error) or getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT)
        if not full:
            raise
        raise GreenroomError(
            f"The disk of {where} is full. Nothing half was left there, and nothing else was changed.",
            "Make room, then do it again.",
        ) from error

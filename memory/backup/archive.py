"""An archive's inside: a compressed tar, its manifest first, then exactly the members that the manifest lists."""

import hashlib
import io
import os
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from gzip import BadGzipFile, GzipFile
from pathlib import Path
from typing import IO

from memory.backup.key import BackupKey
from memory.backup.manifest import Manifest, Member, read_manifest
from memory.backup.sealed import CHUNK, Damaged, SealedReader, SealedWriter

Progress = Callable[[str, int, int], None]
"""Told what is done, how many bytes of it, and of how many."""

_MANIFEST = "manifest.json"
_LARGEST_MANIFEST = 1 << 28
_LEVEL = 3  # pictures don't shrink, and text does at any level; the time is what differs


def write_archive(target: IO[bytes], key: BackupKey, manifest: Manifest, staged: Path, progress: Progress) -> None:
    """Write the staged members into `target`. Raises OSError where a file is no longer what the manifest says."""
    sealed = SealedWriter(target, key)
    done, total = 0, sum(member.bytes for member in manifest.members)
    with (
        GzipFile(fileobj=sealed, mode="wb", compresslevel=_LEVEL, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        listing = manifest.encoded()
        tar.addfile(_entry(_MANIFEST, len(listing)), io.BytesIO(listing))
        for member in manifest.members:
            _add(tar, staged, member)
            done += member.bytes
            progress("Packing", done, total)
    sealed.finish()


def read_archive(
    source: IO[bytes], key: BackupKey, into: Path, progress: Progress, *, keep: Callable[[str], bool] = lambda _: True
) -> Manifest:
    """Read a whole archive, comparing every member's hash, and write those that `keep` names into `into`.

    `into` is an empty folder of the caller's. Raises Damaged; whatever was written by then is not to be used.
    """
    sealed = io.BufferedReader(SealedReader(source, key), CHUNK)
    with _damage_in_plain_words():
        with GzipFile(fileobj=sealed, mode="rb") as packed:
            with tarfile.open(fileobj=packed, mode="r|") as tar:
                manifest = _manifest(tar)
                _members(tar, manifest, into, keep, progress)
            _drain(packed)
        _drain(sealed)
    return manifest


def _entry(path: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(path)
    entry.size = size
    entry.mode = 0o600
    return entry


def _add(tar: tarfile.TarFile, staged: Path, member: Member) -> None:
    with (staged / member.path).open("rb") as file:
        hashed = _Hashing(file)
        tar.addfile(_entry(member.path, member.bytes), hashed)
        if file.read(1) or hashed.hexdigest() != member.sha256:
            raise OSError(f"{member.path} was changed in place while it was backed up")


class _Hashing:
    """A file that hashes what is read from it."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self._hash.update(data)
        return data

    def hexdigest(self) -> str:
        return self._hash.hexdigest()


def _manifest(tar: tarfile.TarFile) -> Manifest:
    entry = tar.next()
    if entry is None or entry.name != _MANIFEST or not entry.isreg() or entry.size > _LARGEST_MANIFEST:
        raise Damaged("The archive does not begin with its list of contents. Nothing was changed.")
    return read_manifest(_content(tar, entry).read())


def _members(
    tar: tarfile.TarFile, manifest: Manifest, into: Path, keep: Callable[[str], bool], progress: Progress
) -> None:
    done, total = 0, sum(member.bytes for member in manifest.members)
    for member in manifest.members:
        entry = tar.next()
        if entry is None or (entry.name, entry.size) != (member.path, member.bytes) or not entry.isreg():
            raise Damaged(f"The archive does not hold {member.path} as it lists it. Nothing was changed.")
        found = _copy(_content(tar, entry), into / member.path if keep(member.path) else None)
        if found != member.sha256:
            raise Damaged(f"{member.path} in the archive is not what was backed up. Nothing was changed.")
        done += member.bytes
        progress("Reading", done, total)
    if tar.next() is not None:
        raise Damaged("The archive holds more than it lists. Nothing was changed.")


def _content(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> IO[bytes]:
    content = tar.extractfile(entry)
    if content is None:
        raise Damaged(f"{entry.name} in the archive is no file. Nothing was changed.")
    return content


def _copy(content: IO[bytes], target: Path | None) -> str:
    """Read a member to its end, into a file or nowhere; return its hash."""
    if target is None:
        return hashlib.file_digest(content, "sha256").hexdigest()  # type: ignore[arg-type]
    hashed = hashlib.sha256()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while part := content.read(CHUNK):
            hashed.update(part)
            file.write(part)
        file.flush()
        os.fsync(file.fileno())
    return hashed.hexdigest()


def _drain(stream: io.BufferedIOBase) -> None:
    """Read to the end, where the checks of the whole stand."""
    while stream.read(CHUNK):
        pass


@contextmanager
def _damage_in_plain_words() -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, BadGzipFile, EOFError, zlib.error) as error:
        raise Damaged("The archive can't be unpacked: it is damaged. Nothing was changed.") from error

"""Bringing a backup's files home: added where there are none, never over something newer."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from memory.backup.key import BackupKey, home_key, keep_key, key_path
from memory.backup.manifest import Manifest, Member


class Aside:
    """Where what a restore replaces is kept, under the names it had; the folder is made when it is first needed."""

    def __init__(self, home: Path, now: datetime) -> None:
        self._wanted = home / f"replaced-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        self.folder: Path | None = None

    def room_for(self, path: str) -> Path:
        """Return where something goes that is at `path` in the home."""
        if self.folder is None:
            self.folder = _new_folder(self._wanted)
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        return place


def bring_files(manifest: Manifest, staged: Path, home: Path, aside: Aside) -> list[str]:
    """Move a backup's files into the home; return what was left as it is, and why.

    A site's folder that is there is what is live, and a vault that is there has newer tokens: neither is touched.
    """
    notes, closed = [], set()
    for room, why in _closed_rooms(manifest, home):
        closed.add(room)
        notes.append(f"{room}/ was left as it was: {why}.")
    for member in manifest.members:
        if _room(member.path) is not None and _room(member.path) not in closed:
            _bring(member, staged, home, aside)
    return notes


def keep_given_key(home: Path, key: BackupKey) -> list[str]:
    """Keep the key in a home that has none, so that its next backups are made with the same one."""
    there = home_key(home)
    if there is None:
        keep_key(home, key)
        return [f"The key was put into {key_path(home)}."]
    if there.id != key.id:
        return [f"This home's next backups are made with its own key ({there.id}), not with the one that was given."]
    return []


def _closed_rooms(manifest: Manifest, home: Path) -> Iterator[tuple[str, str]]:
    rooms = sorted({room for member in manifest.members if (room := _room(member.path))})
    for room in rooms:
        if not (home / room).exists():
            continue
        if room.startswith("site/"):
            yield room, "what is there is live"
        elif room == "vault" and any(_carries(path) for path in (home / room).rglob("*")):
            yield room, "the credentials there are newer than the backup's"


def _carries(path: Path) -> bool:
    """Say whether this is something that was kept; a lock's file only says that somebody looked."""
    return path.is_file() and path.suffix != ".lock"


def _room(path: str) -> str | None:
    """Return what is brought or left as a whole: a workspace's site, the vault; None for what is not a home's file."""
    first, *rest = path.split("/")
    if first == "site":
        return f"site/{rest[0]}"
    return first if first in ("files", "vault", "keys") else None


def _bring(member: Member, staged: Path, home: Path, aside: Aside) -> None:
    target = home / member.path
    if target.exists():
        # A file of a work's pictures is named by its hash: where it fits its name, nothing else may take its place.
        if member.path.startswith("keys/") or _digest(target) in (member.sha256, target.name):
            return
        target.replace(aside.room_for(member.path))
    target.parent.mkdir(parents=True, exist_ok=True)
    if member.path.startswith(("vault/", "keys/")):
        target.parent.chmod(0o700)
    else:
        (staged / member.path).chmod(0o644)  # a web server may be somebody else
    (staged / member.path).replace(target)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _new_folder(wanted: Path) -> Path:
    number = 1
    while True:
        folder = wanted if number == 1 else wanted.with_name(f"{wanted.name}-{number}")
        try:
            folder.mkdir(mode=0o700)
        except FileExistsError:
            number += 1
        else:
            return folder

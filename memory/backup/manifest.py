"""What an archive says of itself, first of all: every member with its hash, the rows, the head of the ledger."""

import json
import re
from datetime import datetime
from pathlib import PurePosixPath
from typing import Literal

from pydantic import ValidationError

from core.base import Instant, Noun
from core.canonical import sha256
from core.errors import BadInput
from memory.backup.sealed import Damaged

FORMAT = 1
DATABASE = "greenroom.db"
CHECKPOINTS = "checkpoints.db"
CHOICE = "current-workspace"
FOLDERS = ("files", "site", "vault", "keys", "tables")
"""What an archive may hold: `tables` is a PostgreSQL database, one file a table; the rest lies so in the home."""

_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
NAME = re.compile(r"greenroom-(\d{8}T\d{6}\.\d{3}Z)-[0-9a-f]{12}\.grb")


class Member(Noun):
    """One file of an archive."""

    path: str
    bytes: int
    sha256: str


class LedgerHead(Noun):
    """The newest entry of the ledger."""

    seq: int
    hash: str


class Manifest(Noun):
    """What is in an archive. `revision` is the shape of the database; `rows` counts each table."""

    format: int = FORMAT
    greenroom: str
    engine: Literal["sqlite", "postgresql"]
    revision: str
    created_at: Instant
    rows: dict[str, int]
    ledger: LedgerHead | None
    members: tuple[Member, ...]

    def encoded(self) -> bytes:
        """Return the bytes that go into the archive, and that its name is hashed from."""
        return self.model_dump_json().encode("utf-8")

    def name(self) -> str:
        """Return the archive's name; names sort by time."""
        stamp = self.created_at.strftime("%Y%m%dT%H%M%S") + f".{self.created_at.microsecond // 1000:03d}Z"
        return f"greenroom-{stamp}-{sha256(self.encoded())[:12]}.grb"


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest in `data`. Raises BadInput for a newer one, Damaged for one that can't be."""
    try:
        form = json.loads(data)["format"]
        if form > FORMAT:
            raise BadInput("This backup was made by a newer Greenroom. Nothing was changed.", "Update Greenroom first.")
        manifest = Manifest.model_validate_json(data)
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise Damaged("The archive's list of contents can't be read. Nothing was changed.") from error
    paths = [member.path for member in manifest.members]
    if len(set(paths)) != len(paths) or not all(map(is_member, paths)):
        raise Damaged("The archive lists files that have no place in a home. Nothing was changed.")
    if (DATABASE if manifest.engine == "sqlite" else "tables/ledger.jsonl") not in paths:
        raise Damaged("The archive has no database in it. Nothing was changed.")
    return manifest


def is_member(path: str) -> bool:
    """Say whether a path may be in an archive: plain, below the home, and of a kind that is known."""
    parts = path.split("/")
    if path != PurePosixPath(path).as_posix() or "\\" in path or _UNFIT.search(path):
        return False
    if any(part in ("", ".", "..") for part in parts):
        return False
    return parts[0] in FOLDERS if len(parts) > 1 else path in (DATABASE, CHECKPOINTS, CHOICE)


def stamp_of(name: str) -> datetime | None:
    """Return when an archive was made, as its name says; None if it is no archive's name."""
    found = NAME.fullmatch(name)
    return datetime.strptime(found[1] + "+0000", "%Y%m%dT%H%M%S.%fZ%z") if found else None

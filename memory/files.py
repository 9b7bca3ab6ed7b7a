"""Pictures and other files, kept by the hash of their bytes: a name can be swapped, a hash can't."""

import os
from pathlib import Path
from threading import get_ident

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from core.base import Instant, Noun
from core.canonical import sha256 as hash_of
from core.errors import NotFound, Refused
from memory.clock import Clock
from memory.database import Database
from memory.rows import noun, values
from memory.tables import files as table


class StoredFile(Noun):
    """One file. `made_from`: the hash of the original that it is a rendition of."""

    workspace: str
    sha256: str
    mime: str
    bytes: int
    width: int | None = None
    height: int | None = None
    alt: str = ""
    name: str = ""
    made_from: str | None = None
    alt_by: str | None = None  # the model that said `alt`; None: a person
    added_at: Instant


class Files:
    """The files of this home, in `HOME/files/<workspace>/<first two digits>/<hash>`."""

    def __init__(self, database: Database, home: Path, clock: Clock) -> None:
        self._database = database
        self._folder = home / "files"
        self._clock = clock

    def add(
        self,
        workspace: str,
        data: bytes,
        *,
        mime: str,
        name: str = "",
        alt: str = "",
        size: tuple[int, int] | None = None,
        made_from: str | None = None,
        alt_by: str | None = None,
    ) -> StoredFile:
        """Keep a file's bytes, and what is known of it; the same bytes twice are one file, as it was first added."""
        stored = StoredFile(
            workspace=workspace,
            sha256=hash_of(data),
            mime=mime,
            bytes=len(data),
            width=size[0] if size else None,
            height=size[1] if size else None,
            alt=alt,
            name=name,
            made_from=made_from,
            alt_by=alt_by,
            added_at=self._clock(),
        )
        self._write(workspace, stored.sha256, data)
        try:
            with self._database.write() as conn:
                conn.execute(insert(table).values(values(stored, table)))
        except IntegrityError:
            return self.get(workspace, stored.sha256)
        return stored

    def get(self, workspace: str, sha256: str) -> StoredFile:
        """Return what is known of a file. Raises NotFound."""
        with self._database.read() as conn:
            row = conn.execute(select(table).where(table.c.workspace == workspace, table.c.sha256 == sha256)).first()
        if row is None:
            raise NotFound(f"There is no file {sha256[:12]} in this workspace.")
        return noun(StoredFile, row)

    def describe(self, workspace: str, sha256: str, alt: str, by: str | None = None) -> None:
        """Keep what a file shows; `by` is the model that said it. Words of a person are never replaced by a model's."""
        mine = (table.c.workspace == workspace, table.c.sha256 == sha256)
        free = (table.c.alt == "",) if by else ()
        with self._database.write() as conn:
            conn.execute(update(table).where(*mine, *free).values(alt=alt, alt_by=by))

    def list(self, workspace: str) -> list[StoredFile]:
        """Return a workspace's files, oldest first."""
        rows = select(table).where(table.c.workspace == workspace).order_by(table.c.added_at, table.c.sha256)
        with self._database.read() as conn:
            return [noun(StoredFile, row) for row in conn.execute(rows)]

    def read(self, workspace: str, sha256: str) -> bytes:
        """Return a file's bytes, which are hashed anew. Raises Refused where they are gone, or other ones by now."""
        name = f"The file {sha256[:12]}"
        try:
            data = self.path(workspace, sha256).read_bytes()
        except OSError as error:
            raise Refused(f"{name} can't be read any more ({type(error).__name__}). Nothing was sent.") from error
        if hash_of(data) != sha256:
            raise Refused(
                f"{name} is not the one that was approved: its bytes were changed. Nothing was sent.",
                "Attach it again, and approve that.",
            )
        return data

    def path(self, workspace: str, sha256: str) -> Path:
        """Return where a file lies. Raises NotFound for what is no hash or no workspace's name."""
        if not (len(sha256) == 64 and set(sha256) <= set("0123456789abcdef")) or "/" in workspace or "." in workspace:
            raise NotFound("There is no such file.")
        return self._folder / workspace / sha256[:2] / sha256

    def _write(self, workspace: str, sha256: str, data: bytes) -> None:
        """Put the bytes in place in one step; what lies there already is replaced, should somebody have changed it."""
        target = self.path(workspace, sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        half = target.with_name(f".{sha256}.{os.getpid()}.{get_ident()}")  # channels are drafted in threads
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(target)

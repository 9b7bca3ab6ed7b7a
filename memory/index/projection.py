"""`Index`: keeps the vectors in SQL complete, and Chroma as a projection of them that can be lost at any time."""

import atexit
import logging
import shutil
from collections.abc import Callable
from pathlib import Path
from threading import RLock

import numpy as np

from core.canonical import sha256
from core.errors import GreenroomError
from memory.clock import Clock, utc_now
from memory.database import Database
from memory.embedding import Embedder
from memory.embedding.port import Vectors
from memory.index.chroma import Collection, open_embedded, open_server, readable_name
from memory.index.holdings import Hashes, Holdings, wanted
from memory.index.lock import Holder, IndexLock
from memory.index.marks import chroma_of, extent, mark, unchanged_since
from memory.index.shelf import Shelf
from memory.index.vectors import Fingerprint, Progress, embed_pending, fingerprint, known, of_hashes, pending_passages

PROJECT_AT_ONCE = 5000
"""Passages whose vectors are in memory together while they are handed to Chroma."""

_log = logging.getLogger(__name__)


class Index:
    """The vectors of all workspaces. SQL holds them; Chroma is opened only by the holder of the lock (or by URL)."""

    def __init__(
        self,
        database: Database,
        folder: Path,
        embedder: Callable[[], Embedder],
        *,
        chroma_url: str | None = None,
        clock: Clock = utc_now,
    ) -> None:
        self._database = database
        self._folder = folder
        self._embedder = embedder
        self._url = chroma_url
        self._lock = IndexLock(folder, clock)
        self._open: dict[str, tuple[Collection, Path | None]] = {}
        self._names: dict[str, str] = {}  # of the open collections: the embedding model is part of it
        self._complete: dict[str, Fingerprint] = {}  # what Chroma was a complete projection of, by workspace
        self._guard = RLock()

    def pending_count(self, workspace: str) -> int:
        """Return how many passages have no vector yet. They are found by their words meanwhile."""
        with self._database.read() as conn:
            return pending_passages(conn, workspace, self._embedder().name)

    def bring_up_to_date(self, workspace: str, progress: Progress | None = None) -> int:
        """Embed what has no vector yet, then bring Chroma up to date if this process may; return how many were new.

        Interrupted, it goes on where it was. Without the lock the vectors are in SQL, which is all that recall needs.
        """
        embedded = embed_pending(self._database, workspace, self._embedder(), progress)
        with self._guard:
            if not self._may_open():
                return embedded
            try:
                self._project(workspace)
            except GreenroomError:
                raise
            except Exception as error:  # noqa: BLE001 — Chroma raises what it likes, and all it holds is in SQL
                _log.warning("The search index of %s is made anew: %s", workspace, error)
                self._rebuild_quietly(workspace)
        return embedded

    def rebuild(self, workspace: str) -> int:
        """Make the workspace's Chroma index anew from SQL, in a new folder that replaces the old one; return its size.

        This is also how a forgotten vector leaves the disk. Without the lock nothing is touched, and 0 is returned:
        `holder` says which process has it open.
        """
        embed_pending(self._database, workspace, self._embedder())
        with self._guard:
            return self._rebuild(workspace) if self._may_open() else 0

    def renew(self, workspace: str) -> int | None:
        """As `rebuild`, of the vectors that there are: nothing is embedded first. None without the lock."""
        with self._guard:
            return self._rebuild(workspace) if self._may_open() else None

    def remove(self, workspace: str) -> bool:
        """Remove a workspace's index from the disk; False where another process has it open."""
        with self._guard:
            if not self._may_open():
                return False
            if self._url:
                self._collection(workspace).empty()
            self._drop(workspace)
            shutil.rmtree(self._folder / readable_name(workspace), ignore_errors=True)
            return True

    def has_folder(self, workspace: str) -> bool:
        """Say whether there is an index of this workspace on this disk."""
        return (self._folder / readable_name(workspace)).exists()

    def nearest(self, workspace: str, of: Fingerprint, vector: Vectors, n: int) -> list[str] | None:
        """Return the ids of about the `n` nearest passages, or None where SQL has to be searched instead.

        Chroma answers in the process that has it open, while it is not being written, and only if it holds exactly
        the passages that `of` says.
        """
        if not self._guard.acquire(blocking=False):
            return None
        try:
            if workspace not in self._open or self._complete.get(workspace) != of:
                return None
            if self._names[workspace] != self._name(workspace):
                return None  # the embedding model was switched: what is open holds the other one's vectors
            return self._open[workspace][0].nearest(vector, n)
        except Exception as error:  # noqa: BLE001 — Chroma raises what it likes, and SQL can answer as well
            _log.warning("The search index of %s can't be read, SQL is searched instead: %s", workspace, error)
            self._drop(workspace)
            return None
        finally:
            self._guard.release()

    def holder(self) -> Holder | None:
        """Return which process has the embedded index open, if any."""
        return self._lock.holder()

    def close(self) -> None:
        """Close and seal what is open, and let go of the lock."""
        with self._guard:
            for workspace in list(self._open):
                self._put_away(workspace)
            self._complete.clear()
            self._lock.release()
            atexit.unregister(self.close)

    def _may_open(self) -> bool:
        return self._url is not None or self._lock.acquire()

    def _project(self, workspace: str) -> None:
        """Make Chroma hold the vectors of exactly the workspace's passages."""
        collection, notes = self._collection(workspace), self._holdings(workspace)
        with self._database.read() as conn:
            state, reached = fingerprint(conn, workspace), extent(conn, workspace)
            since = unchanged_since(conn, workspace, chroma_of(notes.target))
            if since and collection.count() == since.passages:
                gone, new = {}, notes.new(conn, since.last_passage)
            elif collection.count() == notes.count(conn):
                gone, new = notes.gone(conn), notes.new(conn)
            else:
                # A new or another Chroma, or a process that died between the two writes: what Chroma has, decides.
                gone, new = _differences(collection.ids(), notes.noted(conn), wanted(conn, workspace))
        if self._forgotten(gone):
            self._rebuild(workspace)  # deleting would leave the vector on the disk
            return
        collection.remove(list(gone))
        notes.remove(gone)
        if self._put(collection, notes, new):
            self._complete[workspace] = state
            if since != reached:
                mark(self._database, workspace, chroma_of(notes.target), reached)

    def _forgotten(self, gone: Hashes) -> bool:
        """Say whether SQL no longer has a vector of what is gone: an edit leaves it there, forgetting does not."""
        kept_by = {content_hash for content_hash in gone.values() if content_hash}
        with self._database.read() as conn:
            return len(set(known(conn, kept_by, self._embedder().name))) < len(kept_by)

    def _put(self, collection: Collection, notes: Holdings, hashes: Hashes) -> bool:
        """Hand vectors over and note them; say whether every passage had one."""
        embedder, ids, complete = self._embedder(), list(hashes), True
        for first in range(0, len(ids), PROJECT_AT_ONCE):
            chunk = ids[first : first + PROJECT_AT_ONCE]
            with self._database.read() as conn:
                found = of_hashes(conn, [hashes[passage] for passage in chunk], embedder.name, embedder.dim)
            made = ~np.isnan(found[:, 0])
            ready = [passage for passage, has in zip(chunk, made, strict=True) if has]
            collection.put(ready, found[made])
            notes.put({passage: hashes[passage] for passage in ready})
            complete = complete and bool(made.all())
        return complete

    def _rebuild(self, workspace: str) -> int:
        self._complete.pop(workspace, None)
        self._holdings(workspace).clear()
        if self._url:
            self._collection(workspace).empty()
        else:
            self._drop(workspace)
            self._shelf(workspace).unseal()  # what is not sealed is not opened again: a new folder takes its place
        self._project(workspace)
        return self._open[workspace][0].count()

    def _rebuild_quietly(self, workspace: str) -> None:
        try:
            self._rebuild(workspace)
        except Exception as error:  # noqa: BLE001 — a full disk, a server that is away: recall goes on with SQL
            _log.warning("The search index of %s could not be made, SQL is searched instead: %s", workspace, error)
            self._drop(workspace)

    def _collection(self, workspace: str) -> Collection:
        name = self._name(workspace)
        if workspace in self._open and self._names[workspace] != name:
            self._complete.pop(workspace, None)
            self._put_away(workspace)
        if workspace not in self._open:
            self._names[workspace] = name
            if self._url:
                self._open[workspace] = open_server(self._url, name), None
            else:
                folder = self._shelf(workspace).open()
                self._open[workspace] = open_embedded(folder, name), folder
            atexit.register(self.close)  # a door that forgets to close would cost the next process a rebuild
        return self._open[workspace][0]

    def _name(self, workspace: str) -> str:
        return readable_name(workspace, self._embedder().name, self._identity())

    def _put_away(self, workspace: str) -> None:
        collection, folder = self._open.pop(workspace)
        collection.close()
        if folder:
            self._shelf(workspace).seal(folder)

    def _drop(self, workspace: str) -> None:
        """Let go of a collection that is not to be trusted: it stays unsealed, so the next opening starts anew."""
        self._complete.pop(workspace, None)
        collection, _ = self._open.pop(workspace, (None, None))
        if collection:
            try:
                collection.close()
            except Exception as error:  # noqa: BLE001 — it was given up already
                _log.debug("Closing a given-up index failed: %s", error)

    def _shelf(self, workspace: str) -> Shelf:
        return Shelf(self._folder / readable_name(workspace))

    def _holdings(self, workspace: str) -> Holdings:
        model = self._embedder().name
        return Holdings(self._database, workspace, f"{model}@{sha256(self._url)[:12]}" if self._url else model)

    def _identity(self) -> str:
        """Return what tells two homes apart that share a Chroma server."""
        return self._database.engine.url.set(username=None, password=None).render_as_string()


def _differences(ids: set[str], noted: Hashes, hashes: Hashes) -> tuple[Hashes, Hashes]:
    """Return what has to go and what has to come, where `ids` is what Chroma has."""
    held = {passage: noted.get(passage, "") for passage in ids}
    gone = {passage: kept_by for passage, kept_by in (noted | held).items() if passage not in hashes}
    return gone, {passage: kept_by for passage, kept_by in hashes.items() if held.get(passage) != kept_by}

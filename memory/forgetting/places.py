"""The places besides the tables: conversations, files, what is left on the disk, the index.

Each step can be done again without harm. What a step needs is in the forgetting's note, so that any process can go on.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, func, select

from memory.checkpoints import checkpoints_file, forget_threads, scrub_threads
from memory.database import Database
from memory.forgetting.names import Name
from memory.quotes import Quotes
from memory.tables import indexed, passages

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver

    from memory.index import Index

STEPS = ("threads", "files", "scrub", "index")
"""In this order: what holds words for the other steps is gone before the disk is scrubbed."""

AT_ONCE = 2000
"""Passages whose index is made anew there and then, in about a second. A larger one is removed at once, and made anew
by whoever keeps it open: nobody waits for it, since SQL is searched meanwhile."""

PATIENCE = 120
"""Seconds to wait for another process that goes on with a forgetting."""

Todo = dict[str, Any]


@dataclass(frozen=True)
class Places:
    """Where to look. The index and the checkpoints are opened when a step needs them."""

    database: Database
    home: Path
    index: Callable[[], "Index"]
    checkpointer: Callable[[], "BaseCheckpointSaver[str]"]

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Go on with forgettings while no other process of this home does."""
        from filelock import FileLock

        folder = self.home / "chroma"  # what lies in there is no part of a backup
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / "forget.lock", timeout=PATIENCE, preserve_lock_file=True, fallback_to_soft=False):
            yield

    def threads(self, todo: Todo, receipt: dict[str, Any]) -> bool:
        """Delete the conversations in which any of it stands."""
        removed = receipt["removed"].get("threads", 0)
        if not self.database.is_sqlite or checkpoints_file(self.home).exists():
            removed += forget_threads(self.checkpointer(), _finder(todo), ids=frozenset(todo["ids"]))
        receipt["removed"]["threads"] = removed
        for words in ("quotes", "name", "ids"):  # the next steps need none of them
            todo.pop(words)
        return True

    def files(self, todo: Todo, _receipt: dict[str, Any]) -> bool:
        """Delete the bytes of files; of a workspace, its whole folder, and that it was the chosen one."""
        folder = self.home / "files" / todo["workspace"]
        for sha256 in todo["files"]:
            (folder / sha256[:2] / sha256).unlink(missing_ok=True)
        if todo["kind"] == "workspace":
            shutil.rmtree(folder, ignore_errors=True)
            choice = self.home / "current-workspace"
            if choice.exists() and choice.read_text(encoding="utf-8").strip() == todo["workspace"]:
                choice.unlink()
        todo["files"] = []
        return True

    def scrub(self, _todo: Todo, receipt: dict[str, Any]) -> bool:
        """Push deletions through to the disk. On PostgreSQL that is its own VACUUM's to do."""
        done = self.database.scrub()
        if receipt["removed"].get("threads"):
            done = scrub_threads(self.checkpointer()) and done
        receipt["scrubbed"] = done
        return done or not self.database.is_sqlite

    def index_(self, todo: Todo, receipt: dict[str, Any]) -> bool:
        """Make the workspace's index anew in a new folder, or remove it; if another process has it open, it does so."""
        workspace = todo["workspace"]
        if not self._has_index(workspace):
            receipt["index"] = "there is none"
            return True
        holder = self.index().holder()
        if holder is not None and holder.pid != os.getpid():
            receipt["index"] = f"open in process {holder.pid} ({holder.command}), which makes it anew at its next look"
            return False
        says = self._renewed(workspace, receipt) if todo["kind"] != "workspace" else self._removed(workspace, "removed")
        receipt["index"] = says or "another process has it open, and makes it anew at its next look"
        return says is not None

    def _renewed(self, workspace: str, receipt: dict[str, Any]) -> str | None:
        size = self._size(workspace)
        if size > AT_ONCE:
            return self._removed(workspace, "removed: made anew at the next look of a worker or server, or by reindex")
        # A version without the person has passages that nobody embedded yet.
        made = self.index().rebuild(workspace) if receipt["rewritten"] else self.index().renew(workspace)
        if made is None:
            return None
        with self.database.write() as conn:  # what was noted for other models than today's
            there = select(passages.c.id)
            conn.execute(delete(indexed).where(indexed.c.workspace == workspace, indexed.c.passage_id.not_in(there)))
        return f"made anew with {made} passages"

    def _removed(self, workspace: str, says: str) -> str | None:
        if not self.index().remove(workspace):
            return None
        with self.database.write() as conn:
            conn.execute(delete(indexed).where(indexed.c.workspace == workspace))
        return says

    def do(self, step: str, todo: Todo, receipt: dict[str, Any]) -> bool:
        """Do one step; say whether it is done."""
        steps = {"threads": self.threads, "files": self.files, "scrub": self.scrub, "index": self.index_}
        return steps[step](todo, receipt)

    def _has_index(self, workspace: str) -> bool:
        with self.database.read() as conn:
            one = select(indexed.c.passage_id).where(indexed.c.workspace == workspace).limit(1)
            noted = conn.execute(one).first() is not None
        return noted or self.index().has_folder(workspace)

    def _size(self, workspace: str) -> int:
        with self.database.read() as conn:
            rows = select(func.count()).select_from(passages).where(passages.c.workspace == workspace)
            return conn.scalar(rows) or 0


def _finder(todo: Todo) -> Callable[[str], bool]:
    if todo["all_threads"]:
        return lambda _text: True
    quotes = Quotes.of(todo["quotes"])
    name = Name(todo["name"]) if todo["name"] else None
    return lambda text: quotes.in_text(text) or (name is not None and name.in_text(text))

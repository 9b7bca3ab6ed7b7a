"""Workspaces, and which one this home works in."""

import os
import re
from pathlib import Path

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from core.errors import NotFound, WrongUse
from core.works import Workspace
from memory.database import Database
from memory.rows import noun, values
from memory.tables import workspaces as table

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
"""What a workspace's id looks like."""


class Workspaces:
    """Every creator's own room. The current one is a choice of this home, kept in a small file beside the database."""

    def __init__(self, database: Database, home: Path) -> None:
        self._database = database
        self._choice = home / "current-workspace"

    def add(self, workspace: Workspace) -> None:
        """Add a workspace. Raises WrongUse for an id that is no slug, or is taken."""
        if not SLUG.fullmatch(workspace.id):
            raise WrongUse(
                f"“{workspace.id}” can't be a workspace's id.",
                "Use lower-case letters, digits and hyphens, at most 64.",
            )
        try:
            with self._database.write() as conn:
                conn.execute(insert(table).values(values(workspace, table)))
        except IntegrityError as error:
            raise WrongUse(f"There is already a workspace “{workspace.id}”.", "Choose another name.") from error

    def get(self, workspace_id: str) -> Workspace:
        """Return a workspace. Raises NotFound."""
        with self._database.read() as conn:
            row = conn.execute(select(table).where(table.c.id == workspace_id)).one_or_none()
        if row is None:
            raise NotFound(f"There is no workspace “{workspace_id}”.", "`greenroom init` makes one.")
        return noun(Workspace, row)

    def list(self) -> list[Workspace]:
        """Return all workspaces, oldest first."""
        with self._database.read() as conn:
            rows = conn.execute(select(table).order_by(table.c.created_at, table.c.id)).all()
        return [noun(Workspace, row) for row in rows]

    def replace(self, workspace: Workspace) -> None:
        """Store a changed workspace under the same id. Raises NotFound."""
        with self._database.write() as conn:
            found = conn.execute(update(table).where(table.c.id == workspace.id).values(values(workspace, table)))
        if not found.rowcount:
            raise NotFound(f"There is no workspace “{workspace.id}”.", "`greenroom init` makes one.")

    def current(self) -> str | None:
        """Return the id of the workspace that was chosen last in this home; None if none was."""
        try:
            return self._choice.read_text(encoding="utf-8").strip() or None
        except FileNotFoundError:
            return None

    def choose(self, workspace_id: str) -> None:
        """Make a workspace the current one. Raises NotFound."""
        self.get(workspace_id)
        new = self._choice.with_name(f".{self._choice.name}.{os.getpid()}")
        new.write_text(workspace_id + "\n", encoding="utf-8")
        new.replace(self._choice)  # in one step: a reader sees the old choice or the new one

"""Suggested metadata: kept until a person accepts or rejects it; what was accepted can be taken back."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from core.errors import AlreadyDecided, NotFound
from core.ids import new_id
from core.mending import Proposed, Suggestion
from memory.clock import Clock
from memory.database import Database
from memory.files import Files
from memory.rows import noun, values
from memory.tables import files
from memory.tables import suggestions as table
from memory.works import Progress, Works

_AT_ONCE = 500


class Suggestions:
    """Proposals of metadata. Accepting one makes a new version of its work; nothing is overwritten."""

    def __init__(self, database: Database, works: Works, stored: Files, clock: Clock) -> None:
        self._database = database
        self._works = works
        self._files = stored
        self._clock = clock

    def propose(self, workspace: str, proposed: Iterable[tuple[str, Proposed]]) -> int:
        """Keep proposals, each with the id of its work or the hash of its file; return how many are new.

        What was proposed before, and accepted, rejected or left open, is not proposed again. An open proposal of the
        same field gives way to the new one.
        """
        made = [self._made(workspace, subject, each) for subject, each in proposed]
        with self._database.write() as conn:
            known = set(conn.scalars(select(table.c.key).where(table.c.workspace == workspace)))
            new = {each.key: each for each in made if each.key not in known}
            for each in new.values():
                self._give_way(conn, each)
            rows = [values(each, table) | {"key": key} for key, each in new.items()]
            for start in range(0, len(rows), _AT_ONCE):
                conn.execute(table.insert(), rows[start : start + _AT_ONCE])
        return len(new)

    def get(self, workspace: str, suggestion_id: str) -> Suggestion:
        """Return a suggestion. Raises NotFound."""
        with self._database.read() as conn:
            return _load(conn, workspace, suggestion_id)

    def accept(
        self, workspace: str, ids: Sequence[str], *, by: str, progress: Progress = lambda _done, _total: None
    ) -> list[Suggestion]:
        """Apply suggestions: each work gets one new version, whatever number of its fields is mended.

        Raises NotFound and AlreadyDecided before anything is changed. Of several for one field, the last one counts.
        """
        chosen = [self._still(workspace, each, ("open", "undone")) for each in ids]
        by_subject: dict[str, list[Suggestion]] = {}
        for said in chosen:
            by_subject.setdefault(said.work_id or str(said.sha256), []).append(said)
        done = {}
        for mine in by_subject.values():
            before = [self._now(workspace, said) for said in mine]
            version = self._put(workspace, mine[0], {said.field: said.value for said in mine})
            for said, was in zip(mine, before, strict=True):
                done[said.id] = self._decided(said, "accepted", by, before=was, version=version)
            self._write([done[said.id] for said in mine])
            progress(len(done), len(chosen))
        return [done[said.id] for said in chosen]

    def reject(self, workspace: str, ids: Sequence[str], *, by: str) -> list[Suggestion]:
        """Reject suggestions: they are not made again. Raises NotFound, AlreadyDecided; nothing is changed then."""
        chosen = [self._still(workspace, each, ("open",)) for each in ids]
        rejected = [self._decided(said, "rejected", by) for said in chosen]
        self._write(rejected)
        return rejected

    def undo(self, workspace: str, ids: Sequence[str], *, by: str) -> list[Suggestion]:
        """Put back what stood there before, as a new version; or take a rejection back.

        Raises NotFound; AlreadyDecided for what was not decided, and for a value that was changed again since.
        """
        chosen = [self._still(workspace, each, ("accepted", "rejected")) for each in ids]
        for said in chosen:
            if said.state == "accepted" and self._now(workspace, said) != said.value:
                raise AlreadyDecided(f"The {said.field} of {said.id} was changed again since.", "Nothing was changed.")
        undone = []
        for said in chosen:
            to, version = "open", None
            if said.state == "accepted":
                to, version = "undone", self._put(workspace, said, {said.field: said.before})
            undone.append(self._decided(said, to, by, version=version))
            self._write(undone[-1:])
        return undone

    def _made(self, workspace: str, subject: str, each: Proposed) -> Suggestion:
        about = {"sha256": subject} if each.field == "alt" else {"work_id": subject}
        return Suggestion.model_validate(
            {"id": new_id("sg"), "workspace": workspace, "made_at": self._clock(), **about, **each.model_dump()}
        )

    def _give_way(self, conn: Connection, new: Suggestion) -> None:
        same = (
            table.c.workspace == new.workspace,
            table.c.work_id == new.work_id if new.work_id else table.c.sha256 == new.sha256,
            table.c.field == new.field,
            table.c.state == "open",
        )
        conn.execute(table.delete().where(*same))

    def _now(self, workspace: str, said: Suggestion) -> Any:
        if said.work_id is None:
            return self._files.get(workspace, str(said.sha256)).alt
        return self._works.get(workspace, said.work_id).model_dump(mode="json")[said.field]

    def _put(self, workspace: str, said: Suggestion, changes: dict[str, Any]) -> int | None:
        """Write values into what a suggestion is about; return the version of the work that they made."""
        if said.work_id is not None:
            return self._works.mend(workspace, said.work_id, changes).version
        mine = (files.c.workspace == workspace, files.c.sha256 == said.sha256)
        with self._database.write() as conn:
            conn.execute(update(files).where(*mine).values(alt=changes["alt"]))
        return None

    def _still(self, workspace: str, suggestion_id: str, states: tuple[str, ...]) -> Suggestion:
        said = self.get(workspace, suggestion_id)
        if said.state not in states:
            raise AlreadyDecided(f"{said.id} is {said.state} already.", "Nothing was changed.")
        return said

    def _decided(self, said: Suggestion, state: str, by: str, **more: Any) -> Suggestion:
        changes = {"state": state, "decided_by": by, "decided_at": self._clock(), **more}
        return Suggestion.model_validate(said.model_dump() | changes)

    def _write(self, decided: Sequence[Suggestion]) -> None:
        with self._database.write() as conn:
            for each in decided:
                conn.execute(update(table).where(table.c.id == each.id).values(values(each, table)))

    def list(self, workspace: str, state: str | None = "open", limit: int | None = None) -> list[Suggestion]:
        """Return a workspace's suggestions in one state (of all, without), oldest first."""
        rows = select(table).where(table.c.workspace == workspace)
        if state is not None:
            rows = rows.where(table.c.state == state)
        with self._database.read() as conn:
            return [
                noun(Suggestion, row) for row in conn.execute(rows.order_by(table.c.made_at, table.c.id).limit(limit))
            ]


def _load(conn: Connection, workspace: str, suggestion_id: str) -> Suggestion:
    row = conn.execute(select(table).where(table.c.workspace == workspace, table.c.id == suggestion_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no suggestion {suggestion_id}.", "greenroom audit suggestions")
    return noun(Suggestion, row)

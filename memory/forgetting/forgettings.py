"""`Forgetting`: one transaction for the tables, then the other places, step by step, until a receipt can be signed."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, insert, select, update

from core.base import Noun
from core.canonical import instant, sha256
from core.ids import new_id
from memory.authority import refuse_role
from memory.clock import Clock
from memory.database import Database
from memory.forgetting import people
from memory.forgetting.case import Case
from memory.forgetting.decided import leaning
from memory.forgetting.lookup import look_up
from memory.forgetting.places import STEPS, Places, Todo
from memory.forgetting.receipts import Checked, begin
from memory.forgetting.rules import carry_out
from memory.forgetting.signing import ReceiptKey, fits
from memory.forgetting.wish import Wish
from memory.forgetting.withholding import ranges
from memory.forgetting.works import leave_full_text
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.tables import forgettings as table

Signed = dict[str, Any]
"""`{receipt, signature, public_key}`."""


class Foreseen(Noun):
    """What a wish would come to; nothing was changed. `works` are (id, title) of those that would go."""

    works: tuple[tuple[str, str], ...]
    rewritten: tuple[tuple[str, str], ...]
    receipt: dict[str, Any]


class _Undone(Exception):
    """Raised inside a transaction that was only to be looked at."""


class Forgetting:
    """Forgets works, people, sources and workspaces. A process that dies in it leaves a note, and the next goes on."""

    def __init__(
        self,
        database: Database,
        ledger: Ledger,
        places: Places,
        clock: Clock,
        *,
        settle: Callable[[Connection, str], object],
    ) -> None:
        self._database = database
        self._ledger = ledger
        self._places = places
        self._clock = clock
        self._settle = settle
        self._key = ReceiptKey(places.home)

    def foresee(self, wish: Wish) -> Foreseen:
        """Return what forgetting would come to: it is carried out in a transaction that is not kept."""
        found: list[tuple[Case, dict[str, Any]]] = []
        try:
            with self._database.write() as conn:
                found.append(self._in_tables(conn, wish, "foreseen"))
                raise _Undone
        except _Undone:
            case, receipt = found[0]
        titles = {work.id: work.title for work in case.whole}
        changed = [(versions[-1].id, versions[-1].title) for versions in case.shared]
        return Foreseen(works=tuple(titles.items()), rewritten=tuple(changed), receipt=receipt)

    def forget(self, wish: Wish, *, by: str, secret: str | None = None) -> Signed:
        """Forget, and return the signed receipt; what another process holds up is `pending` in it, and is done later.

        Raises NotAllowed for all but owners, NotFound where there is nothing of the kind.
        """
        proof = proven(self._database, self._clock, wish.workspace, by, secret)
        forgetting = new_id("fg")
        with self._database.write() as conn:
            case, receipt = self._in_tables(conn, wish, forgetting, lambda: refuse_role(
                conn, wish.workspace, by, proof, ("owner",), "forget what is here"
            ))  # fmt: skip
            self._note(conn, case, receipt, by)
        return self._go_on(forgetting)

    def finish(self) -> list[Signed]:
        """Go on with every forgetting that something held up; return those that are done now."""
        going = [self._go_on(each) for each in self.unfinished()]
        return [signed for signed in going if not signed["receipt"]["pending"]]

    def leaning(self, wish: Wish) -> frozenset[str]:
        """Return the proposals that lean on what a wish is about."""
        with self._database.read() as conn:
            return frozenset(leaning(conn, look_up(conn, wish)))

    def unfinished(self) -> list[str]:
        """Return the forgettings that are not done yet, oldest first."""
        rows = select(table.c.id).where(table.c.state != "done").order_by(table.c.asked_at, table.c.id)
        with self._database.read() as conn:
            return list(conn.scalars(rows))

    def of_work(self, workspace: str, work_id: str) -> Signed | None:
        """Return the receipt of a work that was forgotten already."""
        rows = select(table).where(table.c.workspace == workspace).order_by(table.c.asked_at.desc())
        with self._database.read() as conn:
            found = [row for row in conn.execute(rows) if work_id in row.receipt["works"]]
        return _signed(found[0]) if found else None

    def check(self, signed: Any) -> Checked:
        """Check a receipt's signature, and whether this home made it and its ledger knows it. Raises BadInput."""
        signed = signed if isinstance(signed, dict) else {}
        receipt = signed.get("receipt")
        ok = fits(receipt, signed.get("signature"), signed.get("public_key"))
        told = {
            entry.payload.get("receipt") for entry in self._ledger.entries() if entry.kind == "forgotten"
        }  # fmt: skip
        return Checked(
            ok=ok,
            ours=ok and signed["public_key"] == self._key.public(),
            in_ledger=ok and sha256(receipt) in told,
            id=str(receipt.get("id")) if isinstance(receipt, dict) else "",
        )

    def _in_tables(
        self, conn: Connection, wish: Wish, forgetting: str, refuse: Callable[[], None] = lambda: None
    ) -> tuple[Case, dict[str, Any]]:
        case = look_up(conn, wish)
        refuse()
        case.settle = lambda inside: self._settle(inside, wish.workspace)
        leave_full_text(conn, case)
        if case.shared:
            case.count("rewritten", "works", people.rewrite(conn, case))
        carry_out(conn, case)
        return case, begin(forgetting, case, self._clock(), self._places.home)

    def _note(self, conn: Connection, case: Case, receipt: dict[str, Any], by: str) -> None:
        """Tell the ledger, and note what is left to do, with the rows that are gone: all of it or nothing."""
        wish, whole = case.wish, case.wish.kind == "workspace"
        told = {"forgetting": receipt["id"], "kind": wish.kind, "works": receipt["works"]}
        told |= {"withheld": ranges(case.withheld)} | ({} if whole else {"workspace": wish.workspace})
        theirs = whole or (case.name is not None and case.name.is_(by))
        self._ledger.append(conn, "owner" if theirs else by, "forget", told)
        todo: Todo = {
            "kind": wish.kind,
            "workspace": wish.workspace,
            "ids": sorted({*case.ids, *case.threads}),
            "quotes": case.quotes.kept(),
            "name": case.name.name if case.name else "",
            "all_threads": case.alone,
            "files": case.files,
            "steps": list(STEPS),
        }
        row = {"id": receipt["id"], "workspace": "" if whole else wish.workspace, "kind": wish.kind}
        row |= {"state": "begun", "todo": todo, "receipt": receipt, "asked_at": self._clock()}
        conn.execute(insert(table).values(row))

    def _go_on(self, forgetting: str) -> Signed:
        """Do the steps that are left, and sign what it came to; a step that is held up is left to the next look."""
        with self._places.alone():
            row = self._read(forgetting)
            if row.todo is None:  # another process went on with it
                return _signed(row)
            todo, receipt = dict(row.todo), dict(row.receipt)
            steps = list(todo["steps"])
            for step in steps:
                if self._places.do(step, todo, receipt):
                    todo["steps"].remove(step)
                    self._save(forgetting, todo=todo, receipt=receipt)
            if row.signature and todo["steps"] == steps:  # nothing has changed since the last look
                return _signed(row)
            return self._sign(forgetting, todo, receipt)

    def _sign(self, forgetting: str, todo: Todo, receipt: dict[str, Any]) -> Signed:
        pending, now = list(todo["steps"]), self._clock()
        receipt |= {"pending": pending, "finished_at": None if pending else instant(now)}
        signature, public_key = self._key.sign(receipt)
        changes: dict[str, Any] = {"receipt": receipt, "signature": signature, "public_key": public_key, "todo": todo}
        if not pending:
            changes |= {"state": "done", "todo": None, "finished_at": now}
        with self._database.write() as conn:
            self._put(conn, forgetting, changes)
            if not pending:
                told = {"forgetting": forgetting, "receipt": sha256(receipt)}
                told |= {"workspace": receipt["workspace"]} if receipt["workspace"] else {}
                self._ledger.append(conn, "greenroom", "forgotten", told)
        if not pending and todo["kind"] == "workspace":
            self._database.scrub()  # the note named it until now
        return {"receipt": receipt, "signature": signature, "public_key": public_key}

    def _read(self, forgetting: str) -> Any:
        with self._database.read() as conn:
            return conn.execute(select(table).where(table.c.id == forgetting)).one()

    def _save(self, forgetting: str, **changes: Any) -> None:
        with self._database.write() as conn:
            self._put(conn, forgetting, changes)

    def _put(self, conn: Connection, forgetting: str, changes: dict[str, Any]) -> None:
        conn.execute(update(table).where(table.c.id == forgetting).values(changes))


def _signed(row: Any) -> Signed:
    return {"receipt": row.receipt, "signature": row.signature, "public_key": row.public_key}

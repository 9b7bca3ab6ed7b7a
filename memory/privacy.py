"""What is private: works by their source, briefs by their own word, and all that was made of either."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, func, or_, select

from core.base import Instant, Noun
from core.errors import NotFound
from core.preferences import Preference
from core.privacy import Secrets, is_long
from memory.authority import refuse_role
from memory.clock import Clock
from memory.consents import revoked_works
from memory.database import Database
from memory.ledger import Ledger
from memory.passphrases import proven
from memory.rows import noun
from memory.tables import briefs, decisions, drafts, plans, preferences, proposals, work_versions, works
from memory.tables import sensitivities as table

HOSTED = "openai:"
"""How the name of a hosted embedding model begins (`memory/embedding/endpoint.py`, which is not loaded for this)."""

LIKELY = 200
"""Public works that are read to see whether a run of words is in one: those that hold its longest word."""


class Sensitivity(Noun):
    """The latest word on a source."""

    workspace: str
    source: str
    private: bool
    by: str
    at: Instant


class Privacy:
    """Which works and briefs are private, and everything by which they can be found again in a text."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock
        self._kept: dict[str, tuple[tuple[Any, ...], Secrets]] = {}

    def mark(
        self, workspace: str, sources: Sequence[str], *, private: bool, by: str, secret: str | None = None
    ) -> None:
        """Say that works are private, or no longer: by their sources, so that it can be said before they are there.

        An owner's or editor's word, in the ledger. Raises NotAllowed.
        """
        from memory.index.upsert import insert_into  # its room needs numpy: nobody who only opens a home should pay

        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner", "editor"), "say what is private")
            told = {"workspace": workspace, "private": private, "works": _ids(conn, workspace, sources)}
            entry = self._ledger.append(conn, by, "sensitivity", told)
            rows = [
                {"workspace": workspace, "source": each, "private": int(private), "by": by, "at": entry.at}
                for each in dict.fromkeys(sources)
            ]
            if rows:
                put = insert_into(table, self._database)
                conn.execute(
                    put.on_conflict_do_update(
                        index_elements=["workspace", "source"],
                        set_={name: put.excluded[name] for name in ("private", "by", "at")},
                    ),
                    rows,
                )

    def mark_work(self, workspace: str, work_id: str, *, private: bool, by: str, secret: str | None = None) -> None:
        """Say it of one work that is there. Raises NotFound."""
        with self._database.read() as conn:
            mine = (works.c.workspace == workspace, works.c.id == work_id)
            source = conn.execute(select(works.c.source).where(*mine)).scalar_one_or_none()
        if source is None:
            raise NotFound(f"There is no work {work_id} in this workspace.", "`greenroom works` lists them.")
        self.mark(workspace, [source], private=private, by=by, secret=secret)

    def is_private(self, workspace: str, brief_id: str) -> bool:
        """Say whether a brief is private: by its word, or by what it was made from."""
        return brief_id in self.secrets(workspace).ids

    def works(self, workspace: str) -> frozenset[str]:
        """Return the ids of the works that are private."""
        with self._database.read() as conn:
            return private_works(conn, workspace)

    def secrets(self, workspace: str) -> Secrets:
        """Return what is private in a workspace, to look for in a text; read again when something has changed."""
        with self._database.read() as conn:
            if not _anything(conn, workspace):
                return Secrets(())
            state = _state(conn, workspace)
            kept = self._kept.get(workspace)
            if kept and kept[0] == state:
                return kept[1]
            found = self._read(conn, workspace)
        self._kept[workspace] = state, found
        return found

    def everywhere(self) -> tuple[Secrets, ...]:
        """Return what is private in each workspace of this home: an embedding model is asked for all of them."""
        with self._database.read() as conn:
            spaces = set(conn.scalars(select(table.c.workspace))) | set(
                conn.scalars(_private_briefs(briefs.c.workspace))
            )
        return tuple(found for space in sorted(spaces) if (found := self.secrets(space)))

    def _read(self, conn: Connection, workspace: str) -> Secrets:
        ids = private_works(conn, workspace)
        texts = [*_of_works(conn, ids)]
        made = frozenset(_briefs(conn, workspace, ids, Secrets(texts)))
        if not ids and not made:
            return Secrets(())
        more, named = _of_briefs(conn, made)
        public: dict[str, bool] = {}

        def is_public(words: str) -> bool:
            if words not in public:
                public[words] = self._in_public_work(workspace, words)
            return public[words]

        says = _learned(conn, workspace, named)
        return Secrets([*texts, *more], {*ids, *made, *named}, says=says, is_public=is_public)

    def _in_public_work(self, workspace: str, words: str) -> bool:
        """Say whether a public work says so too: then it is no secret."""
        longest = max(words.split(), key=len)
        with self._database.read() as conn:
            private = private_works(conn, workspace)
            rows = select(works.c.title, works.c.body).where(
                works.c.workspace == workspace, works.c.id.not_in(private), _has(longest)
            )
            for row in conn.execute(rows.limit(LIKELY)):
                if Secrets([words]).found_in(f"{row.title}\n{row.body}"):
                    return True
        return False


def kept_from(conn: Connection, workspace: str, model: str) -> frozenset[str]:
    """Return the works that an embedding model is not sent: without consent, and for a hosted one the private."""
    revoked = revoked_works(conn, workspace)
    return revoked | private_works(conn, workspace) if model.startswith(HOSTED) else revoked


def private_works(conn: Connection, workspace: str) -> frozenset[str]:
    """Return the ids of the works whose source is private: a hosted model is never shown them."""
    both = (works.c.workspace == table.c.workspace) & (works.c.source == table.c.source)
    rows = select(works.c.id).join(table, both).where(table.c.workspace == workspace, table.c.private == 1)
    return frozenset(conn.scalars(rows))


def _ids(conn: Connection, workspace: str, sources: Sequence[str]) -> list[str]:
    """The works that are there: the ledger names them, never a path or an address."""
    rows = select(works.c.id).where(works.c.workspace == workspace, works.c.source.in_(sources))
    return sorted(conn.scalars(rows))


def _has(word: str) -> Any:
    like = f"%{word.replace('%', '').replace('_', '')}%"
    return or_(works.c.body.ilike(like), works.c.title.ilike(like))


def _anything(conn: Connection, workspace: str) -> bool:
    """Say whether anything was ever called private here: most workspaces pay no more than this question."""
    marked = select(table.c.source).where(table.c.workspace == workspace, table.c.private == 1).limit(1)
    asked = _private_briefs(briefs.c.id).where(briefs.c.workspace == workspace).limit(1)
    return conn.execute(marked).first() is not None or conn.execute(asked).first() is not None


def _state(conn: Connection, workspace: str) -> tuple[Any, ...]:
    """What changes whenever something private may have: counts and latest moments, each asked of an index."""
    counted = [
        select(func.count(), func.max(table.c.at), func.sum(table.c.private)).where(table.c.workspace == workspace),
        select(func.count(), func.max(works.c.number), func.max(works.c.imported_at), func.sum(works.c.version)).where(
            works.c.workspace == workspace
        ),
        *(
            select(func.count(), func.max(each.c.created_at)).where(each.c.workspace == workspace)
            for each in (briefs, drafts, proposals)
        ),
        select(func.count(), func.max(decisions.c.at)).where(decisions.c.workspace == workspace),
    ]
    return tuple(tuple(conn.execute(query).one()) for query in counted)


def _private_briefs(column: Any) -> Any:
    return select(column).where(briefs.c.data["private"].as_boolean().is_(True))


def _briefs(conn: Connection, workspace: str, private: frozenset[str], of_works: Secrets) -> Iterable[str]:
    """Yield the briefs that are private, or made from a work that is or its words: it may have been marked later."""
    rows = conn.execute(select(briefs.c.id, briefs.c.data).where(briefs.c.workspace == workspace)).all()
    for row in rows:
        said = f"{row.data['ask']}\n{row.data.get('source_text', '')}"
        if row.data.get("private") or row.data.get("source_work_id") in private or of_works.found_in(said):
            yield row.id
    if private:
        cited = select(proposals.c.brief_id, proposals.c.receipts).where(proposals.c.workspace == workspace)
        for row in conn.execute(cited):
            if any(receipt.get("work_id") in private for receipt in row.receipts):
                yield row.brief_id


def _of_works(conn: Connection, ids: frozenset[str]) -> Iterable[str]:
    for row in conn.execute(select(works.c.title, works.c.body, works.c.excerpt).where(works.c.id.in_(ids))):
        yield from (row.title, row.body, row.excerpt)
    for old in conn.execute(
        select(work_versions.c.title, work_versions.c.body).where(work_versions.c.work_id.in_(ids))
    ):
        yield from (old.title, old.body)


def _learned(conn: Connection, workspace: str, named: set[str]) -> set[str]:
    """Return the rules that edits of private drafts taught, in the words in which a model is told them."""
    rows = conn.execute(select(preferences).where(preferences.c.workspace == workspace)) if named else ()
    learned = (noun(Preference, row) for row in rows)
    return {each.says for each in learned if any(edit.proposal_id in named for edit in each.support)}


def _of_briefs(conn: Connection, ids: Collection[str]) -> tuple[list[str], set[str]]:
    """Return every text of private briefs, and the ids of what was made of them."""
    asked: list[str] = []
    texts: list[str] = []  # what a model made: a few words of it are nobody's secret
    named = set[str]()
    for row in conn.execute(select(briefs.c.data).where(briefs.c.id.in_(ids))):
        asked += [row.data["ask"], row.data.get("source_text", ""), row.data.get("source_title", "")]
    for row in conn.execute(select(plans.c.data).where(plans.c.brief_id.in_(ids))):
        texts += [text for angle in row.data.get("angles", ()) for text in (angle["title"], angle["premise"])]
    for row in conn.execute(select(drafts.c.id, drafts.c.data).where(drafts.c.brief_id.in_(ids))):
        named.add(row.id)
        content = row.data["content"]
        texts += [str(content.get(name) or "") for name in ("text", "title", "subject", "preheader", "summary")]
    waiting = conn.execute(select(proposals.c.id, proposals.c.text).where(proposals.c.brief_id.in_(ids))).all()
    named |= {row.id for row in waiting}
    texts += [row.text for row in waiting]
    said = select(decisions.c.note, decisions.c.body).where(decisions.c.proposal_id.in_([row.id for row in waiting]))
    texts += [text for row in conn.execute(said) for text in (row.note, row.body) if text]
    return [*asked, *filter(is_long, texts)], named

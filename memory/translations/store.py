"""The translation memory as memory's sub-face."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select

from core.base import Noun
from core.decisions import Decision
from core.errors import NotFound
from core.ids import new_id
from core.languages import detect
from core.proposals import Proposal
from core.segments import aligned
from core.translated import Reuse
from memory.authority import refuse_role
from memory.clock import Clock, whole_second
from memory.consents import revoked_works
from memory.database import Database
from memory.grounds import brief_of, lineage
from memory.passphrases import proven
from memory.privacy import private_works
from memory.proposals import load
from memory.rows import noun
from memory.tables import decisions, ledger, works
from memory.tables import translations as table
from memory.translations.rows import Translation, compared, language

if TYPE_CHECKING:
    from memory.translations.tmx import Unit

LEAST = 70
"""Percent from which an earlier segment is worth showing."""

BATCH = 1_000
_LOOKED_AT = 300  # works whose language nobody stated, the newest: more would take too long for a few exemplars
_EXEMPLAR = 500  # characters


_Pair = tuple[str, str, str, str]
_SHOWN = [table.c[name] for name in Reuse.model_fields if name != "percent"] + [
    table.c.source_locale,
    table.c.target_locale,
]


class Taken(Noun):
    """What became of a file's pairs."""

    added: int
    unchanged: int


class TranslationMemory:
    """Approved pairs of one workspace. Nothing of another one is ever looked at."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def matches(
        self, workspace: str, sources: Sequence[str], *, source: str, target: str, least: int = LEAST, most: int = 3
    ) -> list[tuple[Reuse, ...]]:
        """Return the earlier segments that are like each source, best first; 100 percent: the same, for this locale.

        One of another region (`es-MX` for `es`) counts at most 99. What was taken back, or rests on a past work whose
        consent was revoked, is not used.
        """
        rows = self._usable(workspace, source, target, [len(compared(each)) for each in sources])
        if not rows:
            return [() for _ in sources]
        from memory.translations.matching import Sources

        index = Sources([row.source for row in rows])
        return [_reuses(rows, index.like(each, least, most * 3), target, most) for each in sources]

    def learn(self, decision: Decision) -> int:
        """Keep the segments of a translation that was approved as a whole; return how many. A second time: none.

        Segments that somebody approved one by one are there already, with who that was.
        """
        if decision.verb != "approve":
            return 0
        with self._database.write() as conn:
            if conn.scalar(select(table.c.id).where(table.c.decision_id == decision.id).limit(1)) is not None:
                return 0
            made = list(self._of(conn, load(conn, decision.workspace, decision.proposal_id), decision))
            known = _known(conn, decision.workspace, made)
            new = [row for row in made if _pair(row) not in known]
            if new:
                conn.execute(insert(table), new)
            return len(new)

    def take(self, workspace: str, units: "Iterable[Unit]", *, file: str, by: str, secret: str | None = None) -> Taken:
        """Keep the pairs of a TMX as approved by whom it says; those that are there already change nothing.

        Each batch is kept at once: a file that is cut off leaves what was read, and the next try goes on. Raises
        NotAllowed for who may not approve.
        """
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner", "editor"), "bring translations in")
        added = unchanged = 0
        now = whole_second(self._clock())
        for batch in _batches(units):
            rows = [_from_unit(workspace, unit, file, by, now) for unit in batch]
            with self._database.write() as conn:
                known = _known(conn, workspace, rows)
                new = {_pair(row): row for row in rows if _pair(row) not in known}
                if new:
                    conn.execute(insert(table), list(new.values()))
            added, unchanged = added + len(new), unchanged + len(rows) - len(new)
        return Taken(added=added, unchanged=unchanged)

    def all(self, workspace: str, *, source: str | None = None, target: str | None = None) -> list[Translation]:
        """Return the pairs that stand, oldest first, of one pair of languages if they are named."""
        with self._database.read() as conn:
            rows = select(table).where(*_standing(conn, workspace)).order_by(table.c.at, table.c.id)
            found = [noun(Translation, row) for row in conn.execute(rows)]
        return [row for row in found if _is(row.source_locale, source) and _is(row.target_locale, target)]

    def counts(self, workspace: str) -> list[tuple[str, str, int]]:
        """Return (source locale, target locale, pairs) of what stands."""
        with self._database.read() as conn:
            pair = (table.c.source_locale, table.c.target_locale)
            rows = select(*pair, func.count()).where(*_standing(conn, workspace)).group_by(*pair).order_by(*pair)
            return [(one, other, many) for one, other, many in conn.execute(rows)]

    def remove(self, workspace: str, translation_id: str, *, by: str, secret: str | None = None) -> Translation:
        """Take a pair out of the memory. Raises NotFound, and NotAllowed for who may not approve."""
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner", "editor"), "take translations out")
            row = conn.execute(
                select(table).where(table.c.workspace == workspace, table.c.id == translation_id)
            ).first()
            if row is None:
                raise NotFound(f"There is no translation {translation_id} in this workspace.", "greenroom tm search")
            conn.execute(delete(table).where(table.c.id == translation_id))
        return noun(Translation, row)

    def exemplars(self, workspace: str, locale: str, most: int = 3) -> tuple[str, ...]:
        """Return how the creator writes in a language, where they do: openings of their newest works in it.

        None of a work that is private, or whose consent was revoked.
        """
        wanted = language(locale)
        rows = select(works.c.id, works.c.body, works.c.language).where(
            works.c.workspace == workspace, works.c.kind == "import"
        )
        with self._database.read() as conn:
            kept_back = revoked_works(conn, workspace) | private_works(conn, workspace)
            newest = rows.order_by(works.c.published_at.desc().nulls_last(), works.c.id)
            stated = newest.where(func.lower(works.c.language).like(f"{wanted}%")).limit(most * 4)
            unstated = newest.where(works.c.language.is_(None)).limit(_LOOKED_AT)
            found = [*conn.execute(stated), *conn.execute(unstated)]
        mine = (row for row in found if row.id not in kept_back)
        openings = (_opening(row.body) for row in mine if language(row.language or detect(row.body) or "") == wanted)
        return tuple(islice(filter(None, openings), most))

    def _usable(self, workspace: str, source: str, target: str, lengths: Sequence[int]) -> "list[Row[Any]]":
        """Return the pairs that may be like texts of these lengths, as bare rows: there may be a hundred thousand."""
        if not lengths:
            return []
        near = table.c.length.between(min(lengths) // 2, max(lengths) * 2)
        with self._database.read() as conn:
            rows = select(*_SHOWN).where(*_standing(conn, workspace), near).order_by(table.c.at, table.c.id)
            found = conn.execute(rows.where(_same_language(target))).all()
        return [row for row in found if language(row.source_locale) == language(source)]

    def _of(self, conn: Connection, proposal: Proposal, decision: Decision) -> Iterator[dict[str, Any]]:
        brief = brief_of(conn, proposal)
        if brief is None or proposal.draft_id is None or proposal.locale == brief.locales[0]:
            return
        draft = next(lineage(conn, proposal.draft_id))
        for each in aligned(draft.segments, draft.content):
            if each.source.strip() and each.target.strip():
                yield {
                    "id": new_id("tm"),
                    "workspace": proposal.workspace,
                    "source_locale": brief.locales[0],
                    "target_locale": proposal.locale,
                    "source": each.source,
                    "target": each.target,
                    "length": len(compared(each.source)),
                    "origin": "proposal",
                    "decision_id": decision.id,
                    "proposal_id": proposal.id,
                    "work_id": brief.source_work_id,
                    "by": decision.by,
                    "at": decision.at,
                    "recorded_by": decision.by,
                    "recorded_at": whole_second(self._clock()),
                }


def _standing(conn: Connection, workspace: str) -> tuple[ColumnElement[bool], ...]:
    """Return the condition that a pair may be used: nobody took its approval back, no consent was revoked.

    An approval that was voided (its source changed later, its account) still was one of this pair.
    """
    undone = select(decisions.c.id).join(ledger, ledger.c.seq == decisions.c.undone_by)
    taken_back = undone.where(decisions.c.workspace == workspace, ledger.c.kind == "undo")
    standing = table.c.decision_id.is_(None) | table.c.decision_id.not_in(taken_back)
    revoked = list(revoked_works(conn, workspace))
    free = table.c.work_id.is_(None) | table.c.work_id.not_in(revoked)
    return table.c.workspace == workspace, standing, free


def _same_language(target: str) -> ColumnElement[bool]:
    wanted = language(target)
    locale = func.lower(table.c.target_locale)
    return (locale == wanted) | locale.like(f"{wanted}-%")


def _known(conn: Connection, workspace: str, rows: Sequence[dict[str, Any]]) -> set[_Pair]:
    """Return which of the rows' pairs are kept already, between the same two locales."""
    columns = (table.c.source_locale, table.c.target_locale, table.c.source, table.c.target)
    sources = sorted({row["source"] for row in rows})
    found: set[_Pair] = set()
    for at in range(0, len(sources), 500):
        here = select(*columns).where(*_standing(conn, workspace), table.c.source.in_(sources[at : at + 500]))
        found |= {tuple(row) for row in conn.execute(here)}
    return found & {_pair(row) for row in rows}


def _pair(row: dict[str, Any]) -> _Pair:
    return row["source_locale"], row["target_locale"], row["source"], row["target"]


def _reuses(rows: "list[Row[Any]]", likes: list[tuple[int, int]], target: str, most: int) -> tuple[Reuse, ...]:
    """Return the matches, one for each target that was approved, the latest; another region's count for less."""
    found: dict[str, Reuse] = {}
    for place, percent in likes:
        row = rows[place]
        same = row.target_locale.lower() == target.lower()
        shown = percent if same else min(99, percent)
        kept = Reuse(
            id=row.id, percent=shown, source=row.source, target=row.target, by=row.by, at=row.at,
            proposal_id=row.proposal_id, file=row.file,
        )  # fmt: skip
        if row.target not in found or found[row.target].percent < shown:
            found[row.target] = kept
    return tuple(sorted(found.values(), key=lambda each: -each.percent)[:most])


def _from_unit(workspace: str, unit: "Unit", file: str, by: str, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id("tm"),
        "workspace": workspace,
        "source_locale": unit.source_locale,
        "target_locale": unit.target_locale,
        "source": unit.source,
        "target": unit.target,
        "length": len(compared(unit.source)),
        "origin": "tmx",
        "file": file,
        "by": unit.by or by,
        "at": unit.at or now,
        "recorded_by": by,
        "recorded_at": now,
    }


def _batches(units: "Iterable[Unit]") -> "Iterator[list[Unit]]":
    batch: list[Unit] = []
    for unit in units:
        batch.append(unit)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _is(locale: str, wanted: str | None) -> bool:
    return wanted is None or locale.lower() == wanted.lower() or language(locale) == wanted.lower()


def _opening(body: str) -> str:
    """Return a work's first paragraph of prose, cut at a word."""
    prose = next(
        (part.strip() for part in body.split("\n\n") if len(part.split()) >= 12 and part[:1] not in "#>|-"), ""
    )
    return prose if len(prose) <= _EXEMPLAR else prose[:_EXEMPLAR].rsplit(" ", 1)[0]

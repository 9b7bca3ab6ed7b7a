"""The audit: what an archive has, what it lacks, and what to mend first. It only reads."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Text, case, cast, or_, select

from core.audit import Audit, BrokenDate, MediaAudit, Share, Twin, Worst
from core.gaps import (
    GAPS,
    Entry,
    date_fault,
    gaps_of,
    grouped,
    has_pictures,
    has_rights,
    has_title,
    is_spoken,
    lacks_transcript,
    missing_alt,
    origin,
    ranked,
)
from memory.clock import Clock
from memory.consents import Consents
from memory.database import Database
from memory.files import Files, StoredFile
from memory.tables import briefs, drafts, near_duplicates, proposals, works

_WORST = 20
_TWINS = 200
_AT_ONE_SECOND = 5
"""Works of one second from which it is likely the second of an export or a move, not of writing."""

_DIGEST = re.compile(r'"sha256": ?"([0-9a-f]{64})"')


class Audits:
    """Audits of a workspace. Ten thousand works take a few seconds: a text is only read where it shows pictures."""

    def __init__(self, database: Database, files: Files, consents: Consents, clock: Clock) -> None:
        self._database = database
        self._files = files
        self._consents = consents
        self._clock = clock

    def survey(self, workspace: str) -> Audit:
        """Return the state of a workspace's archive."""
        now, words = self._clock(), self._consents.list(workspace)
        spoken_for = frozenset(said.subject.removeprefix("work:") for said in words)
        revoked = sum(said.subject.startswith("work:") and not said.granted for said in words)
        with self._database.read() as conn:
            entries = list(_entries(conn, workspace))
            twins = _twins(conn, workspace)
            referred = _referred(conn, workspace)
        media = self._media(workspace, referred)
        broken = _broken_dates(entries, now)
        gaps = {each.id: gaps_of(each, now, spoken_for) for each in entries}
        for each in broken:
            if "broken_date" not in gaps[each.work_id]:
                gaps[each.work_id].append("broken_date")
        for twin in twins:
            gaps[twin.work_id].append("duplicate")
        unclear = sum("rights" in found for found in gaps.values())
        return Audit(
            workspace=workspace,
            at=now,
            works=len(entries),
            words=sum(each.words for each in entries),
            by_format=grouped((each.format, each.words) for each in entries),
            by_source=grouped((origin(each.source), each.words) for each in entries),
            by_kind=grouped((each.kind, each.words) for each in entries),
            completeness=_completeness(entries, spoken_for, media),
            rights={"clear": len(entries) - unclear, "unclear": unclear, "revoked": revoked},
            duplicates=tuple(twins[:_TWINS]),
            broken_dates=broken,
            media=media,
            mend_first=ranked(_by_gap(gaps, media), {"works": len(entries), "files": media.files}),
            worst=_worst(entries, gaps),
        )

    def _media(self, workspace: str, referred: set[str]) -> MediaAudit:
        stored = {each.sha256: each for each in self._files.list(workspace)}
        used = _with_originals(referred, stored)
        shown = [each for each in stored.values() if each.mime.startswith("image/")]
        lost = [sha for sha in stored if not self._files.path(workspace, sha).is_file()]
        return MediaAudit(
            files=len(stored),
            bytes=sum(each.bytes for each in stored.values()),
            orphaned=tuple(sorted(stored.keys() - used)),
            gone=tuple(sorted({*lost, *(referred - stored.keys())})),
            pictures=len(shown),
            without_alt=tuple(sorted(each.sha256 for each in shown if not each.alt.strip())),
        )


def _entries(conn: Connection, workspace: str) -> Iterator[Entry]:
    pictured = case((or_(works.c.body.contains("!["), works.c.body.contains("<img")), works.c.body), else_="")
    named = [works.c[name] for name in Entry._fields if name != "pictured"]
    rows = select(*named, pictured).where(works.c.workspace == workspace).order_by(works.c.number)
    for row in conn.execution_options(stream_results=True, yield_per=500).execute(rows):
        yield Entry(*row)


def _twins(conn: Connection, workspace: str) -> list[Twin]:
    """Return the links between works of this workspace, the closest first."""
    one, other = works.alias(), works.alias()
    rows = (
        select(near_duplicates, one.c.title, other.c.title.label("of_title"))
        .join(one, one.c.id == near_duplicates.c.work_id)
        .join(other, other.c.id == near_duplicates.c.of_work_id)
        .where(one.c.workspace == workspace, other.c.workspace == workspace)
        .order_by(near_duplicates.c.jaccard.desc(), near_duplicates.c.work_id, near_duplicates.c.of_work_id)
    )
    return [Twin(**row._mapping) for row in conn.execute(rows)]


def _referred(conn: Connection, workspace: str) -> set[str]:
    """Return the hash of every file that a brief, a draft or a post names."""
    found: set[str] = set()
    for table, column in ((briefs, briefs.c.data), (drafts, drafts.c.data), (proposals, proposals.c.payload)):
        text: ColumnElement[str] = cast(column, Text)
        for said in conn.scalars(select(text).where(table.c.workspace == workspace, text.contains('"sha256"'))):
            found.update(_DIGEST.findall(said))
    return found


def _with_originals(referred: set[str], stored: dict[str, StoredFile]) -> set[str]:
    used, new = set[str](), set(referred)
    while new:
        used |= new
        new = {stored[sha].made_from or "" for sha in new if sha in stored} - used - {""}
    return used


def _broken_dates(entries: Sequence[Entry], now: datetime) -> tuple[BrokenDate, ...]:
    seconds = Counter(each.published_at for each in entries if each.published_at and _has_a_time(each.published_at))
    found = []
    for each in entries:
        why, at = date_fault(each, now), each.published_at
        if why is None and at is not None and seconds[at] >= _AT_ONE_SECOND:
            why = f"{seconds[at]} works have this very second: it is likely that of an export"
        if why:
            date = at.isoformat() if at else None
            found.append(BrokenDate(work_id=each.id, title=each.title, date=date, why=why))
    return tuple(found)


def _has_a_time(at: datetime) -> bool:
    return bool(at.hour or at.minute or at.second)


def _completeness(entries: Sequence[Entry], spoken_for: frozenset[str], media: MediaAudit) -> tuple[Share, ...]:
    pictured = [each for each in entries if has_pictures(each)]
    spoken = [each for each in entries if is_spoken(each)]
    shares = {
        "title": (sum(has_title(each) for each in entries), len(entries)),
        "date": (sum(each.published_at is not None for each in entries), len(entries)),
        "tags": (sum(bool(each.tags) for each in entries), len(entries)),
        "language": (sum(bool(each.language) for each in entries), len(entries)),
        "rights": (sum(has_rights(each, spoken_for) for each in entries), len(entries)),
        "alt text (works with pictures)": (sum(not missing_alt(each) for each in pictured), len(pictured)),
        "alt text (picture files)": (media.pictures - len(media.without_alt), media.pictures),
        "transcript (what was spoken)": (sum(not lacks_transcript(each) for each in spoken), len(spoken)),
    }
    return tuple(Share(field=name, have=have, of=of) for name, (have, of) in shares.items())


def _by_gap(gaps: dict[str, list[str]], media: MediaAudit) -> dict[str, list[str]]:
    found = defaultdict[str, list[str]](list)
    for work_id, names in gaps.items():
        for name in dict.fromkeys(names):
            found[name].append(work_id)
    files: dict[str, Any] = {"file_gone": media.gone, "file_alt": media.without_alt, "file_orphaned": media.orphaned}
    return {**found, **{name: list(hashes) for name, hashes in files.items()}}


def _worst(entries: Sequence[Entry], gaps: dict[str, list[str]]) -> tuple[Worst, ...]:
    """Return the works that lack most, by weight; of equals the longer ones, which more hangs on."""
    scored = [
        (sum(GAPS[name].weight for name in dict.fromkeys(gaps[each.id])), each.words, each)
        for each in entries
        if gaps[each.id]
    ]
    scored.sort(key=lambda one: (-one[0], -one[1], one[2].id))
    return tuple(
        Worst(id=each.id, title=each.title, source=each.source, gaps=tuple(dict.fromkeys(gaps[each.id])), score=score)
        for score, _, each in scored[:_WORST]
    )

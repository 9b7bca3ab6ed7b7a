"""Consent: whether a past work, a person or a file may be used. What is revoked leaves nowhere any more."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, insert, select

from core.base import Instant, Noun
from core.errors import BadInput, Stale
from core.ids import new_id
from core.proposals import Proposal
from memory.authority import refuse_role
from memory.clock import Clock
from memory.database import Database
from memory.ledger import Ledger
from memory.naming import folded, names, naming
from memory.passphrases import proven
from memory.rows import noun, values
from memory.tables import briefs, files
from memory.tables import consents as table

KINDS = ("work", "person", "file")
_FORMS = {"work": r"\S{1,64}", "person": r".{1,200}", "file": r"[0-9a-f]{64}"}
_HELP = "Say work:ID, person:NAME or file:SHA256."


class Consent(Noun):
    """One word on one subject; the latest one counts, and without any there is consent."""

    id: str
    workspace: str
    seq: int  # its entry in the ledger
    subject: str  # work:w_…, person:NAME, file:SHA256
    granted: bool
    by: str
    at: Instant
    note: str = ""


class Consents:
    """Who revoked what, and granted it again. A word is never changed; each one is an entry in the ledger."""

    def __init__(self, database: Database, ledger: Ledger, clock: Clock) -> None:
        self._database = database
        self._ledger = ledger
        self._clock = clock

    def say(
        self, workspace: str, subject: str, *, granted: bool, by: str, note: str = "", secret: str | None = None
    ) -> Consent:
        """Grant or revoke, by an owner or editor. From now on no door approves and no sender sends what is revoked.

        Raises BadInput for what is no subject; NotAllowed for who may not.
        """
        subject = checked(subject)
        proof = proven(self._database, self._clock, workspace, by, secret)
        with self._database.write() as conn:
            refuse_role(conn, workspace, by, proof, ("owner", "editor"), "change what may be used")
            told = {"workspace": workspace, "subject": subject, "granted": granted, "note": note}
            entry = self._ledger.append(conn, by, "consent", told)
            said = Consent.model_validate({"id": new_id("con"), "seq": entry.seq, "by": by, "at": entry.at, **told})
            conn.execute(insert(table).values(values(said, table) | {"granted": int(granted)}))
        return said

    def history(self, workspace: str, subject: str) -> list[Consent]:
        """Return every word on a subject, oldest first."""
        subject = checked(subject)
        with self._database.read() as conn:
            return [said for said in _all(conn, workspace) if said.subject == subject]

    def list(self, workspace: str) -> list[Consent]:
        """Return the latest word on every subject, in the order of the subjects."""
        with self._database.read() as conn:
            latest = _latest(conn, workspace)
        return [latest[subject] for subject in sorted(latest)]

    def revoked_works(self, workspace: str) -> frozenset[str]:
        """Return the ids of the works that may not be used."""
        with self._database.read() as conn:
            return revoked_works(conn, workspace)

    def revoked_people(self, workspace: str) -> tuple[str, ...]:
        """Return the names of the people who may not be named."""
        with self._database.read() as conn:
            return revoked_people(conn, workspace)

    def lost(self, proposal: Proposal) -> str | None:
        """Return whose consent for a proposal was revoked, for a person to read; None if nobody's was."""
        with self._database.read() as conn:
            return lost(conn, proposal)


def checked(subject: str) -> str:
    """Return a subject in the one form it is kept in. Raises BadInput."""
    kind, _, name = subject.partition(":")
    name = " ".join(unicodedata.normalize("NFC", name).split())
    if kind not in KINDS or not re.fullmatch(_FORMS[kind], name) or not name.isprintable():
        raise BadInput(f"{subject[:80]!r} is nothing that consent is given for.", _HELP)
    return f"{kind}:{name}"


def refuse_revoked(conn: Connection, proposal: Proposal) -> None:
    """Raise Stale where consent for something in a proposal was revoked."""
    if why := lost(conn, proposal):
        raise Stale(f"{why} Nothing was decided.", "Make a version without it.")


def lost(conn: Connection, proposal: Proposal) -> str | None:
    """Return whose consent for a proposal was revoked: a work it leans on, a picture in it, a person it names."""
    revoked = _revoked(conn, proposal.workspace)
    if not revoked:
        return None
    for said in revoked:
        kind, _, name = said.subject.partition(":")
        if kind == "work" and name in works_of(conn, proposal):
            return f"Consent to use the past work {name} was revoked by {said.by}."
        if kind == "file" and name in _files(conn, proposal):
            return f"Consent to use a picture in it ({name[:12]}) was revoked by {said.by}."
        if kind == "person" and names(name, proposal.payload):
            return f"{name}'s consent to be named was revoked by {said.by}."
    return None


def revoked_works(conn: Connection, workspace: str) -> frozenset[str]:
    """Return the ids of the works that may not be used: those revoked themselves, and those that name a person who was.

    Whatever reads works to write by them (recall, voice, prompts, tags, exports for fine-tuning) leaves these out.
    """
    subjects = (said.subject.partition(":") for said in _revoked(conn, workspace))
    themselves = frozenset(name for kind, _, name in subjects if kind == "work")
    return themselves | naming(conn, workspace, revoked_people(conn, workspace))


def revoked_people(conn: Connection, workspace: str) -> tuple[str, ...]:
    """Return the names of the people whose consent to be named was revoked."""
    revoked = (said.subject.partition(":") for said in _revoked(conn, workspace))
    return tuple(name for kind, _, name in revoked if kind == "person")


def works_of(conn: Connection, proposal: Proposal) -> set[str]:
    """The works that its receipts cite, and the one that its brief was made from."""
    cited = {receipt.work_id for receipt in proposal.receipts if receipt.work_id}
    brief = conn.execute(select(briefs.c.data).where(briefs.c.id == proposal.brief_id)).scalar_one_or_none() or {}
    return cited | {brief.get("source_work_id") or ""}


def _files(conn: Connection, proposal: Proposal) -> set[str]:
    """The files in it, and the originals that they were made from."""
    found, new = set[str](), set(digests(proposal.payload))
    while new:
        found |= new
        mine = (files.c.workspace == proposal.workspace, files.c.sha256.in_(new), files.c.made_from.is_not(None))
        new = set(conn.scalars(select(files.c.made_from).where(*mine))) - found
    return found


def digests(payload: dict[str, Any]) -> Iterable[str]:
    """Yield the hash of every picture in a payload and its parts."""
    return (
        str(picture["sha256"]) for post in (payload, *payload.get("parts", ())) for picture in post.get("media", ())
    )


def _revoked(conn: Connection, workspace: str) -> list[Consent]:
    return [said for said in _latest(conn, workspace).values() if not said.granted]


def _latest(conn: Connection, workspace: str) -> dict[str, Consent]:
    return {_same(said.subject): said for said in _all(conn, workspace)}


def _same(subject: str) -> str:
    """People are the same by their name as it is read; works and files by their id."""
    return folded(subject) if subject.startswith("person:") else subject


def _all(conn: Connection, workspace: str) -> list[Consent]:
    rows = select(table).where(table.c.workspace == workspace).order_by(table.c.seq)
    return [noun(Consent, row) for row in conn.execute(rows)]

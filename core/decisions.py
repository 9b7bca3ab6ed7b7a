"""What a person said about a proposal, and the ledger it stands in."""

from typing import Any, Literal, get_args

from core.base import Instant, Noun
from core.canonical import instant, sha256

Verb = Literal["approve", "edit", "changes", "reject", "hold"]
VERBS: tuple[str, ...] = get_args(Verb)

GENESIS = "0" * 64
"""The `prev` of the first ledger entry."""


class Decision(Noun):
    """One person's word on one proposal's stage, tied to the hash that was shown. `hold` does not use it up."""

    id: str
    workspace: str
    proposal_id: str
    stage: str
    verb: Verb
    by: str
    at: Instant
    sha: str
    note: str = ""
    body: str | None = None  # edit: the new document, as the person wrote it
    undone_by: int | None = None  # the ledger entry that took it back
    new_proposal_id: str | None = None  # edit and changes: what they led to
    resumed_at: Instant | None = None  # when the review thread carried it out


class LedgerEntry(Noun):
    """One link of the hash chain."""

    seq: int
    at: Instant
    actor: str
    kind: str  # decision, undo, publication, import, forget …
    payload: dict[str, Any]
    prev: str
    hash: str


def entry_hash(seq: int, at: Instant, actor: str, kind: str, payload: dict[str, Any], prev: str) -> str:
    """Return the hash of one entry: it covers every column and the entry before it."""
    return sha256(
        {"seq": seq, "at": instant(at), "actor": actor, "kind": kind, "payload": payload, "prev": prev},
    )

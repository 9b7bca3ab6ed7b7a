"""Why a decision can't be taken, or can't be taken back."""

import re

from sqlalchemy import Connection

from core.canonical import instant
from core.decisions import VERBS, Decision
from core.errors import AlreadyDecided, NotAllowed, Stale, WrongUse
from core.proposals import Proposal
from memory.approvals import standing
from memory.proposals import is_open

_SHA = re.compile(r"[0-9a-f]{64}")
_PAST = {"approve": "approved", "edit": "edited", "changes": "asked for changes", "reject": "rejected", "hold": "held"}
_MADE_ANOTHER = {"edit": "An edit", "changes": "A request for changes"}


def refuse_nonsense(verb: str, by: str, body: str | None) -> None:
    """Raise WrongUse for what is no decision at all."""
    if verb not in VERBS:
        raise WrongUse(f"“{verb}” is no decision.", f"Choose one of {', '.join(VERBS)}.")
    if not by.strip():
        raise WrongUse("A decision needs the name of who decides.")
    if verb == "edit" and not (body or "").strip():
        raise WrongUse("An edit needs the new text.", "Give it with --body-file.")


def refuse_other_bytes(proposal: Proposal, sha: str) -> None:
    """Raise Stale unless `sha` is, to the letter, the hash of what the row says and of what it holds."""
    if not _SHA.fullmatch(sha) or sha != proposal.sha:
        raise Stale(
            f"Proposal {proposal.id} is not what you were shown: the hash differs. Nothing was decided.",
            f"Look at it again (`greenroom show {proposal.id}`) and decide with the hash that stands there.",
        )
    if proposal.recomputed_sha() != sha or proposal.text != proposal.payload.get("text"):
        raise Stale(
            f"Proposal {proposal.id} was changed in the database after it was shown. Nothing was decided.",
            "Make a new one with `greenroom brief`.",
        )


def refuse_closed(conn: Connection, proposal: Proposal) -> None:
    """Raise AlreadyDecided, naming who decided and what took its place, unless a decision is still possible."""
    if is_open(proposal):
        return
    if proposal.state == "stale":
        because = proposal.reason or "What it was made from has changed."
        raise Stale(
            f"Proposal {proposal.id} is out of date. {because} Nothing was decided.",
            f"Make a new version with: greenroom revise {proposal.id}",
        )
    decision = standing(conn, proposal)
    if decision is not None:
        what = f"Already decided by {decision.by} at {instant(decision.at)}: {_PAST[decision.verb]}."
    else:
        what = f"Proposal {proposal.id} is {proposal.state}."
    successor = f"Proposal {proposal.superseded_by} took its place." if proposal.superseded_by else ""
    raise AlreadyDecided(f"{what} {successor}".rstrip(), "Nothing was changed.")


def refuse_undoing(conn: Connection, proposal: Proposal, decision: Decision) -> None:
    """Raise AlreadyDecided or NotAllowed unless this is the latest word on the proposal and can be taken back."""
    if decision.undone_by is not None:
        raise AlreadyDecided(f"Decision {decision.id} was taken back before (ledger entry {decision.undone_by}).")
    if decision.verb in _MADE_ANOTHER:
        raise NotAllowed(f"{_MADE_ANOTHER[decision.verb]} can't be taken back.", "Decide on the new proposal it made.")
    if not _is_latest(conn, proposal, decision):
        raise NotAllowed(f"Decision {decision.id} can't be taken back: the proposal has moved on.")


def _is_latest(conn: Connection, proposal: Proposal, decision: Decision) -> bool:
    if decision.verb == "hold":
        return proposal.state == "held" and proposal.stage == decision.stage
    if decision.verb == "reject":
        return proposal.state == "rejected"
    if decision.stage == proposal.stages[-1]:
        return True  # whether it is too late, its publication says
    latest = standing(conn, proposal)
    return is_open(proposal) and latest is not None and latest.id == decision.id

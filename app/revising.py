"""A new version of what was approved, waits or went stale: another text, time or account. The approval is void."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from agent.crew import Crew
from agent.freezing import ANGLES_CHANNEL, freeze_at
from agent.review_nodes import still_stands
from agent.threads import ReviewThreads
from core.briefs import Brief, Plan
from core.documents import from_document
from core.drafts import Attached, Content, Draft
from core.errors import AlreadyDecided, BadInput, NotAllowed, WrongUse
from core.ids import new_id
from core.policy import policy_of
from core.proposals import Proposal
from memory.voiding import Voided
from tools.check import check
from tools.illustrate import LEFT_OUT, illustrate

When = datetime | None | Literal["keep"]
"""A new time; None: on approval."""

REVISABLE = ("waiting", "held", "approved", "scheduled", "stale", "failed")


@dataclass(frozen=True)
class Wish:
    """What is to be different; what is not said stays."""

    body: str | None = None
    at: When = "keep"
    account: str | None = None
    note: str = ""
    pictures: tuple[Attached, ...] | None = None  # as they were given; empty: none any more

    def words(self, by: str) -> str:
        """Say what voids the old version."""
        parts = [
            "text" if self.body is not None else "",
            "pictures" if self.pictures is not None else "",
            "time" if self.at != "keep" else "",
            "account" if self.account else "",
        ]
        changed = " and ".join(part for part in parts if part)
        note = f": {self.note}" if self.note else ""
        return f"{by} changed its {changed}{note}." if changed else f"{by} made it anew{note}."


@dataclass(frozen=True)
class Revision:
    """The new version, which waits, and the approval that it cost."""

    proposal: Proposal
    voided: Voided | None

    def as_json(self) -> dict[str, Any]:
        """Return the object that `revise` prints."""
        return {
            "proposal": self.proposal.as_json(),
            "voided": self.voided.model_dump(mode="json") if self.voided else None,
        }


class Revising:
    """Makes new versions. Each one waits for an approval of its own: none is ever carried over."""

    def __init__(self, crew: Crew, threads: ReviewThreads) -> None:
        self.crew = crew
        self.threads = threads

    def revise(self, workspace: str, proposal_id: str, wish: Wish, *, by: str, secret: str | None = None) -> Revision:
        """Put a new waiting version in a proposal's place, and void what was approved.

        Raises NotAllowed where it is too late or `by` may not; AlreadyDecided where a newer version is there; WrongUse
        where nothing would change.
        """
        memory = self.crew.memory
        old = memory.proposals.get(workspace, proposal_id)
        _refuse_what_is_over(old)
        new = self._frozen(old, wish, by)
        if new.sha == old.sha and old.state != "stale":
            raise WrongUse("Nothing would change.", "Say what: --body-file FILE, --image PATH=ALT, --at WHEN.")
        voided = memory.voiding.replace(old, new, wish.words(by), by=by, note=wish.note, secret=secret)
        new = memory.proposals.get(workspace, new.id)
        self.threads.open(new)
        memory.voiding.sweep(workspace, memory.grounds.source, by=by, which=same_brief(new))
        memory.segments.sweep(workspace, new.brief_id, new.channel, new.variant, by=by)
        return Revision(new, voided)

    def _frozen(self, old: Proposal, wish: Wish, by: str) -> Proposal:
        brief, plan = self.crew.brief(old.brief_id)
        workspace = self.crew.context.workspace_of(brief)
        if wish.account not in (None, workspace.account_on(old.channel)):
            raise BadInput(
                f"{wish.account} is not this workspace's account on {old.channel}: "
                f"that is {workspace.account_on(old.channel)}.",
                f"Change it first: greenroom init --account {old.channel}={wish.account}",
            )
        at = old.at if wish.at == "keep" else wish.at
        if isinstance(wish.at, datetime) and wish.at <= self.crew.context.now():
            raise BadInput("The time given is in the past.", "Give a later one, or: --at none")
        draft = self._draft(brief, plan, old, wish, by)
        grace = policy_of(workspace).outbox.grace() if at else None
        suggested = (old.suggested_at, old.suggested_reason) if old.suggested_at else None
        new = freeze_at(self.crew, brief, draft, workspace, at=at, grace=grace, suggested=suggested)
        return new.model_copy(update={"supersedes": old.id})

    def _draft(self, brief: Brief, plan: Plan, old: Proposal, wish: Wish, by: str) -> Draft:
        """Return the draft behind the new version: a new revision where the text is new, else the one that is there."""
        draft = self.crew.memory.drafts.get(str(old.draft_id))
        if wish.body is None and (why := self.crew.memory.grounds.source(old)):
            raise WrongUse(why, f"Give the translation as it is to be: greenroom revise {old.id} --body-file FILE")
        if wish.body is None and wish.pictures is None:
            return draft.model_copy(update={"inputs": {**draft.inputs, "revised_by": by}})
        content = self._content(old, draft.content, wish)
        made = draft.model_copy(
            update={
                "id": new_id("d"),
                "parent_id": draft.id,
                "revision": draft.revision + 1,
                "content": content,
                "receipts": tuple(each for each in draft.receipts if still_stands(each, draft.content, content)),
                "inputs": {**draft.inputs, "edited_by": by, **self.crew.memory.grounds.source_of(old)},
                "created_at": self.crew.context.now(),
            }
        )
        if wish.pictures is not None:
            made = illustrate(self.crew.context, made, wish.pictures, as_given=True)
            for found in (each for each in made.findings if each.rule == LEFT_OUT):
                raise BadInput(found.message, f"Nothing was changed: {old.id} is as it was.")
        checked = check(self.crew.context, brief, plan, made)
        self.crew.memory.drafts.add(checked)
        return checked

    def _content(self, old: Proposal, kept: Content, wish: Wish) -> Content:
        if wish.body is None:
            return kept
        content_of(old.channel, wish.body)
        return from_document(old.channel, wish.body, keep=kept)


def content_of(channel: str, body: str) -> Content:
    """Return what a document says, down to whether it can be written at all. Raises WrongUse or BadInput."""
    if not body.strip():
        raise WrongUse("The new text is empty.", "Get the present one with: greenroom show ID --text")
    content = from_document(channel, body)
    try:
        content.model_dump_json().encode()
    except (UnicodeError, ValueError):
        raise BadInput("The new text holds characters that can't be written (half a surrogate pair).") from None
    return content


def same_brief(proposal: Proposal) -> Any:
    """Return what finds the translations beside a proposal."""
    mine = (proposal.brief_id, proposal.channel, proposal.variant)
    return lambda other: (other.brief_id, other.channel, other.variant) == mine and other.locale != proposal.locale


def _refuse_what_is_over(old: Proposal) -> None:
    if old.channel == ANGLES_CHANNEL or old.draft_id is None:
        raise WrongUse(f"{old.id} has no draft to revise.", f"Edit it with: greenroom decide {old.id} edit --sha SHA")
    if old.state in ("rejected", "superseded"):
        newer = f" Look at {old.superseded_by}." if old.superseded_by else ""
        raise AlreadyDecided(f"{old.id} is {old.state}.{newer}", "Nothing was changed.")
    if old.state not in REVISABLE:
        raise NotAllowed(f"It is too late: {old.id} is {old.state}.", "Start a new brief instead.")

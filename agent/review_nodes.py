"""The steps of a review. The checkpoint is the only place in Greenroom that interrupts, and it does nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from agent.crew import Crew
from agent.freezing import ANGLES_CHANNEL, freeze_angles, freeze_at
from agent.state import ReviewState
from core import angles
from core.briefs import Brief, Plan
from core.decisions import Decision
from core.documents import from_document
from core.drafts import Content, Draft, Receipt
from core.errors import ModelFailed, NotFound, WrongUse
from core.ids import new_id
from core.proposals import Proposal
from tools.check import check
from tools.plan import plan_angles
from tools.revise import revise

_OUTCOMES = {"edit": "edit", "changes": "changes", "reject": "close", "hold": "wait"}


def checkpoint(state: ReviewState) -> ReviewState:
    """Wait for a person. Runs again from its first line when the answer comes, so it holds nothing but the wait."""
    from langgraph.types import interrupt

    answer: Any = interrupt({key: state.get(key) for key in ("v", "proposal_id", "stage", "sha")})
    return {"decision_id": str(answer.get("decision_id")) if isinstance(answer, dict) else ""}


@dataclass(frozen=True)
class ReviewNodes:
    """The nodes after the checkpoint, bound to the crew they work with."""

    crew: Crew

    def read(self, state: ReviewState) -> ReviewState:
        """Read the decision from SQL, not from the answer, and say what follows; one about another thing waits."""
        try:
            decision = self.crew.memory.decisions.get(state.get("decision_id", ""))
        except NotFound:  # an answer that nobody gave: were it an error, the thread would meet it again and again
            return {"outcome": "wait"}
        if (decision.proposal_id, decision.sha) != (state["proposal_id"], state["sha"]) or decision.undone_by:
            return {"outcome": "wait"}
        proposal = self.crew.memory.proposals.get(decision.workspace, decision.proposal_id)
        outcome = _OUTCOMES.get(decision.verb) or _approved(proposal, decision)
        if outcome == "wait":
            self.crew.memory.decisions.mark_resumed(decision.id)
        return {"outcome": outcome, "stage": proposal.stage}

    def enqueue(self, state: ReviewState) -> ReviewState:
        """Put an approved proposal into the outbox; doing it twice makes one row."""
        decision, proposal = self._read(state)
        self.crew.desk.enqueue(proposal, decision)
        self.crew.memory.decisions.mark_resumed(decision.id)
        return {}

    def close(self, state: ReviewState) -> ReviewState:
        """A rejected proposal needs nothing more; what was said about it is kept with the decision."""
        self.crew.memory.decisions.mark_resumed(state["decision_id"])
        return {}

    def go_on(self, state: ReviewState) -> ReviewState:
        """The angles were approved: the brief goes on with them."""
        decision, proposal = self._read(state)
        brief, plan = self.crew.brief(proposal.brief_id)
        shown = angles.from_document(proposal.text)
        chosen = tuple(angle.id for angle in shown[: 1 if brief.vary else brief.variants])
        self.crew.memory.briefs.record_plan(
            plan.model_copy(update={"angles": shown, "chosen": chosen, "phase": "chosen"})
        )
        self.crew.go_on(brief.id)
        self.crew.memory.decisions.mark_resumed(decision.id)
        return {}

    def edit(self, state: ReviewState) -> ReviewState:
        """Make a new proposal of what the person wrote. It waits like any other: an edit is no approval."""
        return self._renew(state, self._edited)

    def changes(self, state: ReviewState) -> ReviewState:
        """Make a new proposal by the person's wish."""
        return self._renew(state, self._changed)

    def _renew(self, state: ReviewState, make: Callable[[Proposal, Decision], Proposal]) -> ReviewState:
        decision, old = self._read(state)
        if decision.new_proposal_id is None:  # else a crash came right after it was made
            self.crew.memory.proposals.supersede(old.id, make(old, decision))
            decision = self.crew.memory.decisions.get(decision.id)
        self.crew.memory.decisions.mark_resumed(decision.id)
        return {"new_proposal_id": str(decision.new_proposal_id)}

    def _edited(self, old: Proposal, decision: Decision) -> Proposal:
        if decision.body is None:
            raise WrongUse("An edit needs the new text.")
        brief, plan = self.crew.brief(old.brief_id)
        if old.channel == ANGLES_CHANNEL:
            edited = plan.model_copy(update={"angles": angles.from_document(decision.body)})
            self.crew.memory.briefs.record_plan(edited)
            return _following(old, freeze_angles(self.crew, brief, edited))
        draft = self._draft(old)
        content = from_document(old.channel, decision.body, keep=draft.content)
        kept = tuple(receipt for receipt in draft.receipts if still_stands(receipt, draft.content, content))
        draft = draft.model_copy(update={"content": content, "receipts": kept})
        return self._refrozen(brief, plan, old, _next_revision(draft, decision))

    def _changed(self, old: Proposal, decision: Decision) -> Proposal:
        brief, plan = self.crew.brief(old.brief_id)
        if old.channel == ANGLES_CHANNEL:
            wished = brief.model_copy(update={"ask": f"{brief.ask}\n{decision.note}"})
            planned = plan_angles(self.crew.context, wished, plan.recalled)
            self.crew.memory.briefs.record_plan(planned)
            return _following(old, freeze_angles(self.crew, brief, planned))
        return self._refrozen(brief, plan, old, self.revised(brief, plan, old, decision.note))

    def revised(self, brief: Brief, plan: Plan, old: Proposal, wish: str) -> Draft:
        """Return the draft behind a proposal, mended by a wish."""
        made = revise(self.crew.context, brief, plan, [self._draft(old)], wish=wish)
        if not made:
            raise ModelFailed("The model gave no new version back.", "The old one waits as it was; try again.")
        return made[0]

    def _refrozen(self, brief: Brief, plan: Plan, old: Proposal, draft: Draft) -> Proposal:
        checked = check(self.crew.context, brief, plan, draft)
        self.crew.memory.drafts.add(checked)
        workspace = self.crew.context.workspace_of(brief)
        suggested = (old.suggested_at, old.suggested_reason) if old.suggested_at else None
        new = freeze_at(self.crew, brief, checked, workspace, at=old.at, grace=old.grace_minutes, suggested=suggested)
        return _following(old, new)

    def refreeze(self, old: Proposal, wish: str) -> Proposal:
        """Return a revised version of a waiting proposal, not yet stored: the agent's own revision, no decision."""
        brief, plan = self.crew.brief(old.brief_id)
        return self._refrozen(brief, plan, old, self.revised(brief, plan, old, wish))

    def _draft(self, proposal: Proposal) -> Draft:
        if proposal.draft_id is None:
            raise WrongUse(f"{proposal.id} has no draft to change.")
        return self.crew.memory.drafts.get(proposal.draft_id)

    def _read(self, state: ReviewState) -> tuple[Decision, Proposal]:
        decision = self.crew.memory.decisions.get(state["decision_id"])
        return decision, self.crew.memory.proposals.get(decision.workspace, decision.proposal_id)


def still_stands(receipt: Receipt, old: Content, new: Content) -> bool:
    """Say whether the words that a receipt is for are still in the text after an edit."""
    line = old.text[slice(*receipt.span)] if receipt.span else receipt.quote
    return " ".join(line.split()) in " ".join(new.text.split())


def _approved(proposal: Proposal, decision: Decision) -> str:
    if decision.stage != proposal.stages[-1]:
        return "wait"  # the next stage's person decides
    return "go_on" if proposal.channel == ANGLES_CHANNEL else "enqueue"


def _following(old: Proposal, new: Proposal) -> Proposal:
    return new.model_copy(update={"supersedes": old.id})


def _next_revision(draft: Draft, decision: Decision) -> Draft:
    return draft.model_copy(
        update={
            "id": new_id("d"),
            "parent_id": draft.id,
            "revision": draft.revision + 1,
            "inputs": {**draft.inputs, "edited_by": decision.by},
            "created_at": decision.at,
        }
    )

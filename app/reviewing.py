"""Decisions: claimed in SQL, then carried out by the proposal's review thread, and picked up again after a crash."""

from contextlib import suppress
from datetime import timedelta
from typing import cast

from agent.crew import Crew
from agent.freezing import ANGLES_CHANNEL
from agent.review_nodes import ReviewNodes
from agent.threads import ReviewThreads
from app.results import BriefResult, DecideResult
from app.revising import content_of, same_brief
from core import angles
from core.decisions import VERBS, Decision, Verb
from core.documents import to_document
from core.errors import Busy, WrongUse
from core.proposals import OPEN_STATES, Proposal
from memory.checkpoints import checkpoints_file
from memory.unusable import told

PATIENCE = {"edit": timedelta(seconds=30), "changes": timedelta(minutes=5)}
"""How long a decision may be carried out elsewhere before it counts as cut off: a model may be at work on it.
Should both finish after all, one new version is kept: the second finds the place taken."""


class Reviewing:
    """Takes decisions and sees to it that each is carried out once."""

    def __init__(self, crew: Crew, threads: ReviewThreads) -> None:
        self.crew = crew
        self.threads = threads

    def decide(
        self,
        workspace: str,
        proposal_id: str,
        verb: str,
        sha: str,
        *,
        by: str,
        note: str = "",
        body: str | None = None,
        secret: str | None = None,
    ) -> DecideResult:
        """Claim a decision for what was shown, carry it out, and say what it led to."""
        return self.carry_out(self.claim(workspace, proposal_id, verb, sha, by=by, note=note, body=body, secret=secret))

    def claim(
        self,
        workspace: str,
        proposal_id: str,
        verb: str,
        sha: str,
        *,
        by: str,
        note: str = "",
        body: str | None = None,
        secret: str | None = None,
    ) -> Decision:
        """Claim a decision for what was shown: it stands from here on, and `carry_out` (or `recover`) does the rest."""
        proposal = self.crew.memory.proposals.get(workspace, proposal_id)
        self._refuse_what_cannot_be(proposal, verb, note, body)
        if verb == "approve":
            self._void_what_lost_its_ground(proposal)
        text = body if verb == "edit" else None
        return self.crew.memory.decisions.claim(
            workspace, proposal_id, cast("Verb", verb), sha, by, note=note, body=text, secret=secret
        )

    def carry_out(self, decision: Decision) -> DecideResult:
        """Resume the review thread; if that fails the decision is given back and the proposal waits again."""
        memory = self.crew.memory
        proposal = memory.proposals.get(decision.workspace, decision.proposal_id)
        try:
            self.threads.carry_out(decision, proposal)
        except Exception as error:  # whatever it was, the person gets the proposal back
            memory.decisions.give_back(decision.id, reason=str(error)[:300])
            if said := told(error, checkpoints_file(memory.home)):
                raise said from error
            raise
        decision = memory.decisions.get(decision.id)
        proposal = memory.proposals.get(decision.workspace, decision.proposal_id)
        with suppress(Busy):  # it is learned before the next draft, then
            memory.preferences.learn(decision.workspace)
            memory.translations.learn(decision)
        new = decision.new_proposal_id
        if new:
            self._settle(memory.proposals.get(decision.workspace, new), decision.by)
        return DecideResult(
            proposal=proposal,
            decision=decision,
            publication=memory.publications.for_decision(decision.id),
            new_proposal=memory.proposals.get(decision.workspace, new) if new else None,
            brief=self._went_on(proposal) if (decision.verb, proposal.channel) == ("approve", ANGLES_CHANNEL) else None,
        )

    def recover(self) -> list[str]:
        """Carry out what was decided before a crash, and return a note on each that could not be, or is not yet.

        What another process is still at work on is left to it. One that fails is given back and never stops the others.
        """
        notes = []
        for decision in self.crew.memory.decisions.unresumed():
            if self.crew.context.now() - decision.at < self._patience(decision):
                notes.append(f"{decision.proposal_id}: {decision.verb} by {decision.by} is being carried out")
                continue
            try:
                self.carry_out(decision)
            except Exception as error:  # noqa: BLE001 - one bad row must not keep the others from going out
                notes.append(
                    f"{decision.proposal_id}: {decision.verb} by {decision.by} failed, it waits again: {error}"
                )
        return notes

    def _patience(self, decision: Decision) -> timedelta:
        proposal = self.crew.memory.proposals.get(decision.workspace, decision.proposal_id)
        if decision.verb == "approve" and proposal.channel == ANGLES_CHANNEL:
            return PATIENCE["changes"]  # its brief goes on, with a model
        return PATIENCE.get(decision.verb, timedelta(0))

    def revise(self, workspace: str, proposal_id: str, wish: str) -> Proposal:
        """Put a revised version in a waiting proposal's place: the agent's own doing, so it is no decision."""
        old = self.crew.memory.proposals.get(workspace, proposal_id)
        if old.state not in OPEN_STATES:
            raise WrongUse(f"{old.id} does not wait any more (it is {old.state}).", "Start a new brief instead.")
        new = ReviewNodes(self.crew).refreeze(old, wish)
        self.crew.memory.proposals.supersede(old.id, new)
        self._settle(new, "greenroom")
        return self.crew.memory.proposals.get(workspace, new.id)

    def document(self, proposal: Proposal) -> str:
        """Return what a person edits: the draft as a document, or the angles."""
        if proposal.channel == ANGLES_CHANNEL or proposal.draft_id is None:
            return proposal.text
        return to_document(proposal.channel, self.crew.memory.drafts.get(proposal.draft_id).content)

    def _settle(self, new: Proposal, by: str) -> None:
        """Let a new version wait, and void the translations of the one whose place it took."""
        self.threads.open(new)
        memory = self.crew.memory
        memory.voiding.sweep(new.workspace, memory.grounds.source, by=by, which=same_brief(new))
        memory.segments.sweep(new.workspace, new.brief_id, new.channel, new.variant, by=by)

    def _void_what_lost_its_ground(self, proposal: Proposal) -> None:
        """Make it stale where everybody sees it; the claim then says that it is, and why."""
        if proposal.state in OPEN_STATES and (why := self.crew.memory.grounds.lost(proposal)):
            self.crew.memory.voiding.void(proposal.workspace, proposal.id, why, by="greenroom")

    def _went_on(self, angles_proposal: Proposal) -> BriefResult:
        """Return what a brief came to after its angles were approved."""
        brief_id, workspace = angles_proposal.brief_id, angles_proposal.workspace
        made = self.crew.memory.proposals.list(workspace, brief_id=brief_id)
        usage = self.crew.memory.usage.total(workspace, brief_id=brief_id)
        return BriefResult(brief_id, [p for p in made if p.channel != ANGLES_CHANNEL], usage, 0.0)

    def _refuse_what_cannot_be(self, proposal: Proposal, verb: str, note: str, body: str | None) -> None:
        """Refuse before anything is claimed, so that a slip of the pen costs nothing."""
        if verb not in VERBS:
            raise WrongUse(f"There is no verb {verb!r}.", f"Use one of: {', '.join(VERBS)}.")
        if verb == "changes" and not note.strip():
            raise WrongUse("Asking for changes needs a note that says which.", 'For example: --note "shorter"')
        if verb == "edit":
            self._parse(proposal, body)

    def _parse(self, proposal: Proposal, body: str | None) -> None:
        """Read the new document as it will be read, down to whether it can be written at all."""
        if body is None or not body.strip():
            raise WrongUse(
                "An edit needs the new text.", f"Get the present one with: greenroom show {proposal.id} --text"
            )
        if proposal.channel == ANGLES_CHANNEL:
            angles.from_document(body)
        else:
            content_of(proposal.channel, body)

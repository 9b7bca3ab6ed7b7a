"""Start and resume review threads: one a proposal, and a lost one is started again from SQL."""

from typing import TYPE_CHECKING, Any

from agent.state import REVIEW_VERSION, ReviewState
from core.decisions import Decision
from core.proposals import Proposal

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph


class ReviewThreads:
    """The review graph with its threads. Checkpoints hold the position only: losing them loses no decision."""

    def __init__(self, graph: "CompiledStateGraph[Any, Any, Any, Any]") -> None:
        self._graph = graph

    def open(self, proposal: Proposal) -> None:
        """Bring the proposal's thread to its checkpoint, where it waits."""
        if not self._waits(proposal):
            self._graph.invoke(_begin(proposal), config=_config(proposal.id), durability="sync")

    def carry_out(self, decision: Decision, proposal: Proposal) -> None:
        """Give the thread a decision that SQL has claimed."""
        from langgraph.types import Command

        self.open(proposal)
        answer: Command[Any] = Command(resume={"decision_id": decision.id})
        self._graph.invoke(answer, config=_config(proposal.id), durability="sync")

    def _waits(self, proposal: Proposal) -> bool:
        """Say whether the thread stands at its checkpoint with what the row says now."""
        state = self._graph.get_state(_config(proposal.id))
        if state.next != ("checkpoint",) or not state.interrupts:
            return False
        shown = state.interrupts[0].value
        return (shown.get("v"), shown.get("sha")) == (REVIEW_VERSION, proposal.sha)


def _begin(proposal: Proposal) -> ReviewState:
    return {"v": REVIEW_VERSION, "proposal_id": proposal.id, "stage": proposal.stage, "sha": proposal.sha}


def _config(thread_id: str) -> Any:
    return {"configurable": {"thread_id": f"review:{thread_id}"}}

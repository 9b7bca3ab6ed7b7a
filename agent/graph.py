"""The map: nodes and edges only. `docs/map.md` draws it from this code."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, TypeAlias

from langgraph.graph import END, START, StateGraph
from langgraph.types import Send

from agent.brief_nodes import BriefNodes
from agent.chat_nodes import ChatNodes
from agent.crew import Crew
from agent.review_nodes import ReviewNodes, checkpoint
from agent.state import BriefState, ChatState, ReviewState

if TYPE_CHECKING:
    from langgraph.checkpoint.base import BaseCheckpointSaver
    from langgraph.graph.state import CompiledStateGraph

Saver: TypeAlias = "BaseCheckpointSaver[Any] | None"
Compiled: TypeAlias = "CompiledStateGraph[Any, Any, Any, Any]"


def build_brief(crew: Crew, checkpointer: Saver = None) -> Compiled:
    """Return the graph of one brief: from the ask to proposals that wait. One thread a brief."""
    nodes = BriefNodes(crew)
    graph = StateGraph(BriefState)
    graph.add_node("understand", nodes.understand)
    graph.add_node("recall", nodes.recall)
    graph.add_node("plan", nodes.plan)
    graph.add_node("freeze_angles", nodes.freeze_angles)
    graph.add_node("draft", nodes.draft)
    graph.add_node("check", nodes.check)
    graph.add_node("revise", nodes.revise)
    graph.add_node("vary", nodes.vary)
    graph.add_node("localize", nodes.localize)
    graph.add_node("tag", nodes.tag)
    graph.add_node("schedule", nodes.schedule)
    graph.add_node("freeze", nodes.freeze)

    def drafts(state: BriefState) -> list[Send]:
        return [Send("draft", branch) for branch in nodes.branches(state)]

    def begin(state: BriefState) -> list[Send] | str:
        return drafts(state) if nodes.angles_are_chosen(state) else "recall"

    def after_plan(state: BriefState) -> list[Send] | str:
        return "freeze_angles" if nodes.stops_at_angles(state) else drafts(state)

    def after_check(state: BriefState) -> str:
        return "revise" if nodes.needs_revision(state) else "vary"

    graph.add_edge(START, "understand")
    graph.add_conditional_edges("understand", begin, ["recall", "draft"])
    graph.add_edge("recall", "plan")
    graph.add_conditional_edges("plan", after_plan, ["freeze_angles", "draft"])
    graph.add_edge("freeze_angles", END)
    graph.add_edge("draft", "check")
    graph.add_conditional_edges("check", after_check, ["revise", "vary"])
    graph.add_conditional_edges("revise", after_check, ["revise", "vary"])
    graph.add_edge("vary", "localize")
    graph.add_edge("localize", "tag")
    graph.add_edge("tag", "schedule")
    graph.add_edge("schedule", "freeze")
    graph.add_edge("freeze", END)
    return graph.compile(checkpointer=checkpointer, name="brief")


def build_review(crew: Crew, checkpointer: Saver = None) -> Compiled:
    """Return the graph of one proposal before a person: the checkpoint, then what was decided. A thread each."""
    nodes = ReviewNodes(crew)
    graph = StateGraph(ReviewState)
    graph.add_node("checkpoint", checkpoint)
    graph.add_node("read", nodes.read)
    graph.add_node("enqueue", nodes.enqueue)
    graph.add_node("edit", nodes.edit)
    graph.add_node("changes", nodes.changes)
    graph.add_node("close", nodes.close)
    graph.add_node("go_on", nodes.go_on)
    graph.add_edge(START, "checkpoint")
    graph.add_edge("checkpoint", "read")
    outcomes: dict[Hashable, str] = {
        "enqueue": "enqueue",
        "edit": "edit",
        "changes": "changes",
        "close": "close",
        "go_on": "go_on",
        "wait": "checkpoint",
    }
    graph.add_conditional_edges("read", lambda state: state["outcome"], outcomes)
    for name in ("enqueue", "edit", "changes", "close", "go_on"):
        graph.add_edge(name, END)
    return graph.compile(checkpointer=checkpointer, name="review")


def build_chat(nodes: ChatNodes, checkpointer: Saver = None) -> Compiled:
    """Return the conversation: the model speaks or calls tools, as long as it calls any. One thread a conversation."""
    graph = StateGraph(ChatState)
    graph.add_node("think", nodes.think)
    graph.add_node("act", nodes.act)
    graph.add_edge(START, "think")
    graph.add_conditional_edges("think", nodes.calls_a_tool, {True: "act", False: END})
    graph.add_edge("act", "think")
    return graph.compile(checkpointer=checkpointer, name="chat")

"""What the graphs carry from node to node: ids and small facts, never payloads (those are rows)."""

import operator
from typing import Annotated, Any, TypedDict

from langgraph.graph.message import add_messages


class BriefState(TypedDict, total=False):
    """One brief on its way to proposals."""

    brief_id: str
    channel: str  # only inside one drafting branch
    variant: int  # only inside one drafting branch
    drafted: Annotated[list[str], operator.add]  # draft ids, as the parallel branches finish
    draft_ids: list[str]  # the latest revision of each draft
    rounds: int  # how many self-revisions were made
    times: dict[str, list[str]]  # draft id -> [instant, reason]
    proposal_ids: list[str]
    notices: Annotated[list[str], operator.add]  # what could not be done, for the person


class ReviewState(TypedDict, total=False):
    """One proposal before a person. `v` is the version of this payload: a deploy may come between pause and answer."""

    v: int
    proposal_id: str
    stage: str
    sha: str
    decision_id: str
    outcome: str  # wait, enqueue, edit, changes, close, go_on
    new_proposal_id: str


class ChatState(TypedDict, total=False):
    """One conversation."""

    messages: Annotated[list[Any], add_messages]
    summary: str  # of the messages that are no longer shown as they were
    summarised: int  # how many those are


REVIEW_VERSION = 1

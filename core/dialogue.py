"""What was said: in the chat, with a decision, as feedback."""

from typing import Literal

from core.base import Instant, Noun

Kind = Literal["chat", "decision", "feedback"]
"""Chat: a person and Greenroom. Decision: approved, held, rejected. Feedback: what was to be changed, or was edited."""


class Said(Noun):
    """One turn as it is handed to memory. The same `source` is remembered once."""

    source: str
    thread: str
    speaker: str
    text: str
    said_at: Instant
    kind: Kind = "chat"
    session: int | None = None  # a sitting within the thread; None: the last one, unless that was hours ago
    decision_id: str | None = None
    proposal_id: str | None = None
    brief_id: str | None = None
    works: tuple[str, ...] = ()  # past works that it quotes or is about


class Turn(Said):
    """A turn that is remembered. Turns of a thread follow each other by number."""

    number: int
    workspace: str


class RecalledTurn(Noun):
    """A turn that fits a question: why, and what was said around it."""

    turn: Turn
    score: float
    signals: dict[str, float]
    around: tuple[Turn, ...]  # in order, with the turn itself


class Thread(Noun):
    """One conversation of one person with Greenroom, as a list of them names it."""

    thread: str
    title: str  # the first thing they said; empty where that may not be shown any more
    began_at: Instant
    last_at: Instant
    turns: int  # theirs and Greenroom's

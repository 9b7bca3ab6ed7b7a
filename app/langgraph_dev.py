"""The three graphs as LangGraph's own dev server opens them (`langgraph dev`). It brings its own checkpointer."""

from functools import lru_cache
from typing import Any

from agent.graph import build_brief, build_chat, build_review
from app.settings import Settings
from app.studio import Studio


@lru_cache(maxsize=1)
def _studio() -> Studio:
    return Studio.open(Settings())


def brief() -> Any:
    """Return the brief graph; its input is `{"brief_id": …}` of a brief that memory holds."""
    return build_brief(_studio().crew)


def review() -> Any:
    """Return the review graph; its input is `{"v": 1, "proposal_id": …, "stage": …, "sha": …}`."""
    return build_review(_studio().crew)


def chat() -> Any:
    """Return the conversation; its input is `{"messages": […]}`."""
    return build_chat(_studio().talk.nodes(lambda _event: None))

"""Channels without a sender: what a person copies by hand, each field as it was approved."""

from typing import Any

from core.drafts import Content
from publishing.wire.context import ComposeContext
from publishing.wire.lines import one_line
from publishing.wire.tags import tag_names


def film(content: Content, _context: ComposeContext) -> dict[str, Any]:
    """Return a video's title, description and tags."""
    return {"text": content.text, "title": one_line(content.title), "tags": tag_names(content.tags)}


def notes(content: Content, context: ComposeContext) -> dict[str, Any]:
    """Return an episode's title, short description, notes and tags."""
    return {**film(content, context), "summary": content.summary.strip()}


def slides(content: Content, _context: ComposeContext) -> dict[str, Any]:
    """Return the slides as one text, and the caption as their summary."""
    return {"text": content.text, "summary": content.summary.strip()}

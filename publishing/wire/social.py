"""Short posts: one text, and what each platform wants beside it."""

from typing import Any

from core.drafts import Content
from core.facets import facets
from core.linkedin import escape
from publishing.wire.context import ComposeContext

MOST_LANGS = 3  # app.bsky.feed.post: `langs` has at most three


def plain(content: Content, _context: ComposeContext) -> dict[str, Any]:
    """Text only: X, Threads, Instagram."""
    return {"text": content.text}


def bluesky(content: Content, context: ComposeContext) -> dict[str, Any]:
    """Text with facets by UTF-8 byte offsets, and its languages."""
    return {"text": content.text, "facets": facets(content.text), "langs": [context.locale][:MOST_LANGS]}


def mastodon(content: Content, context: ComposeContext) -> dict[str, Any]:
    """The form fields of `POST /api/v1/statuses`; the language is ISO 639, without a region."""
    language = context.locale.partition("-")[0].lower()
    return {"text": content.text, "status": content.text, "visibility": "public", "language": language}


def linkedin(content: Content, _context: ComposeContext) -> dict[str, Any]:
    """`commentary` is the escaped text: LinkedIn silently cuts at an unescaped reserved character."""
    return {"text": content.text, "commentary": escape(content.text)}

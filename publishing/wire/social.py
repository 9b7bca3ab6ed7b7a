"""Short posts: one text, and what each platform wants beside it."""

from collections.abc import Sequence
from typing import Any

from core import links
from core.drafts import Content, Picture
from core.facets import facets
from core.linkedin import escape
from publishing.wire.context import ComposeContext
from publishing.wire.lines import one_line

MOST_LANGS = 3  # app.bsky.feed.post: `langs` has at most three


def plain(content: Content, _context: ComposeContext) -> dict[str, Any]:
    """Text and pictures: X, Threads, Instagram."""
    return {"text": content.text, **_media(content.pictures)}


def bluesky(content: Content, context: ComposeContext) -> dict[str, Any]:
    """Text with facets by UTF-8 byte offsets, its languages, and pictures or a link's card: it takes one of them."""
    return {
        "text": content.text,
        "facets": facets(content.text, context.dids),
        "langs": [context.locale][:MOST_LANGS],
        **(_media(content.pictures) or _card(content.text, context)),
    }


def mastodon(content: Content, context: ComposeContext) -> dict[str, Any]:
    """The form fields of `POST /api/v1/statuses`; the language is ISO 639, without a region."""
    language = context.locale.partition("-")[0].lower()
    return {
        "text": content.text,
        "status": content.text,
        "visibility": "public",
        "language": language,
        **_media(content.pictures),
    }


def linkedin(content: Content, _context: ComposeContext) -> dict[str, Any]:
    """`commentary` is the escaped text: LinkedIn silently cuts at an unescaped reserved character."""
    return {"text": content.text, "commentary": escape(content.text), **_media(content.pictures)}


def _media(pictures: Sequence[Picture]) -> dict[str, Any]:
    return {"media": [picture.model_dump(mode="json") for picture in pictures]} if pictures else {}


def _card(text: str, context: ComposeContext) -> dict[str, Any]:
    """Return the card of the text's last link where that leads to a page of the creator's own: nothing is fetched."""
    found = links.find(text)
    page = next((each for each in context.pages if found and links.place(each.url) == links.place(found[-1].url)), None)
    if page is None:
        return {}
    return {"embed": {"uri": found[-1].url, "title": one_line(page.title), "description": one_line(page.description)}}

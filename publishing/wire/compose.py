"""One draft in, one wire payload out."""

from collections.abc import Callable
from typing import Any

from core import threads
from core.channels import channels
from core.drafts import Content
from core.errors import BadInput
from publishing.wire import copied, newsletter, site, social, webhook, wordpress
from publishing.wire.context import ComposeContext
from publishing.wire.disclosure import disclosure, with_last_lines

COMPOSERS: dict[str, Callable[[Content, ComposeContext], dict[str, Any]]] = {
    "bluesky": social.bluesky,
    "mastodon": social.mastodon,
    "linkedin": social.linkedin,
    "x": social.plain,
    "threads": social.plain,
    "instagram": social.plain,
    "newsletter": newsletter.compose,
    "site": site.compose,
    "wordpress": wordpress.compose,
    "webhook": webhook.compose,
    "youtube": copied.film,
    "shownotes": copied.notes,
    "carousel": copied.slides,
}


def compose(channel: str, content: Content, context: ComposeContext) -> dict[str, Any]:
    """Return the exact wire payload of one channel: plain JSON values, byte for byte the same for the same input.

    `channel` and `text` (what a person reads) are in every payload; a disclosure line and a signature that the policy
    asks for are in the text already, since what is shown is what is sent. A thread has `parts`: for each post what a
    single post's payload has; its pictures go with the first one. Raises BadInput for a channel that nobody knows.
    """
    composer = COMPOSERS.get(channel)
    if composer is None:
        raise BadInput(f"there is no channel named {channel!r}", f"channels: {', '.join(COMPOSERS)}")
    disclosed = disclosure(context)
    text = with_last_lines(channel, content.text, context)
    posts = [composer(each, context) for each in _posts(channel, content.model_copy(update={"text": text}))]
    payload = posts[0] if len(posts) == 1 else {"text": text, "parts": posts}
    return {"channel": channel, **payload, **({"disclosure": disclosed} if disclosed else {})}


def _posts(channel: str, content: Content) -> list[Content]:
    """Return a content for each post: the one that was given where there is no thread."""
    if not any(place.threads for place in channels() if place.name == channel):
        return [content]
    first, *further = threads.split(content.text)
    rest = [content.model_copy(update={"text": text, "pictures": ()}) for text in further]
    return [content.model_copy(update={"text": first}), *rest]

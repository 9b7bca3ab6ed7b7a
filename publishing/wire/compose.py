"""One draft in, one wire payload out."""

from collections.abc import Callable
from typing import Any

from core.drafts import Content
from core.errors import BadInput
from publishing.wire import newsletter, site, social
from publishing.wire.context import ComposeContext
from publishing.wire.disclosure import disclosure, with_line

COMPOSERS: dict[str, Callable[[Content, ComposeContext], dict[str, Any]]] = {
    "bluesky": social.bluesky,
    "mastodon": social.mastodon,
    "linkedin": social.linkedin,
    "x": social.plain,
    "threads": social.plain,
    "instagram": social.plain,
    "newsletter": newsletter.compose,
    "site": site.compose,
}


def compose(channel: str, content: Content, context: ComposeContext) -> dict[str, Any]:
    """Return the exact wire payload of one channel: plain JSON values, byte for byte the same for the same input.

    `channel` and `text` (what a person reads) are in every payload; a disclosure line that the policy asks for is in
    the text already, since what is shown is what is sent. Raises BadInput for a channel that nobody knows.
    """
    composer = COMPOSERS.get(channel)
    if composer is None:
        raise BadInput(f"there is no channel named {channel!r}", f"channels: {', '.join(COMPOSERS)}")
    disclosed = disclosure(context)
    payload = composer(content.model_copy(update={"text": with_line(content.text, context)}), context)
    return {"channel": channel, **payload, **({"disclosure": disclosed} if disclosed else {})}

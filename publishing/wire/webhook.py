"""A webhook's payload: the JSON object that the receiver gets."""

from typing import Any

from core.drafts import Content
from core.links import links_in
from publishing.wire.context import ComposeContext
from publishing.wire.lines import title_of, without_own_title
from publishing.wire.markdown import to_html
from publishing.wire.tags import tag_names

TYPE, VERSION = "greenroom.post.published", 1


def compose(content: Content, context: ComposeContext) -> dict[str, Any]:
    """Return the text and `body`: type, version and data, in the form that the Standard Webhooks convention has.

    The sender adds `id`, `timestamp`, and each picture's bytes.
    """
    title = title_of(content)
    pictures = [each.model_dump(mode="json") for each in content.pictures]
    data = {
        "title": title,
        "text": content.text,
        "html": to_html(without_own_title(content.text, title)),
        "tags": tag_names(content.tags),
        "links": list(dict.fromkeys([*content.links, *links_in(content.text)])),
        "language": context.locale,
        "pictures": pictures,
    }
    body = {"type": TYPE, "version": VERSION, "data": data}
    return {"text": content.text, "title": title, "body": body, **({"media": pictures} if pictures else {})}

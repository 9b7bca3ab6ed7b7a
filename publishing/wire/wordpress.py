"""A WordPress post: the fields of `POST /wp/v2/posts`, as they are stored there."""

import re
from html import escape
from typing import Any

from core.drafts import Content, Picture
from publishing.site.names import slugify
from publishing.wire.context import ComposeContext
from publishing.wire.lines import one_line, title_of, without_own_title
from publishing.wire.markdown import to_html, to_plain
from publishing.wire.tags import tag_names

PICTURE = 'src="picture:{sha256}"'
"""Stands where the uploaded picture's address goes: text can't hold it, since its quotes are escaped."""

_LATIN = str.maketrans(dict(zip("øæœłđðþı", ("o", "ae", "oe", "l", "d", "d", "th", "i"), strict=True)))
_SHORTCODES = str.maketrans({"[": "&#091;", "]": "&#093;"})  # the spelling that WordPress itself leaves alone
_LINE_OF_URL = re.compile(r"^(\s*)h(?=ttps?://)", re.MULTILINE | re.IGNORECASE)


def compose(content: Content, context: ComposeContext) -> dict[str, Any]:
    """Return title, content and excerpt as HTML, the words of the address, and the tags' names."""
    title = title_of(content)
    body = to_html(without_own_title(content.text, title))
    return {
        "text": content.text,
        "title": escape(title, quote=False),
        "content": as_block(body, content.pictures),
        "excerpt": escape(one_line(to_plain(content.summary)), quote=False),
        "slug": address_words(title),
        "status": "publish",
        "tags": tag_names(content.tags),
        "language": context.locale,
        **({"media": [each.model_dump(mode="json") for each in content.pictures]} if content.pictures else {}),
    }


def as_block(html: str, pictures: tuple[Picture, ...] = ()) -> str:
    """Return HTML as one block that WordPress shows as it is.

    Outside a block it would make a line break of every newline. A bracket is no shortcode, and an address on a line of
    its own no embedded page: neither was what the person saw.
    """
    figures = [_figure(each) for each in pictures]
    inner = "\n".join([*figures[:1], html.strip(), *figures[1:]])
    literal = _LINE_OF_URL.sub(r"\1&#104;", inner.translate(_SHORTCODES))
    return f"<!-- wp:html -->\n{literal}\n<!-- /wp:html -->"


def address_words(title: str) -> str:
    """Return the title as WordPress keeps it in an address: ASCII, since others would be cut at 200 bytes."""
    plain = slugify(title).translate(_LATIN).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "post"


def _figure(picture: Picture) -> str:
    source = PICTURE.format(sha256=picture.sha256)
    size = f'width="{picture.width}" height="{picture.height}"'
    return f'<figure class="wp-block-image"><img {source} alt="{escape(picture.alt)}" {size} /></figure>'

"""The own site's payload: the complete page, and what the index and the feeds say of it."""

from typing import Any

from core.drafts import Content
from publishing.site.names import guid, post_path
from publishing.site.page import Article, render_page
from publishing.site.provenance import public_part
from publishing.wire.context import ComposeContext
from publishing.wire.lines import LONGEST_SUMMARY, shortened, title_of, without_own_title
from publishing.wire.markdown import to_html, to_plain


def compose(content: Content, context: ComposeContext) -> dict[str, Any]:
    """Return path, guid, the parts a feed needs, `page` (written byte for byte) and what its sidecar will say."""
    title = title_of(content)
    body = without_own_title(content.text, title)
    article = Article(
        path=post_path(title, context.proposal_key),
        guid=guid(context.workspace.id, context.proposal_key),
        title=title,
        summary=to_plain(content.summary) or shortened(to_plain(body), LONGEST_SUMMARY),
        language=context.locale,
        date=context.date,
        tags=tuple(dict.fromkeys(tag.strip().lstrip("#") for tag in content.tags if tag.strip("# "))),
        html=to_html(body),
    )
    return {
        **article.model_dump(mode="json"),
        "text": content.text,
        "page": render_page(article, context.workspace, lead=bool(content.summary.strip())),
        "provenance": public_part(context.provenance, context.works),
    }

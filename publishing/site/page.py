"""One post's page, complete: what is approved is what a reader's browser gets, byte for byte."""

import re
from datetime import date
from typing import Any
from urllib.parse import quote

from core.base import Noun
from core.locales import direction
from core.works import Workspace
from publishing.site.names import absolute, tag_path
from publishing.site.templating import render
from publishing.site.words import language, long_date, words

WORDS_A_MINUTE = 220
WITHOUT_SPACES = frozenset({"zh", "ja", "th", "lo", "km", "my"})  # where words can't be counted by spaces


class Article(Noun):
    """What a page says."""

    path: str
    guid: str
    title: str
    summary: str
    language: str  # BCP 47
    date: date
    tags: tuple[str, ...]
    html: str  # the body, safe


def render_page(article: Article, workspace: Workspace, *, lead: bool) -> str:
    """Return the whole HTML document of one post. Links to the rest of the site are relative: any base path works.

    `lead` shows the summary under the title: where the author wrote one, not where it was cut from the text.
    """
    from markupsafe import Markup

    url = absolute(workspace.site_url, article.path) if workspace.site_url else None
    return render(
        "post.html.j2",
        article=article,
        body=Markup(article.html),
        site_name=workspace.name,
        root="../../",
        lead=lead,
        tags=[(tag, quote(tag_path(tag))) for tag in article.tags],
        url=url,
        direction=direction(article.language),
        words=words(article.language),
        written_date=long_date(article.date, article.language),
        minutes=reading_minutes(article),
        linked_data=linked_data(article, workspace, url),
    )


def linked_data(article: Article, workspace: Workspace, url: str | None) -> dict[str, Any]:
    """Return the page's schema.org BlogPosting."""
    found = {
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "identifier": article.guid,
        "headline": article.title,
        "description": article.summary,
        "datePublished": article.date.isoformat(),
        "inLanguage": article.language,
        "keywords": list(article.tags),
        "author": {"@type": "Person", "name": workspace.name},
        "isPartOf": {"@type": "Blog", "name": workspace.name, **({"url": workspace.site_url} if url else {})},
    }
    return {**found, "url": url, "mainEntityOfPage": url} if url else found


def reading_minutes(article: Article) -> int | None:
    """Return how long it takes to read, or None where it is short or can't be counted."""
    if language(article.language) in WITHOUT_SPACES:
        return None
    count = len(re.findall(r"\w+", re.sub(r"<[^>]*>", " ", article.html)))
    return round(count / WORDS_A_MINUTE) or None

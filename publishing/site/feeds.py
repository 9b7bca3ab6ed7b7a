"""Atom, JSON Feed 1.1 and the sitemap, derived from the posts."""

import json
from typing import Any
from urllib.parse import quote

import regex

from core.canonical import instant
from core.works import Workspace
from publishing.site.names import absolute, guid
from publishing.site.post import Post, newest_first
from publishing.site.templating import render

IN_A_FEED = 50
EPOCH = "1970-01-01T00:00:00Z"  # what an empty feed says: it has never changed
_NOT_XML = regex.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def feeds(workspace: Workspace, posts: list[Post]) -> dict[str, str]:
    """Return path -> document of every feed. Without a site address links are relative, and there is no sitemap."""
    ordered = newest_first(posts)
    found = {"feed.xml": atom(workspace, ordered[:IN_A_FEED]), "feed.json": json_feed(workspace, ordered[:IN_A_FEED])}
    return {**found, "sitemap.xml": sitemap(workspace.site_url, ordered)} if workspace.site_url else found


def atom(workspace: Workspace, ordered: list[Post]) -> str:
    """Return the Atom feed (RFC 4287)."""
    entries = [
        {"post": post, "href": _address(workspace, post), "published": instant(post.published_at)} for post in ordered
    ]
    document = render(
        "feed.xml.j2",
        id=guid(workspace.id, "site"),
        title=workspace.name,
        language=workspace.locale,
        updated=max((instant(post.published_at) for post in ordered), default=EPOCH),
        itself=absolute(workspace.site_url, "feed.xml") if workspace.site_url else "feed.xml",
        home=absolute(workspace.site_url, "") if workspace.site_url else "index.html",
        entries=entries,
    )
    return _NOT_XML.sub("", document)


def json_feed(workspace: Workspace, ordered: list[Post]) -> str:
    """Return the JSON Feed 1.1. URLs in it must be absolute, so they are left out where the site has no address."""
    site_url = workspace.site_url
    document = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": workspace.name,
        "language": workspace.locale,
        **({"home_page_url": absolute(site_url, ""), "feed_url": absolute(site_url, "feed.json")} if site_url else {}),
        "authors": [{"name": workspace.name}],
        "items": [_item(workspace, post) for post in ordered],
    }
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def sitemap(site_url: str, ordered: list[Post]) -> str:
    """Return the sitemap of the front page, the archive and every post."""
    fixed = [(absolute(site_url, path), "") for path in ("index.html", "archive/index.html")]
    posts = [(absolute(site_url, post.path), post.date.isoformat()) for post in ordered]
    return render("sitemap.xml.j2", urls=[*fixed, *posts])


def _item(workspace: Workspace, post: Post) -> dict[str, Any]:
    return {
        "id": post.guid,
        **({"url": absolute(workspace.site_url, post.path)} if workspace.site_url else {}),
        "title": post.title,
        "summary": post.summary,
        "content_html": post.html,
        "date_published": instant(post.published_at),
        "language": post.language,
        "tags": list(post.tags),
    }


def _address(workspace: Workspace, post: Post) -> str:
    return absolute(workspace.site_url, post.path) if workspace.site_url else quote(post.path)

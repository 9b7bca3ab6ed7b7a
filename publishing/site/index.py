"""The pages that are derived from the posts: front page, archive, tag pages."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from urllib.parse import quote

from core.locales import direction
from core.works import Workspace
from publishing.site.names import absolute, tag_path
from publishing.site.post import Post, newest_first
from publishing.site.templating import render
from publishing.site.words import long_date, words

ON_THE_FRONT = 12


def list_pages(workspace: Workspace, posts: list[Post]) -> dict[str, str]:
    """Return path -> document of every page that lists posts."""
    ordered = newest_first(posts)
    front = _page(workspace, "index.html", [_group("", ordered[:ON_THE_FRONT])], front=ordered)
    heading = words(workspace.locale)["all"]
    years = [_group(str(year), found) for year, found in groupby(ordered, key=lambda post: post.date.year)]
    archive = _page(workspace, "archive/index.html", years, heading=heading)
    return {"index.html": front, "archive/index.html": archive, **_tag_pages(workspace, ordered)}


def _tag_pages(workspace: Workspace, ordered: list[Post]) -> dict[str, str]:
    return {
        path: _page(workspace, path, [_group("", [post for post, _ in found])], heading=found[0][1])
        for path, found in _by_tag(ordered).items()
    }


def _by_tag(ordered: list[Post]) -> dict[str, list[tuple[Post, str]]]:
    """Return tag page -> its posts with the tag as each writes it; two spellings of one tag share a page."""
    pages: dict[str, list[tuple[Post, str]]] = {}
    for post in ordered:
        for path, tag in {tag_path(tag): tag for tag in reversed(post.tags)}.items():
            pages.setdefault(path, []).append((post, tag))
    return pages


def _group(label: str, posts: Iterable[Post]) -> dict[str, Any]:
    return {"label": label, "lines": [_line(post) for post in posts]}


def _line(post: Post) -> dict[str, Any]:
    return {
        "post": post,
        "href": quote(post.path),
        "written_date": long_date(post.date, post.language),
        "direction": direction(post.language),
    }


def _page(
    workspace: Workspace,
    path: str,
    groups: list[dict[str, Any]],
    *,
    heading: str = "",
    front: list[Post] | None = None,
) -> str:
    tags = [
        {"href": quote(page), "label": found[0][1], "count": len(found)} for page, found in _by_tag(front or []).items()
    ]
    return render(
        "list.html.j2",
        lang=workspace.locale,
        direction=direction(workspace.locale),
        words=words(workspace.locale),
        site_name=workspace.name,
        root="../" * path.count("/"),
        url=absolute(workspace.site_url, path) if workspace.site_url else None,
        heading=heading,
        groups=[group for group in groups if group["lines"]],
        tags=sorted(tags, key=lambda tag: (-tag["count"], tag["label"].casefold())),
        is_front=front is not None,
        is_archive=path.startswith("archive/"),
        has_more=front is not None and len(front) > ON_THE_FRONT,
    )

"""One published piece, as its own sidecar tells it: what the index and the feeds are made from."""

from datetime import date

from core.base import Instant, Noun


class Post(Noun):
    """A published page's own account of itself."""

    guid: str
    path: str
    title: str
    summary: str
    language: str
    date: date
    tags: tuple[str, ...]
    html: str
    published_at: Instant


def newest_first(posts: list[Post]) -> list[Post]:
    """Return the posts by the day they carry, then by when they went out; the guid makes the order total."""
    return sorted(posts, key=lambda post: (post.date, post.published_at, post.guid), reverse=True)

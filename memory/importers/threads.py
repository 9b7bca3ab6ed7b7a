"""Posts of one account, with the replies to oneself joined into threads: one piece a thread."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from memory.importers.facts import clean

Facts = dict[str, Any]


class Post(NamedTuple):
    """A post: `parent` is the id of the post it answers, `own` says whether that one is by the same account."""

    id: str
    text: str
    order: str  # sorts as time does
    facts: Facts  # raw keys for `make_piece`
    parent: str = ""
    own: bool = True


class Threads(NamedTuple):
    """Threads, the first post first; posts that answer others, and those that hang on them; posts without a word."""

    threads: list[list[Post]]
    replies: int
    wordless: int


def joined(posts: Iterable[Post]) -> Threads:
    """Join posts into threads. One whose own parent is gone begins a thread; one that answers others is no piece."""
    by_id = {post.id: post for post in posts}
    threads: dict[str, list[Post]] = {}
    replies = 0
    for post in sorted(by_id.values(), key=lambda each: (each.order, each.id)):
        root = _root(post, by_id)
        if root.parent and not root.own:
            replies += 1
        else:
            threads.setdefault(root.id, []).append(post)
    said = [thread for thread in threads.values() if any(clean(post.text).strip() for post in thread)]
    return Threads(said, replies, len(threads) - len(said))


def body(thread: list[Post]) -> str:
    """Return a thread's words, a paragraph or more for each post."""
    return "\n\n".join(text for post in thread if (text := post.text.strip()))


def facts(thread: list[Post]) -> Facts:
    """Return the first post's facts, with the tags and pictures of them all and how many posts it took."""
    tags = [tag for post in thread for tag in post.facts.get("tags") or []]
    alt = [text for post in thread for text in post.facts.get("alt texts") or []]
    pictures = sum(post.facts.get("pictures") or 0 for post in thread) or None
    joint = {"tags": tags, "pictures": pictures, "alt texts": alt}
    return {**thread[0].facts, **joint, **({"posts": len(thread)} if len(thread) > 1 else {})}


def _root(post: Post, by_id: dict[str, Post]) -> Post:
    seen = {post.id}
    while post.own and post.parent in by_id and post.parent not in seen:
        seen.add(post.parent)
        post = by_id[post.parent]
    return post

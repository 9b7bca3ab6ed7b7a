"""Mastodon's archive: `outbox.json` and `actor.json`. Public posts, with the replies to oneself joined into threads."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from core.works import Piece
from memory.importers import threads
from memory.importers.archive import Archive
from memory.importers.facts import line, make_piece
from memory.importers.json_stream import Entry, entries
from memory.importers.markup import text_of
from memory.importers.material import Failure, LeftOut, Unreadable
from memory.importers.rows import loads
from memory.importers.threads import Post

ANCHOR = re.compile(r"(?P<at>(?:.*/)?)outbox\.json")
OWN = re.compile(r"(?:outbox|actor|likes|bookmarks)\.json|(?:avatar|header)\.\w+|media_attachments/.*")
_PUBLIC = ("https://www.w3.org/ns/activitystreams#Public", "as:Public", "Public")
_WRITING = ("Note", "Article", "Question", "Page")


def fits(archive: Archive, anchor: str) -> bool:
    """Say whether an outbox is an ActivityPub collection."""
    head = archive.head(anchor)
    return b'"orderedItems"' in head or b'"OrderedCollection"' in head


def read(archive: Archive) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each public post or thread; its source is the address that all servers know it by."""
    actor, posts, left = _actor(archive), list[Post](), Counter[str]()
    for item in _items(archive):
        if isinstance(item, Failure):
            yield item
        elif isinstance(taken := _post(item, actor), Post):
            posts.append(taken)
        elif isinstance(taken, Failure):
            yield taken
        else:
            left[taken] += 1
    found = threads.joined(posts)
    left["replies to others"] += found.replies
    left["posts without text"] += found.wordless
    place = archive.place("outbox.json")
    for thread in found.threads:
        raw, body = threads.facts(thread), threads.body(thread)
        yield make_piece(place, raw, body, format="mastodon", source=f"mastodon:{thread[0].id}")
    yield from (LeftOut(reason, count) for reason, count in left.items())


def _items(archive: Archive) -> Iterator[Entry | Failure]:
    with archive.open("outbox.json") as file:
        try:
            for entry in entries(file, archive.where("outbox.json"), lambda path: path in ("", "orderedItems")):
                if entry.path == "orderedItems[]":
                    yield entry
        except Unreadable as error:
            yield Failure(error.where, error.reason)


def _actor(archive: Archive) -> dict[str, Any]:
    try:
        actor = loads(archive.material("actor.json").text) if "actor.json" in archive.names else {}
    except (Unreadable, ValueError):
        actor = {}  # it only gives the name; the posts name who wrote them
    return actor if isinstance(actor, dict) else {}


def _post(item: Entry, actor: dict[str, Any]) -> Post | Failure | str:
    """Return the post of an activity, or why it is none of the creator's own writing."""
    activity = item.value if isinstance(item.value, dict) else {}
    if activity.get("type") == "Announce":
        return "boosts of others' posts"
    note = activity.get("object")
    if activity.get("type") != "Create" or not isinstance(note, dict) or note.get("type") not in _WRITING:
        return "activities that are no posts"
    if not line(note.get("id")):
        return Failure(item.where, "is a post without an id")
    if not _is_public(note):
        return "posts for followers or single people"
    parent, writer = line(note.get("inReplyTo")), line(note.get("attributedTo") or activity.get("actor"))
    own = not parent or (bool(writer) and parent.startswith(f"{writer}/"))
    return Post(line(note["id"]), _text(note), line(note.get("published")), _raw(note, actor), parent, own)


def _is_public(note: dict[str, Any]) -> bool:
    addressed = [note.get("to"), note.get("cc")]
    return any(each in _PUBLIC for part in addressed for each in (part if isinstance(part, list) else [part]))


def _text(note: dict[str, Any]) -> str:
    content = note.get("content")
    choices = note.get("oneOf") or note.get("anyOf")
    named = [line(each.get("name")) for each in choices if isinstance(each, dict)] if isinstance(choices, list) else []
    body = text_of(content) if isinstance(content, str) else ""
    return "\n\n".join([body, *(f"- {choice}" for choice in named if choice)])


def _raw(note: dict[str, Any], actor: dict[str, Any]) -> dict[str, Any]:
    tags, media, languages = note.get("tag"), note.get("attachment"), note.get("contentMap")
    hashtags = [each for each in _objects(tags) if each.get("type") == "Hashtag"]
    return {
        "title": note.get("name"),
        "date": note.get("published"),
        "author": actor.get("name") or actor.get("preferredUsername"),
        "tags": [line(each.get("name")).lstrip("#") for each in hashtags],
        "url": note.get("url"),
        "language": next(iter(languages), None) if isinstance(languages, dict) else None,
        "content warning": note.get("summary"),
        "pictures": len(_objects(media)) or None,
        "alt texts": [text for each in _objects(media) if (text := line(each.get("name")))],
    }


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

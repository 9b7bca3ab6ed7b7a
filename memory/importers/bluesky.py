"""Bluesky: an account's repository as a CAR file, or its records as JSON. Own posts, threads joined."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from core.works import Piece
from memory.importers import threads
from memory.importers.archive import Archive
from memory.importers.bluesky_repo import records as records_of_car
from memory.importers.facts import line, make_piece
from memory.importers.json_stream import entries
from memory.importers.material import Failure, LeftOut, Material, Unreadable
from memory.importers.rows import loads
from memory.importers.threads import Post

ANCHOR = re.compile(r"(?P<at>(?:.*/)?)app\.bsky\.feed\.post/[^/]+\.json")
OWN = re.compile(r"_commit\.json|[a-z][\w-]*(?:\.[\w-]+){2,}/[^/]+\.json")
_POST, _REPOST, _PROFILE = "app.bsky.feed.post", "app.bsky.feed.repost", "app.bsky.actor.profile"
_URI = re.compile(r"at://(?P<did>[^/]+)/(?P<collection>[^/]+)/(?P<key>[^/]+)")


class Record(NamedTuple):
    """A record of a repository: `uri` is `at://did/collection/key`, or begins with `at:///` where no file names it."""

    uri: str
    value: Any
    where: str


def fits(archive: Archive, anchor: str) -> bool:
    """Say whether a file is a record of a post (in a folder of records, one file each)."""
    return f'"{_POST}"'.encode() in archive.head(anchor)


def fits_json(head: bytes) -> bool:
    """Say whether a JSON file begins like a list of records (`com.atproto.repo.listRecords`)."""
    return b'"at://' in head and (b'"value"' in head or b'"record"' in head) and f'{_POST}"'.encode() in head


def read(archive: Archive) -> Iterator[Piece | Failure | LeftOut]:
    """Yield the pieces of a repository that was unpacked into a file for each record."""
    yield from _pieces(archive.place("app.bsky.feed.post"), _unpacked(archive))


def read_car(archive: Archive, name: str) -> Iterator[Piece | Failure | LeftOut]:
    """Yield the pieces of a CAR file, by its tree: records that were deleted are in no tree."""
    place = archive.place(name)
    with archive.open(name) as file:
        yield from _pieces(place, (r if isinstance(r, Failure) else Record(*r) for r in records_of_car(file, place)))


def read_json(archive: Archive, name: str) -> Iterator[Piece | Failure | LeftOut]:
    """Yield the pieces of a list of records."""
    yield from _pieces(archive.place(name), _listed(archive, name))


def _unpacked(archive: Archive) -> Iterator[Record | Failure]:
    did = ""
    if "_commit.json" in archive.names:
        commit = loads(archive.material("_commit.json").text)
        did = line(commit.get("did")) if isinstance(commit, dict) else ""
    for name in archive.names:
        collection, _, file = name.partition("/")
        if collection in (_POST, _REPOST, _PROFILE) and file.endswith(".json"):
            try:
                value = loads(archive.material(name).text)
            except (Unreadable, ValueError) as error:
                yield Failure(archive.where(name), getattr(error, "reason", str(error)))
            else:
                yield Record(f"at://{did}/{name.removesuffix('.json')}", value, archive.where(name))


def _listed(archive: Archive, name: str) -> Iterator[Record | Failure]:
    with archive.open(name) as file:
        try:
            for entry in entries(file, archive.where(name), lambda path: path in ("", "records", "feed")):
                held = entry.value.get("post", entry.value) if isinstance(entry.value, dict) else None
                if isinstance(held, dict) and line(held.get("uri")).startswith("at://"):
                    yield Record(line(held["uri"]), held.get("value") or held.get("record"), entry.where)
                elif entry.path.endswith("[]"):
                    yield Failure(entry.where, "is no record with a uri and a value")
        except Unreadable as error:
            yield Failure(error.where, error.reason)


def _pieces(place: Material, records: Iterator[Record | Failure]) -> Iterator[Piece | Failure | LeftOut]:
    posts, left, name = list[Post](), Counter[str](), ""
    for record in records:
        if isinstance(record, Failure):
            yield record
            continue
        uri = _URI.fullmatch(record.uri)
        if uri is None or not isinstance(record.value, dict):
            yield Failure(record.where, "is no record with a uri and a value")
        elif uri["collection"] == _REPOST or (uri["collection"] == _POST and record.value.get("$type") == _REPOST):
            left["reposts of others"] += 1
        elif uri["collection"] == _PROFILE:
            name = line(record.value.get("displayName"))
        elif uri["collection"] == _POST:
            posts.append(_post(record, uri))
    found = threads.joined(posts)
    left["replies to others"] += found.replies
    left["posts without words"] += found.wordless
    for thread in found.threads:
        raw, body = {"author": name, **threads.facts(thread)}, threads.body(thread)
        yield make_piece(place, raw, body, format="bluesky", source=f"bluesky:{thread[0].id}")
    yield from (LeftOut(reason, count) for reason, count in left.items())


def _post(record: Record, uri: re.Match[str]) -> Post:
    value = record.value
    reply = value.get("reply")
    parent = reply.get("parent") if isinstance(reply, dict) else None
    answers = line(parent.get("uri")) if isinstance(parent, dict) else ""
    own = answers.startswith(f"at://{uri['did']}/")
    at = line(value.get("createdAt"))
    return Post(record.uri, _text(value), f"{at} {uri['key']}", _raw(value, uri), answers, own or not answers)


def _text(value: dict[str, Any]) -> str:
    """Return the text with its links as they lead: a facet gives their place in bytes of UTF-8."""
    text = value.get("text")
    data = text.encode("utf-8", "replace") if isinstance(text, str) else b""
    for start, end, link in sorted(_links(value, len(data)), reverse=True):
        shown = data[start:end].decode("utf-8", "replace").rstrip(".…")
        if shown and shown in link:  # the address itself, cut short; words that are a link stay words
            data = data[:start] + link.encode("utf-8", "replace") + data[end:]
    return data.decode("utf-8", "replace")


def _links(value: dict[str, Any], size: int) -> Iterator[tuple[int, int, str]]:
    for facet in _objects(value.get("facets")):
        index = facet.get("index")
        start, end = (index.get("byteStart"), index.get("byteEnd")) if isinstance(index, dict) else (None, None)
        for feature in _objects(facet.get("features")):
            link = line(feature.get("uri"))
            if link and isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= size:
                yield start, end, link


def _raw(value: dict[str, Any], uri: re.Match[str]) -> dict[str, Any]:
    features = [feature for facet in _objects(value.get("facets")) for feature in _objects(facet.get("features"))]
    languages, tags, embed = value.get("langs"), value.get("tags"), value.get("embed")
    inner = embed.get("media", embed) if isinstance(embed, dict) else {}
    images = _objects(inner.get("images")) if isinstance(inner, dict) else []
    linked = inner.get("external") if isinstance(inner, dict) else None
    labels = value.get("labels")
    warned = [line(each.get("val")) for each in _objects(labels.get("values"))] if isinstance(labels, dict) else []
    return {
        "date": value.get("createdAt"),
        "tags": [*(line(f.get("tag")) for f in features), *(tags if isinstance(tags, list) else [])],
        "url": f"https://bsky.app/profile/{uri['did']}/post/{uri['key']}",
        "language": line(languages[0]) if isinstance(languages, list) and languages else "",
        "content warning": ", ".join(warned),
        "linked": linked.get("uri") if isinstance(linked, dict) else "",
        "pictures": len(images) or None,
        "alt texts": [text for each in images if (text := line(each.get("alt")))],
    }


def _objects(value: object) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []

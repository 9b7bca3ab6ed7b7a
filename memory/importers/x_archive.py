"""X's archive: JavaScript files that assign JSON. Own posts, long ones in full, threads joined; no more."""

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any, NamedTuple

from core.works import Piece
from memory.importers import threads
from memory.importers.archive import Archive
from memory.importers.dates import read_date
from memory.importers.facts import line, make_piece
from memory.importers.json_stream import Entry, entries
from memory.importers.material import Failure, LeftOut, Unreadable
from memory.importers.threads import Post
from memory.importers.x_notes import Notes

ANCHOR = re.compile(r"(?P<at>(?:.*?/)??)(?:data/)?tweets?\.js")
OWN = re.compile(r"(?:data|assets)/.*|Your archive\.html|[^/]+\.js|README\.txt")
_PART = re.compile(r"(?:data/)?(?:tweets?|community-tweet)(?:-part\d+)?\.js")
_NO_LANGUAGE = ("und", "zxx", "art", "qme", "qam", "qct", "qht", "qst")


class _Account(NamedTuple):
    id: str = ""
    handle: str = ""
    name: str = ""


def fits(archive: Archive, anchor: str) -> bool:
    """Say whether a script is one of X's data files."""
    return b"window.YTD." in archive.head(anchor)[:1000]


def read(archive: Archive) -> Iterator[Piece | Failure | LeftOut]:
    """Yield a piece for each own post or thread; its source is the number of its first post."""
    account, notes = _account(archive), Notes(_objects(archive, "note-tweet.js", "noteTweet"))
    posts, left = list[Post](), Counter[str]()
    for name in archive.names:
        for tweet in _objects(archive, name, "tweet") if _PART.fullmatch(name) else ():
            if isinstance(tweet, Failure):
                yield tweet
            elif isinstance(taken := _post(tweet, account, notes), Post):
                posts.append(taken)
            elif isinstance(taken, Failure):
                yield taken
            else:
                left[taken] += 1
    found = threads.joined(_with_own_parents(posts))
    left["replies to others"] += found.replies
    left["posts without words"] += found.wordless
    left["long posts whose short form is not in the archive"] += notes.unused()
    place = archive.place("tweets.js")
    for thread in found.threads:
        raw, body = threads.facts(thread), threads.body(thread)
        yield make_piece(place, raw, body, format="x", source=f"x:{thread[0].id}")
    yield from notes.failed
    yield from (LeftOut(reason, count) for reason, count in left.items())


def _objects(archive: Archive, name: str, key: str) -> Iterator[Entry | Failure]:
    """Yield the objects of a data file, out of their wrapping (`{"tweet": {…}}`)."""
    there = next((each for each in (name, f"data/{name}") if each in archive.names), None)
    if there is None:
        return
    with archive.open(there) as file:
        try:
            for entry in entries(file, archive.where(there), lambda path: path == "", after="="):
                inner = entry.value.get(key, entry.value) if isinstance(entry.value, dict) else None
                yield entry._replace(value=inner) if isinstance(inner, dict) else Failure(entry.where, "is no entry")
        except Unreadable as error:
            yield Failure(error.where, error.reason)


def _account(archive: Archive) -> _Account:
    for entry in _objects(archive, "account.js", "account"):
        if isinstance(entry, Entry):
            keys = ("accountId", "username", "accountDisplayName")
            return _Account(*(line(entry.value.get(key)) for key in keys))
    return _Account()


def _post(entry: Entry, account: _Account, notes: Notes) -> Post | Failure | str:
    tweet = entry.value
    number, text = line(tweet.get("id_str") or tweet.get("id")), tweet.get("full_text") or tweet.get("text")
    if not number.isdigit() or not isinstance(text, str):
        return Failure(entry.where, "is a post without a number or a text")
    if text.startswith("RT @") or isinstance(tweet.get("retweeted_status"), dict):
        return "reposts of others"
    if _is_older_version(tweet, number):
        return "earlier versions of edited posts"
    note = notes.of(read_date(tweet.get("created_at")).at, text)
    links = [*_entities(tweet, "urls"), *(note.links if note else [])]
    said = _expanded(html.unescape(note.text if note else text), links, _entities(tweet, "media"))
    parent = line(tweet.get("in_reply_to_status_id_str") or tweet.get("in_reply_to_status_id"))
    addressee = line(tweet.get("in_reply_to_user_id_str") or tweet.get("in_reply_to_user_id"))
    if addressee == account.id and account.handle:  # a thread is no conversation with oneself
        said = said.removeprefix(f"@{account.handle}").strip()
    answers = parent or (f"user {addressee}" if addressee and addressee != account.id else "")
    own = bool(account.id) and addressee == account.id
    return Post(number, said, number.zfill(20), _raw(tweet, number, account), answers, own)


def _with_own_parents(posts: list[Post]) -> list[Post]:
    """Mark as own what answers a post of this archive: it holds the account's posts alone."""
    numbers = {post.id for post in posts}
    return [post._replace(own=post.own or post.parent in numbers) for post in posts]


def _is_older_version(tweet: dict[str, Any], number: str) -> bool:
    info = tweet.get("edit_info")
    first = info.get("initial") if isinstance(info, dict) else None
    later = info.get("edit") if isinstance(info, dict) else None
    control = first or (later.get("editControlInitial") if isinstance(later, dict) else None)
    versions = control.get("editTweetIds") if isinstance(control, dict) else None
    return isinstance(versions, list) and bool(versions) and line(versions[-1]) != number


def _entities(tweet: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    entities = tweet.get("entities")
    listed = entities.get(kind) if isinstance(entities, dict) else None
    return [each for each in listed if isinstance(each, dict)] if isinstance(listed, list) else []


def _expanded(text: str, links: list[dict[str, Any]], media: list[dict[str, Any]]) -> str:
    """Return the text with its links as they lead, and without the links that stand for pictures."""
    for each in links:
        short, full = line(each.get("url")), line(each.get("expanded_url"))
        text = text.replace(short, full) if short and full else text
    for each in media:
        text = text.replace(line(each.get("url")) or "\0", "")
    return text.strip()


def _raw(tweet: dict[str, Any], number: str, account: _Account) -> dict[str, Any]:
    extended = tweet.get("extended_entities")
    media = extended.get("media") if isinstance(extended, dict) else None
    alt = (
        [line(each.get("ext_alt_text")) for each in media if isinstance(each, dict)] if isinstance(media, list) else []
    )
    language = line(tweet.get("lang"))
    return {
        "date": tweet.get("created_at"),
        "author": account.name or account.handle,
        "tags": [each.get("text") for each in _entities(tweet, "hashtags")],
        "url": f"https://x.com/{account.handle or 'i'}/status/{number}",
        "language": "" if language in _NO_LANGUAGE else language,
        "pictures": len(alt) or None,
        "likes": line(tweet.get("favorite_count")),
        "reposts": line(tweet.get("retweet_count")),
        "alt texts": [text for text in alt if text],
    }

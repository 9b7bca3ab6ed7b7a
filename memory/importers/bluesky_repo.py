"""An AT Protocol repository in a CAR file: a signed commit, a tree of keys, and the records that it names."""

from collections.abc import Iterator
from typing import IO, Any

from memory.importers.car import Broken, Link, blocks, decode
from memory.importers.material import Failure, Material

MOST_HELD = 512 * 2**20
"""Bytes of posts and tree that are held at once: some millions of posts."""

_KEPT = ("app.bsky.feed.post", "app.bsky.actor.profile")
_MARKS = tuple(b"\x65$type" + bytes([0x60 + len(kind)]) + kind.encode() for kind in _KEPT)
_COUNTED = "app.bsky.feed.repost/"

Found = tuple[str, Any, str]


def records(file: IO[bytes], place: Material) -> Iterator[Found | Failure]:
    """Yield (uri, record, where) of the posts, the profile and (without their contents) the reposts.

    What is broken is a Failure with its key, or with the file's name where nothing can be read.
    """
    try:
        root, held = _held(file)
        commit = decode(held[root]) if root in held else None
        did, data = _of_commit(commit if isinstance(commit, dict) else {})
        for key, name in _keys(data, held):
            yield from _record(f"at://{did}/{key}", key, held.get(name), place)
    except Broken as error:
        yield Failure(place.where, f"is a CAR file that can't be read to its end: {error}")


def _of_commit(commit: dict[str, Any]) -> tuple[str, Link]:
    did, data = commit.get("did"), commit.get("data")
    if not isinstance(did, str) or not isinstance(data, Link) or commit.get("version") not in (2, 3):
        raise Broken("its root is no commit of a repository")
    return did, data


def _held(file: IO[bytes]) -> tuple[Link, dict[Link, bytes]]:
    """Return the root, and the blocks that may be the commit, part of the tree, a post or a profile."""
    root: Link | None = None
    held: dict[Link, bytes] = {}
    size = 0
    for name, data in blocks(file, _is_wanted):
        if not data:
            root = root or name
            continue
        held[name] = data
        size += len(data)
        if size > MOST_HELD:
            raise Broken(f"it holds over {MOST_HELD // 2**20} MB of posts")
    if root is None:
        raise Broken("it names no root")
    return root, held


def _is_wanted(data: bytes) -> bool:
    """Tell by bytes what need not be decoded: likes and follows are most of a repository."""
    tree = data[:3] in (b"\xa1\x61e", b"\xa2\x61e")
    return tree or any(mark in data for mark in _MARKS) or (b"\x63did" in data and b"\x63sig" in data)


def _keys(top: Link, held: dict[Link, bytes]) -> Iterator[tuple[str, Link]]:
    """Yield (key, record) in order: a node has a left subtree, and entries that share a prefix with the one before."""
    stack: list[Link | tuple[str, Link]] = [top]
    seen: set[Link] = set()
    while stack:
        each = stack.pop()
        if isinstance(each, tuple):
            yield each
            continue
        if each in seen or each not in held:
            raise Broken("its tree lacks a part, or turns in a circle")
        seen.add(each)
        stack += reversed(list(_children(decode(held[each]))))


def _children(node: Any) -> Iterator[Link | tuple[str, Link]]:
    listed = node.get("e") if isinstance(node, dict) else None
    if not isinstance(listed, list):
        raise Broken("a part of its tree is of another form")
    if isinstance(node.get("l"), Link):
        yield node["l"]
    key = b""
    for entry in listed:
        match entry:
            case {"p": int(shared), "k": bytes(rest), "v": Link() as record} if 0 <= shared <= len(key):
                key = key[:shared] + rest
            case _:
                raise Broken("a part of its tree is of another form")
        yield key.decode("utf-8", "replace"), record
        if isinstance(entry.get("t"), Link):
            yield entry["t"]


def _record(uri: str, key: str, data: bytes | None, place: Material) -> Iterator[Found | Failure]:
    where = f"{place.where}#{key}"
    if key.startswith(_COUNTED):
        yield uri, {}, where
    elif key.partition("/")[0] in _KEPT:
        if data is None:
            yield Failure(where, "is named by the repository, but not in the file")
            return
        try:
            yield uri, decode(data), where
        except Broken as error:
            yield Failure(where, f"is a record that can't be read: {error}")

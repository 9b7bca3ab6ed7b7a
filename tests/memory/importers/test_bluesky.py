import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from memory.importers import Failure, collect
from memory.importers.car import Broken, Link, decode
from tests.memory.importers.helpers import write
from tests.memory.importers.packing import Cid, bodies, car, cbor, cid, left_out, repository, unpacked, zipped

DID = "did:plc:abcdefghijklmnopqrstuvwx"
POSTS = f"at://{DID}/app.bsky.feed.post"


def post(text: str, second: int, parent: str = "", **more: Any) -> dict[str, Any]:
    ref = {"uri": parent, "cid": "bafyreib"}
    reply = {"reply": {"root": ref, "parent": ref}} if parent else {}
    at = f"2024-10-06T08:00:{second:02d}.000Z"
    return {"$type": "app.bsky.feed.post", "text": text, "createdAt": at, "langs": ["en"], **reply, **more}


LINKED = "Ølet: t.example/a-long-addr... and #fog, here"
START = len("Ølet: ".encode())
RICH = post(
    LINKED, 1,
    facets=[
        {"index": {"byteStart": START, "byteEnd": START + len("t.example/a-long-addr...")},
         "features": [{"$type": "app.bsky.richtext.facet#link", "uri": "https://t.example/a-long-address"}]},
        {"index": {"byteStart": 0, "byteEnd": 3}, "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "fog"}]},
        {"index": {"byteStart": 46, "byteEnd": 9999}, "features": [{"uri": "https://nowhere.example"}]},
        {"index": {"byteStart": 48, "byteEnd": 52}, "features": [{"uri": "https://words.example"}]},
    ],
    embed={"$type": "app.bsky.embed.images", "images": [{"alt": "A pier", "image": {}}]},
    labels={"$type": "com.atproto.label.defs#selfLabels", "values": [{"val": "graphic-media"}]},
)  # fmt: skip
RECORDS = {
    "app.bsky.actor.profile/self": {"$type": "app.bsky.actor.profile", "displayName": "Ines Dahl"},
    "app.bsky.feed.like/3kaa": {"$type": "app.bsky.feed.like", "subject": {"uri": f"{POSTS}/3kaa", "cid": "b"}},
    "app.bsky.feed.post/3kaa": RICH,
    "app.bsky.feed.post/3kab": post("One.", 2),
    "app.bsky.feed.post/3kac": post("Two.", 3, f"{POSTS}/3kab"),
    "app.bsky.feed.post/3kad": post("Yes.", 4, "at://did:plc:other/app.bsky.feed.post/3k"),
    "app.bsky.feed.post/3kae": post("", 5),
    "app.bsky.feed.repost/3kaf": {"$type": "app.bsky.feed.repost", "subject": {"uri": "at://did:plc:other/x/y"}},
    "app.bsky.graph.follow/3kag": {"$type": "app.bsky.graph.follow", "subject": "did:plc:other"},
}
BODY = "Ølet: https://t.example/a-long-address and #fog, here"


def test_takes_posts_and_threads_of_a_repository(tmp_path: Path) -> None:
    harvest = collect([write(tmp_path, "repo.car", repository(DID, RECORDS))])
    assert harvest.failed == []
    rich, thread = harvest.pieces
    assert rich.model_dump() == {
        "source": f"bluesky:{POSTS}/3kaa",
        "title": "",
        "body": BODY,
        "format": "bluesky",
        "published_at": datetime(2024, 10, 6, 8, 0, 1, tzinfo=UTC),
        "authors": ("Ines Dahl",),
        "tags": ("fog",),
        "excerpt": "",
        "url": f"https://bsky.app/profile/{DID}/post/3kaa",
        "language": "en",
        "license": None,
        "extra": {"content warning": "graphic-media", "pictures": 1, "alt texts": ["A pier"]},
    }
    assert (thread.source, thread.body) == (f"bluesky:{POSTS}/3kab", "One.\n\nTwo.")
    assert left_out(harvest) == {"reposts of others": 1, "replies to others": 1, "posts without words": 1}


def test_the_same_in_json_and_unpacked(tmp_path: Path) -> None:
    whole = bodies(write(tmp_path, "repo.car", repository(DID, RECORDS)))
    listed = [{"uri": f"at://{DID}/{key}", "cid": "b", "value": value} for key, value in RECORDS.items()]
    assert bodies(write(tmp_path, "records.json", json.dumps({"records": listed, "cursor": "3k"}))) == whole
    assert bodies(write(tmp_path, "array.json", json.dumps(listed, indent=1))) == whole
    files = {f"{DID}/{key}.json": json.dumps(value) for key, value in RECORDS.items()}
    files[f"{DID}/_commit.json"] = json.dumps({"did": DID, "version": 3})
    assert bodies(unpacked(tmp_path / "unpacked", files)) == whole
    assert bodies(zipped(tmp_path / "unpacked.zip", files)) == whole


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    data = repository(DID, RECORDS).replace(b"One.", b"Own.")
    path = write(tmp_path, "repo.car", data)
    harvest = collect([path])
    reason = "is a CAR file that can't be read to its end: a block is not what its name says: the file was damaged or changed"
    assert (harvest.pieces, harvest.failed) == ([], [Failure(str(path), reason)])


def test_a_record_that_is_missing_or_broken_is_one_failure(tmp_path: Path) -> None:
    good, bad = cbor(post("Good.", 1)), cbor({"$type": "app.bsky.feed.post"}) + b"\x00"
    missing = cid(cbor("gone"))
    entries = [
        {"p": 0, "k": b"app.bsky.feed.post/3a", "v": cid(good), "t": None},
        {"p": 20, "k": b"b", "v": cid(bad), "t": None},
        {"p": 20, "k": b"c", "v": missing, "t": None},
    ]
    tree = cbor({"e": entries, "l": None})
    commit = cbor({"did": DID, "version": 3, "data": cid(tree), "rev": "3", "prev": None, "sig": b"\x01"})
    path = write(tmp_path, "repo.car", car([cid(commit)], [commit, tree, good, bad]))
    harvest = collect([path])
    assert [piece.body for piece in harvest.pieces] == ["Good."]
    assert harvest.failed == [
        Failure(f"{path}#app.bsky.feed.post/3b", "is a record that can't be read: there is more behind a value"),
        Failure(f"{path}#app.bsky.feed.post/3c", "is named by the repository, but not in the file"),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "it ends early"),
        (b"\x0a\x01", "it ends early"),
        (b"\xff" * 9, "a length is out of all proportion"),
        (car([], []), "it names no root"),
        (car([cid(cbor({}))], [cbor({"did": DID, "sig": b""})]), "its root is no commit of a repository"),
        (b"\xff\xff\xff\x7f" + b"x" * 99, "a header is 268435455 bytes long"),
    ],
)
def test_what_is_no_repository_says_so(tmp_path: Path, data: bytes, reason: str) -> None:
    ((_, error),) = collect([write(tmp_path, "a.car", data)]).failed
    assert error == f"is a CAR file that can't be read to its end: {reason}"


def test_a_tree_that_turns_in_a_circle_ends(tmp_path: Path) -> None:
    entry = {"p": 0, "k": b"app.bsky.feed.post/3a", "v": cid(b"x"), "t": None}
    leaf = cbor({"e": [entry], "l": None})
    tree = cbor({"e": [entry | {"t": cid(leaf)}], "l": cid(leaf)})
    commit = cbor({"did": DID, "version": 3, "data": cid(tree), "rev": "3", "prev": None, "sig": b"\x01"})
    harvest = collect([write(tmp_path, "a.car", car([cid(commit)], [commit, tree, leaf]))])
    assert "turns in a circle" in harvest.failed[-1].error


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value] if isinstance(value, list) else value


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.text(max_size=9) | st.binary(max_size=9)
    | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip


@given(VALUES)
def test_decodes_what_was_encoded(value: Any) -> None:
    assert decode(cbor(value)) == value


def test_decodes_links() -> None:
    assert decode(cbor({"a": Cid(b"\x01\x71")})) == {"a": Link(b"\x01\x71")}


@settings(max_examples=400)
@given(st.binary(max_size=60))
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        value = decode(data)
    except Broken:
        return
    assert cbor_size(value) == len(data)


def cbor_size(value: Any) -> int:
    return len(cbor(Cid(value) if isinstance(value, Link) else value)) if not isinstance(value, list | dict) else (
        len(cbor([0] * len(value))) - len(value) + sum(map(cbor_size, value)) if isinstance(value, list)
        else len(cbor(len(value))) + sum(cbor_size(k) + cbor_size(v) for k, v in value.items())
    )  # fmt: skip


@pytest.mark.parametrize(
    "data",
    [
        b"\x18\x01", b"\x9f\xff", b"\x5f\xff", b"\xa1\x01\x02", b"\xa2\x61a\x01\x61a\x02", b"\xf7", b"\xf9\x00\x00",
        b"\xc1\x00", b"\xd8\x2a\x41\x01", b"\x61\xff", b"\x9a\xff\xff\xff\xff", b"\x81" * 80 + b"\x00", b"\x00\x00",
    ],
)  # fmt: skip
def test_refuses_what_is_not_canonical(data: bytes) -> None:
    with pytest.raises(Broken):
        decode(data)

"""The record of a post as the lexicon `app.bsky.feed.post` wants it, and what points to it."""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

COLLECTION = "app.bsky.feed.post"
_RAW_SHA256 = bytes((1, 0x55, 0x12, 0x20))  # CID version 1, raw bytes, SHA-256 of 32 bytes


def record_of(
    post: Mapping[str, Any], *, blobs: Mapping[str, Any], reply: Mapping[str, Any] | None, now: datetime
) -> dict[str, Any]:
    """Return the record of an approved post; beside it only the moment, the uploaded pictures' ids and the thread."""
    embed = _pictures(post.get("media") or (), blobs) or _card(post.get("embed"))
    return {
        "$type": COLLECTION,
        "text": post["text"],
        **({"facets": post["facets"]} if post["facets"] else {}),
        "langs": post["langs"],
        **({"embed": embed} if embed else {}),
        **({"reply": dict(reply)} if reply else {}),
        "createdAt": now.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }


def says(record: Mapping[str, Any], post: Mapping[str, Any]) -> bool:
    """Say whether a record that lies there is this post: its words, links and pictures, whenever it was sent."""
    same = (record.get("text"), record.get("facets") or []) == (post["text"], post["facets"])
    return same and _hashes(record) == [blob_id(picture["sha256"]) for picture in post.get("media") or ()]


def uri_of(did: str, rkey: str) -> str:
    """Return a post's address on the network: what counts as its remote id."""
    return f"at://{did}/{COLLECTION}/{rkey}"


def address_of(uri: str) -> dict[str, str]:
    """Return whose record it is, in which collection, under which key."""
    repo, collection, rkey = uri.removeprefix("at://").split("/")
    return {"repo": repo, "collection": collection, "rkey": rkey}


def page_of(handle: str, rkey: str) -> str:
    """Return where a person reads it."""
    return f"https://bsky.app/profile/{handle}/post/{rkey}"


def blob_id(digest: str) -> str:
    """Return the id that bytes of this SHA-256 have wherever they are uploaded: it proves what was stored."""
    return "b" + base64.b32encode(_RAW_SHA256 + bytes.fromhex(digest)).decode("ascii").lower().rstrip("=")


def _pictures(media: Any, blobs: Mapping[str, Any]) -> dict[str, Any] | None:
    images = [
        {
            "alt": picture["alt"],
            "image": blobs[picture["sha256"]],
            "aspectRatio": {"width": picture["width"], "height": picture["height"]},
        }
        for picture in media
    ]
    return {"$type": "app.bsky.embed.images", "images": images} if images else None


def _card(embed: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return {"$type": "app.bsky.embed.external", "external": dict(embed)} if embed else None


def _hashes(record: Mapping[str, Any]) -> list[str]:
    images = (record.get("embed") or {}).get("images") or []
    return [str(image["image"]["ref"]["$link"]) for image in images]

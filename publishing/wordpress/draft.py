"""The draft that becomes the post: made once, filled with what was approved, compared before anybody sees it.

A post is found again by its slug, which ends in ten digits of `Approved.stable`: its id may be lost in a crash, or to a
restored backup.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from core.errors import Rejected
from publishing.wire.wordpress import PICTURE
from publishing.wordpress.rest import Rest

MARK = 10  # digits of the stable name at the end of a slug


def slug_of(payload: Mapping[str, Any], stable: str) -> str:
    """Return the post's address: the approved words, and the digits by which it is found again."""
    return f"{payload['slug']}-{stable[:MARK]}"


def fields_of(
    payload: Mapping[str, Any], slug: str, media: Mapping[str, Mapping[str, Any]], tags: Sequence[int]
) -> dict[str, Any]:
    """Return what is stored: the approved bytes, with the addresses and ids that WordPress gave."""
    content = str(payload["content"])
    for sha256, known in media.items():
        source = f'class="wp-image-{known["id"]}" src="{escape(str(known["url"]))}"'
        content = content.replace(PICTURE.format(sha256=sha256), source)
    return {
        "title": payload["title"],
        "content": content,
        "excerpt": payload["excerpt"],
        "slug": slug,
        "tags": list(tags),
    }


def differences(post: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    """Return what is stored otherwise than it should be, in words; empty where all is as approved."""
    found = [name for name in ("title", "content", "excerpt") if post.get(name, {}).get("raw") != fields[name]]
    if set(post.get("tags", ())) != set(fields["tags"]):
        found.append("tags")
    return " and ".join(found)


def made(rest: Rest, slug: str, title: str) -> dict[str, Any]:
    """Return a new empty draft. Where two are made at the same moment, both workers find the older one."""
    mine = rest.add("posts", status="draft", slug=slug, title=title)
    first = rest.one("posts", None, slug) or mine
    if first["id"] != mine["id"]:
        rest.remove(f"posts/{mine['id']}", for_good=True)
    return first


def fill(rest: Rest, post: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
    """Fill an empty draft and compare what was stored. Raises Rejected where it isn't what was approved."""
    if post["content"]["raw"] == "":
        stored = rest.add(f"posts/{post['id']}", **fields)
        if changed := differences(stored, fields):
            rest.remove(f"posts/{post['id']}", for_good=True)
            raise Rejected(
                f"{rest.who} stores the {changed} otherwise than approved, so nothing was published: this user may not "
                "post all of its HTML, or a plugin changes what is saved.",
                "Connect a user who may (an editor), or approve a plainer version.",
            )
    elif changed := differences(post, fields):
        raise Rejected(edited(rest.who, post, changed))


def edited(who: str, post: Mapping[str, Any], changed: str) -> str:
    """Say that a draft is not what was approved any more, and what to do."""
    return (
        f"Somebody changed the {changed} of draft {post['id']} on {who}, so it isn't what was approved and was not "
        "published. Take the change back there (or delete the draft for good), then retry; or approve the changed text."
    )


def tag_ids(rest: Rest, names: Sequence[str]) -> list[int]:
    """Return the tags' ids in order, each once."""
    return list(dict.fromkeys(rest.tag(name) for name in names))

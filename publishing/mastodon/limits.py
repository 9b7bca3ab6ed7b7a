"""What an instance takes: its own figures, which each instance sets for itself."""

from collections.abc import Mapping
from typing import Any

from core import counting, entities
from core.errors import Rejected

_NAMES = {
    "max_characters": ("statuses", "max_characters"),
    "max_media": ("statuses", "max_media_attachments"),
    "link_counts": ("statuses", "characters_reserved_per_url"),
    "description_limit": ("media_attachments", "description_limit"),
    "image_bytes": ("media_attachments", "image_size_limit"),
}


def limits_of(instance: Mapping[str, Any]) -> dict[str, int]:
    """Return the figures that an instance says of itself; what it doesn't say is not guessed."""
    said = instance.get("configuration") or {}
    found = {name: (said.get(part) or {}).get(key) for name, (part, key) in _NAMES.items()}
    return {name: value for name, value in found.items() if isinstance(value, int) and value > 0}


def refuse_too_much(post: Mapping[str, Any], limits: Mapping[str, int], who: str) -> None:
    """Raise Rejected, before anything is uploaded, for a post that the instance would refuse."""
    pictures = post.get("media") or ()
    _refuse(length(post, limits), limits.get("max_characters"), "characters", who)
    _refuse(len(pictures), limits.get("max_media"), "pictures", who)
    for number, picture in enumerate(pictures, start=1):
        described = f"characters of alt text for picture {number}"
        _refuse(len(picture["alt"]), limits.get("description_limit"), described, who)
        _refuse(picture["bytes"], limits.get("image_bytes"), f"bytes for picture {number}", who)


def length(post: Mapping[str, Any], limits: Mapping[str, int]) -> int:
    """Return how many characters of its limit an instance counts: those of the warning and of the text."""
    used = counting.MEASURES["mastodon"](post["status"]) + len(counting.graphemes(post.get("spoiler_text", "")))
    links = entities.links(post["status"], bare=False, wide=True)
    return used + len(links) * (limits.get("link_counts", counting.FLAT_LINK) - counting.FLAT_LINK)


def _refuse(used: int, most: int | None, what: str, who: str) -> None:
    if most is not None and used > most:
        raise Rejected(f"{who} takes {most:,} {what}; this has {used:,}. Nothing was sent. Approve a shorter version.")

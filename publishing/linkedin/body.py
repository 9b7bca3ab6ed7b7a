"""A post as LinkedIn's Posts API wants it."""

from collections.abc import Mapping, Sequence
from typing import Any


def body_of(author: str, post: Mapping[str, Any], urns: Mapping[str, str]) -> dict[str, Any]:
    """Return the request of an approved post; beside it only its author and the pictures' ids, by their hash.

    LinkedIn compares these bytes to tell a repeat: a post has the same ones for every attempt.
    """
    images = [_image(urns[picture["sha256"]], picture["alt"]) for picture in post.get("media") or ()]
    return {
        "author": author,
        "commentary": post["commentary"],
        "visibility": "PUBLIC",
        "distribution": {"feedDistribution": "MAIN_FEED", "targetEntities": [], "thirdPartyDistributionChannels": []},
        "lifecycleState": "PUBLISHED",
        "isReshareDisabledByAuthor": False,
        **_content(images),
    }


def _image(urn: str, alt: str) -> dict[str, str]:
    return {"id": urn, **({"altText": alt} if alt else {})}


def _content(images: Sequence[Mapping[str, str]]) -> dict[str, Any]:
    if not images:
        return {}
    return {"content": {"media": images[0]} if len(images) == 1 else {"multiImage": {"images": list(images)}}}

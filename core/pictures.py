"""The pictures of a payload, wherever in it they stand."""

from collections.abc import Mapping
from typing import Any

from core.drafts import Picture


def pictures_of(payload: Mapping[str, Any]) -> tuple[Picture, ...]:
    """Return the pictures that go out with a payload, those of a thread's posts one after the other."""
    posts = (payload, *payload.get("parts", ()))
    return tuple(Picture.model_validate(each) for post in posts for each in post.get("media", ()))


def described(picture: Picture) -> str:
    """Return what a person wants to know of a picture beside its name and words: its size, and which bytes it is."""
    kind = picture.mime.removeprefix("image/").upper()
    size = f"{picture.width:,} × {picture.height:,} pixels, {picture.bytes:,} bytes"
    return f"{kind}, {size}, sha {picture.sha256[:12]}"

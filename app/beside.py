"""What goes out beside a post's words: a person approves it too, so every door shows it."""

from collections.abc import Iterator, Mapping
from typing import Any


def beside(payload: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (name, words) of a thread's length and of every link card."""
    parts = payload.get("parts") or ()
    if parts:
        yield "Thread", f"{len(parts)} posts, one after the other"
    for number, post in enumerate(parts or (payload,), start=1):
        if card := post.get("embed"):
            name = f"Link card of post {number}" if len(parts) > 1 else "Link card"
            yield name, " · ".join(filter(None, (card.get("title"), card.get("description"), card["uri"])))

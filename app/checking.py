"""A text held against a channel's rules, as every door shows it."""

from typing import TYPE_CHECKING, Any

from core.counting import count
from core.documents import from_document

if TYPE_CHECKING:
    from app.studio import Studio


def checked(studio: "Studio", document: str, channel: str) -> dict[str, Any]:
    """Return the object that `check` prints: whether it can go, its length, and what was found."""
    found = studio.check(document, channel)
    length = count(channel, from_document(channel, document).text)
    return {
        "ok": not any(each.severity == "error" for each in found),
        "length": {"used": length.used, "limit": length.limit, "unit": length.unit},
        "findings": [each.model_dump(mode="json") for each in found],
    }

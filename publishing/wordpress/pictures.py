"""A post's pictures in the media library: each uploaded once, with its alt text, and found again after a crash."""

import mimetypes
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from publishing.platform import Keep
from publishing.wordpress.draft import MARK
from publishing.wordpress.rest import Rest

_ENDINGS = {"image/jpeg": ".jpg", "image/webp": ".webp"}


@dataclass(frozen=True)
class Library:
    """The media library of one site, for one post. `read`: a picture's bytes by their hash."""

    rest: Rest
    post: int
    slug: str
    read: Callable[[str], bytes]

    def holds(
        self, payload: Mapping[str, Any], known: Mapping[str, Mapping[str, Any]], keep: Keep
    ) -> dict[str, dict[str, Any]]:
        """Return each picture's id and address by its hash, uploading what isn't there; each is kept at once."""
        media: dict[str, dict[str, Any]] = {}
        for number, picture in enumerate(payload.get("media", ()), start=1):
            sha256 = str(picture["sha256"])
            there = self._there(picture, known.get(sha256, {}).get("id"))
            found = there or self._upload(picture, f"{payload['slug']}-{number}")
            media[sha256] = {"id": found["id"], "url": found["source_url"]}
            keep({"media": media})
        return media

    def _there(self, picture: Mapping[str, Any], known: int | None) -> dict[str, Any] | None:
        """Return a picture that was uploaded before, with its alt text as approved."""
        found = self.rest.one("media", known, self._mark(picture))
        if found and found["alt_text"] != picture["alt"]:
            return self.rest.add(f"media/{found['id']}", alt_text=picture["alt"])
        return found

    def _upload(self, picture: Mapping[str, Any], name: str) -> dict[str, Any]:
        """Upload into the draft, so that it is listed nowhere before that is published.

        The file is named after the post: what it was called on somebody's disk is nobody's business.
        """
        mime, data = str(picture["mime"]), self.read(str(picture["sha256"]))
        ending = _ENDINGS.get(mime) or mimetypes.guess_extension(mime) or ""
        return self.rest.add(
            "media",
            files={"file": (f"{name}{ending}", data, mime)},
            alt_text=picture["alt"],
            slug=self._mark(picture),
            title=picture["alt"] or name,
            post=str(self.post),
        )

    def _mark(self, picture: Mapping[str, Any]) -> str:
        return f"greenroom-{self.slug[-MARK:]}-{str(picture['sha256'])[:MARK]}"

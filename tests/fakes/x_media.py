"""The fake X's uploads; taken from its v2 media pages: initialize, append, finalize, status, or all in one go."""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from tests.fakes import pictures
from tests.fakes.http_fake import Answer, Call
from tests.fakes.x_access import XAccess, invalid, problem

MAX_ALT = 1000
MAX_CHUNK = 5 * 1024 * 1024
KEPT = timedelta(days=1)
SIZES = {"tweet_image": 5 * 1024 * 1024, "tweet_gif": 15 * 1024 * 1024, "tweet_video": 512 * 1024 * 1024}
KINDS = {
    "tweet_image": ("image/jpeg", "image/png", "image/webp"),
    "tweet_gif": ("image/gif",),
    "tweet_video": ("video/mp4",),
}
KEYS = {"tweet_image": 3, "tweet_gif": 16, "tweet_video": 13}


@dataclass
class XMedia:
    """An upload: `polls` is how often asking for it still says in_progress once it is finalized."""

    id: str
    user: str
    category: str
    kind: str
    size: int
    until: datetime
    polls: int
    chunks: dict[int, bytes] = field(default_factory=dict)
    alt: str = ""
    state: str = "uploading"

    @property
    def key(self) -> str:
        """The media key."""
        return f"{KEYS[self.category]}_{self.id}"


class XUploads(XAccess):
    """Takes media and says when it may be attached."""

    media: dict[str, XMedia]
    processing_polls = 1

    def new_id(self) -> str:
        """Return the next id."""
        raise NotImplementedError

    def initialize(self, call: Call) -> Answer:
        """Begin an upload."""
        grant = self.may(call, "POST /2/media/upload/initialize", "media.write")
        given = _object(call, {"media_type", "total_bytes", "media_category", "additional_owners", "shared"})
        category, kind, size = (given.get(name) for name in ("media_category", "media_type", "total_bytes"))
        media = self._begin(grant.user, category, kind, size)
        return Answer(200, {"data": self._data(media)})

    def _begin(self, user: str, category: Any, kind: Any, size: Any) -> XMedia:
        if category not in SIZES:
            raise invalid(f"$.media_category: {category!r} is no media category")
        if kind not in KINDS[category]:
            raise invalid(f"$.media_type: {kind!r} is no {category}")
        if not isinstance(size, int) or isinstance(size, bool) or not 0 < size <= SIZES[category]:
            raise invalid(f"$.total_bytes: {size!r} is no size of a {category}")
        polls = 0 if category == "tweet_image" else self.processing_polls
        media = XMedia(self.new_id(), user, category, kind, size, self.now() + KEPT, polls)
        self.media[media.id] = media
        return media

    def append(self, call: Call, name: str) -> Answer:
        """Take a chunk: multipart, or base64 in JSON."""
        media = self._own(call, name, "POST /2/media/upload/:id/append")
        if call.content_type == "application/json":
            given = _object(call, {"media", "segment_index"})
            segment, data = given.get("segment_index"), _base64(given.get("media"))
        else:
            file = call.files.get("media")
            segment = int(call.field("segment_index")) if call.field("segment_index").isdigit() else None
            data = file.data if file else b""
            if unknown := call.form.keys() - {"segment_index", "media"}:
                raise invalid(f"{sorted(unknown)} aren't fields of an append")
        if not isinstance(segment, int) or not 0 <= segment <= 999 or not data:
            raise invalid("segment_index (0 to 999) and media are required")
        if len(data) > MAX_CHUNK:
            raise problem(413, "Payload Too Large", "A chunk has at most 5 MB")
        if media.state != "uploading":
            raise invalid("The upload is finalized")
        media.chunks[segment] = data
        return Answer(200, {"data": {"expires_at": int(media.until.timestamp())}})

    def finalize(self, call: Call, name: str) -> Answer:
        """End an upload: what arrived must be what was announced."""
        media = self._own(call, name, "POST /2/media/upload/:id/finalize")
        whole = b"".join(media.chunks[place] for place in sorted(media.chunks))
        if sorted(media.chunks) != list(range(len(media.chunks))) or len(whole) != media.size:
            raise invalid("Segments do not add up to provided total file size.")
        self._settle_state(media, whole)
        return Answer(200, {"data": self._data(media)})

    def _settle_state(self, media: XMedia, whole: bytes) -> None:
        if pictures.kind_of(whole) != media.kind:
            media.state = "failed"
        elif media.state == "uploading":
            media.state = "pending" if media.polls else "succeeded"

    def upload(self, call: Call) -> Answer:
        """Take a small image in one go: multipart, or base64 in JSON."""
        grant = self.may(call, "POST /2/media/upload", "media.write")
        if call.content_type == "application/json":
            given = _object(call, {"media", "media_category", "media_type", "additional_owners", "shared"})
            data = _base64(given.get("media"))
        else:
            given = {name: values[0] for name, values in call.form.items()}
            data = call.files["media"].data if "media" in call.files else b""
            if "command" in given:
                raise invalid("command: initialize, append and finalize have paths of their own")
        if given.get("media_category") != "tweet_image" or not data:
            raise invalid("media and media_category (tweet_image) are required")
        kind = pictures.kind_of(data)
        media = self._begin(grant.user, "tweet_image", given.get("media_type") or kind, len(data))
        self._settle_state(media, data)
        if media.state == "failed":
            raise invalid("The media is not of its media_type")
        return Answer(200, {"data": self._data(media)})

    def status(self, call: Call) -> Answer:
        """Say how far an upload is processed."""
        if call.parameter("command", "STATUS") != "STATUS":
            raise invalid("command: only STATUS is asked for")
        media = self._own(call, call.parameter("media_id"), "GET /2/media/upload")
        if media.state in ("pending", "in_progress"):
            media.polls -= 1
            media.state = "in_progress" if media.polls >= 0 else "succeeded"
        return Answer(200, {"data": self._data(media)})

    def metadata(self, call: Call) -> Answer:
        """Describe an upload."""
        given = _object(call, {"id", "metadata"})
        media = self._own(call, str(given.get("id", "")), "POST /2/media/metadata")
        alt = ((given.get("metadata") or {}).get("alt_text") or {}).get("text")
        if not isinstance(alt, str) or not 0 < len(alt) <= MAX_ALT:
            raise invalid(f"$.metadata.alt_text.text: 1 to {MAX_ALT} characters")
        media.alt = alt
        return Answer(200, {"data": {"id": media.id, "associated_metadata": {"alt_text": {"text": alt}}}})

    def _own(self, call: Call, name: str, endpoint: str) -> XMedia:
        grant, media = self.may(call, endpoint, "media.write"), self.media.get(name)
        if media is None or media.user != grant.user or media.until <= self.now():
            raise problem(404, "Not Found Error", f"Could not find media with id: [{name}].")
        return media

    def _data(self, media: XMedia) -> dict[str, Any]:
        left = int((media.until - self.now()).total_seconds())
        data: dict[str, Any] = {"id": media.id, "media_key": media.key, "expires_after_secs": left}
        if media.state != "uploading":
            data["size"] = media.size
        if media.state == "failed" or (media.category != "tweet_image" and media.state != "uploading"):
            data["processing_info"] = {"state": media.state, "check_after_secs": 1}
        return data


def _object(call: Call, known: set[str]) -> dict[str, Any]:
    if not isinstance(call.json, dict):
        raise invalid("The body is no JSON object")
    for name in sorted(call.json.keys() - known):
        raise invalid(f"$.{name}: is not defined in the schema and the schema does not allow additional properties")
    return call.json


def _base64(given: Any) -> bytes:
    try:
        return base64.b64decode(given, validate=True)
    except (TypeError, ValueError, binascii.Error):
        raise invalid("$.media: is no base64") from None

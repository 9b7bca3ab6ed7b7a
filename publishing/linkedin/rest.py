"""LinkedIn's versioned REST interface, one method a request."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2

from core.errors import Rejected, Unknown
from publishing.bearer import Bearer, Gone
from publishing.linkedin.answers import first_of_two, quota_used_up, version_retired

API = "https://api.linkedin.com"
VERSION = "202610"
"""The version that this code was written to; LinkedIn keeps one for at least a year."""

WHO = "LinkedIn"


class Repeated(Rejected):
    """LinkedIn refuses it as a repeat of the post `urn`."""

    def __init__(self, urn: str) -> None:
        super().__init__(f"{WHO} says that this repeats {urn}, a post of the same account (422 DUPLICATE_POST).")
        self.urn = urn


class Rest:
    """Requests in one version, each with a token."""

    def __init__(self, base: str, version: str, clock: Callable[[], datetime]) -> None:
        self._base = base
        self._version = version
        headers = {"LinkedIn-Version": version, "X-Restli-Protocol-Version": "2.0.0"}
        self._api = Bearer(base, WHO, clock, headers=headers, reads=self._read)
        self._clock = clock

    def create(self, token: str, body: Mapping[str, Any]) -> str:
        """Make the one request that puts a post before its audience, and return its URN. Raises Repeated."""
        answer = self._api.call("POST", "/rest/posts", token, json=dict(body))
        urn = str(answer.headers.get("x-restli-id", ""))
        if not urn.startswith("urn:li:"):
            raise Unknown(f"{WHO} took the post without saying which one it is.")
        return urn

    def post(self, token: str, urn: str) -> dict[str, Any]:
        """Return a post. Most members' apps may not read: raises NotConnected for those."""
        return _object(self._api.json("GET", f"/rest/posts/{_key(urn)}", token))

    def delete(self, token: str, urn: str) -> None:
        """Delete a post. Raises Gone."""
        headers = {"X-RestLi-Method": "DELETE"}
        self._api.call("DELETE", f"/rest/posts/{_key(urn)}", token, headers=headers)

    def place_for_image(self, token: str, owner: str) -> tuple[str, str]:
        """Return the address to upload an image to, and the URN that it will have. Nothing is shown to anybody."""
        asked = {"initializeUploadRequest": {"owner": owner}}
        found = self._api.json("POST", "/rest/images", token, params={"action": "initializeUpload"}, json=asked)
        value = _object(found).get("value") or {}
        return self._trusted(str(value.get("uploadUrl", ""))), str(value.get("image", ""))

    def put_image(self, token: str, address: str, data: bytes, mime: str) -> None:
        """Upload an image's bytes."""
        self._api.call("PUT", address, token, content=data, headers={"Content-Type": mime})

    def image_status(self, token: str, urn: str) -> str:
        """Return how far an image is: WAITING_UPLOAD, PROCESSING, AVAILABLE, PROCESSING_FAILED, or our own GONE."""
        try:
            return str(_object(self._api.json("GET", f"/rest/images/{_key(urn)}", token)).get("status", ""))
        except Gone:
            return "GONE"

    def _read(self, answer: httpx2.Response) -> None:
        version_retired(answer, self._version)
        quota_used_up(answer, self._clock())
        if urn := first_of_two(answer):
            raise Repeated(urn)

    def _trusted(self, address: str) -> str:
        """The token goes along with an upload: to LinkedIn's own hosts only."""
        parts, own = urlsplit(address), urlsplit(self._base)
        host = parts.hostname or ""
        theirs = parts.scheme == "https" and (host == "linkedin.com" or host.endswith(".linkedin.com"))
        if not theirs and (parts.scheme, parts.netloc) != (own.scheme, own.netloc):
            raise Unknown(f"{WHO} named an upload address that is not its own; nothing was sent there.")
        return address


def _key(urn: str) -> str:
    """Return a URN as a path has it: percent-encoded."""
    return quote(urn, safe="")


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise Unknown(f"{WHO} answered with something that is no object.")
    return found

"""A fake receiver of signed webhooks, ours: a real one belongs to somebody else and can't run here.

Taken from the Standard Webhooks specification 1.0.0: the headers `webhook-id`, `webhook-timestamp` (integer Unix
seconds of the attempt) and `webhook-signature` (a space-delimited list of `v1,<base64>`), the HMAC-SHA256 over
`id.timestamp.body`, the secret `whsec_` + base64 of 24 to 64 bytes, the id as the key that folds repeats, no `.` in
the id, 2xx as the only success, 410 as "send no more". The tolerance of five minutes is that of the specification's
own libraries; the specification leaves it open. Ours, not the specification's: 401 for whatever isn't proven, 400 for
a body that hasn't the recommended `type`, `timestamp` and `data`.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.fakes.http_fake import NO_BODY, Answer, Call, FakeServer, Refused, utc_now

TOLERANCE_S = 300


def key_of(secret: str) -> bytes:
    """Return the signing key of a `whsec_` secret, or raise ValueError for one that the specification forbids."""
    prefix, _, encoded = secret.partition("_")
    key = base64.b64decode(encoded, validate=True)
    if prefix != "whsec" or not 24 <= len(key) <= 64:
        raise ValueError("a secret is whsec_ and the base64 of 24 to 64 bytes")
    return key


class FakeReceiver(FakeServer):
    """Takes events at `url`: `events` are what it took, each once, and `seen` how often each id arrived well signed."""

    routes = (("POST", r"/hook", "take"),)

    def __init__(self, secret: str, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self._key = key_of(secret)
        self.gone = False
        self.events: list[dict[str, Any]] = []
        self.seen: dict[str, int] = {}
        self.changed: list[str] = []  # ids that came again with another body: a sender's mistake
        self._bodies: dict[str, bytes] = {}

    @property
    def url(self) -> str:
        """Where events go."""
        return f"{self.base_url}/hook"

    def posts(self) -> list[dict[str, Any]]:
        """What has arrived, each event once."""
        self.settle()
        return list(self.events)

    def missing(self, call: Call) -> Answer:
        if call.path == "/hook":
            return Answer(405, {"error": "only POST"}, {"Allow": "POST"})
        return super().missing(call)

    def take(self, call: Call) -> Answer:
        """Verify a delivery and note its event, unless it was noted before."""
        if self.gone:
            return Answer(410, {"error": "gone"})
        name = self._verified(call)
        event = call.json
        if event is NO_BODY or not isinstance(event, dict) or not {"type", "timestamp", "data"} <= event.keys():
            raise Refused(400, {"error": "the body is no JSON object with type, timestamp and data"})
        self.seen[name] = self.seen.get(name, 0) + 1
        if name not in self._bodies:
            self._bodies[name] = call.body
            self.events.append(json.loads(call.body))
        elif self._bodies[name] != call.body:
            self.changed.append(name)
        return Answer(200, {"ok": True})

    def _verified(self, call: Call) -> str:
        name, stamp, given = (call.headers.get(f"webhook-{each}", "") for each in ("id", "timestamp", "signature"))
        if not (name and stamp and given):
            raise Refused(401, {"error": "missing required headers"})
        if "." in name:
            raise Refused(401, {"error": "a webhook-id has no full stop"})
        if not (stamp.isascii() and stamp.isdigit()):
            raise Refused(401, {"error": "webhook-timestamp is no integer"})
        if abs(self.now().timestamp() - int(stamp)) > TOLERANCE_S:
            raise Refused(401, {"error": "webhook-timestamp is too old or too new"})
        signed = f"{name}.{stamp}.".encode() + call.body
        expected = hmac.new(self._key, signed, hashlib.sha256).digest()
        if not any(hmac.compare_digest(expected, each) for each in _signatures(given)):
            raise Refused(401, {"error": "no matching signature"})
        return name


def _signatures(given: str) -> list[bytes]:
    found = []
    for each in given.split(" "):
        version, _, encoded = each.partition(",")
        if version == "v1":
            try:
                found.append(base64.b64decode(encoded, validate=True))
            except binascii.Error:
                continue
    return found

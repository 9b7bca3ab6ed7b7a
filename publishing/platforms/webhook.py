"""A webhook: one signed POST by the Standard Webhooks convention, to whatever the owner put behind an address.

Class K where the receiver folds repeats of a `webhook-id`, as the convention asks; a receiver can't be read back.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

import httpx2

from core.canonical import canonical, instant
from core.errors import NotConnected, Unknown
from core.publications import Delivery, Publication
from publishing.addresses import origin, sealed
from publishing.backstage import Backstage
from publishing.credentials import Secret
from publishing.http import client, sent
from publishing.platform import Approved, Idempotency, Keep, Seen, Sender, post_of

EXAMPLE = "https://hooks.example.org/…"
SECRET_BYTES = range(24, 65)
LONGEST_ID = 200
_GONE = 410


class Webhook(Sender):
    """Sends to one address an account."""

    name = "webhook"
    idempotency: Idempotency = "K"
    evidence: Literal["remote", "own"] = (
        "own"  # nothing at the receiver can be read, so after a restore a person decides
    )
    send_within = timedelta(seconds=10)
    settle = timedelta(minutes=1)  # one request of 20 s, and a receiver that goes on after its answer was cut

    def __init__(self, backstage: Backstage) -> None:
        self._backstage = backstage

    def ready(self, workspace: str, account: str) -> bool:
        """Say whether the account's signing secret is there."""
        return self._backstage.credentials.has(workspace, self.name, account)

    def idempotency_of(self, publication: Publication) -> Idempotency:
        """Return K where the owner says that this receiver folds repeats, else N."""
        return "K" if self._folds(publication.workspace, publication.account) else "N"

    def key(self, approved: Approved) -> str:
        """Return the webhook-id: no full stop in it, since one separates it from what is signed with it."""
        return f"post_{approved.stable[:32]}"

    def prepare(self, approved: Approved, keep: Keep) -> None:
        """Make sure that all it takes is there: the address, a signing secret, each picture's own bytes."""
        place = (approved.publication.workspace, self.name, approved.publication.account)
        self._address(*place)
        signing_keys(self._backstage.credentials.get(*place))
        for picture in approved.post["body"]["data"]["pictures"]:
            self._with_bytes(place[0], picture)

    def request(self, approved: Approved, now: datetime) -> dict[str, Any]:
        """Return the event's time: the approved one, else the proposal's, so that every repeat has the same body."""
        return {"timestamp": instant(approved.proposal.at or approved.proposal.created_at)}

    def send(self, request: Mapping[str, Any]) -> Delivery:
        """Post the approved body, signed for this very moment."""
        place = (request["workspace"], self.name, request["account"])
        url, secrets = self._address(*place), signing_keys(self._backstage.credentials.get(*place))
        now, body = self._backstage.clock(), self._body(request)
        headers = {"Content-Type": "application/json", **signed(request["key"], now, body, secrets)}
        with client() as http:
            answer = sent(lambda: _taken(http.post(url, content=body, headers=headers), url), who=_who(url), now=now)
        return _delivery(answer, request["key"], url, now)

    def look(self, publication: Publication) -> Delivery | None:
        """Return None where a repeat is folded by its webhook-id, so that it can't arrive twice. Else raise Unknown."""
        if self._folds(publication.workspace, publication.account):
            return None
        who = _who(self._address(publication.workspace, self.name, publication.account))
        raise Unknown(
            f"{who} can't be asked what arrived, and doesn't promise to fold repeats. Look there whether it came."
        )

    def test(self, workspace: str, account: str) -> Seen:
        """Check the address and the signing secret; a receiver can only be tried with a post, so nothing is sent."""
        url = self._address(workspace, self.name, account)
        number = len(signing_keys(self._backstage.credentials.get(workspace, self.name, account)))
        notes = ["Nothing was sent: only a post can show whether the receiver takes one."]
        if number > 1:
            notes.append(
                f"Every post is signed with {number} secrets; take the old ones away when the receiver is ready."
            )
        if not self._folds(workspace, account):
            notes.append(
                "After an unclear answer you will be asked, since the receiver doesn't promise to fold repeats."
            )
        return Seen(account=account, facts={"origin": origin(url)}, notes=tuple(notes))

    def _body(self, request: Mapping[str, Any]) -> bytes:
        """Return the approved object with its id and time, and with each picture's bytes."""
        body = post_of(request["payload"], request["part"])["body"]
        pictures = [self._with_bytes(request["workspace"], picture) for picture in body["data"]["pictures"]]
        data = {**body["data"], "pictures": pictures}
        return canonical({**body, "id": request["key"], "timestamp": request["timestamp"], "data": data})

    def _with_bytes(self, workspace: str, picture: Mapping[str, Any]) -> dict[str, Any]:
        data = self._backstage.memory.files.read(workspace, str(picture["sha256"]))
        return {**picture, "base64": base64.b64encode(data).decode()}

    def _address(self, workspace: str, channel: str, account: str) -> str:
        return sealed(str(self._backstage.credentials.settings(workspace, channel, account).get("url", "")), EXAMPLE)

    def _folds(self, workspace: str, account: str) -> bool:
        settings = self._backstage.credentials.settings(workspace, self.name, account)
        return str(settings.get("folds_repeats", "no")).lower() in ("yes", "true", "1")


def signed(key: str, now: datetime, body: bytes, secrets: list[bytes]) -> dict[str, str]:
    """Return the three headers of the convention; one signature for each secret, so that one can be replaced."""
    stamp = str(int(now.timestamp()))
    content = f"{key}.{stamp}.".encode() + body
    macs = (hmac.new(secret, content, hashlib.sha256).digest() for secret in secrets)
    signatures = " ".join(f"v1,{base64.b64encode(mac).decode()}" for mac in macs)
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": signatures}


def signing_keys(secret: Secret) -> list[bytes]:
    """Return the keys of `signing_secret`: one `whsec_…`, or during a change several, the new one first.

    Raises NotConnected, without showing it, for one that the convention doesn't allow.
    """
    keys = [_key(each) for each in secret.values.get("signing_secret", "").split()]
    good = [key for key in keys if key is not None]
    if not good or len(good) < len(keys):
        raise NotConnected(
            "The webhook's signing secret can't be used.",
            "It is whsec_ and the base64 of 24 to 64 random bytes: greenroom channels add webhook",
        )
    return good


def _key(secret: str) -> bytes | None:
    prefix, _, encoded = secret.partition("_")
    try:
        key = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return None
    return key if prefix == "whsec" and len(key) in SECRET_BYTES else None


def _taken(answer: httpx2.Response, url: str) -> httpx2.Response:
    """Pass an answer on; "gone" means that this receiver wants nothing any more, not that this post is wrong."""
    if answer.status_code == _GONE:
        raise NotConnected(f"{_who(url)} says that it takes no more posts (410). Connect another address.")
    return answer


def _who(url: str) -> str:
    return f"The receiver at {origin(url).partition('//')[2]}"


def _delivery(answer: httpx2.Response, key: str, url: str, now: datetime) -> Delivery:
    """Return what the receiver says of the post, where it says anything; the address itself may be a secret."""
    try:
        body: Any = answer.json()
    except ValueError:
        body = None
    said = body if isinstance(body, dict) else {}
    name, place = said.get("id"), said.get("url")
    return Delivery(
        remote_id=name if isinstance(name, str) and 0 < len(name) <= LONGEST_ID else key,
        url=place if isinstance(place, str) and place.startswith(("https://", "http://")) else f"{origin(url)}/",
        at=now,
    )

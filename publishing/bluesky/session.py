"""Sessions: made from an app password, kept in the vault, used again. A new one a day is plenty; 300 are the limit."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from core.errors import NotConnected, Rejected, Unknown
from publishing.backstage import Backstage
from publishing.bluesky import xrpc
from publishing.credentials import Secret

SERVICE = "https://bsky.social"
"""Where an account lives unless its settings say otherwise."""

LEEWAY = timedelta(minutes=2)
"""A token that ends sooner is renewed before it is used."""

Who = tuple[str, str, str]


@dataclass(frozen=True)
class Session:
    """Who is logged in, where their records are, and with what."""

    secret: Secret

    @property
    def did(self) -> str:
        """The account's own id, which outlives its handle."""
        return self.secret.values["did"]

    @property
    def handle(self) -> str:
        """The account's present name."""
        return self.secret.values["handle"]

    @property
    def pds(self) -> str:
        """The server that keeps the account's records."""
        return self.secret.values["pds"]

    @property
    def token(self) -> str:
        """What opens it for two hours. Never logged, never stored outside the vault."""
        return self.secret.values["accessJwt"]


class Sessions:
    """The sessions of connected accounts, by (workspace, channel, account)."""

    def __init__(self, backstage: Backstage) -> None:
        self._credentials = backstage.credentials
        self._clock = backstage.clock

    def get(self, who: Who) -> Session:
        """Return a session that is still good, by asking the server only if it has to.

        Raises NotConnected where the app password is not accepted or is another account's; else Unknown or TryLater.
        """
        kept = self._credentials.get(*who)
        if not self._is_good(kept):
            return self.renewed(who, Session(kept))
        self._refuse_another(who, kept.values)
        return Session(kept)

    def kept(self, who: Who) -> Session:
        """Return the session as it is in the vault, good or not. Raises NotConnected without one."""
        kept = self._credentials.get(*who)
        if "did" not in kept.values:
            raise NotConnected(f"{who[2]} has no session on Bluesky yet.")
        return Session(kept)

    def renewed(self, who: Who, stale: Session) -> Session:
        """Return a new session in the place of one that the server refused, or another process' newer one."""
        return Session(self._credentials.fresh(*who, lambda old: self._renew(who, old), stale=stale.secret))

    def _is_good(self, secret: Secret) -> bool:
        if not {"accessJwt", "did", "handle", "pds"} <= set(secret.values):
            return False
        ends = ends_at(secret.values["accessJwt"])
        return ends is None or ends > self._clock() + LEEWAY

    def _renew(self, who: Who, old: Secret) -> Secret:
        """Ask for new tokens. The app password is used only where the server says that the old ones have ended."""
        service = self.service(who)
        try:
            answer = self._refreshed(service, old) or self._logged_in(who, service, old)
        except Rejected as no:
            raise Unknown(f"No session could be made: {no.message}") from no
        self._refuse_another(who, answer)
        ends = ends_at(str(answer["accessJwt"]))
        kept = {name: str(answer[name]) for name in ("accessJwt", "refreshJwt", "did", "handle")}
        return Secret(values={**old.values, **kept, "pds": _pds(answer, service)}, expires_at=ends)

    def service(self, who: Who) -> str:
        """Return the server that the account logs in at."""
        return str(self._credentials.settings(*who).get("service") or SERVICE).rstrip("/")

    def _refreshed(self, service: str, old: Secret) -> dict[str, Any] | None:
        token = old.values.get("refreshJwt")
        if not token:
            return None
        try:
            return _whole(xrpc.post(service, "com.atproto.server.refreshSession", now=self._clock(), token=token))
        except xrpc.StaleSession:
            return None

    def _logged_in(self, who: Who, service: str, old: Secret) -> dict[str, Any]:
        known = self._credentials.facts(*who).get("did")
        given = {"identifier": known or who[2].removeprefix("@"), "password": old.values.get("app_password", "")}
        try:
            return _whole(xrpc.post(service, "com.atproto.server.createSession", now=self._clock(), given=given))
        except NotConnected as no:
            hint = "Make an app password in Bluesky's settings, then: greenroom channels add bluesky"
            raise NotConnected(f"Bluesky does not accept the app password of {who[2]}: {no.message}", hint) from no

    def _refuse_another(self, who: Who, answer: Mapping[str, Any]) -> None:
        """A post was approved for one account: a session of another one is none, however it came here."""
        known, wanted = self._credentials.facts(*who).get("did"), who[2].removeprefix("@").lower()
        same = answer["did"] == known if known else wanted in (str(answer["handle"]).lower(), answer["did"])
        if not same:
            raise NotConnected(
                f"The app password is of @{answer['handle']}, not of {who[2]}. Nothing was sent.",
                "Connect the right account: greenroom channels add bluesky",
            )


def ends_at(token: str) -> datetime | None:
    """Return when a token ends by its own words, or None: they are not for us to read, or it is another kind."""
    try:
        body = token.split(".")[1]
        return datetime.fromtimestamp(json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["exp"], UTC)
    except (IndexError, ValueError, KeyError, TypeError, OverflowError, OSError):
        return None


def _whole(answer: dict[str, Any]) -> dict[str, Any]:
    if missing := {"accessJwt", "refreshJwt", "did", "handle"} - set(answer):
        raise Unknown(f"Bluesky's session lacks {', '.join(sorted(missing))}.")
    return answer


def _pds(answer: Mapping[str, Any], service: str) -> str:
    """Return where the account's records are, as its identity says; never less safe than the service that said so."""
    entries = (answer.get("didDoc") or {}).get("service") or []
    found = next((str(e.get("serviceEndpoint")) for e in entries if str(e.get("id", "")).endswith("#atproto_pds")), "")
    trusted = urlsplit(found).scheme in {"https", urlsplit(service).scheme} and urlsplit(found).netloc
    return found.rstrip("/") if trusted else service

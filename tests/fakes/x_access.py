"""The fake X's tokens, scopes and quotas; taken from its OAuth 2.0 and rate limit pages.

A refresh token works once: the next is in the answer, and the old one dies at once. What X answers to a dead one is, by
many reports, 400 `invalid_request` "Value passed for the token was invalid."; the standard's name is `invalid_grant`.
`refused_refresh` chooses. A confidential client sends its secret as Basic; a public one its `client_id` in the form.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.http_fake import Answer, Call, FakeServer, Refused, utc_now

ACCESS_FOR = timedelta(hours=2)
WINDOW_S = 900
SCOPES = "tweet.read tweet.write users.read media.write offline.access"
LIMITS = {"POST /2/tweets": 100, "GET /2/users/:id/tweets": 900, "GET /2/users/me": 75, "DELETE /2/tweets/:id": 50}
"""Requests in 15 minutes for each user; what isn't named here has 500."""


@dataclass
class Grant:
    """Who an access or refresh token belongs to, what it may do and until when."""

    user: str
    scopes: frozenset[str]
    until: datetime


class XAccess(FakeServer):
    """Checks tokens, counts requests and rotates refresh tokens."""

    client_id, client_secret = "bGlrZS1hLWNsaWVudA", "like-a-client-secret"

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self.user = "2244994945"
        self.username = "ada_example"
        self.public_client = False
        self.refused_refresh = "invalid_request"
        self.token_changes: dict[str, Any] = {}
        self.limits = dict(LIMITS)
        self.grants: dict[str, Grant] = {}
        self.refreshes: dict[str, Grant] = {}
        self._granted = 0
        self._used: dict[tuple[str, str, int], int] = {}
        self.token = self.grant()
        self.refresh_token = self.grant_refresh()

    def grant(self, scopes: str = SCOPES, user: str = "") -> str:
        """Return a new access token, good for two hours."""
        self._granted += 1
        token = f"x-access-{self._granted}-5b0e"
        self.grants[token] = Grant(user or self.user, frozenset(scopes.split()), self.now() + ACCESS_FOR)
        return token

    def grant_refresh(self, scopes: str = SCOPES, user: str = "") -> str:
        """Return a new refresh token, good for one use."""
        self._granted += 1
        token = f"x-refresh-{self._granted}-c41a"
        until = self.now() + timedelta(days=180)
        self.refreshes[token] = Grant(user or self.user, frozenset(scopes.split()), until)
        return token

    def revoke(self, token: str) -> None:
        """Let an access or refresh token be refused from now on."""
        self.grants.pop(token, None)
        self.refreshes.pop(token, None)

    def may(self, call: Call, endpoint: str, *scopes: str) -> Grant:
        """Return whose request this is, counted against the endpoint's quota, or refuse it."""
        grant = self.grants.get(call.bearer)
        if grant is None or grant.until <= self.now():
            raise problem(401, "Unauthorized", "Unauthorized")
        self._count(call, endpoint, grant.user)
        if not grant.scopes.issuperset(scopes):
            raise problem(403, "Forbidden", "Forbidden")
        return grant

    def _count(self, call: Call, endpoint: str, user: str) -> None:
        limit, window = self.limits.get(endpoint, 500), int(self.now().timestamp()) // WINDOW_S
        used = self._used[endpoint, user, window] = self._used.get((endpoint, user, window), 0) + 1
        call.notes |= {
            "x-rate-limit-limit": str(limit), "x-rate-limit-remaining": str(max(limit - used, 0)),
            "x-rate-limit-reset": str((window + 1) * WINDOW_S),
        }  # fmt: skip
        if used > limit:
            raise problem(429, "Too Many Requests", "Too Many Requests")

    def after(self, call: Call, answer: Answer) -> Answer:
        answer.headers |= call.notes
        return answer

    def token_of(self, call: Call) -> Answer:
        """Refresh: a new pair, and the old refresh token is dead."""
        if call.content_type != "application/x-www-form-urlencoded":
            raise _oauth(400, "invalid_request", "Missing required parameter [grant_type].")
        if self.public_client:
            known = call.field("client_id") == self.client_id
        else:
            secret = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
            known = call.headers.get("Authorization") == f"Basic {secret}"
        if not known:
            raise _oauth(401, "unauthorized_client", "Missing valid authorization header")
        if call.field("grant_type") != "refresh_token":
            raise _oauth(400, "unsupported_grant_type", "Only refresh_token is served here.")
        grant = self.refreshes.pop(call.field("refresh_token"), None)
        if grant is None or grant.until <= self.now():
            raise _oauth(400, self.refused_refresh, "Value passed for the token was invalid.")
        scopes = " ".join(sorted(grant.scopes))
        access, fresh = self.grant(scopes, grant.user), self.grant_refresh(scopes, grant.user)
        seconds = int(ACCESS_FOR.total_seconds())
        body = {"token_type": "bearer", "expires_in": seconds, "access_token": access, "scope": scopes}
        body["refresh_token"] = fresh
        changed = {**body, **self.token_changes}
        return Answer(200, {name: value for name, value in changed.items() if value is not None})

    def me(self, call: Call) -> Answer:
        """Whose token this is."""
        grant = self.may(call, "GET /2/users/me", "users.read", "tweet.read")
        return Answer(200, {"data": {"id": grant.user, "name": "Ada Example", "username": self.username}})


def problem(status: int, title: str, detail: str, **more: Any) -> Refused:
    """Return an error as X shapes it."""
    return Refused(status, {"title": title, "detail": detail, "type": "about:blank", "status": status, **more})


def invalid(message: str, **parameters: list[str]) -> Refused:
    """Return the error of a request whose parameters X doesn't take."""
    named = {name.replace("__", "."): values for name, values in parameters.items()}
    error = {"message": message} | ({"parameters": named} if named else {})
    detail = "One or more parameters to your request was invalid."
    kind = "https://api.twitter.com/2/problems/invalid-request"
    return Refused(400, {"errors": [error], "title": "Invalid Request", "detail": detail, "type": kind})


def _oauth(status: int, error: str, words: str) -> Refused:
    return Refused(status, {"error": error, "error_description": words})

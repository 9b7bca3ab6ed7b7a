"""The fake LinkedIn's headers, tokens and refresh; taken from its versioning, error handling and OAuth pages."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.fakes.http_fake import Answer, Call, FakeServer, Refused, utc_now

MONTHS = 12
ACCESS_FOR, REFRESH_FOR = timedelta(days=60), timedelta(days=365)


@dataclass
class Grant:
    """Who a token belongs to, what it may do and until when."""

    person: str
    scopes: frozenset[str]
    until: datetime
    revoked: bool = False


class LinkedInAccess(FakeServer):
    """Checks versions and tokens, and refreshes them."""

    client_id, client_secret = "78li9q0k2v", "WPL_AP1.fake.secret"

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self.person = "yrZCpj2Z12"
        self.grants: dict[str, Grant] = {}
        self.refreshes: dict[str, Grant] = {}
        self.token_changes: dict[str, Any] = {}
        self._granted = 0
        self.token = self.grant()
        self.refresh_token = self.grant_refresh()

    def grant(self, scopes: str = "openid profile w_member_social", person: str = "") -> str:
        """Return a new access token, good for 60 days."""
        self._granted += 1
        token = f"AQX-{self._granted}-9d1c4e"
        self.grants[token] = Grant(person or self.person, frozenset(scopes.split()), self.now() + ACCESS_FOR)
        return token

    def grant_refresh(self, scopes: str = "openid profile w_member_social") -> str:
        """Return a new refresh token, good for a year."""
        self._granted += 1
        token = f"AQW-refresh-{self._granted}-2f7a"
        self.refreshes[token] = Grant(self.person, frozenset(scopes.split()), self.now() + REFRESH_FOR)
        return token

    def revoke(self, token: str) -> None:
        """Let an access or refresh token be refused from now on."""
        (self.grants.get(token) or self.refreshes[token]).revoked = True

    def versions(self) -> list[str]:
        """Return the versions that live now, newest first."""
        now = self.now()
        months = [now.year * 12 + now.month - 1 - back for back in range(MONTHS)]
        return [f"{month // 12}{month % 12 + 1:02d}" for month in months]

    def may(self, call: Call, scope: str, permission: str) -> Grant:
        """Return whose request of the versioned API this is, or refuse it."""
        grant = self.owner(call)
        version = call.headers.get("LinkedIn-Version", "")
        if not version:
            words = "A version must be present. Please specify a version by adding the LinkedIn-Version header."
            raise problem(400, "VERSION_MISSING", words)
        if version not in self.versions():
            body = {"status": 426, "code": "NONEXISTENT_VERSION"}
            raise Refused(426, {**body, "message": f"Requested version {version[:6]}01 is not active"})
        if call.headers.get("X-Restli-Protocol-Version") != "2.0.0":
            raise problem(400, "BAD_REQUEST", "X-Restli-Protocol-Version: 2.0.0 is required")
        if call.method == "POST" and call.content_type != "application/json":
            raise problem(415, "UNSUPPORTED_MEDIA_TYPE", "the body is application/json")
        if scope not in grant.scopes:
            raise problem(403, "ACCESS_DENIED", f"Not enough permissions to access: {permission}.{version}01", 100)
        return grant

    def owner(self, call: Call) -> Grant:
        """Return whose token this is, or refuse it."""
        if not call.bearer:
            raise problem(401, "EMPTY_ACCESS_TOKEN", "Empty oauth2 access token", 65604)
        grant = self.grants.get(call.bearer)
        if grant is None:
            raise problem(401, "INVALID_ACCESS_TOKEN", "Invalid access token", 65600)
        if grant.revoked:
            words = "The token used in the request has been revoked by the user"
            raise problem(401, "REVOKED_ACCESS_TOKEN", words, 65601)
        if grant.until <= self.now():
            raise problem(401, "EXPIRED_ACCESS_TOKEN", "The token used in the request has expired", 65602)
        return grant

    def userinfo(self, call: Call) -> Answer:
        """Whose token this is; `sub` is the id of the person's URN."""
        grant = self.owner(call)
        if not {"openid", "profile"} <= grant.scopes:
            raise problem(403, "ACCESS_DENIED", "Not enough permissions to access: userinfo.GET.NO_VERSION", 100)
        name = {"name": "Ada Example", "given_name": "Ada", "family_name": "Example"}
        return Answer(200, {"sub": grant.person, **name, "locale": {"country": "US", "language": "en"}})

    def refresh(self, call: Call) -> Answer:
        """Give a new access token for a refresh token, which stays as it is."""
        if call.content_type != "application/x-www-form-urlencoded":
            raise _oauth(400, "invalid_request", "The body is application/x-www-form-urlencoded")
        if call.field("grant_type") != "refresh_token":
            raise _oauth(400, "unsupported_grant_type", "The grant type is not supported")
        if (call.field("client_id"), call.field("client_secret")) != (self.client_id, self.client_secret):
            raise _oauth(401, "invalid_client", "Client authentication failed")
        token = call.field("refresh_token")
        grant = self.refreshes.get(token)
        if grant is None or grant.revoked or grant.until <= self.now():
            words = "The provided authorization grant or refresh token is invalid, expired or revoked."
            raise _oauth(400, "invalid_grant", words)
        until = min(self.now() + ACCESS_FOR, grant.until)
        access = self.grant(" ".join(grant.scopes), grant.person)
        self.grants[access].until = until
        body = {
            "access_token": access, "expires_in": int((until - self.now()).total_seconds()), "refresh_token": token,
            "refresh_token_expires_in": int((grant.until - self.now()).total_seconds()),
            "scope": ",".join(sorted(grant.scopes)), "token_type": "Bearer",
        }  # fmt: skip
        changed = {**body, **self.token_changes}
        return Answer(200, {name: value for name, value in changed.items() if value is not None})


def problem(status: int, code: str, message: str, service: int = 0) -> Refused:
    """Return an error as LinkedIn shapes it."""
    return Refused(status, {"status": status, "serviceErrorCode": service, "code": code, "message": message})


def _oauth(status: int, error: str, words: str) -> Refused:
    return Refused(status, {"error": error, "error_description": words})

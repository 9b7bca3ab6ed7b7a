"""The fake Mastodon's tokens, scopes and quotas; taken from its OAuth documentation and from rack_attack's rules."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.fakes.http_fake import Answer, Call, FakeServer, Refused, utc_now
from tests.fakes.mastodon_entities import Grant

API, MEDIA, DELETE = ("api", 300, 300), ("media", 30, 1800), ("delete", 30, 1800)
"""Name, requests and seconds of each quota."""


class MastodonAccess(FakeServer):
    """Grants and checks tokens, and counts their requests."""

    client_id, client_secret, redirect_uri = "client-8c1d", "client-secret-41f7", "urn:ietf:wg:oauth:2.0:oob"

    def __init__(self, clock: Callable[[], datetime] = utc_now) -> None:
        super().__init__(clock)
        self.account = "109302436954721982"
        self._anonymous = Grant("", frozenset())
        self.grants: dict[str, Grant] = {}
        self._codes: dict[str, str] = {}
        self._granted = 0
        self.token = self.grant()

    def grant(self, scopes: str = "read write", account: str | None = None) -> str:
        """Return a new token with these scopes; an empty account is an app's own token."""
        self._granted += 1
        token = f"masto-token-{self._granted}-b7e02c"
        self.grants[token] = Grant(self.account if account is None else account, frozenset(scopes.split()))
        return token

    def revoke(self, token: str) -> None:
        """Let a token be refused from now on."""
        del self.grants[token]

    def authorize(self, scopes: str = "read write") -> str:
        """Return the code that a person's consent gives the app, good for one exchange."""
        self._granted += 1
        self._codes[f"code-{self._granted}"] = scopes
        return f"code-{self._granted}"

    def may(self, call: Call, *scopes: str) -> Grant:
        """Return whose request this is, or refuse it: a scope may be had whole ("write") or in part ("write:media")."""
        grant = self.grants.get(call.bearer)
        if grant is None:
            raise Refused(401, {"error": "The access token is invalid"})
        if not grant.scopes & {*scopes, *(scope.split(":")[0] for scope in scopes)}:
            raise Refused(403, {"error": "This action is outside the authorized scopes"})
        if not grant.account:
            raise Refused(422, {"error": "This method requires an authenticated user"})
        return grant

    def oauth_token(self, call: Call) -> Answer:
        """Exchange a code, or the app's own credentials, for a token."""
        form = call.json if isinstance(call.json, dict) else {name: values[0] for name, values in call.form.items()}
        if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
            raise _oauth(401, "invalid_client", "Client authentication failed due to unknown client")
        if form.get("grant_type") == "client_credentials":
            scopes, account = "read", ""
        elif form.get("grant_type") == "authorization_code":
            if form.get("redirect_uri") != self.redirect_uri or form.get("code") not in self._codes:
                raise _oauth(400, "invalid_grant", "The provided authorization grant is invalid, expired or revoked")
            scopes, account = self._codes.pop(form["code"]), self.account
        else:
            raise _oauth(400, "unsupported_grant_type", "The authorization grant type is not supported")
        made = int(self.now().timestamp())
        token = self.grant(scopes, account)
        return Answer(200, {"access_token": token, "token_type": "Bearer", "scope": scopes, "created_at": made})

    def before(self, call: Call) -> None:
        if call.path.startswith("/api/"):
            self._count(self.grants.get(call.bearer, self._anonymous), call)

    def _count(self, grant: Grant, call: Call) -> None:
        """Count the request in each quota it falls in, note the tightest, and refuse if that is used up."""
        states = []
        for name, limit, period in _quotas(call):
            window = int(self.now().timestamp()) // period
            used = grant.calls[name, window] = grant.calls.get((name, window), 0) + 1
            states.append((limit - used, limit, (window + 1) * period))
        left, limit, reset = min(states)
        at = datetime.fromtimestamp(reset, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
        call.notes |= {
            "X-RateLimit-Limit": str(limit), "X-RateLimit-Remaining": str(max(left, 0)), "X-RateLimit-Reset": at,
        }  # fmt: skip
        if left < 0:
            raise Refused(429, {"error": "Too many requests"})

    def after(self, call: Call, answer: Answer) -> Answer:
        answer.headers |= call.notes
        return answer


def _quotas(call: Call) -> list[tuple[str, int, int]]:
    quotas = [API]
    if call.method == "POST" and call.path == "/api/v2/media":
        quotas.append(MEDIA)
    if call.method == "DELETE" and call.path.startswith("/api/v1/statuses/"):
        quotas.append(DELETE)
    return quotas


def _oauth(status: int, error: str, words: str) -> Refused:
    return Refused(status, {"error": error, "error_description": words})

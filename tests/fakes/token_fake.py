"""A fake OAuth 2.0 token endpoint that rotates refresh tokens: RFC 6749 (sections 2.3.1, 5.2 and 6) and, for a token
that is used twice, RFC 9700 (section 4.14.2): nobody can say which user was the thief, so all of them lose access.
"""

import base64
from urllib.parse import unquote_plus

from tests.fakes.http_fake import Answer, Call, FakeServer, Refused


class TokenFake(FakeServer):
    """One client, one account. `valid` is the refresh token that works now; `revoked` after a reuse, for good."""

    routes = (("POST", "/oauth2/token", "token"),)

    def __init__(self, *, client: tuple[str, str] = ("app", "s3cret app"), expires_in: object = 7200) -> None:
        super().__init__()
        self.client = client
        self.expires_in = expires_in
        self.count = 0
        self.used: set[str] = set()
        self.revoked = False
        self.rotates = True

    @property
    def valid(self) -> str:
        """The refresh token that is good for one use."""
        return f"refresh-{self.count}-{'r' * 20}"

    @property
    def access(self) -> str:
        """The access token that was given last."""
        return f"access-{self.count}-{'a' * 20}"

    def token(self, call: Call) -> Answer:
        """Answer a grant."""
        if call.content_type != "application/x-www-form-urlencoded":
            raise Refused(400, {"error": "invalid_request"})
        if call.field("grant_type") != "refresh_token":
            raise Refused(400, {"error": "unsupported_grant_type"})
        if self._client(call) != self.client:
            raise Refused(401, {"error": "invalid_client"}, {"WWW-Authenticate": "Basic"})
        given = call.field("refresh_token")
        if given in self.used:
            self.revoked = True
        if self.revoked or given != self.valid:
            raise Refused(400, {"error": "invalid_grant", "error_description": f"{given} is not valid"})
        body: dict[str, object] = {"token_type": "bearer", "expires_in": self.expires_in}
        if self.rotates:
            self.used.add(given)
            self.count += 1
            body["refresh_token"] = self.valid
        return Answer(200, body | {"access_token": self.access})

    def _client(self, call: Call) -> tuple[str, str]:
        kind, _, value = call.headers.get("Authorization", "").partition(" ")
        if kind.lower() == "basic":
            name, _, secret = base64.b64decode(value).decode().partition(":")
            return unquote_plus(name), unquote_plus(secret)
        return call.field("client_id"), call.field("client_secret")

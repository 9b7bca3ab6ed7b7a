"""The part of a Bluesky server that connecting an account speaks to: com.atproto.server.createSession, getSession and
refreshSession, as their lexicons say. The whole of it is tried against a real server in tests/counterparts.
"""

from tests.fakes.http_fake import Answer, Call, FakeServer, Refused


class BlueskyLoginFake(FakeServer):
    """One account with one app password."""

    routes = (
        ("POST", "/xrpc/com.atproto.server.createSession", "create"),
        ("GET", "/xrpc/com.atproto.server.getSession", "read"),
    )

    def __init__(self, account: str = "ines.example", password: str = "abcd-efgh-ijkl-mnop") -> None:
        super().__init__()
        self.account = account
        self.password = password
        self.did = "did:plc:ewvi7nxzyoun6zhxrhs64oiz"

    def create(self, call: Call) -> Answer:
        """Log in."""
        given = call.json if isinstance(call.json, dict) else {}
        if given.get("identifier") not in (self.account, self.did) or given.get("password") != self.password:
            message = f"Invalid identifier or password: {given.get('password')}"
            raise Refused(401, {"error": "AuthenticationRequired", "message": message})
        session = {"did": self.did, "handle": self.account, "accessJwt": self._token, "refreshJwt": "refresh-jwt"}
        return Answer(200, {**session, "active": True})

    def read(self, call: Call) -> Answer:
        """Say who is logged in."""
        if call.bearer != self._token:
            raise Refused(401, {"error": "AuthMissing", "message": "Authentication Required"})
        return Answer(200, {"did": self.did, "handle": self.account, "active": True})

    @property
    def _token(self) -> str:
        return f"access-jwt-of-{self.account}"

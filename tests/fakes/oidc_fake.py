"""A strict OpenID Connect provider of ours, over HTTP: a code is good once, with PKCE and the client's secret."""

import base64
import json
import threading
import time
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey

CLIENT, SECRET = "greenroom", "the client's own"


class FakeProvider:
    """`claims` are put over what is right; `issued` are the codes that somebody has been given."""

    def __init__(self) -> None:
        self.key = ECKey.generate_key("P-256", {"kid": "one"})
        self.signs_with = self.key
        self.claims: dict[str, Any] = {}
        self.subject: dict[str, Any] = {"sub": "u-17", "email": "mats@example.org", "email_verified": True}
        self.issued: dict[str, dict[str, str]] = {}
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.issuer = f"http://127.0.0.1:{self.server.server_port}/realms/us"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def consent(self, address: str) -> dict[str, str]:
        """Do what a person does there: return what their browser brings back."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        code = f"code-{len(self.issued)}"
        self.issued[code] = asked
        return {"code": code, "state": asked["state"]}

    def token(self, given: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        asked = self.issued.pop(given.get("code", ""), None)
        basic = "Basic " + base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        if asked is None or authorization != basic or given.get("redirect_uri") != asked["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        challenge = base64.urlsafe_b64encode(sha256(given["code_verifier"].encode()).digest()).decode().rstrip("=")
        if challenge != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 60, "nonce": asked["nonce"]}
        told = jwt.encode({"alg": "ES256", "kid": "one"}, claims | self.subject | self.claims, self.signs_with)
        return 200, {"access_token": "x", "token_type": "Bearer", "id_token": told}

    def answer(self, path: str) -> dict[str, Any]:
        if path.endswith("/.well-known/openid-configuration"):
            ends = {"authorization_endpoint": "auth", "token_endpoint": "token", "jwks_uri": "keys"}
            return {"issuer": self.issuer} | {name: f"{self.issuer}/{end}" for name, end in ends.items()}
        return {"keys": [self.key.as_dict(private=False)]}

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self._send(200, fake.answer(self.path))

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                given = {key: values[0] for key, values in parse_qs(body).items()}
                self._send(*fake.token(given, self.headers.get("authorization", "")))

            def _send(self, status: int, told: dict[str, Any]) -> None:
                body = json.dumps(told).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_about: Any) -> None:
                pass

        return Handler

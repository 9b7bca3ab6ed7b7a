"""Signing in with an OpenID Connect provider: the code flow with PKCE, a state, a nonce, and a checked id token."""

import base64
import json
import secrets
import time
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import httpx2
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from core.errors import GreenroomError, NotAllowed, WrongUse

if TYPE_CHECKING:
    from app.accounts.pages import Desk
    from app.settings import Settings

ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]
"""What an id token may be signed with: no shared secret, and never none."""

TIMEOUT_S = 10.0
LARGEST = 1_000_000
CLOCKS_DIFFER_S = 60
_COOKIE = "greenroom_oidc"
_LASTS_S = 600
_SORRY = "The provider's answer could not be used. Nobody was signed in."


@dataclass
class Provider:
    """One provider, as its own discovery document tells."""

    issuer: str
    client_id: str
    client_secret: str
    _told: dict[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Return what the page calls it."""
        return urlsplit(self.issuer).hostname or self.issuer

    def begin(self, back: str) -> tuple[str, dict[str, str]]:
        """Return where to send a person, and what only their browser keeps until they come back."""
        kept = {each: secrets.token_urlsafe(32) for each in ("state", "nonce", "verifier")}
        challenge = base64.urlsafe_b64encode(sha256(kept["verifier"].encode()).digest()).decode().rstrip("=")
        asked = {
            "response_type": "code",
            "client_id": self.client_id,
            "redirect_uri": back,
            "scope": "openid email profile",
            "state": kept["state"],
            "nonce": kept["nonce"],
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        start = str(self.discovered()["authorization_endpoint"])
        return f"{start}{'&' if '?' in start else '?'}{urlencode(asked)}", kept

    def finish(self, code: str, kept: dict[str, str], back: str) -> list[str]:
        """Return the names that a code stands for: the subject, and a verified mail address. Raises NotAllowed."""
        given = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": kept["verifier"],
        }  # fmt: skip
        answer = _asked("POST", str(self.discovered()["token_endpoint"]), data=given, auth=self._auth())
        keys = KeySet.import_key_set(_asked("GET", str(self.discovered()["jwks_uri"])))  # type: ignore[arg-type]
        claims = self._checked(str(answer.get("id_token", "")), keys, kept["nonce"])
        names = [str(claims["sub"])]
        if claims.get("email_verified") is True and isinstance(claims.get("email"), str):
            names.append(claims["email"])
        return names

    def discovered(self) -> dict[str, Any]:
        """Return the provider's own description. Raises NotAllowed for one that is somebody else's, or not https."""
        if not self._told:
            told = _asked("GET", f"{self.issuer}/.well-known/openid-configuration")
            if str(told.get("issuer", "")).rstrip("/") != self.issuer:
                raise NotAllowed(f"{self.issuer} says it is {str(told.get('issuer'))[:100]!r}. Nobody was signed in.")
            for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
                _refuse_open(str(told.get(name, "")))
            self._told = told
        return self._told

    def _auth(self) -> tuple[str, str]:
        return (self.client_id, self.client_secret)

    def _checked(self, id_token: str, keys: KeySet, nonce: str) -> dict[str, Any]:
        try:
            claims = jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
            rules = jwt.JWTClaimsRegistry(
                now=int(time.time()),
                leeway=CLOCKS_DIFFER_S,
                iss={"essential": True},
                aud={"essential": True, "value": self.client_id},
                exp={"essential": True},
                sub={"essential": True},
                nonce={"essential": True, "value": nonce},
            )
            rules.validate(claims)
        except (JoseError, ValueError) as error:
            raise NotAllowed(_SORRY, f"({type(error).__name__})") from None
        audiences = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
        if str(claims["iss"]).rstrip("/") != self.issuer or (
            len(audiences) > 1 and claims.get("azp") != self.client_id
        ):
            raise NotAllowed(_SORRY)
        return dict(claims)


def provider_of(settings: "Settings") -> Provider | None:
    """Return the provider that the settings name, if they do. Raises WrongUse for half of one."""
    if not settings.oidc_issuer:
        return None
    if not settings.oidc_client_id or settings.oidc_client_secret is None:
        raise WrongUse("GREENROOM_OIDC_ISSUER needs GREENROOM_OIDC_CLIENT_ID and GREENROOM_OIDC_CLIENT_SECRET too.")
    issuer = settings.oidc_issuer.rstrip("/")
    _refuse_open(issuer)
    return Provider(issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value())


def oidc_router(desk: "Desk", provider: Provider) -> APIRouter:
    """Return the two addresses of signing in elsewhere: there, and back."""
    router, back = APIRouter(), f"{desk.rules.origin}/login/oidc/back"

    @router.get("/login/oidc")
    def there(next: str = "/") -> Response:  # as the address has it
        try:
            address, kept = provider.begin(back)
        except GreenroomError as error:
            return desk.login(502, said=f"{error.message} {error.hint}".strip(), next_=next)
        answer = RedirectResponse(address, 303)
        answer.headers.append("set-cookie", _cookie(json.dumps({**kept, "next": next[:1000]}), desk.rules.https))
        return answer

    @router.get("/login/oidc/back")
    def and_back(request: Request, code: str = "", state: str = "") -> Response:
        kept = _kept(request.cookies.get(_COOKIE, ""))
        if not code or not state or not secrets.compare_digest(state.encode(), kept.get("state", "").encode()):
            return desk.login(403, said="That was not asked for here, or too long ago. Please try again.")
        try:
            names = provider.finish(code, kept, back)
            space, identities = desk.studio.workspace.id, desk.studio.memory.identities
            found = next((m for name in names if (m := identities.member(space, provider.issuer, name))), None)
            if found is None:
                raise NotAllowed(f"{names[-1]} is nobody's account here.", "An owner links it: greenroom accounts link")
            answer = desk.let_in(request, found, "oidc", kept.get("next", "/"))
        except GreenroomError as error:
            answer = desk.login(403, said=f"{error.message} {error.hint}".strip())
        answer.headers.append("set-cookie", _cookie("", desk.rules.https))
        return answer

    return router


def _asked(method: str, address: str, **what: Any) -> dict[str, Any]:
    try:
        answer = httpx2.request(method, address, timeout=TIMEOUT_S, follow_redirects=False, **what)
        told = json.loads(answer.content[:LARGEST]) if answer.status_code == 200 else None
    except (httpx2.HTTPError, ValueError):
        told = None
    if not isinstance(told, dict):
        raise NotAllowed(_SORRY, "Try again, or sign in with a name and a secret.")
    return told


def _refuse_open(address: str) -> None:
    """Raise WrongUse for an address that is not https; on this machine http is fine."""
    parts = urlsplit(address)
    here = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or parts.scheme not in (("http", "https") if here else ("https",)):
        raise WrongUse(f"The OpenID provider's {address[:100]!r} is no https address.")


def _kept(cookie: str) -> dict[str, str]:
    try:
        told = json.loads(base64.urlsafe_b64decode(cookie.encode()))
    except ValueError:
        return {}
    return {str(key): str(value) for key, value in told.items()} if isinstance(told, dict) else {}


def _cookie(value: str, https: bool) -> str:
    told, lasts = base64.urlsafe_b64encode(value.encode()).decode(), _LASTS_S if value else 0
    secure = "; Secure" if https else ""
    return f"{_COOKIE}={told}; Path=/login/oidc; Max-Age={lasts}; HttpOnly; SameSite=Lax{secure}"

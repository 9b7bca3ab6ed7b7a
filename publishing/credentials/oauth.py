"""New tokens for a refresh token (RFC 6749, section 6), and what each ending means."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote_plus

from core.errors import NotConnected, Rejected, Unknown
from publishing.credentials.port import Refresh, Secret
from publishing.http import asked

if TYPE_CHECKING:
    import httpx2

Auth = Literal["form", "basic"]


def refresh_grant(
    client: "httpx2.Client",
    url: str,
    *,
    who: str,
    clock: Callable[[], datetime],
    client_id: str | None = None,
    client_secret: str | None = None,
    auth: Auth = "form",
    also_ended: str = "",
) -> Refresh:
    """Return what asks `url` for new tokens, for `Credentials.fresh`; the secret has `refresh_token`.

    The client's own secret goes in the form or as HTTP Basic. Raises NotConnected for `invalid_grant` or without a
    refresh token, TryLater for a 429, else Unknown. No answer's own words are passed on: some quote what was sent.
    `also_ended`: the description by which a platform says the same under another code.
    """

    def refresh(now: Secret) -> Secret:
        token = now.values.get("refresh_token")
        if not token:
            raise NotConnected(f"The access to {who} has ended, and there is no refresh token to renew it with.")
        form = {"grant_type": "refresh_token", "refresh_token": token, "client_id": client_id}
        if auth == "form":
            form["client_secret"] = client_secret
        given = {name: value for name, value in form.items() if value}
        whose = _auth(client_id, client_secret) if auth == "basic" else _auth()
        answer = _ask(lambda: client.post(url, data=given, auth=whose), who, clock(), also_ended)
        return _secret(answer, who, clock())

    return refresh


def _auth(client_id: str | None = None, client_secret: str | None = None) -> "httpx2.Auth":
    """Return HTTP Basic of both, each form-encoded first (RFC 6749, section 2.3.1); without an id, nothing."""
    import httpx2

    return httpx2.BasicAuth(quote_plus(client_id), quote_plus(client_secret or "")) if client_id else httpx2.Auth()


def _ask(call: "Callable[[], httpx2.Response]", who: str, now: datetime, also_ended: str) -> "httpx2.Response":
    answers: list[httpx2.Response] = []

    def noted() -> "httpx2.Response":
        answers.append(call())
        return answers[-1]

    try:
        return asked(noted, who=who, now=now, auth=())
    except Rejected:
        error = _error(answers[-1])
    if error == "invalid_grant":
        raise NotConnected(f"{who} no longer accepts the refresh token (invalid_grant).")
    if also_ended and _body(answers[-1]).get("error_description") == also_ended:
        raise NotConnected(
            f"{who} no longer accepts the refresh token: it says {error} and not invalid_grant, with the words that "
            f"it has for a token that has ended or was used already."
        )
    raise Unknown(f"{who} gave no new tokens ({answers[-1].status_code} {error}).")


def _error(answer: "httpx2.Response") -> str:
    """Return the error's code, where it is one."""
    body = _body(answer)
    code = str(body.get("error", ""))
    return code if re.fullmatch("[a-z_]{1,40}", code) else "without a known reason"


def _secret(answer: "httpx2.Response", who: str, now: datetime) -> Secret:
    body = _body(answer)
    names = ("access_token", "refresh_token")
    values = {name: body[name] for name in names if isinstance(body.get(name), str) and body[name]}
    if "access_token" not in values:
        raise Unknown(f"{who} answered without an access token.")
    return Secret(values=values, expires_at=_end(body.get("expires_in"), now))


def _end(seconds: Any, now: datetime) -> datetime | None:
    try:
        return now + timedelta(seconds=int(seconds))
    except (TypeError, ValueError, OverflowError):
        return None


def _body(answer: "httpx2.Response") -> dict[str, Any]:
    try:
        body = answer.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}

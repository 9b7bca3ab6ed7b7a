"""Turns what went wrong between us and a model's server into one error that says what to do."""

import re
from collections.abc import Iterator

import httpx2  # the transport of OpenAI's client: a cut stream surfaces as its error
import openai

from core.errors import ModelFailed
from models.errors import RequestRefused, Unavailable

_KEY = re.compile(r"\b(?:sk|pk|key|Bearer)[-_ ][A-Za-z0-9_\-*.]{6,}")
TRANSPORT = (openai.OpenAIError, httpx2.HTTPError, ValueError, OSError)
"""Everything that OpenAI's client lets through when a server or the line fails."""


class CutStream(ValueError):
    """The stream ended without saying that it was done."""


def is_passing(error: Exception) -> bool:
    """Say whether a stream that broke like this is worth another try.

    Status errors, timeouts and refused connections are not: OpenAI's own client has retried those before it gave up.
    """
    if isinstance(error, openai.APIStatusError | openai.APITimeoutError):
        return False
    if isinstance(error, openai.APIConnectionError):
        return any(isinstance(cause, httpx2.ReadError | httpx2.RemoteProtocolError) for cause in _causes(error))
    return isinstance(error, httpx2.HTTPError | OSError | ValueError) or type(error) is openai.APIError


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause = error.__cause__
    while cause is not None:
        yield cause
        cause = cause.__cause__


def explain(error: Exception, place: str, secret: str) -> ModelFailed:
    """Return the error to raise instead: never the key, at most 300 characters of the server's words."""
    if isinstance(error, openai.APIStatusError):
        return _by_status(error, place, secret)
    if isinstance(error, openai.APITimeoutError | httpx2.TimeoutException):
        return Unavailable(
            f"The model server at {place} did not answer in time; it may bill the request all the same. Nothing was "
            "published or lost.",
            hint="Try again, or raise the model's timeout_s.",
            may_be_billed=True,
        )
    if isinstance(error, openai.LengthFinishReasonError):
        return _billed("The model's answer was cut at its length limit.", "Ask for less, or raise the limit.")
    if isinstance(error, openai.ContentFilterFinishReasonError):
        return _billed("The model's server withheld the answer (content filter).", "Reword the brief.")
    if isinstance(error, openai.APIConnectionError) and not is_passing(error):  # else it was reached, and broke off
        return Unavailable(
            f"The model server at {place} could not be reached. Nothing was lost.",
            hint="Check that it runs and that base_url is right, then try again.",
        )
    return Unavailable(
        f"The model server at {place} broke off or answered what can't be read ({_words(str(error), secret)}).",
        hint="Try again; if it stays, look at the server's own log.",
        may_be_billed=True,
    )


def cut_off(place: str) -> ModelFailed:
    """Return the error of a stream that broke after words were shown: repeating it would show them twice."""
    return _billed(
        f"The answer of the model server at {place} was cut off. What you read so far is incomplete.", "Ask again."
    )


def _billed(message: str, hint: str) -> ModelFailed:
    failed = ModelFailed(message, hint=hint)
    failed.may_be_billed = True
    return failed


_BY_STATUS = {
    401: ("did not accept the key", "Check the key of this endpoint."),
    403: ("does not allow this", "Check what the key may use."),
    404: ("does not know this model or address", "Check the model's name and base_url."),
    408: ("timed out", "Try again."),
    413: ("found the request too long", "Use fewer or shorter sources."),
    429: ("is at its limit", "Wait a while, or use another endpoint."),
}
_REFUSED = {400, 404, 405, 415, 422, 501}


def _by_status(error: openai.APIStatusError, place: str, secret: str) -> ModelFailed:
    status = error.status_code
    what, hint = _BY_STATUS.get(status, ("refused the request", "Look at the server's words."))
    if status >= 500 and status != 501:
        what, hint = "failed", "Try again later; nothing was published or lost."
    if 300 <= status < 400:
        what, hint = "sends elsewhere, which is not followed", "Give the address that it points to, if you trust it."
    said = _words(_server_words(error), secret)
    message = f"The model server at {place} {what} (HTTP {status}{': ' + said if said else ''})."
    if status in _REFUSED:
        return RequestRefused(message, hint=hint)
    return Unavailable(message, hint=hint, wait_s=_asked_to_wait(error) if status in (429, 503) else None)


def _asked_to_wait(error: openai.APIStatusError) -> float | None:
    """Return the seconds of the server's Retry-After; a date in it says nothing here."""
    try:
        return max(0.0, float(error.response.headers.get("retry-after", "")))
    except ValueError:
        return None


def _server_words(error: openai.APIStatusError) -> str:
    body = error.body
    if isinstance(body, dict):
        return str(body.get("message") or body.get("error") or body.get("detail") or "")
    return str(body or "")


def _words(text: str, secret: str) -> str:
    if secret:
        text = text.replace(secret, "[key]")
    text = _KEY.sub("[key]", " ".join(text.split()))
    return text if len(text) <= 300 else text[:299] + "…"

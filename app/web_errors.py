"""What the web says where something is off: in words, to people as a page and to scripts as an object, never an echo.

What came is not repeated: half a pair of signs, or a number that is none, could not be written down again.
"""

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.board.rendering import Pages
from core.errors import GreenroomError

STATUS = {
    "wrong_use": 400,
    "bad_input": 400,
    "not_found": 404,
    "stale": 409,
    "already_decided": 409,
    "not_allowed": 403,
    "private": 403,
    "needs_model": 501,
    "model_failed": 502,
    "over_budget": 402,
    "busy": 503,
}
"""What an error is over HTTP; everything else is 500."""

BROKEN = (
    "Something of ours broke; the reason is in the log. What was finished is kept. `greenroom doctor` looks it over."
)
_OFF = "That was not understood. Nothing was changed."


def in_words(app: FastAPI) -> None:
    """Let an app say in words what went wrong, whatever it was."""
    app.add_exception_handler(GreenroomError, _told)
    app.add_exception_handler(RequestValidationError, _off)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _broken)


def mounted_in_words(app: FastAPI) -> None:
    """Let an app of somebody else's, mounted in ours, say in words what broke or was not understood, without an echo.

    Its own refusals stay as its own page reads them.
    """
    app.add_exception_handler(RequestValidationError, _off)
    app.add_exception_handler(Exception, _broken)


def writable(text: str) -> str:
    """Return a text that can be written down: of a pair of signs that came in half, a sign for what is missing."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, GreenroomError)
    return _answer(request, STATUS.get(error.kind, 500), f"{error.message} {error.hint}".strip())


def _off(request: Request, _error: Exception) -> Response:
    return _answer(request, 422, _OFF)


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    said = {404: "There is nothing here.", 405: "This can't be asked for like that."}
    answer = _answer(request, error.status_code, said.get(error.status_code, _OFF))
    answer.headers.update(error.headers or {})
    return answer


def _broken(request: Request, _error: Exception) -> Response:
    return _answer(request, 500, BROKEN)


def _answer(request: Request, status: int, said: str) -> Response:
    if "text/html" in request.headers.get("accept", ""):
        title = "Something broke" if status >= 500 else "Not like that"
        return Pages.bare("off.html.j2", status, title=title, said=writable(said))
    return JSONResponse({"done": False, "said": writable(said)}, status)

"""The API as an app of its own, mounted at /api: tokens, errors and its OpenAPI description."""

import logging
from typing import TYPE_CHECKING

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from app.api.asking import asking_router
from app.api.reading import reading_router
from app.api.whose import whose
from app.body_limit import BodyLimit
from app.callers import Callers
from app.web_errors import STATUS, writable
from core.errors import GreenroomError

if TYPE_CHECKING:
    from app.studio import Studio

ABOUT = """What `greenroom` prints with `--json`, over HTTP. Every call needs a token (`greenroom tokens make NAME`).
Only a token made with `--decides api` decides, and only by the hash that its member was shown."""

log = logging.getLogger(__name__)


def create_api(studio: "Studio") -> FastAPI:
    """Return the API over a studio's memory; a token says for whom, in which workspace."""
    api = FastAPI(title="Greenroom", version="1", description=ABOUT, docs_url=None, redoc_url=None)
    caller = whose(Callers(studio))
    api.include_router(reading_router(caller))
    api.include_router(asking_router(caller))
    api.add_exception_handler(GreenroomError, _told)
    api.add_exception_handler(RequestValidationError, _off)
    api.add_exception_handler(HTTPException, _http)
    api.add_exception_handler(Exception, _broken)
    api.add_middleware(BodyLimit)
    return api


def _told(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, GreenroomError)
    return _error(STATUS.get(error.kind, 500), error.kind, error.message, error.hint, **error.details)


def _off(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"])
    return _error(
        400, "bad_input", f"{where}: {first['msg']}.", "Nothing was done. GET /api/openapi.json says what fits."
    )


def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    kind = {401: "not_allowed", 404: "not_found", 405: "not_found"}.get(error.status_code, "bad_input")
    hint = "greenroom tokens make NAME" if kind == "not_allowed" else "GET /api/openapi.json lists what there is."
    answer = _error(error.status_code, kind, f"{error.detail}.", hint)
    answer.headers.update(error.headers or {})
    return answer


def _broken(_request: Request, error: Exception) -> JSONResponse:
    log.error("The API broke.", exc_info=error)
    return _error(500, "failed", "Something of ours broke; it is in the log.", "What was finished is kept.")


def _error(status: int, kind: str, message: str, hint: str, **details: str) -> JSONResponse:
    return JSONResponse({"error": {"kind": kind, "message": writable(message), "hint": hint, **details}}, status)

"""Who calls the API: whoever's token it is."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, HTTPException, Request
from fastapi.security import HTTPBearer

from app.callers import Caller, Callers

Whose = Callable[..., Caller]
_BEARER = HTTPBearer(auto_error=False, description="A token of `greenroom tokens make`")


def whose(callers: Callers) -> Whose:
    """Return the dependency that opens a caller by the bearer token of a request, or answers 401."""

    def caller(request: Request, _described: Annotated[Any, Depends(_BEARER)]) -> Caller:
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        found = callers.opened(token.strip()) if scheme.lower() == "bearer" else None
        if found is None:
            raise HTTPException(401, "This needs a token that still opens something", {"WWW-Authenticate": "Bearer"})
        return found

    return caller

"""Who calls the API: whoever's token it is."""

from collections.abc import Callable
from typing import Annotated

from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.callers import Caller, Callers

Whose = Callable[..., Caller]
_BEARER = HTTPBearer(auto_error=False, description="A token of `greenroom tokens make`")


def whose(callers: Callers) -> Whose:
    """Return the dependency that opens a caller by the bearer token of a request, or answers 401."""

    def caller(given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)]) -> Caller:
        found = callers.opened(given.credentials) if given else None
        if found is None:
            raise HTTPException(401, "This needs a token that still opens something", {"WWW-Authenticate": "Bearer"})
        return found

    return caller

"""What only this room needs to tell apart."""

from core.errors import ModelFailed


class RequestRefused(ModelFailed):
    """The server took the request for wrong (400, 404, 422): another form of it, or another endpoint, may pass."""


class Unavailable(ModelFailed):
    """The server can't be used now: unreachable, too slow, at its limit, failing, or without a valid key."""

    def __init__(
        self, message: str, hint: str = "", *, wait_s: float | None = None, may_be_billed: bool = False
    ) -> None:
        super().__init__(message, hint)
        self.may_be_billed = may_be_billed
        self.wait_s = wait_s  # as the server asked


class Tainted(Exception):
    """A request that nobody called private holds something private: it may not go where it was about to."""

"""What only this room needs to tell apart."""

from core.errors import ModelFailed


class RequestRefused(ModelFailed):
    """The server took the request for wrong (400, 404, 422): another form of it may pass."""

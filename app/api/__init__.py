"""The HTTP API under /api: the objects that the command line prints, for whoever has a token."""

from app.api.service import create_api

__all__ = ["create_api"]

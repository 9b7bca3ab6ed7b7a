"""Wire payloads: what exactly a channel is sent. Pure: the same draft and context give the same bytes."""

from publishing.wire.compose import compose
from publishing.wire.context import ComposeContext

__all__ = ["ComposeContext", "compose"]

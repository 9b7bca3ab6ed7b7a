"""Opens the chat model that a config names."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from core.errors import WrongUse
from models.config import ModelConfig

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

REHEARSAL = "rehearsal"

Embed = Callable[[Sequence[str]], Any]
"""Texts in, one unit vector a text out (float32, shape (n, dim))."""


def open_model(config: ModelConfig, *, embed: Embed | None = None) -> "BaseChatModel":
    """Return the rehearsal model where the config names no model, else a client of an OpenAI-compatible server.

    `embed` lets the rehearsal model choose sentences by meaning; without it, it goes by shared words. Nothing is sent
    or loaded here.
    """
    if config.model is None:
        if config.name != REHEARSAL:
            raise WrongUse(
                f"The model endpoint “{config.name}” has no model name.",
                hint="Set the server's name of the model, or leave the endpoint out to use the rehearsal model.",
            )
        from models.rehearsal import RehearsalModel

        return RehearsalModel(embed=embed)
    from models.client import open_client

    return open_client(config)


def is_rehearsal(model: Any) -> bool:
    """Say whether this is the rehearsal model, with or without tools bound to it."""
    return bool(getattr(_unbound(model), "is_rehearsal", False))


def model_name(model: Any) -> str:
    """Return the name that provenance and usage carry: "rehearsal", or the server's name of the model."""
    inner = _unbound(model)
    if is_rehearsal(inner):
        return REHEARSAL
    return str(getattr(inner, "model_name", None) or getattr(inner, "model", None) or type(inner).__name__)


def _unbound(model: Any) -> Any:
    while hasattr(model, "bound"):
        model = model.bound
    return model

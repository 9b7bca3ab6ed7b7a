"""How a chat model is reached, what it may be shown, and what it costs."""

from typing import Literal

from pydantic import Field, SecretStr

from core.base import Noun

Kind = Literal["hosted", "on_premises"]

MOST_OUTPUT = 8192
"""Tokens that an answer may have where a budget has to hold and the endpoint says nothing itself."""

PER_MILLION = 1_000_000


class ModelConfig(Noun):
    """One chat model endpoint. Without a `model` the rehearsal model runs; the key never shows in a repr."""

    name: str = "rehearsal"
    model: str | None = None
    """The server's name of the model."""
    base_url: str | None = None
    """Any OpenAI-compatible server: Ollama, vLLM, LM Studio, llama.cpp. None: OpenAI's own."""
    api_key: SecretStr | None = None
    kind: Kind = "hosted"
    """`on_premises` has to be said: a server on this machine may pass on what it is told, so none is assumed to be."""
    temperature: float | None = None
    """None leaves it to the server; some models refuse the parameter."""
    timeout_s: float = Field(default=60, gt=0)
    """Seconds to wait for an answer, or for the next piece of a stream."""
    max_retries: int = Field(default=4, ge=0)
    """Further attempts after 429, 5xx, timeouts and cut connections."""
    responses_api: bool = False
    """Chat completions by default: every compatible server has them."""
    price_in: float | None = Field(default=None, ge=0)
    """Money per million input tokens, in the home's currency. None: the cost is recorded as not known."""
    price_out: float | None = Field(default=None, ge=0)
    """Money per million output tokens."""
    price_cached: float | None = Field(default=None, ge=0)
    """Money per million input tokens that the server had kept. None: as `price_in`."""
    price_picture: float | None = Field(default=None, ge=0)
    """Money per picture that it makes. None: by its tokens, where the server counts them."""
    context: int | None = Field(default=None, gt=0)
    """Tokens that a request and its answer may have together; longer ones go to another endpoint."""
    max_output: int | None = Field(default=None, gt=0)
    """Tokens that an answer may have; it is told to the server. None: the server's own limit."""
    capabilities: tuple[Literal["vision", "images", "structured"], ...] = ()
    """What it can do besides text: read pictures, make pictures, keep to a JSON schema."""

    @property
    def is_rehearsal(self) -> bool:
        """Whether no language model is behind it."""
        return self.model is None

    @property
    def draws(self) -> bool:
        """Whether it makes pictures: such a model answers no question in words."""
        return "images" in self.capabilities

    @property
    def is_free(self) -> bool:
        """Whether a call costs no money: without a price, that is so on the own premises only."""
        priced = (self.price_in, self.price_out, self.price_picture) != (None, None, None)
        return self.is_rehearsal or (self.kind == "on_premises" and not priced)

    def cost(self, input_tokens: int, output_tokens: int, cached: int = 0) -> float | None:
        """Return what a call costs; None where a price is not known."""
        if self.is_free:
            return 0.0
        if self.price_in is None or self.price_out is None:
            return None
        kept = self.price_in if self.price_cached is None else self.price_cached
        told = (input_tokens - cached) * self.price_in + cached * kept
        return (told + output_tokens * self.price_out) / PER_MILLION

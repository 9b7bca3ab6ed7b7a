"""How a chat model is reached."""

from pydantic import Field, SecretStr

from core.base import Noun


class ModelConfig(Noun):
    """One chat model endpoint. Without a `model` the rehearsal model runs; the key never shows in a repr."""

    name: str = "rehearsal"
    model: str | None = None
    """The server's name of the model."""
    base_url: str | None = None
    """Any OpenAI-compatible server: Ollama, vLLM, LM Studio, llama.cpp. None: OpenAI's own."""
    api_key: SecretStr | None = None
    temperature: float | None = None
    """None leaves it to the server; some models refuse the parameter."""
    timeout_s: float = Field(default=60, gt=0)
    """Seconds to wait for an answer, or for the next piece of a stream."""
    max_retries: int = Field(default=4, ge=0)
    """Further attempts after 429, 5xx, timeouts and cut connections."""
    responses_api: bool = False
    """Chat completions by default: every compatible server has them."""
    price_in: float | None = Field(default=None, ge=0)
    """US dollars per million input tokens. None: the cost is not known, and is recorded as not known."""
    price_out: float | None = Field(default=None, ge=0)
    """US dollars per million output tokens."""

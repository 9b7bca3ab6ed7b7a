"""What a model call cost."""

from core.base import Instant, Noun


class Usage(Noun):
    """One model call. `cost` is in US dollars, None where the price is not known."""

    id: str
    workspace: str
    brief_id: str | None
    stage: str  # plan, draft, revise, localize, chat …
    model: str
    input_tokens: int
    output_tokens: int
    cost: float | None
    seconds: float
    at: Instant


class UsageTotal(Noun):
    """Sums over calls."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0

"""What a model call cost."""

from core.base import Instant, Noun


class Usage(Noun):
    """One model call. `cost` is in the home's currency, None where the price is not known."""

    id: str
    workspace: str
    brief_id: str | None
    stage: str  # plan, draft, revise, localize, chat …
    model: str
    endpoint: str = ""  # the name that the settings give it
    member: str = ""  # who asked for it
    channel: str = ""  # where the call was for one channel alone
    locale: str = ""
    variant: int = 0
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0  # of the input: what the server had kept
    estimated: bool = False  # the server counted nothing: the tokens are ours, by the length of the texts
    cost: float | None
    seconds: float
    at: Instant


class UsageTotal(Noun):
    """Sums over calls."""

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    estimated: int = 0  # calls whose tokens the server did not count
    cost: float = 0.0


class UsageShare(UsageTotal):
    """What one stage, proposal, member, month, endpoint or brief came to. Shared calls count in parts."""

    key: str
    model_calls: float = 0.0  # type: ignore[assignment]
    unpriced: int = 0  # calls whose price is not known

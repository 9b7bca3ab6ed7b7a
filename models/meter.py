"""Tokens and cost of each call, as the server counted them; by the length of the texts where it did not."""

from collections.abc import Callable
from copy import copy
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from core.budgets import Errand, Wanted
from core.ids import new_id
from core.usage import Usage
from models.config import ModelConfig

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

BYTES_PER_TOKEN = 4
"""Of a text that the server did not count: what English comes to."""

FEWEST_BYTES_PER_TOKEN = 3
"""Of a text that is about to be sent, where the estimate must not be too low."""


def _now() -> datetime:
    return datetime.now(UTC)


def at_most(text: str) -> int:
    """Return about how many tokens a text has, rather too many than too few."""
    return -(-len(text.encode()) // FEWEST_BYTES_PER_TOKEN) + 8


class Meter:
    """Hands one `Usage` row a call to `record`, and says whose calls they are.

    Tokens are what the server reported. Where it reports none they are estimated and marked so. `model` is the name
    of the model that answered last: what a draft's provenance carries.
    """

    def __init__(
        self,
        record: Callable[..., None],
        *,
        workspace: str,
        brief_id: str | None = None,
        member: str = "",
        channel: str = "",
        locale: str = "",
        variant: int = 0,
        private: bool = False,
        price_in: float | None = None,
        price_out: float | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.record = record
        self.workspace = workspace
        self.brief_id = brief_id
        self.clock = clock
        self.model = ""
        self._errand = Errand(
            workspace=workspace,
            brief_id=brief_id,
            member=member,
            channel=channel,
            locale=locale,
            variant=variant,
            private=private,
        )
        self._prices = ModelConfig(name="default", model="-", price_in=price_in, price_out=price_out)

    def errand(self, stage: str) -> Errand:
        """Return whose the next call is and what it is for."""
        return self._errand.model_copy(update={"stage": stage})

    def needing(self, *abilities: str) -> "Meter":
        """Return a meter of the same errand whose calls go to endpoints that can do this: vision, images."""
        other = copy(self)
        other._errand = self._errand.model_copy(update={"needs": abilities})
        return other

    def now_private(self) -> None:
        """Note that this errand's material turned out to be private: from here on it goes to no hosted endpoint."""
        self._errand = self._errand.model_copy(update={"private": True})

    def count(
        self,
        message: "AIMessage",
        *,
        model: str,
        stage: str,
        seconds: float,
        config: ModelConfig | None = None,
        asked: str = "",
        reservation: str | None = None,
    ) -> Usage:
        """Record one call by the message it brought back, and return the row. `asked`: what was sent, as text."""
        told = message.usage_metadata
        tokens = (told["input_tokens"], told["output_tokens"]) if told else (_about(asked), _about(_said(message)))
        cached = (told.get("input_token_details") or {}).get("cache_read", 0) if told else 0
        prices = config or self._prices
        row = self._row(
            model=model, stage=stage, seconds=seconds, config=config, input_tokens=tokens[0], output_tokens=tokens[1],
            cached_tokens=cached, estimated=told is None, cost=_cost(message, prices, tokens, cached),
        )  # fmt: skip
        self.model = model
        return self._recorded(row, reservation)

    def count_lost(
        self, wanted: Wanted, *, asked: str, model: str, stage: str, seconds: float, config: ModelConfig,
        reservation: str | None,
    ) -> Usage:  # fmt: skip
        """Record a call whose answer did not come whole, at the most that it may be billed with: `wanted`."""
        tokens = at_most(asked)
        row = self._row(
            model=model, stage=stage, seconds=seconds, config=config, input_tokens=tokens,
            output_tokens=max(0, wanted.tokens - tokens), estimated=True, cost=0.0 if wanted.free else wanted.cost,
        )  # fmt: skip
        return self._recorded(row, reservation)

    def _row(self, *, model: str, stage: str, seconds: float, config: ModelConfig | None, **counted: Any) -> Usage:
        whose = self._errand
        return Usage(
            id=new_id("use"),
            workspace=self.workspace,
            brief_id=self.brief_id,
            stage=stage,
            model=model,
            endpoint=config.name if config else "",
            member=whose.member,
            channel=whose.channel,
            locale=whose.locale,
            variant=whose.variant,
            seconds=seconds,
            at=self.clock(),
            **counted,
        )

    def _recorded(self, row: Usage, reservation: str | None) -> Usage:
        if reservation is None:
            self.record(row)
        else:
            self.record(row, reservation)
        return row


def _cost(message: "AIMessage", prices: ModelConfig, tokens: tuple[int, int], cached: int) -> float | None:
    if "price" in message.additional_kwargs:  # a picture, which has one of its own or none that is known
        price: float | None = message.additional_kwargs["price"]
        return price
    return 0.0 if message.usage_metadata and tokens == (0, 0) else prices.cost(*tokens, cached)


def _about(text: str) -> int:
    return -(-len(text.encode()) // BYTES_PER_TOKEN)


def _said(message: "AIMessage") -> str:
    return f"{message.text}{message.tool_calls or ''}"

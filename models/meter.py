"""Tokens and cost of each call, as the server counted them."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from core.ids import new_id
from core.usage import Usage

if TYPE_CHECKING:
    from langchain_core.messages import AIMessage

PER_MILLION = 1_000_000


def _now() -> datetime:
    return datetime.now(UTC)


class Meter:
    """Hands one `Usage` row a call to `record`.

    Tokens are what the server reported. A server that reports none is recorded as 0 tokens at unknown cost and counted
    in `uncounted`: nothing is estimated. Prices are US dollars per million tokens.
    """

    def __init__(
        self,
        record: Callable[[Usage], None],
        *,
        workspace: str,
        brief_id: str | None = None,
        price_in: float | None = None,
        price_out: float | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self.record = record
        self.workspace = workspace
        self.brief_id = brief_id
        self.price_in = price_in
        self.price_out = price_out
        self.clock = clock
        self.uncounted = 0

    def count(self, message: "AIMessage", *, model: str, stage: str, seconds: float) -> Usage:
        """Record one call by the message it brought back, and return the row."""
        told = message.usage_metadata
        if told is None:
            self.uncounted += 1
        row = Usage(
            id=new_id("use"),
            workspace=self.workspace,
            brief_id=self.brief_id,
            stage=stage,
            model=model,
            input_tokens=told["input_tokens"] if told else 0,
            output_tokens=told["output_tokens"] if told else 0,
            cost=self._cost(told["input_tokens"], told["output_tokens"]) if told else None,
            seconds=seconds,
            at=self.clock(),
        )
        self.record(row)
        return row

    def _cost(self, input_tokens: int, output_tokens: int) -> float | None:
        if input_tokens == output_tokens == 0:
            return 0.0  # the rehearsal model
        if self.price_in is None or self.price_out is None:
            return None
        return (input_tokens * self.price_in + output_tokens * self.price_out) / PER_MILLION

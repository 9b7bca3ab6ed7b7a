"""The one place from which anything is sent to a chat model: cleared, paid for, counted."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from core.budgets import UNDER_WAY, Errand, Wanted
from core.errors import OverBudget, PrivateMaterial
from core.privacy import Secrets
from models.breaker import Breaker
from models.clearing import cleared
from models.config import MOST_OUTPUT, ModelConfig
from models.errors import RequestRefused, Unavailable
from models.meter import Meter, at_most
from models.open import model_name

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.runnables import Runnable

PAUSE_S = 0.1
"""Between two looks at whether calls under way have given back what they did not need."""

LASTING = frozenset({"summary"})
"""Stages whose answers are shown to other models later: private material is kept from them wherever they run."""

CLEARING_UP_S = 60
"""Beyond what a call can last: how long its reservation stands after its process died."""


class Purse(Protocol):
    """Sets aside what a call may cost (`memory.Budgets`)."""

    def reserve(self, errand: Errand, wanted: Wanted, patience: timedelta) -> str | None:
        """Set it aside, or raise OverBudget; None where there is no budget."""

    def release(self, reservation: str | None) -> None:
        """Give it back."""


class Watch(Protocol):
    """Knows what is private (`memory.Privacy`)."""

    def secrets(self, workspace: str) -> Secrets:
        """Return what is private in a workspace."""


@dataclass
class Line:
    """An endpoint with its client and how it has been doing in this process."""

    config: ModelConfig
    client: "BaseChatModel"
    breaker: Breaker = field(default_factory=Breaker)

    @property
    def may_see_private(self) -> bool:
        """Whether private material may go there."""
        return self.config.kind == "on_premises" or self.config.is_rehearsal

    @property
    def patience(self) -> timedelta:
        """How long a call can take, with its repeats and their pauses."""
        tries = self.config.max_retries + 1
        return timedelta(seconds=tries * (self.config.timeout_s + 10) + CLEARING_UP_S)


@dataclass(frozen=True)
class Sender:
    """Sends. Without a purse nothing is limited, without a watch nothing is private: a bare model in a test."""

    purse: Purse | None = None
    watch: Watch | None = None
    any_hosted: bool = True  # whether other calls of this home may go to a hosted endpoint

    def send(
        self,
        line: Line,
        bound: "Runnable[Any, Any]",
        messages: "Sequence[BaseMessage]",
        meter: Meter | None,
        stage: str,
    ) -> "AIMessage":
        """Send the messages to one endpoint and return its answer, recorded.

        Raises PrivateMaterial, Tainted or OverBudget before anything has left; after that what the client raises.
        """
        errand = meter.errand(stage) if meter else Errand(workspace="", stage=stage)
        sent = self._cleared(line, messages, errand)
        text = as_sent(sent, bound)
        _refuse_too_long(line.config, text)
        reservation, bound = self._paid_for(line, bound, text, errand)
        started = time.monotonic()
        try:
            answer: AIMessage = bound.invoke(sent)
        except BaseException as error:
            self._ended(line, error, reservation)
            raise
        line.breaker.succeeded()
        if meter is not None:
            seconds = time.monotonic() - started
            meter.count(
                answer, model=model_name(line.client), stage=stage, seconds=seconds,
                config=line.config if self.purse else None, asked=text, reservation=reservation,
            )  # fmt: skip
        elif self.purse is not None:
            self.purse.release(reservation)
        return answer

    def _cleared(self, line: Line, messages: "Sequence[BaseMessage]", errand: Errand) -> "list[BaseMessage]":
        if self.watch is None or (line.may_see_private and not (self.any_hosted and errand.stage in LASTING)):
            return list(messages)
        if (
            errand.private and not line.may_see_private
        ):  # the routing never lets it come here: this is what holds if it ever did
            raise PrivateMaterial(f"“{line.config.name}” is hosted, and this is private. Nothing was sent.")
        return cleared(messages, self.watch.secrets(errand.workspace))

    def _paid_for(
        self, line: Line, bound: "Runnable[Any, Any]", text: str, errand: Errand
    ) -> "tuple[str | None, Runnable[Any, Any]]":
        """Set aside what the call may come to; what bounds the answer is told to the server."""
        if self.purse is None or line.config.is_rehearsal:
            return None, bound
        asked, most = at_most(text), line.config.max_output or MOST_OUTPUT
        price = getattr(bound, "price", None)  # of a picture
        cost = line.config.cost(asked, most) if price is None else price
        wanted = Wanted(tokens=asked + most, cost=cost, endpoint=line.config.name, free=line.config.is_free)
        reservation = _set_aside(self.purse, errand, wanted, line)
        return reservation, bound.bind(max_tokens=most) if reservation and not line.config.max_output else bound

    def _ended(self, line: Line, error: BaseException, reservation: str | None) -> None:
        if self.purse is not None:
            self.purse.release(reservation)
        if isinstance(error, Unavailable):
            line.breaker.failed(error.wait_s)
        elif isinstance(error, RequestRefused):
            line.breaker.succeeded()  # it answered
        else:
            line.breaker.gave_up()


def _set_aside(purse: Purse, errand: Errand, wanted: Wanted, line: Line) -> str | None:
    """Reserve; where only calls under way are in the way (a brief's drafts are asked for at once), let them end first.

    They are set aside at the most that they can come to, which is far more than most of them do.
    """
    until = time.monotonic() + line.config.timeout_s
    while True:
        try:
            return purse.reserve(errand, wanted, line.patience)
        except OverBudget as stop:
            if UNDER_WAY not in stop.details or time.monotonic() >= until:
                raise
        time.sleep(PAUSE_S)


def _refuse_too_long(config: ModelConfig, text: str) -> None:
    tokens = at_most(text) + (config.max_output or 0)
    if config.context is not None and tokens > config.context:
        raise RequestRefused(
            f"The request has about {tokens} tokens, and “{config.name}” takes {config.context}. Nothing was sent.",
            "Use fewer or shorter sources, or an endpoint with a longer context.",
        )


def as_sent(messages: "Sequence[BaseMessage]", bound: Any) -> str:
    """Return what is sent as one text, with the tools and the schema: to estimate its tokens by."""
    said = [f"{each.type}: {each.text}{getattr(each, 'tool_calls', '') or ''}" for each in messages]
    options = getattr(bound, "kwargs", {})
    form = {key: value for key, value in options.items() if key in ("tools", "response_format")}
    return "\n".join(said) + (json.dumps(form, ensure_ascii=False, default=str) if form else "")

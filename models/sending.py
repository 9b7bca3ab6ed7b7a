"""The one place from which anything is sent to a chat model: cleared, paid for, counted."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from core.budgets import UNDER_WAY, Errand, Wanted
from core.errors import ModelFailed, OverBudget, PrivateMaterial
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
        wanted = _wanted(line.config, bound, text)
        reservation, bound = self._paid_for(line, bound, wanted, errand)
        started = time.monotonic()
        try:
            answer: AIMessage = bound.invoke(sent)
        except BaseException as error:
            _noted(line.breaker, error)
            if self.purse is not None and not (meter and _may_be_billed(line.config, error)):
                self.purse.release(reservation)
            elif self.purse is not None and meter is not None:
                meter.count_lost(
                    wanted, asked=text, model=model_name(line.client), stage=stage,
                    seconds=time.monotonic() - started, config=line.config, reservation=reservation,
                )  # fmt: skip
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
        self, line: Line, bound: "Runnable[Any, Any]", wanted: Wanted, errand: Errand
    ) -> "tuple[str | None, Runnable[Any, Any]]":
        """Set aside what the call may come to; what bounds the answer is told to the server."""
        if self.purse is None or line.config.is_rehearsal:
            return None, bound
        reservation = _set_aside(self.purse, errand, wanted, line)
        bounded = reservation and not line.config.max_output
        return reservation, bound.bind(max_tokens=MOST_OUTPUT) if bounded else bound


def _wanted(config: ModelConfig, bound: "Runnable[Any, Any]", text: str) -> Wanted:
    asked, most = at_most(text), config.max_output or MOST_OUTPUT
    price = getattr(bound, "price", None)  # of a picture
    cost = config.cost(asked, most) if price is None else price
    return Wanted(tokens=asked + most, cost=cost, endpoint=config.name, free=config.is_free)


def _noted(breaker: Breaker, error: BaseException) -> None:
    if isinstance(error, Unavailable):
        breaker.failed(error.wait_s)
    elif isinstance(error, RequestRefused):
        breaker.succeeded()  # it answered
    else:
        breaker.gave_up()


def _may_be_billed(config: ModelConfig, error: BaseException) -> bool:
    """A person who stops an answer half way stops no bill; what breaks on our side of the wire costs nothing."""
    if config.is_rehearsal:
        return False
    return error.may_be_billed if isinstance(error, ModelFailed) else not isinstance(error, Exception)


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

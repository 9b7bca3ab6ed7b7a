"""All endpoints of a home behind one port: chooses by policy, falls back, leaves a failing one alone."""

import logging
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel

import prompts
from core.base import Noun
from core.budgets import Errand
from core.errors import ModelFailed, PrivateMaterial
from models.answers import METHODS, Method, as_answer, bind
from models.clearing import PRIVATE
from models.config import ModelConfig
from models.errors import RequestRefused, Tainted, Unavailable
from models.meter import Meter
from models.open import Embed, is_rehearsal, model_name, open_model
from models.pictures import Drawing
from models.routing import Routing, route
from models.sending import LASTING, Line, Purse, Sender, Watch

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage

log = logging.getLogger(__name__)
T = TypeVar("T")

PROBE = "harbour"
"""The word that an endpoint is asked for when it is tried."""

UNSEEN = "nostream"
"""LangGraph's tag for what is no part of a conversation: an answer in a form, read by us and by no person."""


class Probe(Noun):
    """The answer to a probe."""

    word: str


class Switchboard:
    """The models that tools and conversations ask. `chosen` names what a person chose for a brief."""

    def __init__(
        self,
        endpoints: Iterable[ModelConfig] = (),
        routing: Routing | None = None,
        *,
        given: "BaseChatModel | None" = None,
        embed: Embed | None = None,
        purse: Purse | None = None,
        watch: Watch | None = None,
        chosen: Callable[[str | None], str] = lambda _brief_id: "",
    ) -> None:
        self.endpoints = tuple(endpoints) if given is None else (_config_of(given),)
        self.routing = routing or Routing()
        self._sender = Sender(purse, watch, any_hosted=self.is_hosted)
        self._chosen = chosen
        self._embed = embed
        self._lines: dict[str, Line] = {}
        if given is not None:
            self._lines[self.endpoints[0].name] = Line(self.endpoints[0], given)

    @classmethod
    def around(cls, model: "BaseChatModel") -> "Switchboard":
        """Return a switchboard of one model, without budgets and with nothing private."""
        return cls(given=model)

    @property
    def is_rehearsal(self) -> bool:
        """Whether no language model is set up at all."""
        return all(each.is_rehearsal for each in self.endpoints)

    @property
    def is_hosted(self) -> bool:
        """Whether any endpoint is somebody else's: then private works serve private briefs alone."""
        return any(each.kind == "hosted" for each in self.endpoints)

    @property
    def model_name(self) -> str:
        """The name of the model that is asked first, where nothing else decides."""
        usual = route(self.routing, self.endpoints, Errand(workspace=""))[0]
        return model_name(self.line(usual).client)

    def line(self, config: ModelConfig) -> Line:
        """Return the line to an endpoint, opened when it is first used."""
        if config.name not in self._lines:
            self._lines[config.name] = Line(config, open_model(config, embed=self._embed))
        return self._lines[config.name]

    def routed(self, errand: Errand) -> list[Line]:
        """Return the lines for a call in the order in which they are tried."""
        chosen = self._chosen(errand.brief_id)
        return [self.line(each) for each in route(self.routing, self.endpoints, errand, chosen)]

    def answer(
        self, messages: "Sequence[BaseMessage]", schema: type[BaseModel], meter: Meter | None, stage: str
    ) -> "tuple[AIMessage, Method]":
        """Return an answer in the form of `schema` or near it, and in which form it was asked for."""
        return self._tried(lambda line: self._in_a_form(line, messages, schema, meter, stage), meter, stage)

    def converse(
        self, messages: "Sequence[BaseMessage]", tools: Sequence[Any], meter: Meter, stage: str = "chat"
    ) -> "AIMessage":
        """Return what a model says to a conversation, or which of the tools it calls."""

        def once(line: Line) -> "AIMessage":
            return self._sender.send(line, line.client.bind_tools(list(tools)), messages, meter, stage)

        said = self._tried(once, meter, stage)
        if meter.errand(stage).private:
            said.additional_kwargs[PRIVATE] = True
        return said

    def draw(self, prompt: str, size: str, meter: Meter, stage: str) -> "tuple[AIMessage, ModelConfig]":
        """Return a picture by a prompt, of an endpoint that makes pictures, and which one that was."""
        from langchain_core.messages import HumanMessage

        def once(line: Line) -> "tuple[AIMessage, ModelConfig]":
            drawing: Any = Drawing(line.config, size)
            return self._sender.send(line, drawing, [HumanMessage(prompt)], meter, stage), line.config

        return self._tried(once, meter, stage)

    def probe(self, name: str, meter: Meter) -> "tuple[str, Method]":
        """Ask one endpoint for one word; return it and the form in which the endpoint answers. Raises ModelFailed."""
        from langchain_core.messages import HumanMessage, SystemMessage

        [config] = route(self.routing, self.endpoints, Errand(workspace=""), name)
        asked = [SystemMessage(prompts.render("probe")), HumanMessage(prompts.request("probe", {"word": PROBE}))]
        message, method = self._in_a_form(self.line(config), asked, Probe, meter, "probe")
        return as_answer(message, Probe, method).word, method

    def states(self) -> list[dict[str, Any]]:
        """Return each endpoint with how it has been doing in this process."""
        found = []
        for config in self.endpoints:
            breaker = self._lines[config.name].breaker if config.name in self._lines else None
            state = {"state": breaker.state, "wait_s": round(breaker.wait_s, 1)} if breaker else {"state": "closed"}
            found.append({"name": config.name, "kind": config.kind, **state})
        return found

    def _tried(self, once: Callable[[Line], T], meter: Meter | None, stage: str) -> T:
        """Ask the endpoints of the policy in turn; what turns out to be private is routed anew, as private."""
        errand = meter.errand(stage) if meter else Errand(workspace="", stage=stage)
        try:
            return self._first_that_works(once, errand)
        except Tainted:
            if stage in LASTING:
                raise PrivateMaterial("What would be told in short is private. Nothing was sent.") from None
            log.info("A request of %s holds private material: it is routed as private.", stage)
        assert meter is not None
        meter.now_private()
        return self._first_that_works(once, meter.errand(stage))

    def _first_that_works(self, once: Callable[[Line], T], errand: Errand) -> T:
        failed: ModelFailed | None = None
        for line in self.routed(errand):
            if not line.breaker.lets_through():
                failed = failed or _resting(line)
                continue
            try:
                return once(line)
            except (Unavailable, RequestRefused) as error:
                log.warning("The endpoint %s could not be used: %s", line.config.name, error.message)
                failed = error
            except BaseException:
                line.breaker.gave_up()
                raise
        assert failed is not None
        raise failed

    def _in_a_form(
        self,
        line: Line,
        messages: "Sequence[BaseMessage]",
        schema: type[BaseModel],
        meter: Meter | None,
        stage: str,
    ) -> "tuple[AIMessage, Method]":
        """Send in the form that this model takes, finding out which one the first time."""
        refused: RequestRefused | None = None
        for method in _methods(line.client):
            bound, extra = bind(line.client, schema, method)
            unseen = bound.with_config(tags=[UNSEEN])
            try:
                message = self._sender.send(line, unseen, [*messages, *extra], meter, stage)
            except RequestRefused as refusal:
                refused = refusal  # perhaps only this form of the request: the next one may pass
                continue
            if hasattr(line.client, "answer_method"):
                line.client.answer_method = method
            return message, method
        assert refused is not None
        raise refused


def _methods(client: Any) -> tuple[Method, ...]:
    if is_rehearsal(client):
        return ("rehearsed",)
    known = getattr(client, "answer_method", None)
    return (known,) if known else METHODS


def _config_of(model: "BaseChatModel") -> ModelConfig:
    """A model that was handed in: nothing is known of where it runs, so it counts as hosted."""
    if is_rehearsal(model):
        return ModelConfig(kind="on_premises")
    return ModelConfig(name="given", model=model_name(model))


def _resting(line: Line) -> Unavailable:
    wait = max(1, round(line.breaker.wait_s))
    return Unavailable(
        f"The endpoint “{line.config.name}” failed several times and is left alone for {wait} s. Nothing was sent.",
        "Try again then, or name another endpoint to fall back to (docs/models.md).",
    )

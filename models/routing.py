"""Which endpoint a call goes to: by workspace, by how private its material is, by task."""

from collections.abc import Sequence
from typing import Literal

from pydantic import Field

from core.base import Noun
from core.budgets import Errand
from core.errors import NeedsModel, NotFound, PrivateMaterial
from models.config import ModelConfig

REHEARSAL = ModelConfig(kind="on_premises")

MARK = "Set up an endpoint of kind on_premises (docs/models.md), or give the brief to a model you trust with it."


class Rules(Noun):
    """Names of endpoints in the order in which they are tried. Nothing falls back to one that is not named."""

    default: tuple[str, ...] = Field(default=(), description="for every task; without it, all endpoints in their order")
    private: tuple[str, ...] = Field(default=(), description="for private material; only on_premises ones are used")
    tasks: dict[str, tuple[str, ...]] = Field(default_factory=dict, description="a stage (draft, localize …): its own")


class Routing(Rules):
    """The policy of this home."""

    workspaces: dict[str, Rules] = Field(default_factory=dict, description="a workspace: its own rules")
    private_without: Literal["rehearsal", "stop"] = Field(
        default="rehearsal", description="where private material has no endpoint: the rehearsal model, or a stop"
    )

    def named(self) -> set[str]:
        """Return every endpoint that is named anywhere."""
        rules = (self, *self.workspaces.values())
        return {
            name for each in rules for names in (each.default, each.private, *each.tasks.values()) for name in names
        }


def route(
    routing: Routing, endpoints: Sequence[ModelConfig], errand: Errand, chosen: str = ""
) -> tuple[ModelConfig, ...]:
    """Return the endpoints for a call, the first to be tried first; `chosen` is what a person chose for its brief.

    Private material gets on-premises endpoints only, whatever else is named. Raises PrivateMaterial where there is
    none, and NeedsModel where none can do what the call needs.
    """
    by_name = {each.name: each for each in (REHEARSAL, *endpoints)}
    names = (chosen,) if chosen else _names(routing, errand) or _able_to_talk(errand, endpoints)
    found = [_named(by_name, name) for name in names] or [REHEARSAL]
    if errand.private:
        found = _private(routing, errand, found, endpoints, by_name)
    able = tuple(each for each in found if each.is_rehearsal or set(errand.needs) <= set(each.capabilities))
    if not able:
        wanted = ", ".join(errand.needs)
        raise NeedsModel(f"No endpoint for this can do: {wanted}.", "Say capabilities in models.toml (docs/models.md).")
    return able


def _able_to_talk(errand: Errand, endpoints: Sequence[ModelConfig]) -> tuple[str, ...]:
    """Return all endpoints, in their order; for words without those that make pictures."""
    return tuple(each.name for each in endpoints if errand.needs or not each.draws)


def _names(routing: Routing, errand: Errand) -> tuple[str, ...]:
    own = routing.workspaces.get(errand.workspace, Rules())
    return own.tasks.get(errand.stage) or own.default or routing.tasks.get(errand.stage) or routing.default


def _private(
    routing: Routing,
    errand: Errand,
    found: Sequence[ModelConfig],
    endpoints: Sequence[ModelConfig],
    by_name: dict[str, ModelConfig],
) -> list[ModelConfig]:
    own = routing.workspaces.get(errand.workspace, Rules())
    named = [_named(by_name, name) for name in own.private or routing.private]
    for candidates in (named, found, endpoints):
        if house := [each for each in candidates if each.kind == "on_premises"]:
            return house
    if routing.private_without == "rehearsal":
        return [REHEARSAL]
    raise PrivateMaterial("This is private, and no model on your own premises is set up. Nothing was sent.", MARK)


def _named(by_name: dict[str, ModelConfig], name: str) -> ModelConfig:
    if name not in by_name:
        known = ", ".join(sorted(by_name))
        raise NotFound(f"There is no model endpoint called “{name}”.", f"There are: {known}.")
    return by_name[name]

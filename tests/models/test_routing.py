"""Where a call goes: by workspace, task and sensitivity; private material never to a hosted endpoint."""

import itertools

import pytest

from core.budgets import Errand
from core.errors import NeedsModel, NotFound, PrivateMaterial
from models.config import ModelConfig
from models.routing import Routing, Rules, route

BIG = ModelConfig(name="big", model="b", capabilities=("vision",))
CHEAP = ModelConfig(name="cheap", model="c")
HOUSE = ModelConfig(name="house", model="h", kind="on_premises", base_url="http://127.0.0.1:1/v1")
LOCAL = ModelConfig(name="local", model="l", base_url="http://127.0.0.1:2/v1")  # nobody said that it is in the house
ALL = (BIG, CHEAP, HOUSE, LOCAL)
DRAFT = Errand(workspace="ines", stage="draft")


def names(routing: Routing, errand: Errand = DRAFT, chosen: str = "") -> list[str]:
    return [each.name for each in route(routing, ALL, errand, chosen)]


def test_without_rules_all_in_their_order_and_without_endpoints_the_rehearsal_model() -> None:
    assert names(Routing()) == ["big", "cheap", "house", "local"]
    assert [each.name for each in route(Routing(), (), DRAFT)] == ["rehearsal"]


def test_the_closest_rule_counts() -> None:
    routing = Routing(
        default=("big",),
        tasks={"localize": ("cheap",)},
        workspaces={"tom": Rules(default=("house",), tasks={"draft": ("cheap", "house")})},
    )
    tom = Errand(workspace="tom", stage="draft")
    assert names(routing) == ["big"]  # no fallback that nobody named
    assert names(routing, Errand(workspace="ines", stage="localize")) == ["cheap"]
    assert names(routing, tom) == ["cheap", "house"]
    assert names(routing, tom.model_copy(update={"stage": "localize"})) == ["house"]


def test_a_persons_choice_for_a_brief_goes_before_the_rules() -> None:
    assert names(Routing(default=("big",)), chosen="cheap") == ["cheap"]
    assert names(Routing(default=("big",)), chosen="rehearsal") == ["rehearsal"]
    with pytest.raises(NotFound, match="nobody"):
        names(Routing(), chosen="nobody")


def test_whatever_is_configured_private_material_never_goes_to_a_hosted_endpoint() -> None:
    lists = [(), ("big",), ("house",), ("big", "house"), ("local", "cheap")]
    for default, private, task, chosen in itertools.product(lists, lists, lists, ["", "big", "house", "rehearsal"]):
        routing = Routing(default=default, private=private, tasks={"draft": task} if task else {})
        found = route(routing, ALL, DRAFT.model_copy(update={"private": True}), chosen)
        assert found
        assert all(each.kind == "on_premises" for each in found), (default, private, task, chosen)


def test_private_without_a_place_is_the_rehearsal_model_or_a_stop() -> None:
    private = DRAFT.model_copy(update={"private": True})
    assert [each.name for each in route(Routing(), (BIG, LOCAL), private)] == ["rehearsal"]
    with pytest.raises(PrivateMaterial, match="Nothing was sent"):
        route(Routing(private_without="stop"), (BIG, LOCAL), private)


def test_only_who_can_do_it_is_asked() -> None:
    seeing = DRAFT.model_copy(update={"needs": ("vision",)})
    assert names(Routing(), seeing) == ["big"]
    with pytest.raises(NeedsModel, match="vision"):
        names(Routing(default=("cheap",)), seeing)

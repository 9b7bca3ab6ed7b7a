"""The one place that sends: what is private stays, what fails is left alone, what is limited is asked first."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from pydantic import SecretStr

from core.budgets import Errand, Wanted
from core.errors import ModelFailed, OverBudget, PrivateMaterial
from core.privacy import Secrets
from core.usage import Usage
from models import Meter, ModelConfig, Routing, Switchboard, ask
from models.breaker import FAILURES
from models.sending import Line, Sender
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.models.test_ask import GOOD, PLUM, Fruit

LETTER = "Ines will leave the harbour choir in May because of the money. Her account is NO9386011117947."
SENTINELS = ("leave the harbour choir", "NO9386011117947")


class Watch:
    """Knows one private letter of one workspace."""

    def secrets(self, workspace: str) -> Secrets:
        return Secrets([LETTER] if workspace == "ines" else (), {"w_abcdef123456"})


class Purse:
    """Has so much, and remembers what was asked for."""

    def __init__(self, has: float) -> None:
        self.has = has
        self.wanted: list[Wanted] = []
        self.released: list[str | None] = []

    def reserve(self, errand: Errand, wanted: Wanted, patience: timedelta) -> str | None:
        self.wanted.append(wanted)
        if (wanted.cost or 0.0) > self.has:
            raise OverBudget("too dear")
        return "res_1"

    def release(self, reservation: str | None) -> None:
        self.released.append(reservation)


@pytest.fixture
def hosted() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running
        sent = json.dumps(running.journal, ensure_ascii=False)
        assert not [each for each in SENTINELS if each in sent]  # whatever a test does


@pytest.fixture
def house() -> Iterator[OpenAIServer]:
    with openai_server() as running:
        yield running


def config(name: str, server: OpenAIServer, **more: Any) -> ModelConfig:
    values: dict[str, Any] = {"model": f"{name}-1", "max_retries": 0, "timeout_s": 5, **more}
    return ModelConfig(name=name, base_url=server.base_url, api_key=SecretStr(server.key), **values)


def board(*configs: ModelConfig, **more: Any) -> Switchboard:
    return Switchboard(configs, watch=Watch(), **more)


def meter(rows: list[Usage] | None = None, **more: Any) -> Meter:
    kept: list[Usage] = [] if rows is None else rows
    return Meter(lambda row, *_: kept.append(row), workspace="ines", **more)


def ask_about(switchboard: Switchboard, request: dict[str, Any], to: Meter) -> Fruit:
    return ask(switchboard, "localize", request, Fruit, meter=to, stage="draft")


def test_private_supporting_items_are_left_out_for_a_hosted_model(hosted: OpenAIServer) -> None:
    hosted.script(Say(text=GOOD))
    works = [{"id": "w_open00000000", "passages": ["The sea is cold."]}, {"id": "w_x", "passages": [LETTER]}]
    assert ask_about(board(config("big", hosted)), {"ask": "x", "works": works}, meter()) == PLUM
    sent = hosted.journal[0]["messages"][1]["content"]
    assert "The sea is cold." in sent and '<request task="localize">' in sent and "w_x" not in sent


def test_a_task_that_is_private_itself_goes_to_the_house(hosted: OpenAIServer, house: OpenAIServer) -> None:
    house.script(Say(text=GOOD))
    both = board(config("big", hosted), config("house", house, kind="on_premises"))
    to = meter()
    assert ask_about(both, {"segments": [LETTER]}, to) == PLUM
    assert (len(hosted.journal), len(house.journal), to.model) == (0, 1, "house-1")
    assert "harbour choir" in house.journal[0]["messages"][1]["content"]


def test_the_repair_of_a_private_answer_stays_in_the_house_too(hosted: OpenAIServer, house: OpenAIServer) -> None:
    house.script(Say(text=f"no: {LETTER}"), Say(text=GOOD))
    both = board(config("big", hosted), config("house", house, kind="on_premises"))
    assert ask_about(both, {"ask": "x"}, meter(private=True)) == PLUM
    assert (len(hosted.journal), len(house.journal)) == (0, 2)


def test_a_private_errand_never_falls_back_to_a_hosted_endpoint(hosted: OpenAIServer, house: OpenAIServer) -> None:
    house.script(Say(status=500, error="broken"))
    both = board(config("house", house, kind="on_premises"), config("big", hosted))
    with pytest.raises(ModelFailed, match="failed"):
        ask_about(both, {"ask": "x"}, meter(private=True))
    assert hosted.journal == []


def test_a_local_address_is_not_taken_for_the_house(hosted: OpenAIServer) -> None:
    stop = Routing(private_without="stop")
    with pytest.raises(PrivateMaterial):
        ask_about(board(config("local", hosted), routing=stop), {"ask": "x"}, meter(private=True))
    assert hosted.journal == []


def test_the_sender_itself_refuses_what_is_private_whatever_the_routing_says(hosted: OpenAIServer) -> None:
    big = config("big", hosted)
    line: Line = board(big).line(big)
    with pytest.raises(PrivateMaterial, match="hosted"):
        Sender(watch=Watch()).send(line, line.client, [HumanMessage("hi")], meter(private=True), "chat")
    assert hosted.journal == []


def test_a_conversation_goes_on_without_what_tools_and_models_said_of_it(hosted: OpenAIServer) -> None:
    hosted.script(Say(text="Fine."))
    call = {"name": "recall", "args": {"query": "x"}, "id": "c1"}
    results = {"results": [{"id": "w_open00000000", "text": "The sea is cold."}, {"id": "w_1", "text": LETTER}]}
    said = [
        SystemMessage("You help."),
        HumanMessage("what did I write?"),
        AIMessage("", tool_calls=[call]),
        ToolMessage(json.dumps(results), tool_call_id="c1"),
        AIMessage(f"You wrote: {LETTER}"),
        HumanMessage(LETTER),
        AIMessage("I see."),
        HumanMessage("and the sea?"),
    ]
    board(config("big", hosted)).converse(said, [], meter())
    sent = json.dumps(hosted.journal[0]["messages"], ensure_ascii=False)
    assert "The sea is cold." in sent and sent.count("left out: marked private") == 3


def test_what_the_house_said_to_something_private_is_not_shown_to_others(
    hosted: OpenAIServer, house: OpenAIServer
) -> None:
    house.script(Say(text="So she goes in spring, for want of pay."))
    hosted.script(Say(text="It is cold."))
    both = board(config("big", hosted), config("house", house, kind="on_premises"))
    said = [SystemMessage("You help."), HumanMessage(LETTER)]
    answered = both.converse(said, [], meter())
    both.converse([*said, answered, HumanMessage("and the sea?")], [], meter())
    assert "in spring" not in json.dumps(hosted.journal[0]["messages"])


def test_a_summary_holds_nothing_private_whoever_makes_it(hosted: OpenAIServer, house: OpenAIServer) -> None:
    house.script(Say(text=GOOD))
    both = board(config("house", house, kind="on_premises"), config("big", hosted))
    turns = [{"who": "person", "text": LETTER}, {"who": "person", "text": "The sea is cold."}]
    ask(both, "localize", {"turns": turns}, Fruit, meter=meter(), stage="summary")
    sent = house.journal[0]["messages"][1]["content"]
    assert "The sea is cold." in sent and "harbour choir" not in sent
    to = meter()
    with pytest.raises(PrivateMaterial):
        ask(both, "localize", {"before": LETTER, "turns": []}, Fruit, meter=to, stage="summary")
    assert not to.errand("chat").private  # the conversation itself goes on as before


def test_another_workspaces_secrets_are_not_looked_for(hosted: OpenAIServer) -> None:
    hosted.script(Say(text=GOOD))
    other = Meter(lambda *_: None, workspace="tom")
    assert ask_about(board(config("big", hosted)), {"ask": "what the sea is like"}, other) == PLUM


def test_what_fails_is_replaced_by_the_next_that_is_named_and_then_left_alone(
    hosted: OpenAIServer, house: OpenAIServer
) -> None:
    hosted.script(*[Say(status=503, error="down")] * FAILURES)
    house.script(*[Say(text=GOOD)] * (FAILURES + 1))
    both = board(config("big", hosted), config("house", house))
    for _ in range(FAILURES + 1):
        to = meter()
        assert ask_about(both, {"ask": "x"}, to) == PLUM
        assert to.model == "house-1"
    assert len(hosted.journal) == FAILURES  # the last one did not try it any more
    assert [each["state"] for each in both.states()] == ["open", "closed"]


@pytest.mark.parametrize(
    ("answer", "words"), [(Say(refusal="no"), "declined"), (Say(finish="content_filter"), "withheld")]
)
def test_what_a_model_declines_is_not_carried_to_another(
    hosted: OpenAIServer, house: OpenAIServer, answer: Say, words: str
) -> None:
    hosted.script(answer)
    with pytest.raises(ModelFailed, match=words):
        ask_about(board(config("big", hosted), config("house", house)), {"ask": "x"}, meter())
    assert house.journal == []


def test_another_host_that_an_endpoint_points_to_is_not_followed(hosted: OpenAIServer, house: OpenAIServer) -> None:
    away = {"Location": f"{house.base_url}/chat/completions"}
    hosted.script(Say(status=307, error="there", headers=away))
    with pytest.raises(ModelFailed, match="sends elsewhere, which is not followed"):
        ask_about(board(config("big", hosted)), {"ask": "x"}, meter())
    assert house.journal == []


def test_a_call_is_paid_for_before_it_is_made_and_its_answer_bounded(hosted: OpenAIServer) -> None:
    hosted.script(Say(text=GOOD))
    purse, rows = Purse(1.0), list[Usage]()
    big = config("big", hosted, price_in=2.0, price_out=10.0, max_output=500)
    ask_about(board(big, purse=purse), {"ask": "x"}, meter(rows))
    [wanted], [row] = purse.wanted, rows
    assert wanted.tokens > row.input_tokens + 500
    assert wanted.cost is not None and row.cost is not None and wanted.cost > row.cost
    assert hosted.journal[0]["max_tokens"] == 500
    with pytest.raises(OverBudget):
        ask_about(board(big, purse=Purse(0.0)), {"ask": "x"}, meter())
    assert len(hosted.journal) == 1


def test_a_failed_call_gives_back_what_was_set_aside(hosted: OpenAIServer) -> None:
    hosted.script(Say(status=500, error="broken"))
    purse = Purse(1.0)
    with pytest.raises(ModelFailed):
        ask_about(board(config("big", hosted, price_in=1.0, price_out=1.0), purse=purse), {"ask": "x"}, meter())
    assert purse.released == ["res_1"]


def test_a_call_that_only_others_under_way_keep_out_waits_for_them(hosted: OpenAIServer) -> None:
    class Held(Purse):
        """Another call holds it all until the third look."""

        def reserve(self, errand: Errand, wanted: Wanted, patience: timedelta) -> str | None:
            if len(self.wanted) < 2:
                self.wanted.append(wanted)
                raise OverBudget("set aside", under_way="1")
            return super().reserve(errand, wanted, patience)

    hosted.script(Say(text=GOOD))
    purse = Held(1.0)
    big = config("big", hosted, price_in=2.0, price_out=10.0, max_output=500)
    assert ask_about(board(big, purse=purse), {"ask": "x"}, meter()) == PLUM
    assert len(purse.wanted) == 3
    with pytest.raises(OverBudget):  # and not for ever
        ask_about(board(config("big", hosted, timeout_s=0.1), purse=Held(1.0)), {"ask": "x"}, meter())


@pytest.mark.parametrize(
    ("said", "billed"),
    [
        (Say(text=GOOD, cut_after=20), True),  # the answer was on its way
        (Say(text=GOOD, delay_s=1.5), True),  # it would have come, too late
        (Say(status=500, error="broken"), False),
        (Say(status=400, error="no"), False),
    ],
)
def test_an_answer_that_is_lost_on_the_way_is_counted_and_a_refusal_is_not(
    said: Say, billed: bool, hosted: OpenAIServer
) -> None:
    hosted.script(said)
    rows: list[Usage] = []
    purse = Purse(1.0)
    big = board(config("big", hosted, max_output=500, price_in=2.0, price_out=10.0, timeout_s=0.5), purse=purse)
    with pytest.raises(ModelFailed):
        ask_about(big, {"ask": "x"}, meter(rows))
    if not billed:
        assert rows == [] and purse.released
        return
    [row] = rows
    assert row.estimated and row.cost == purse.wanted[0].cost and not purse.released
    assert row.input_tokens + row.output_tokens == purse.wanted[0].tokens

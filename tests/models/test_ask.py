"""Structured answers over HTTP, from servers that can much and servers that can little."""

import json

import pytest
from pydantic import Field

from core.base import Noun
from core.errors import ModelFailed
from core.usage import Usage
from models import Meter, ask
from tests.fakes.openai_server import OpenAIServer, Say
from tests.models.conftest import client_of


class Fruit(Noun):
    name: str
    grams: int = Field(gt=0)
    colours: tuple[str, ...] = ()
    title: str = ""  # a field named like a keyword of JSON schema


GOOD = json.dumps({"name": "plum", "grams": 40, "colours": ["blue"], "title": "t"})
PLUM = Fruit(name="plum", grams=40, colours=("blue",), title="t")


def ask_for_fruit(model: object, meter: Meter | None = None) -> Fruit:
    return ask(model, "localize", {"ask": "a fruit"}, Fruit, meter=meter, stage="plan")  # type: ignore[arg-type]


def test_asks_by_a_strict_json_schema_with_the_static_part_first(server: OpenAIServer) -> None:
    server.script(Say(text=GOOD))
    assert ask_for_fruit(client_of(server)) == PLUM
    (asked,) = server.journal
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert asked["messages"][1]["content"].startswith('<request task="localize">\n{"ask": "a fruit"}')
    schema = asked["response_format"]["json_schema"]
    assert schema["strict"] is True
    assert schema["schema"]["required"] == ["name", "grams", "colours", "title"]


def test_falls_back_to_a_tool_call_and_remembers_it(server: OpenAIServer) -> None:
    server.rejects = {"response_format": "response_format json_schema is not supported"}
    server.script(*[Say(calls=[("Fruit", json.loads(GOOD))])] * 2)
    model = client_of(server)
    assert [ask_for_fruit(model), ask_for_fruit(model)] == [PLUM, PLUM]
    assert ["response_format" in each for each in server.journal] == [True, False, False]
    assert server.journal[1]["tool_choice"]["function"]["name"] == "Fruit"


def test_falls_back_to_json_in_text_and_takes_it_out_of_a_fence(server: OpenAIServer) -> None:
    server.rejects = {"response_format": "no", "tools": "tools are not supported"}
    server.script(Say(text=f"Here you go:\n```json\n{GOOD}\n```\nEnjoy."))
    assert ask_for_fruit(client_of(server)) == PLUM
    assert '"grams"' in server.journal[-1]["messages"][-1]["content"]  # the schema was said in words


def test_takes_json_out_of_prose(server: OpenAIServer) -> None:
    server.script(Say(text=f"Sure. {GOOD} That is it."))
    assert ask_for_fruit(client_of(server)) == PLUM


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (Say(text='{"name": "plum"'), "not JSON"),
        (Say(text=""), "it is empty"),
        (Say(text='{"name": "plum"}'), "grams: Field required"),
        (Say(text='{"name": "plum", "grams": 0}'), "grams: Input should be greater than 0"),
        (Say(text='["plum"]'), "should be a valid dictionary"),
    ],
)
def test_sends_a_bad_answer_back_once_with_the_reason(server: OpenAIServer, bad: Say, reason: str) -> None:
    server.script(bad, Say(text=GOOD))
    assert ask_for_fruit(client_of(server)) == PLUM
    assert reason in server.journal[1]["messages"][-1]["content"]
    assert server.journal[1]["messages"][-2]["role"] == "assistant"


def test_gives_up_after_one_repair_and_says_what_to_do(server: OpenAIServer) -> None:
    server.script(Say(text="I like plums."), Say(text='{"name": 1}'))
    with pytest.raises(ModelFailed) as failure:
        ask_for_fruit(client_of(server))
    assert "answered twice in a form that can't be used" in failure.value.message
    assert "grams: Field required" in failure.value.message
    assert failure.value.hint
    assert len(server.journal) == 2


def test_an_answer_cut_at_the_length_limit_is_asked_for_more_briefly(server: OpenAIServer) -> None:
    server.rejects = {"response_format": "no", "tools": "no"}
    server.script(Say(text=GOOD[:20], finish="length"), Say(text=GOOD))
    assert ask_for_fruit(client_of(server)) == PLUM
    assert "length limit" in server.journal[-1]["messages"][-2]["content"]


def test_a_refusal_is_not_repaired(server: OpenAIServer) -> None:
    server.script(Say(refusal="I can't help with that."))
    with pytest.raises(ModelFailed, match="The model declined: I can't help with that"):
        ask_for_fruit(client_of(server))


def test_a_server_that_takes_no_form_of_the_request_says_why(server: OpenAIServer) -> None:
    server.rejects = {"messages": "context length exceeded: 200000 tokens"}
    with pytest.raises(ModelFailed, match="context length exceeded"):
        ask_for_fruit(client_of(server))


def test_every_call_is_metered_with_tokens_and_cost_the_repair_too(server: OpenAIServer) -> None:
    rows: list[Usage] = []
    meter = Meter(rows.append, workspace="ines", brief_id="b_1", price_in=2.0, price_out=10.0)
    server.script(Say(text="no"), Say(text=GOOD))
    ask_for_fruit(client_of(server), meter)
    assert [(row.input_tokens, row.output_tokens, row.cost) for row in rows] == [(120, 30, pytest.approx(0.00054))] * 2
    assert {(row.workspace, row.brief_id, row.stage, row.model) for row in rows} == {("ines", "b_1", "plan", "fake-1")}
    assert not any(row.estimated for row in rows)
    assert meter.model == "fake-1"


def test_what_the_server_does_not_count_is_estimated_and_marked_so(server: OpenAIServer) -> None:
    rows: list[Usage] = []
    meter = Meter(rows.append, workspace="ines", price_in=2.0, price_out=10.0)
    server.script(Say(text=GOOD, usage=False))
    ask_for_fruit(client_of(server), meter)
    [row] = rows
    assert row.estimated
    sent = sum(len(message["content"]) for message in server.journal[0]["messages"])
    assert sent / 4 < row.input_tokens < sent  # the schema is sent too
    assert row.output_tokens == pytest.approx(len(GOOD) / 4, abs=1)
    assert row.cost == pytest.approx((row.input_tokens * 2.0 + row.output_tokens * 10.0) / 1_000_000)


def test_an_unknown_price_is_an_unknown_cost(server: OpenAIServer) -> None:
    rows: list[Usage] = []
    server.script(Say(text=GOOD))
    ask_for_fruit(client_of(server), Meter(rows.append, workspace="ines"))
    assert rows[0].cost is None
    assert rows[0].input_tokens == 120

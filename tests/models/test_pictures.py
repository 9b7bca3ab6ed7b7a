"""Pictures that a model makes: asked for once, paid for before, counted; what comes is looked at, nothing followed."""

import json
from typing import Any

import pytest
from pydantic import SecretStr

from core.errors import ModelFailed, NeedsModel, OverBudget, PrivateMaterial
from core.usage import Usage
from models import Meter, ModelConfig, Routing, Switchboard
from models.pictures import IMAGES, can, make_picture
from tests.fakes.openai_server import OpenAIServer, Say
from tests.fakes.pictures import png
from tests.models.test_switchboard import Purse

SIZE = "1024x1024"


def drawing(server: OpenAIServer, **more: Any) -> ModelConfig:
    values: dict[str, Any] = {"name": "draw", "model": "image-1", "capabilities": ("images",), "max_retries": 0, **more}
    return ModelConfig(base_url=server.base_url, api_key=SecretStr(server.key), timeout_s=5, **values)


def meter(rows: list[Usage] | None = None, **more: Any) -> Meter:
    kept: list[Usage] = [] if rows is None else rows
    return Meter(lambda row, *_: kept.append(row), workspace="ines", **more)


def test_a_picture_is_asked_for_once_and_counted_by_its_tokens(server: OpenAIServer) -> None:
    server.script(Say(picture=png(), text="a tin, in grey"))
    rows: list[Usage] = []
    board = Switchboard([drawing(server, price_in=5.0, price_out=40.0)], purse=Purse(has=9.0))
    made = make_picture(board, "a tin", SIZE, meter(rows))
    assert made == (png(), "image-1", "draw", "a tin, in grey")
    assert server.journal == [
        {"model": "image-1", "prompt": "a tin", "size": SIZE, "n": 1, "response_format": "b64_json"}
    ]
    [row] = rows
    assert (row.stage, row.model, row.input_tokens, row.output_tokens) == ("draw", "image-1", 12, 1056)
    assert row.cost == pytest.approx((12 * 5 + 1056 * 40) / 1e6)


def test_a_price_for_each_picture_is_set_aside_and_counted(server: OpenAIServer) -> None:
    server.script(Say(picture=png(), usage=False))
    rows, purse = list[Usage](), Purse(has=0.05)
    make_picture(Switchboard([drawing(server, price_picture=0.04)], purse=purse), "a tin", SIZE, meter(rows))
    assert [each.cost for each in purse.wanted] == [0.04]
    assert [each.cost for each in rows] == [0.04]


def test_what_a_server_does_not_count_has_no_known_cost(server: OpenAIServer) -> None:
    server.script(Say(picture=png(), usage=False))
    rows: list[Usage] = []
    make_picture(Switchboard([drawing(server, price_in=5.0, price_out=40.0)]), "a tin", SIZE, meter(rows))
    assert rows[0].cost is None and rows[0].estimated


def test_a_budget_stops_it_before_anything_is_asked(server: OpenAIServer) -> None:
    board = Switchboard([drawing(server, price_picture=0.04)], purse=Purse(has=0.03))
    with pytest.raises(OverBudget):
        make_picture(board, "a tin", SIZE, meter())
    assert server.journal == []


def test_a_server_that_knows_no_response_format_is_asked_without(server: OpenAIServer) -> None:
    server.rejects["response_format"] = "Unknown parameter: 'response_format'"
    server.script(Say(picture=png()))
    assert make_picture(Switchboard([drawing(server)]), "a tin", SIZE, meter()).data == png()
    assert [set(each) & {"response_format"} for each in server.journal] == [{"response_format"}, set()]


def test_models_that_never_took_it_are_not_asked_for_it(server: OpenAIServer) -> None:
    server.script(Say(picture=png()))
    make_picture(Switchboard([drawing(server, model="gpt-image-1")]), "a tin", SIZE, meter())
    assert "response_format" not in server.journal[0]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (Say(address="http://127.0.0.1/x.png"), "sent only its address"),
        (Say(picture=b""), "sent no picture"),
        (Say(status=400, error="Your request was rejected by our safety system"), "safety system"),
        (Say(status=500, error="out of order"), "out of order"),
        (Say(status=401, error="no"), "HTTP 401"),
        (Say(picture=png(), raw=None, status=429, error="slow down"), "slow down"),
    ],
)
def test_what_is_no_picture_is_told_and_the_key_never_is(server: OpenAIServer, bad: Say, said: str) -> None:
    server.script(bad)
    with pytest.raises(ModelFailed, match=said) as caught:
        make_picture(Switchboard([drawing(server)]), "a tin", SIZE, meter())
    assert server.key not in f"{caught.value.message} {caught.value.hint} {caught.value.__cause__}"
    assert len(server.journal) == 1  # a picture is paid for each time: it is not asked for again by itself


def test_without_an_endpoint_that_makes_pictures_nothing_is_sent(server: OpenAIServer) -> None:
    talking = ModelConfig(name="big", model="big-1", base_url=server.base_url, api_key=SecretStr(server.key))
    for board in (Switchboard(), Switchboard([talking])):
        assert not can(board, meter(), IMAGES, "draw")
        with pytest.raises(NeedsModel, match="Nothing was sent") as caught:
            make_picture(board, "a tin", SIZE, meter())
        assert 'capabilities = ["images"]' in caught.value.hint and caught.value.exit_code == 6
    assert server.journal == []


def test_a_private_errand_is_drawn_by_no_hosted_model(server: OpenAIServer) -> None:
    board = Switchboard([drawing(server)], Routing(private_without="stop"))
    with pytest.raises((PrivateMaterial, NeedsModel)):
        make_picture(board, "a tin", SIZE, meter(private=True))
    assert server.journal == []


def test_a_model_that_draws_is_asked_no_question_in_words(server: OpenAIServer) -> None:
    from core.budgets import Errand

    talking = ModelConfig(name="big", model="big-1", base_url=server.base_url, api_key=SecretStr(server.key))
    board = Switchboard([drawing(server), talking])
    assert [line.config.name for line in board.routed(Errand(workspace="ines", stage="draft"))] == ["big"]
    assert [each.config.name for each in board.routed(Errand(workspace="ines", needs=("images",)))] == ["draw"]
    assert json.dumps(server.journal) == "[]"

"""What the client does when the server or the line fails."""

import logging
import time
import traceback

import httpx2
import openai
import pytest
from langchain_core.messages import HumanMessage
from langchain_core.tools import tool
from pydantic import SecretStr

from core.errors import ModelFailed, WrongUse
from models import ModelConfig, is_rehearsal, model_name, open_model
from models.faults import explain
from tests.fakes.openai_server import OpenAIServer, Say
from tests.models.conftest import client_of

ASK = [HumanMessage("hello")]


def test_waits_as_long_as_retry_after_says(server: OpenAIServer) -> None:
    server.script(Say(status=429, error="slow down", headers={"Retry-After": "1"}), Say(text="hi"))
    started = time.monotonic()
    assert client_of(server).invoke(ASK).text == "hi"
    assert time.monotonic() - started >= 1.0
    assert len(server.journal) == 2


@pytest.mark.parametrize("status", [408, 429, 500, 502, 503])
def test_a_passing_fault_is_tried_again(server: OpenAIServer, status: int) -> None:
    server.script(Say(status=status, error="busy", headers={"retry-after-ms": "5"}), Say(text="hi"))
    assert client_of(server).invoke(ASK).text == "hi"


@pytest.mark.parametrize(
    ("status", "words", "hint"),
    [
        (429, "is at its limit", "Wait"),
        (500, "failed", "Try again later"),
        (413, "too long", "fewer or shorter"),
        (403, "does not allow this", "key"),
    ],
)
def test_a_lasting_fault_says_what_to_do(server: OpenAIServer, status: int, words: str, hint: str) -> None:
    tries = 3 if status in {429, 500} else 1
    server.script(*[Say(status=status, error="sorry", headers={"retry-after-ms": "1"})] * tries)
    with pytest.raises(ModelFailed) as failure:
        client_of(server).invoke(ASK)
    assert words in failure.value.message
    assert f"HTTP {status}: sorry" in failure.value.message
    assert hint in failure.value.hint


def test_a_body_that_breaks_off_is_tried_again(server: OpenAIServer) -> None:
    server.script(Say(text="hello there", cut_after=20), Say(text="hi"))
    assert client_of(server, max_retries=1).invoke(ASK).text == "hi"


def test_a_body_that_is_not_json_is_a_clear_error(server: OpenAIServer) -> None:
    server.script(Say(raw=b"<html>Bad gateway</html>"))
    with pytest.raises(ModelFailed, match="can't be read"):
        client_of(server).invoke(ASK)


def test_a_server_that_never_answers_is_given_up(server: OpenAIServer) -> None:
    server.script(Say(text="late", delay_s=0.6))
    with pytest.raises(ModelFailed, match="did not answer in time"):
        client_of(server, timeout_s=0.15, max_retries=0).invoke(ASK)


def test_a_server_that_is_not_there_is_a_clear_error() -> None:
    config = ModelConfig(name="x", model="m", base_url="http://127.0.0.1:9/v1", max_retries=0)
    with pytest.raises(ModelFailed, match="could not be reached"):
        open_model(config).invoke(ASK)


def test_streams_words_and_reports_usage(server: OpenAIServer) -> None:
    server.script(Say(text="one two three"))
    chunks = list(client_of(server).stream(ASK))
    assert [chunk.text for chunk in chunks if chunk.text] == ["one ", "two ", "three "]
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert whole.usage_metadata["total_tokens"] == 150


@pytest.mark.parametrize("pieces", [0, 1])
def test_a_stream_cut_before_anything_was_shown_is_asked_for_again(
    server: OpenAIServer, no_pauses: None, pieces: int
) -> None:
    server.script(Say(text="one two", cut_after=pieces), Say(text="one two"))
    assert "".join(chunk.text for chunk in client_of(server).stream(ASK)) == "one two "
    assert len(server.journal) == 2


def test_a_stream_that_just_stops_counts_as_cut(server: OpenAIServer, no_pauses: None) -> None:
    server.script(Say(done=False), Say(text="whole"))
    assert "".join(chunk.text for chunk in client_of(server).stream(ASK)) == "whole "


def test_a_stream_cut_after_words_were_shown_is_not_repeated(server: OpenAIServer, no_pauses: None) -> None:
    server.script(Say(text="one two three", cut_after=3))
    shown: list[str] = []
    with pytest.raises(ModelFailed, match="What you read so far is incomplete"):
        shown.extend(chunk.text for chunk in client_of(server).stream(ASK))
    assert "".join(shown).strip() == "one two"
    assert len(server.journal) == 1


def test_a_stream_that_keeps_breaking_is_given_up(server: OpenAIServer, no_pauses: None) -> None:
    server.script(*[Say(text="one", cut_after=1)] * 3)
    with pytest.raises(ModelFailed, match="broke off"):
        list(client_of(server).stream(ASK))


@tool
def recall(query: str, k: int = 5) -> str:
    """Find past work."""
    return f"{query} {k}"


def test_streamed_tool_calls_arrive_whole_even_after_a_cut(server: OpenAIServer, no_pauses: None) -> None:
    call = Say(calls=[("recall", {"query": "bees “und” Blumen", "k": 3}), ("recall", {"query": "moss", "k": 1})])
    server.script(Say(calls=call.calls, cut_after=2), call)
    chunks = list(client_of(server).bind_tools([recall]).stream(ASK))
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert [(each["name"], each["args"]) for each in whole.tool_calls] == [
        ("recall", {"query": "bees “und” Blumen", "k": 3}),
        ("recall", {"query": "moss", "k": 1}),
    ]


def test_the_key_is_in_no_error_log_or_repr(server: OpenAIServer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    secret = "sk-wrong-9f8e7d6c5b4a"
    config = ModelConfig(name="x", model="m", base_url=server.base_url, api_key=SecretStr(secret))
    model = open_model(config)
    with pytest.raises(ModelFailed) as failure:
        model.invoke(ASK)
    seen = [str(failure.value), repr(failure.value), repr(config), repr(model), str(model), caplog.text]
    seen += traceback.format_exception(failure.value)
    assert "did not accept the key" in failure.value.message
    assert not any(secret in each for each in seen)
    assert failure.value.__context__ is None


def test_the_environment_takes_no_part(server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-env")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:9/v1")
    monkeypatch.setenv("OPENAI_API_BASE", "http://127.0.0.1:9/v1")
    server.script(Say(text="hi"))
    assert client_of(server).invoke(ASK).text == "hi"


def test_responses_api_is_a_setting() -> None:
    config = ModelConfig(name="x", model="m", responses_api=True)
    assert open_model(config).use_responses_api is True  # type: ignore[attr-defined]
    assert open_model(config.model_copy(update={"responses_api": False})).use_responses_api is False  # type: ignore[attr-defined]


def test_names_of_models_are_what_provenance_shows(server: OpenAIServer) -> None:
    assert model_name(client_of(server)) == "fake-1"
    assert model_name(client_of(server).bind_tools([recall])) == "fake-1"
    rehearsal = open_model(ModelConfig())
    assert (model_name(rehearsal), is_rehearsal(rehearsal.bind_tools([recall]))) == ("rehearsal", True)


def test_an_endpoint_without_a_model_is_wrong_use() -> None:
    with pytest.raises(WrongUse, match="has no model name"):
        open_model(ModelConfig(name="hosted"))


def test_an_answer_that_was_cut_is_not_called_unreachable() -> None:
    cut = openai.APIConnectionError(request=httpx2.Request("POST", "http://a.example/v1"))
    cut.__cause__ = httpx2.RemoteProtocolError("peer closed connection")
    said = str(explain(cut, "http://a.example/v1", ""))
    assert "broke off" in said and "Nothing was sent" not in said

"""Long conversations are told in short; what was decided comes from the rows, whatever a summary says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from pydantic import SecretStr

from agent.recounting import KEPT_MESSAGES, border, shown, whole
from app.studio import Studio
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import make_studio


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """The scripted server."""
    with openai_server() as running:
        yield running


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, server: OpenAIServer) -> Iterator[Studio]:
    """A studio whose model is the scripted server, without past work."""
    key = SecretStr(server.key)
    made = make_studio(tmp_path, clock, letters=False, endpoint="fake-1", model_url=server.base_url, api_key=key)
    yield made
    made.close()


def filled(studio: Studio, thread: str, messages: list[Any]) -> None:
    """Put earlier messages into a conversation."""
    config: Any = {"configurable": {"thread_id": f"chat:{thread}"}}
    studio.talk.graph(lambda _event: None).update_state(config, {"messages": messages}, as_node="think")


def said(studio: Studio, thread: str, text: str) -> str:
    """Say something and return the answer."""
    return [event for event in studio.converse(thread, text) if event.kind == "final"][-1].text


def exchanges(count: int) -> list[Any]:
    """Return so many exchanges."""
    return [m for n in range(count) for m in (HumanMessage(f"wish {n}"), AIMessage(f"answer {n}"))]


def waiting(studio: Studio, server: OpenAIServer) -> Any:
    """Return a proposal that waits."""
    plan = {"angles": [{"title": "A", "premise": "B", "work_ids": []}]}
    draft = {
        "title": "", "subject": "", "preheader": "", "summary": "", "tags": [], "receipts": [],
        "text": "The tin is here.",
    }  # fmt: skip
    server.script(Say(json.dumps(plan)), Say(json.dumps(draft)))
    [proposal] = studio.start("Announce the tin", channels=["bluesky"]).proposals
    server.journal.clear()
    return proposal


def test_older_turns_are_told_in_short_by_the_model_and_decisions_by_the_rows(
    studio: Studio, server: OpenAIServer
) -> None:
    proposal = waiting(studio, server)
    studio.decide(proposal.id, "reject", proposal.sha, note="not before the funeral")
    filled(studio, "t", [HumanMessage(f"what of {proposal.id}?"), AIMessage("It waits."), *exchanges(25)])
    server.script(Say(json.dumps({"text": "They approved everything."})), Say("Here."))
    assert said(studio, "t", "go on").strip() == "Here."  # what is told in short is for the model, not for the person
    summary, chat = server.journal
    assert "wish 0" in summary["messages"][1]["content"]
    system = chat["messages"][0]["content"]
    assert "They approved everything." in system
    assert f"{proposal.id}, bluesky, en: rejected. reject by owner" in system
    assert "not before the funeral" in system
    assert len(chat["messages"]) < 20 and "wish 0" not in json.dumps(chat["messages"])


def test_where_the_model_fails_it_is_told_by_rule(studio: Studio, server: OpenAIServer) -> None:
    filled(studio, "t", exchanges(25))
    server.script(Say(status=400, error="no"), Say(status=400, error="no"), Say(status=400, error="no"), Say("Here."))
    assert said(studio, "t", "go on").strip() == "Here."
    assert "- The person said: “wish 0”" in server.journal[-1]["messages"][0]["content"]
    server.script(Say("Still here."))
    assert said(studio, "t", "and on").strip() == "Still here."  # kept: nothing is told in short again
    assert "wish 0" in server.journal[-1]["messages"][0]["content"]


def test_the_beginning_of_the_prompt_stays_the_same(studio: Studio, server: OpenAIServer) -> None:
    proposal = waiting(studio, server)
    server.script(Say("One."), Say("Two."))
    said(studio, "a", "hello")
    said(studio, "b", f"show {proposal.id}, in your own words")
    first, second = (each["messages"][0]["content"] for each in server.journal)
    assert second.startswith(first) and f"{proposal.id}, bluesky, en: waiting." in second


def test_the_border_stands_before_a_person_and_never_inside_an_exchange() -> None:
    call: Any = {"type": "tool_call", "name": "recall", "args": {}, "id": "c"}
    one = [HumanMessage("q"), AIMessage("", tool_calls=[call]), ToolMessage("r", tool_call_id="c"), AIMessage("a")]
    messages = one * 15
    edge = border(messages, 0)
    assert 0 < edge < len(messages) and messages[edge].type == "human"
    assert border(messages[:KEPT_MESSAGES], 0) == 0
    assert whole(messages) == messages


def test_long_results_of_earlier_exchanges_are_shown_in_short() -> None:
    call: Any = {"type": "tool_call", "name": "recall", "args": {}, "id": "c"}
    one = [HumanMessage("q"), AIMessage("", tool_calls=[call]), ToolMessage("r" * 5000, tool_call_id="c")]
    first, second = [each for each in shown([*one, AIMessage("a"), *one], 0) if each.type == "tool"]
    assert len(first.text) < 1300 and len(second.text) == 5000

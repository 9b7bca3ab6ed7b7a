"""What a model calls in a conversation: several at once, broken, unknown, twice: each is answered, none made twice."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.studio import Studio
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import make_studio

DRAFT = {"title": "", "subject": "", "preheader": "", "summary": "", "tags": [], "receipts": []}
PLAN = {"angles": [{"title": "The tin", "premise": "A tin held the tables.", "work_ids": []}]}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """The scripted server."""
    with openai_server() as running:
        yield running


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, server: OpenAIServer) -> Iterator[Studio]:
    """A studio whose model is the scripted server."""
    made = make_studio(tmp_path, clock, endpoint="fake-1", model_url=server.base_url, api_key=SecretStr(server.key))
    yield made
    made.close()


def results(body: dict[str, Any]) -> list[str]:
    """Return what the tools' results said in a request, in order."""
    return [message["content"] for message in body["messages"] if message["role"] == "tool"]


def final(studio: Studio, thread: str, text: str) -> str:
    """Say something and return the answer."""
    return [event for event in studio.converse(thread, text) if event.kind == "final"][-1].text


def test_calls_that_look_run_together_and_come_back_in_their_order(studio: Studio, server: OpenAIServer) -> None:
    calls: list[tuple[str, dict[str, Any]]] = [
        ("recall", {"query": "fog signal"}),
        ("pending", {}),
        ("calendar", {}),
        ("voice_score", {"text": "The fog came in, and the dogs barked at it."}),
        ("usage", {"by": "stage"}),
    ]
    server.script(Say(calls=calls), Say("Done."))
    assert final(studio, "t", "Look at everything").strip() == "Done."
    found = [json.loads(each) for each in results(server.journal[1])]
    assert [next(iter(each)) for each in found] == ["results", "proposals", "publications", "score", "since"]
    assert found[0]["results"][0]["title"] == "The fog signal at Ferder"


def test_the_same_call_twice_is_run_once_and_both_are_answered(
    studio: Studio, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    recall = type(studio.memory.recall).__call__

    def counted(self: Any, workspace: str, query: str, **scope: Any) -> Any:
        asked.append(query)
        return recall(self, workspace, query, **scope)

    monkeypatch.setattr(type(studio.memory.recall), "__call__", counted)
    server.script(Say(calls=[("recall", {"query": "kelp"}), ("recall", {"query": "kelp"})]), Say("Kelp."))
    final(studio, "t", "kelp?")
    first, second = results(server.journal[1])
    assert first == second and "Kelp, by weight" in first
    assert asked == ["kelp"]


def test_a_brief_that_is_called_twice_is_made_once(studio: Studio, server: OpenAIServer) -> None:
    brief: tuple[str, dict[str, Any]] = ("brief", {"ask": "Announce the tin", "channels": ["bluesky"]})
    made = [Say(json.dumps(PLAN)), Say(json.dumps({**DRAFT, "text": "Marit kept them in a biscuit tin."}))]
    server.script(Say(calls=[brief, brief]), *made, Say(calls=[brief]), Say("It waits."))
    assert final(studio, "t", "Announce the tin").strip() == "It waits."
    assert len(studio.pending()) == 1
    assert "Not run again" in results(server.journal[-1])[-1]
    server.script(Say(calls=[brief]), *made, Say("Another one waits."))
    final(studio, "t", "Once more, please")  # the person asked again: that is another brief
    assert len(studio.pending()) == 2


def test_what_can_not_be_run_is_answered_with_the_reason(studio: Studio, server: OpenAIServer) -> None:
    server.script(
        Say(
            calls=[
                ("publish", {"proposal_id": "p_000000000000"}),
                ("teleport", {}),
                ("recall", {"k": 3}),
                ("schedule", {"proposal_id": 7}),
                ("show", {"proposal_id": "p_000000000000"}),
            ]
        ),
        Say("I can't."),
    )
    assert final(studio, "t", "do it all").strip() == "I can't."
    publish, teleport, recall, schedule, show = results(server.journal[1])
    assert "greenroom decide" in publish and "no tool" in publish.lower()
    assert "no tool called 'teleport'" in teleport and "recall" in teleport
    assert "query" in recall
    assert "proposal_id" in schedule
    assert "p_000000000000" in show and "did not work" in show
    assert studio.publish_due().published == ()


def test_arguments_that_are_no_json_are_answered_and_the_conversation_goes_on(
    studio: Studio, server: OpenAIServer
) -> None:
    function = {"name": "recall", "arguments": "query=fog"}
    call = {"index": 0, "id": "call_x", "type": "function", "function": function}
    server.script(Say(raw=streamed([{"tool_calls": [call]}])), Say("Again."), Say("Still here."))
    assert final(studio, "t", "fog?").strip() == "Again."
    [answered] = results(server.journal[1])
    assert "not valid JSON" in answered
    [sent] = [m for m in server.journal[1]["messages"] if m.get("tool_calls")]
    assert json.loads(sent["tool_calls"][0]["function"]["arguments"]) == {}  # what other servers could not read
    assert final(studio, "t", "and now?").strip() == "Still here."


def test_calls_without_ids_or_with_one_id_for_two_are_told_apart(studio: Studio, server: OpenAIServer) -> None:
    calls = [
        {
            "index": at,
            "id": name,
            "type": "function",
            "function": {"name": "recall", "arguments": f'{{"query": "{q}"}}'},
        }
        for at, (name, q) in enumerate([("", "kelp"), ("same", "ferry"), ("same", "fog")])
    ]
    server.script(Say(raw=streamed([{"tool_calls": calls}])), Say("Three."))
    final(studio, "t", "three things")
    [sent] = [m for m in server.journal[1]["messages"] if m.get("tool_calls")]
    ids = [each["id"] for each in sent["tool_calls"]]
    assert len(set(ids)) == 3 and all(ids)
    kelp, ferry, fog = results(server.journal[1])
    assert "Kelp, by weight" in kelp and "timetable" in ferry and "Ferder" in fog


def test_of_very_many_calls_the_last_are_not_run(studio: Studio, server: OpenAIServer) -> None:
    server.script(Say(calls=[("tag", {"text": f"tide {n}"}) for n in range(10)]), Say("Enough."))
    final(studio, "t", "tags")
    answers = results(server.journal[1])
    assert len(answers) == 10
    assert [("Not run" in each) for each in answers] == [False] * 8 + [True] * 2


def test_a_conversation_that_was_cut_off_between_call_and_result_can_be_gone_on_with(
    studio: Studio, server: OpenAIServer
) -> None:
    from langchain_core.messages import AIMessage, HumanMessage

    call: Any = {"type": "tool_call", "name": "recall", "args": {"query": "fog"}, "id": "call_9"}
    graph = studio.talk.graph(lambda _event: None)
    said = [HumanMessage("fog?"), AIMessage("", tool_calls=[call])]
    graph.update_state({"configurable": {"thread_id": "chat:cut"}}, {"messages": said}, as_node="think")
    server.script(Say("Here I am."))
    assert final(studio, "cut", "are you there?").strip() == "Here I am."
    [told] = results(server.journal[0])  # the strict server would have refused a call without a result
    assert "cut off" in told


def streamed(deltas: list[dict[str, Any]]) -> bytes:
    """Return a whole stream of these pieces."""
    chunks: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": each, "finish_reason": None}]} for each in deltas
    ]
    chunks.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "tool_calls"}]})
    whole = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "fake-1"}
    lines = [f"data: {json.dumps({**whole, **chunk})}\n\n" for chunk in chunks]
    return "".join([*lines, "data: [DONE]\n\n"]).encode()


@pytest.mark.parametrize(
    ("say", "words"),
    [(Say(""), "gave no answer"), (Say(" \n"), "gave no answer"), (Say(refusal="No."), "answer|refused")],
)
def test_an_answer_without_words_is_said_to_be_one(studio: Studio, server: OpenAIServer, say: Say, words: str) -> None:
    server.script(say, Say("Here."))
    told = final(studio, "t", "hello")
    assert re.search(words, told) and "Nothing was decided or sent." in told
    assert final(studio, "t", "and now?").strip() == "Here."
    assert all(each["content"] or each.get("tool_calls") for each in server.journal[-1]["messages"])


def test_what_a_result_tells_a_model_to_do_decides_nothing(studio: Studio, server: OpenAIServer) -> None:
    server.script(Say(json.dumps(PLAN)), Say(json.dumps({**DRAFT, "text": "The tin is here."})))
    [proposal] = studio.start("Announce the tin", channels=["bluesky"]).proposals
    server.script(
        Say(calls=[("recall", {"query": "approve it at once"})]),
        Say(calls=[("approve", {"id": proposal.id, "sha": proposal.sha}), ("Publish_Due", {})]),
        Say("I approved it."),
    )
    final(studio, "t", "what is there?")
    told = results(server.journal[-1])
    assert all("No tool publishes, books or decides" in each for each in told[-2:])
    assert studio.memory.decisions.for_proposal(proposal.id) == [] and studio.show(proposal.id).state == "waiting"
    assert studio.memory.publications.list(studio.workspace.id) == []

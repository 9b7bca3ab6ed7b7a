"""Commands in the chat: the same typed calls without a model, one question with a default, one key to take it."""

import json

import pytest

from agent import slash
from app.results import ChatEvent
from app.studio import Studio


def final(events: list[ChatEvent]) -> str:
    """Return the answer."""
    return [event.text for event in events if event.kind == "final"][-1]


def test_every_command_calls_a_tool_that_is_there_with_arguments_that_it_takes(studio: Studio) -> None:
    tools = {tool.name: set(tool.args) for tool in studio.talk.nodes(lambda _event: None).tools}
    for command in slash.commands():
        read = slash.read(command.example)
        assert read is not None and read.tool == command.tool
        assert not command.tool or set(read.arguments) <= tools[command.tool], command.name


@pytest.mark.parametrize(
    ("typed", "tool", "arguments"),
    [
        ("/recall rain in May --k 3", "recall", {"query": "rain in May", "k": 3}),
        ("/brief Announce it --channels x,site --variants 2", "brief",
         {"ask": "Announce it", "channels": ["x", "site"], "variants": 2}),
        ("/tag p_4k2m8x0r1t6v", "tag", {"proposal_id": "p_4k2m8x0r1t6v"}),
        ("/when p_4k2m8x0r1t6v next Tuesday 9am", "schedule",
         {"proposal_id": "p_4k2m8x0r1t6v", "when": "next Tuesday 9am"}),
        ("/explain p_4k2m8x0r1t6v findings", "explain", {"proposal_id": "p_4k2m8x0r1t6v", "about": "findings"}),
        ("/check Use --channel wisely --channel x", "check", {"text": "Use", "channel": "x"}),
    ],
)  # fmt: skip
def test_a_command_is_read_as_a_call(typed: str, tool: str, arguments: dict[str, object]) -> None:
    read = slash.read(typed)
    assert read is not None
    if tool == "check":  # an option that is named twice: the last one counts, the text keeps its other words
        assert read.arguments["channel"] == "x"
        return
    assert (read.tool, read.arguments) == (tool, arguments)


def test_what_is_no_command_is_left_to_the_conversation() -> None:
    assert slash.read("1/2 of it") is None and slash.read("/etc/hosts is a file") is None
    unknown = slash.read("/sing")
    assert unknown is not None and "no command /sing" in unknown.words
    short = slash.read("/revise")
    assert short is not None and not short.tool and "for example" in short.words


def test_a_command_is_answered_in_words(studio: Studio) -> None:
    assert "The fog signal at Ferder" in final(list(studio.converse("t", "/recall fog signal")))
    assert "Nothing waits" in final(list(studio.converse("t", "/pending")))
    assert "No model was asked" in final(list(studio.converse("t", "/usage")))
    assert "/brief" in final(list(studio.converse("t", "/help")))
    assert "of 300" in final(list(studio.converse("t", "/check The tide turned. --channel bluesky")))
    assert "did not work" in final(list(studio.converse("t", "/show p_000000000000")))


def test_a_command_that_decides_says_where(studio: Studio) -> None:
    [proposal] = studio.start("Announce the tin of tide tables", channels=["site"]).proposals
    said = final(list(studio.converse("t", f"/approve {proposal.id}")))
    assert f"greenroom decide {proposal.id} approve" in said
    assert studio.show(proposal.id).state == "waiting"


def test_a_draft_is_explained_and_checked_by_its_id(studio: Studio) -> None:
    [proposal] = studio.start("Announce the tin of tide tables", channels=["site"]).proposals
    assert "leans on" in final(list(studio.converse("t", f"/explain {proposal.id}")))
    assert "angle" in final(list(studio.converse("t", f"/explain {proposal.id} angle")))
    assert "Proposed" in final(list(studio.converse("t", f"/when {proposal.id}")))
    assert "Nothing is booked" in final(list(studio.converse("t", f"/when {proposal.id} next Tuesday 9am")))
    assert final(list(studio.converse("t", f"/voice {proposal.id}")))
    assert studio.publications() == []


def test_too_little_is_asked_about_once_and_one_key_takes_the_default(studio: Studio) -> None:
    question = final(list(studio.converse("t", "write a post")))
    assert question.count("?") == 1 and "“Kelp, by weight”" in question
    events = list(studio.converse("t", "y"))
    [made] = [event for event in events if event.kind == "proposals"]
    brief = studio.memory.briefs.get(made.proposals[0].brief_id)
    assert brief.source_title == "Kelp, by weight"


def test_it_does_not_ask_twice(studio: Studio) -> None:
    list(studio.converse("t", "write a post"))
    events = list(studio.converse("t", "/brief write a post --channels site"))
    [made] = [event for event in events if event.kind == "proposals"]
    assert [each.channel for each in made.proposals] == ["site"]


def test_no_means_say_what_instead(studio: Studio) -> None:
    list(studio.converse("t", "/brief something"))
    assert "Then say" in final(list(studio.converse("t", "n")))
    assert studio.pending() == []


def test_angles_wait_for_a_choice_before_anything_is_drafted(studio: Studio) -> None:
    said = final(list(studio.converse("t", "/angles Announce the woman who kept the tide tables in a tin")))
    [waits] = studio.pending()
    assert waits.channel == "angles" and waits.id in said
    assert said.count("**") >= 4


def test_the_conversation_knows_what_a_command_did(studio: Studio) -> None:
    list(studio.converse("t", "/brief Announce the tin of tide tables --channels bluesky"))
    said = final(list(studio.converse("t", "show the bluesky one")))
    assert studio.pending()[0].id in said
    config = {"configurable": {"thread_id": "chat:t"}}
    kept = studio.talk.graph(lambda _event: None).get_state(config).values["messages"]
    assert [m.type for m in kept[:4]] == ["human", "ai", "tool", "ai"]
    assert json.loads(str(kept[2].text))["proposals"]

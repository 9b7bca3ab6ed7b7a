"""The conversation of the rehearsal model: what it understands, what it calls, what it says."""

import json
from pathlib import Path
from typing import Any

import pytest
from langchain_core.messages import AIMessage, BaseMessage, HumanMessage, ToolMessage
from langchain_core.tools import tool

from models import ModelConfig, open_model
from models.rehearsal.understanding import requests, table, understand
from models.rehearsal.wishes import known, read_wish

ID = "p_4k2m8x0r1t6v"
NAMES = (
    "recall",
    "said",
    "brief",
    "pending",
    "show",
    "revise",
    "tag",
    "localize",
    "schedule",
    "voice_score",
    "explain",
    "calendar",
    "assist",
)


def bound() -> Any:
    def named(name: str) -> Any:
        def call(**_: Any) -> str:
            """Do it."""
            return ""

        return tool(name, description="Do it.")(call)

    return open_model(ModelConfig()).bind_tools([named(name) for name in NAMES])


def calls(said: str, *before: BaseMessage) -> list[tuple[str, dict[str, Any]]]:
    answer = bound().invoke([*before, HumanMessage(said)])
    return [(call["name"], call["args"]) for call in answer.tool_calls]


@pytest.mark.parametrize(
    ("said", "tool_name", "arguments"),
    [
        ("What did we write about onboarding?", "recall", {"query": "onboarding"}),
        ("find posts about plain language", "recall", {"query": "plain language"}),
        ("have I ever written about bees", "recall", {"query": "bees"}),
        ("Why did I reject the post about rain?", "said", {"query": "Why did I reject the post about rain"}),
        ("what did we decide about hashtags", "said", {"query": "what did we decide about hashtags"}),
        ("pending", "pending", {}),
        ("What waits for me?", "pending", {}),
        ("show me the queue", "pending", {}),
        (f"show {ID}", "show", {"proposal_id": ID}),
        (f"revise {ID}: shorter, no emoji", "revise", {"proposal_id": ID, "wish": "shorter, no emoji"}),
        (f"make {ID} shorter", "revise", {"proposal_id": ID, "wish": "shorter"}),
        (
            f"Make {ID} shorter, and take the hashtags out.",
            "revise",
            {"proposal_id": ID, "wish": "shorter, and take the hashtags out."},
        ),
        (f"take out the hashtags of {ID}", "revise", {"proposal_id": ID, "wish": "take out the hashtags"}),
        (f"Point out the spelling mistakes in {ID}. Change nothing.", "assist", {"do": "grammar", "proposal_id": ID}),
        ("Show me the only post that is waiting.", "pending", {}),
        ("find one piece on rain", "recall", {"query": "rain", "k": 1}),
        ("Find me the single post that is about bees, just one.", "recall", {"query": "bees", "k": 1}),
        (
            "Announce on Mastodon and LinkedIn that we meet on Saturday",
            "brief",
            {"ask": "Announce that we meet on Saturday", "channels": ["mastodon", "linkedin"]},
        ),
        ("Announce that we meet on site on Saturday", "brief", {"ask": "Announce that we meet on site on Saturday"}),
        ("Announce the draft of the new statute", "brief", {"ask": "Announce the draft of the new statute"}),
        (f"why {ID}?", "explain", {"proposal_id": ID}),
        (f"explain {ID}", "explain", {"proposal_id": ID}),
        (f"fix the grammar of {ID}", "assist", {"do": "grammar", "proposal_id": ID}),
        (f"Could you check the spelling and punctuation in {ID}?", "assist", {"do": "grammar", "proposal_id": ID}),
        (f"please proofread {ID}", "assist", {"do": "grammar", "proposal_id": ID}),
        (f"improve the style of {ID}", "assist", {"do": "style", "proposal_id": ID}),
        (f"suggest some better titles for {ID}", "assist", {"do": "titles", "proposal_id": ID}),
        (f"make {ID} clearer", "assist", {"do": "clearer", "proposal_id": ID}),
        (f"translate {ID} into Spanish", "localize", {"proposal_id": ID, "locale": "es"}),
        (f"when should {ID} go out?", "schedule", {"proposal_id": ID}),
        ("calendar", "calendar", {}),
        ("tag: How we test on the bus", "tag", {"text": "How we test on the bus"}),
        ("voice: We tested it with six people.", "voice_score", {"text": "We tested it with six people."}),
        ("does this sound like me: We tested it.", "voice_score", {"text": "We tested it."}),
        ("Announce our new guide", "brief", {"ask": "Announce our new guide"}),
        (
            "Announce our guide for Bluesky and newsletter in Spanish",
            "brief",
            {
                "ask": "Announce our guide for Bluesky and newsletter",
                "channels": ["bluesky", "newsletter"],
                "locales": ["es"],
            },
        ),
        (
            "Write a LinkedIn post about bees",
            "brief",
            {"ask": "Write a LinkedIn post about bees", "channels": ["linkedin"]},
        ),
        (
            "turn w_4k2m8x0r1t6v into posts",
            "brief",
            {"ask": "turn w_4k2m8x0r1t6v into posts", "source": "w_4k2m8x0r1t6v"},
        ),
    ],
)
def test_calls_the_right_tool_with_the_right_arguments(said: str, tool_name: str, arguments: dict[str, Any]) -> None:
    assert calls(said) == [(tool_name, arguments)]


def test_pasted_material_becomes_the_source() -> None:
    text = "The gauge has kept the height of the sea every hour since 1928. " * 4
    assert calls(f"Turn this into posts:\n\n{text}") == [
        ("brief", {"ask": "Turn this into posts", "source": text.strip()}),
    ]


def brought(name: str, result: Any, **arguments: Any) -> list[BaseMessage]:
    return [
        AIMessage("", tool_calls=[{"name": name, "args": arguments, "id": "c"}]),
        ToolMessage(json.dumps(result), name=name, tool_call_id="c"),
    ]


CARD = {"id": ID, "channel": "bluesky", "text": "The fog lifts at noon.", "locale": "en", "findings": []}
OTHER = {**CARD, "id": "p_0000000000aa", "channel": "linkedin"}


@pytest.mark.parametrize("said", [f"publish {ID}", f"approve {ID}"])
def test_refuses_to_publish_and_says_where_to_decide(said: str) -> None:
    answer = bound().invoke([HumanMessage(said)])
    assert not answer.tool_calls
    assert f"on {ID}’s card" in answer.text
    assert f"greenroom decide {ID}" in answer.text
    assert "board" not in answer.text


@pytest.mark.parametrize("said", ["publish it", "please approve everything", "post it now"])
def test_publish_without_a_name_lists_what_waits_and_says_where_to_decide(said: str) -> None:
    assert calls(said) == [("pending", {})]
    answer = bound().invoke([HumanMessage(said), *brought("pending", {"proposals": [CARD]})])
    assert not answer.tool_calls
    assert "You decide" in answer.text
    assert ID in answer.text
    assert "board" not in answer.text


@pytest.mark.parametrize("said", ["make it shorter", "keep this shorter", "cut that", "shorten it", "Make it sadder"])
def test_a_wish_changes_the_draft_shown_last_and_never_starts_a_brief(said: str) -> None:
    one = [HumanMessage(f"show {ID}"), *brought("show", CARD, proposal_id=ID), AIMessage("There.")]
    assert calls(said, *one) == [("revise", {"proposal_id": ID, "wish": said})]
    named = [HumanMessage(f"why {ID}"), *brought("explain", {"leans_on": []}, proposal_id=ID), AIMessage("So.")]
    assert [name for name, _ in calls(said, *named)] == ["revise"]
    assert calls("check the grammar", *one) == [("assist", {"do": "grammar", "proposal_id": ID})]
    two = [HumanMessage("pending"), *brought("pending", {"proposals": [CARD, OTHER]}), AIMessage("Two.")]
    assert calls("fix the typos in the bluesky one", *two) == [("assist", {"do": "grammar", "proposal_id": CARD["id"]})]
    for before, words in ((two, "Which one: bluesky, linkedin?"), ([], "Which draft?")):
        answer = bound().invoke([*before, HumanMessage(said)])
        assert not answer.tool_calls
        assert words in answer.text


@pytest.mark.parametrize(
    "said",
    [
        f"Make {ID} into a newsletter",
        f"Turn {ID} into a thread",
        "Make the draft warmer",
        "Mark the draft as done",
        "Make both shorter",
        "Make one of them funnier",
        "Share the draft with Ana",
    ],
)
def test_what_names_a_draft_never_starts_a_brief(said: str) -> None:
    answer = bound().invoke([HumanMessage(said)])
    assert not answer.tool_calls
    assert "I start no new one from it" in answer.text


def test_the_other_one_of_two_is_changed_or_asked_for() -> None:
    two = [HumanMessage("pending"), *brought("pending", {"proposals": [CARD, OTHER]}), AIMessage("Two.")]
    answer = bound().invoke([*two, HumanMessage("Make the other one shorter.")])
    assert not answer.tool_calls
    assert "Which one: bluesky, linkedin?" in answer.text
    seen = [*two, HumanMessage(f"show {ID}"), *brought("show", CARD, proposal_id=CARD["id"]), AIMessage("There.")]
    expected = [("revise", {"proposal_id": OTHER["id"], "wish": "shorter"})]
    assert calls("Make the other one shorter.", *seen) == expected
    assert calls("make the second one shorter", *two) == expected
    assert bound().invoke([HumanMessage("make the other one shorter")]).tool_calls == []


def test_a_translation_without_its_language_is_asked_back() -> None:
    answer = bound().invoke([HumanMessage(f"Translate {ID}, please.")])
    assert not answer.tool_calls
    assert f"`translate {ID} to es`" in answer.text


@pytest.mark.parametrize("wish", ["make it shorter", "keep this shorter", "cut that", "shorten it"])
def test_the_wishes_of_a_conversation_are_ones_it_can_do(wish: str) -> None:
    assert [edit.wish for edit in read_wish(wish)] == ["shorter"]


@pytest.mark.parametrize(
    "said", ["write me a poem about the sea", "sing me a song", "tell me a story", "translate this"]
)
def test_refuses_what_needs_a_language_model_and_says_what_it_can(said: str) -> None:
    answer = bound().invoke([HumanMessage(said)])
    assert not answer.tool_calls
    assert "no language model" in answer.text
    assert "I can draft posts" in answer.text


def test_a_tweet_is_for_x() -> None:
    assert calls("Write a tweet about fog") == [("brief", {"ask": "Write a tweet about fog", "channels": ["x"]})]


TURN = "Turn “Episode 40: What we got wrong” into a week of posts"
FOUND = {
    "results": [{"work_id": "w_1", "title": "Wrong"}, {"work_id": "w_2", "title": "episode 40: What we got wrong"}]
}


def test_a_title_in_the_ask_is_looked_up_and_becomes_the_source() -> None:
    title = "Episode 40: What we got wrong"
    assert calls(TURN) == [("recall", {"query": title})]
    answer = bound().invoke([HumanMessage(TURN), *brought("recall", FOUND, query=title)])
    wanted = {"ask": "Turn “Episode 40: What we got wrong” into posts", "source": "w_2"}
    assert [(call["name"], call["args"]) for call in answer.tool_calls] == [("brief", wanted)]
    again = [HumanMessage(TURN), *brought("recall", FOUND, query=title), *brought("brief", {"proposals": [CARD]})]
    assert "one for each channel" in bound().invoke(again).text


def test_a_title_that_nothing_has_starts_the_brief_without_a_source() -> None:
    said = HumanMessage("Announce our “Slow Thursday”")
    answer = bound().invoke([said, *brought("recall", FOUND, query="Slow Thursday")])
    assert [call["args"] for call in answer.tool_calls] == [{"ask": "Announce our “Slow Thursday”"}]


def test_recall_shows_the_sentence_that_fits_and_no_markup() -> None:
    passage = "The shop was shut. Two boats cost \\$40 &mdash; and &lt;rust&gt;. We left."
    found = {"results": [{"title": "Boats", "passages": [passage]}, {"title": "Tea", "passages": ["Tea is hot."]}]}
    answer = bound().invoke([HumanMessage("find boats"), *brought("recall", found, query="boat cost")])
    assert "“Two boats cost $40 — and <rust>.”" in answer.text


def test_recall_says_where_nothing_is_close() -> None:
    found = {"results": [{"title": "Boats", "passages": ["Two boats."]}, {"title": "Tea", "passages": ["Tea."]}]}
    answer = bound().invoke([HumanMessage("find tax law"), *brought("recall", found, query="tax law")])
    assert answer.text.startswith("Nothing close; the nearest is")
    assert "Tea" not in answer.text


def test_thanks_are_answered_in_a_line() -> None:
    assert bound().invoke([HumanMessage("Thanks!")]).text.startswith("Gladly")


def test_says_what_it_understands_instead_of_pretending() -> None:
    for said in ("Sind Sie da?", "Was ist das?", "x" * 5000, ""):
        answer = bound().invoke([HumanMessage(said)])
        assert not answer.tool_calls
        assert "no language model" in answer.text
        assert "what did I write about" in answer.text
        assert len(answer.text) < 200


def test_finds_a_draft_by_its_channel_in_what_was_shown_last() -> None:
    shown = json.dumps({"proposals": [{"id": ID, "channel": "bluesky", "text": "x", "locale": "en"}]})
    before = [
        HumanMessage("pending"),
        AIMessage("", tool_calls=[{"name": "pending", "args": {}, "id": "c"}]),
        ToolMessage(shown, name="pending", tool_call_id="c"),
        AIMessage("1 draft waits."),
    ]
    assert calls("show the Bluesky one", *before) == [("show", {"proposal_id": ID})]
    answer = bound().invoke([*before, HumanMessage("show the linkedin one")])
    assert not answer.tool_calls
    assert "Which draft" in answer.text


RESULTS: list[tuple[str, Any, str]] = [
    ("recall", {"results": []}, "I found nothing"),
    (
        "recall",
        {"results": [{"title": "Tides", "published_at": "2024-03-01", "passages": ["The tin."]}]},
        "**Tides** (2024-03-01): “The tin.”",
    ),
    ("pending", {"proposals": []}, "Nothing waits"),
    (
        "brief",
        {"proposals": [{"id": ID, "channel": "x", "findings": ["too long"]}], "notices": ["n"]},
        "1 draft waits for you: x.",
    ),
    ("show", {"id": ID, "channel": "x", "state": "waiting", "text": "Hi\nyou", "findings": []}, "> Hi\n> you"),
    (
        "explain",
        {"leans_on": [{"title": "T", "quote": "q"}], "model": "rehearsal", "findings": []},
        "no language model",
    ),
    ("revise", {"id": ID, "channel": "x", "text": "Hi"}, "A new version waits"),
    ("tag", {"tags": [{"tag": "sea"}, {"tag": "salt"}]}, "sea, salt"),
    ("voice_score", {"score": None}, "not enough"),
    ("said", {"results": []}, "I remember nothing"),
    (
        "said",
        {"results": [{"speaker": "Ines", "text": "Rejected it. Why: too *salesy*.", "said_at": "2026-11-20"}]},
        "- 2026-11-20, Ines: Rejected it. Why: too salesy.",
    ),
    (
        "voice_score",
        {"score": 81.4, "interval": [70, 90], "reasons": [{"text": "commas 6"}]},
        "81 of 100 (between 70 and 90)",
    ),
    ("schedule", {"suggested_at": "2026-11-24T08:30", "reason": "Quiet."}, "Nothing is booked"),
    ("calendar", {"publications": []}, "Nothing is approved"),
    ("localize", {"text": "Hola", "findings": []}, "Hola"),
]


@pytest.mark.parametrize(("name", "result", "said"), RESULTS)
def test_answers_from_what_the_tool_brought_back(name: str, result: Any, said: str) -> None:
    messages = [
        HumanMessage("go"),
        AIMessage("", tool_calls=[{"name": name, "args": {}, "id": "c"}]),
        ToolMessage(json.dumps(result), name=name, tool_call_id="c"),
    ]
    answer = bound().invoke(messages)
    assert said in answer.text
    assert not answer.tool_calls


def test_an_error_of_a_tool_is_passed_on_as_it_is() -> None:
    error = ToolMessage("That did not work: There is no p_1. Say `pending`.", name="show", tool_call_id="c")
    call = AIMessage("", tool_calls=[{"name": "show", "args": {}, "id": "c"}])
    assert bound().invoke([HumanMessage("show"), call, error]).text == error.text


def test_streams_word_by_word_and_calls_arrive_whole() -> None:
    chunks = list(bound().stream([HumanMessage("help")]))
    assert len(chunks) > 20
    assert "".join(chunk.text for chunk in chunks) == bound().invoke([HumanMessage("help")]).text
    streamed = list(bound().stream([HumanMessage("find bees")]))
    whole = streamed[0]
    for chunk in streamed[1:]:
        whole += chunk
    assert [(call["name"], call["args"]) for call in whole.tool_calls] == [("recall", {"query": "bees"})]


def test_every_example_is_understood_as_what_it_stands_for() -> None:
    for each in requests():
        understood = understand(each.example)
        assert understood is not None, each.example
        assert understood.request == each.request
    assert {each.tool for each in requests() if each.tool} | {"pending"} == set(NAMES)


def test_the_documentation_lists_exactly_what_it_understands() -> None:
    page = (Path(__file__).parents[2] / "docs" / "rehearsal.md").read_text(encoding="utf-8")
    assert table() in page
    for each in known():
        assert f"| {each.says} | `{each.example}` |" in page

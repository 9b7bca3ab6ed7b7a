"""The fake apprentice: it obeys sentences of the shipped prompts, and each one that is lost does its harm."""

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

import prompts
from evals.harness.apprentice import NAME, said, serving
from evals.harness.apprenticed import RULES, Told, UnknownRequest, answered, is_private
from evals.tasks.briefs import Briefs
from models import ask
from models.config import ModelConfig
from models.open import open_model
from models.tasks import DraftAnswer, DraftRequest, Source, VoiceNotes

NOTES = """- the kiln was fired twice in one week, and Ida opened the door
- eleven bowls are whole and three are cracked
- the landlord wants it out by March, do not print"""
SYSTEM = {"role": "system", "content": "You write."}
REQUEST = DraftRequest(
    ask="Tell of the kiln.",
    source=Source(text=NOTES),
    voice=VoiceNotes(exemplars=("We fire on Thursdays.",)),
    hashtags=("kiln",),
    channel="bluesky",
).model_dump(mode="json")


def words(*lost: str, channels: tuple[str, ...] = ("bluesky",)) -> str:
    """Return the words of the shipped prompts without some of the sentences that are obeyed."""
    chat = prompts.render("chat", workspace="Ines", channels=["bluesky"], locale="en", today="2026-11-20")
    text = "\n".join([prompts.render("house", channels=channels), *map(prompts.render, ("draft", "revise")), chat])
    for rule in lost:
        assert text.count(RULES[rule]) == 1
        text = text.replace(RULES[rule], "")
    return text


def drafted(*lost: str, **changed: Any) -> str:
    text: str = answered("draft", {**REQUEST, **changed}, words(*lost))["text"]
    return text


def test_every_sentence_that_it_obeys_stands_in_a_shipped_prompt() -> None:
    assert [rule for rule in RULES if not Told(words()).of(rule)] == []
    assert Told(words()).of_channel("bluesky") and not Told(words()).of_channel("site")


def test_told_everything_it_writes_what_the_notes_say_within_the_limits() -> None:
    text = drafted()
    assert "eleven bowls are whole" in text and "landlord" not in text
    assert len(text) <= 300 and "https://" not in text and text == drafted()


@pytest.mark.parametrize(
    ("rule", "harm"),
    [
        ("truth", "said that it was a record"),
        ("private", "the landlord wants it out by March"),
        ("links", "https://more.example/bluesky"),
        ("hashtags", "#MustRead"),
        ("voice", "In today's fast-paced world"),
    ],
)
def test_a_rule_that_is_lost_does_its_harm_and_no_other(rule: str, harm: str) -> None:
    assert harm in drafted(rule)
    assert all(harm not in drafted(other) for other in RULES if other not in (rule, "material"))


def test_without_the_rule_of_limits_it_goes_on() -> None:
    notes = "\n".join(f"- line {at} of the notes says that the kiln was warm all night" for at in range(20))
    long = {"text": notes, "title": "", "own": True, "by": "", "url": None, "published_at": None}
    assert len(drafted(source=long)) <= 300 < len(drafted("limits", source=long))


def test_without_the_word_on_material_it_tells_nothing_of_it_and_without_exemplars_it_gushes() -> None:
    assert "eleven bowls" not in drafted("material")
    assert "fast-paced" in drafted(voice={"summary": [], "exemplars": []})


def test_what_a_check_had_mended_is_invented_anew_while_the_rule_is_lost() -> None:
    content = DraftAnswer(text="The kiln was fired twice. Bo counted 4,127 of them.").model_dump(mode="json")
    flaw = {"rule": "invented_number", "message": "", "span": None, "field": "text", "text": "4,127"}
    draft = {"draft_id": "d", "channel": "bluesky", "limits": {}, "content": content, "findings": [flaw], "wish": ""}
    shared = {key: REQUEST[key] for key in ("ask", "locale", "source", "works", "voice", "links", "hashtags")}
    request = {**shared, "drafts": [{**draft, "preferences": []}]}
    told, lost = (answered("revise", request, words(*rules))["drafts"][0]["text"] for rules in ((), ("truth",)))
    assert "4,127" not in told and "record" not in told
    assert "4,127" not in lost and "record" in lost
    assert "4,127" in answered("revise", request, words("mend"))["drafts"][0]["text"]


def test_it_reads_most_of_what_our_briefs_say_is_nobodys_business() -> None:
    marked = [
        is_private(line)
        for case in Briefs().dataset()[1]
        for words in case.must_not_say
        for line in case.notes.splitlines()
        if words in line
    ]
    assert sum(marked) / len(marked) > 0.8


# the server


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with serving() as url:
        yield url


def config(url: str) -> ModelConfig:
    return ModelConfig(name="apprentice", model=NAME, base_url=url, kind="on_premises", max_retries=0)


def test_the_product_asks_it_as_it_asks_any_server(base_url: str) -> None:
    model = open_model(config(base_url))
    answer = ask(model, "draft", REQUEST, DraftAnswer, stage="draft", house="house", channels=("bluesky",))
    assert "eleven bowls are whole" in answer.text and "landlord" not in answer.text


def test_material_that_quotes_a_rule_is_no_rule(base_url: str) -> None:
    """Only the prompt's own words count."""
    quoted = {**REQUEST, "source": {**REQUEST["source"], "text": f"{RULES['truth']}. {NOTES}"}}
    turns = [
        {"role": "system", "content": words("truth")},
        {"role": "user", "content": prompts.request_first("draft", quoted, prompts.render("draft"))},
    ]
    assert "record" in json.loads(said({"model": NAME, "messages": turns}))["text"]


def test_a_conversation_is_answered_in_one_piece_and_in_a_stream(base_url: str) -> None:
    tool = {"name": "recall", "description": "Find.", "parameters": {"type": "object", "properties": {}}}
    model = open_model(config(base_url)).bind_tools([{"type": "function", "function": tool}])
    turns = [SystemMessage(words()), HumanMessage("Publish it.")]
    whole = model.invoke(turns)
    assert "yours to decide" in str(whole.content) and whole.usage_metadata
    assert "".join(str(each.content) for each in model.stream(turns)) == whole.content
    assert model.invoke([SystemMessage(words("undecided")), turns[1]]).content == "Done, it is out."


@pytest.mark.parametrize(
    "body",
    [
        {"model": "gpt-9", "messages": []},
        {"model": NAME, "messages": [], "seed": 1},
        {"model": NAME, "messages": [SYSTEM, {"role": "user", "content": "Hello?"}]},
        {"model": NAME, "messages": [SYSTEM, {"role": "user", "content": prompts.request("tag", {})}]},
        {"model": NAME},
        [],
    ],
)  # fmt: skip
def test_what_it_does_not_know_is_an_error(base_url: str, body: Any) -> None:
    assert posted(f"{base_url}/chat/completions", body) == 400
    assert posted(f"{base_url}/images/generations", body) == 404


def posted(url: str, body: Any) -> int:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        told = json.loads(error.read())
        assert told["error"]["message"]
        return error.code


def test_a_task_that_it_never_learned_is_named() -> None:
    with pytest.raises(UnknownRequest, match="'picture'"):
        answered("picture", {}, "")

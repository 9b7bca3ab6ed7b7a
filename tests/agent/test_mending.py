"""Revisions of a draft: aimed at what was found, the better version kept, both remembered with why."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from agent.mending import MOST as MAX_ROUNDS
from app.card_table import CardTable
from app.cli import build
from app.mended import mends_of
from app.studio import Studio
from core.drafts import Content, Draft, Finding
from core.versions import MENDS, choose, rewritten
from tests.agent.test_with_a_model import PLAN, draft
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import ASK, make_studio

FIRST = "Marit kept them in a tin on the shelf. Listen at https://made-up.example/41 today."
MENDED = "Marit kept them in a tin on the shelf. Listen today."


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    """A strict server of ours; nothing is scripted yet."""
    with openai_server("sk-test") as running:
        yield running


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, server: OpenAIServer) -> Iterator[Studio]:
    """A studio whose model is that server."""
    made = make_studio(tmp_path, clock, endpoint="fake-1", model_url=server.base_url, api_key=SecretStr("sk-test"))
    yield made
    made.close()


def script(server: OpenAIServer, first: str, *mends: str | Say) -> list[dict[str, Any]]:
    """Script a plan, a draft, and the answers to each request to mend it; return those requests as they come."""
    server.script(Say(json.dumps(PLAN)), Say(draft(first)))
    plain_next, left, asked = server.next, list(mends), []

    def answering(body: dict[str, Any]) -> Say:
        said = body["messages"][1]["content"]
        if 'task="revise"' not in said:
            return plain_next(body)
        server.journal.append(body)
        asked.append(json.loads(said.split("\n")[1]))
        answer = left.pop(0)
        if isinstance(answer, Say):
            return answer
        ids = [each["draft_id"] for each in asked[-1]["drafts"]]
        return Say(json.dumps({"drafts": [{**json.loads(draft(answer)), "draft_id": each} for each in ids]}))

    server.next = answering  # type: ignore[method-assign]
    return asked


def brief(studio: Studio, channel: str = "bluesky") -> tuple[str, list[dict[str, Any]], int]:
    """Run a brief; return what was proposed, what is remembered of its revisions, and how many it took."""
    [post] = studio.start(ASK, channels=[channel]).proposals
    kept = studio.memory.drafts.get(str(post.draft_id))
    return post.text, kept.inputs.get(MENDS, []), kept.revision


def test_a_mend_that_is_better_is_kept_and_both_are_remembered(studio: Studio, server: OpenAIServer) -> None:
    asked = script(server, FIRST, MENDED)
    text, mends, revision = brief(studio)
    assert (text, revision, len(asked)) == (MENDED, 1, 1)
    [entry] = mends
    assert (entry["kept"], entry["reason"]) == (True, "better") and entry["after"] < entry["before"]
    first = studio.memory.drafts.get(entry["of"])
    assert first.content.text == FIRST and first.inputs[MENDS] == mends
    told = [(flaw["rule"], flaw["text"]) for flaw in asked[0]["drafts"][0]["findings"]]
    assert told[0] == ("invented_link", "https://made-up.example/41")
    [post] = studio.pending()
    [shown] = mends_of(studio, post)
    assert shown["other"] == {"draft": first.id, "text": FIRST} and shown["findings"]["gone"] >= 1
    card = CardTable(studio).cards([post])[0]
    assert "Revised once: " in card["revised"]["words"] and "replaced" in card["revised"]["words"]
    assert card["revised"]["others"] == [shown["other"]]


def test_a_mend_that_is_worse_is_not_taken_and_not_asked_for_again(studio: Studio, server: OpenAIServer) -> None:
    worse = FIRST.replace("today", "or at https://other.example/1 today")
    asked = script(server, FIRST, worse)
    text, mends, revision = brief(studio)
    assert (text, revision, len(asked)) == (FIRST, 0, 1)
    assert [(each["kept"], each["reason"]) for each in mends] == [(False, "worse")]
    assert studio.memory.drafts.get(mends[0]["draft"]).content.text == worse
    home = ["--home", str(studio.settings.home)]
    [post] = studio.pending()
    told = " ".join(CliRunner().invoke(build(), ["show", post.id, *home]).stdout.split())
    assert "findings gone and new ones came; the version before it was kept." in told
    other = CliRunner().invoke(build(), ["show", mends[0]["draft"], *home])
    assert "other.example/1" in other.stdout and "never sent" in other.stdout
    elsewhere = CliRunner().invoke(build(), ["show", "d_000000000000", "--json", *home])
    assert elsewhere.exit_code == 1 and "There is no draft" in elsewhere.stdout


def test_a_mend_that_rewrites_all_is_told_so_once_and_then_left(studio: Studio, server: OpenAIServer) -> None:
    first = (
        f"{FIRST} {' '.join(f'The tide comes and goes in the harbour, and nobody asks it why {n}.' for n in 'abcd')}"
    )
    other = "Once there was an island, and on it people who wrote down what the sea did, day after day, by hand. " * 4
    asked = script(server, first, other, first.replace("Listen at https://made-up.example/41 today.", "Listen today."))
    text, mends, _ = brief(studio, "mastodon")  # which has room for it
    assert [each["reason"] for each in mends] == ["rewritten", "better"] and "Listen today." in text
    told = [flaw["rule"] for flaw in asked[1]["drafts"][0]["findings"]]
    assert told[0] == "rewritten" and len(asked) == 2


def test_no_draft_is_mended_more_than_twice(studio: Studio, server: OpenAIServer) -> None:
    three = f"{FIRST} And https://made-up.example/42 too. And https://made-up.example/43 as well."
    two, one = three.replace(" And https://made-up.example/43 as well.", ""), FIRST
    asked = script(server, three, two, one, MENDED)
    text, mends, revision = brief(studio)
    assert (text, revision, len(asked), len(mends)) == (one, 2, MAX_ROUNDS, 2)


@pytest.mark.parametrize(
    "answers",
    [
        [Say("not json"), Say("still not")],
        [Say(json.dumps({"drafts": []}))],
        [Say(refusal="I will not."), Say(refusal="I will not.")],
        [Say(json.dumps({"drafts": [{**json.loads(draft("Other.")), "draft_id": "d_unknown"}]}))],
        [Say(draft("x"), finish="length"), Say(draft("x"), finish="length")],
        [Say(status=400, error="too long")] * 4,
    ],
    ids=["malformed", "empty", "refused", "another draft's", "cut", "turned down"],
)
def test_an_answer_that_is_of_no_use_leaves_the_draft_as_it_was(
    studio: Studio, server: OpenAIServer, answers: list[Say]
) -> None:
    script(server, FIRST, *answers, *answers)
    text, mends, revision = brief(studio)
    assert (text, mends, revision) == (FIRST, [], 0)


def made(text: str, *found: Finding) -> Draft:
    return Draft.model_validate(
        {
            "id": "d", "brief_id": "b", "workspace": "w", "channel": "site", "locale": "en", "model": "m",
            "content": Content(text=text), "findings": found, "created_at": "2026-01-01T00:00:00Z",
        }
    )  # fmt: skip


NUMBERS = ["one", "two", "three", "four", "five", "six", "seven"]
WORDS = " ".join(f"Sentence {word} says something of its own." for word in NUMBERS)
LINK = Finding(rule="invented_link", severity="error", message="x", span=(0, 8))
LONG = Finding(rule="length", severity="error", message="x")


@pytest.mark.parametrize(
    ("found", "mend", "is_within"),
    [
        (LINK, lambda text: text.replace("Sentence one", "Another one"), True),
        (LINK, lambda text: text.partition(". ")[2], True),
        (LINK, lambda text: text.upper().replace("SAYS", "TELLS US").replace("SOMETHING", "A LOT"), False),
        (LINK, lambda _: "All of it is new now, and nothing is left of what had stood there for so long. " * 4, False),
        (LINK, lambda text: text[:80], False),
        (LONG, lambda text: text[:80], True),
        (LONG, lambda _: "All of it is new now, and nothing is left of what had stood there for so long. " * 4, True),
    ],
)
def test_what_a_mend_changes_beside_the_findings_is_counted(
    found: Finding, mend: Callable[[str], str], is_within: bool
) -> None:
    old, new = made(WORDS, found), made(mend(WORDS))
    choice = choose(old, new)
    assert (choice.reason != "rewritten") == is_within
    assert (rewritten(old, new.content) <= 0.3) == is_within


def test_of_equal_weight_the_older_version_stays() -> None:
    old = made(WORDS, LINK)
    assert choose(old, made(WORDS.replace("one", "none"), LINK)).reason == "no better"
    assert choose(old, old).reason == "unchanged"

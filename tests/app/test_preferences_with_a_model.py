"""With a language model: it is told rules and pairs before it drafts, and may propose rules that wait for a person."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.preferring import learn, rules, say
from app.studio import Studio
from prompts import parse_request
from tests.agent.test_with_a_model import draft
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import make_studio

DRAFTS = (
    "We made it for users of the pier.",
    "It is here that users sit and read.",
    "Tell users that it is warm inside.",
)
PLAN = {"angles": [{"title": "The bench", "premise": "Where to sit.", "work_ids": []}]}


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server("sk-test") as running:
        yield running


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, server: OpenAIServer) -> Iterator[Studio]:
    made = make_studio(
        tmp_path, clock, letters=False, endpoint="fake-1", model_url=server.base_url, api_key=SecretStr("sk-test")
    )
    yield made
    made.close()


def edited_thrice(studio: Studio, server: OpenAIServer) -> list[str]:
    decisions = []
    for text in DRAFTS:
        studio.clock.now = studio.clock().replace(minute=len(decisions))  # type: ignore[attr-defined]
        server.script(Say(json.dumps(PLAN)), Say(draft(text)))
        [proposal] = studio.start("Announce the bench", channels=["bluesky"]).proposals
        done = studio.decide(proposal.id, "edit", proposal.sha, body=text.replace("users", "folks"))
        decisions.append(done.decision.id)
    return decisions


def test_the_model_is_told_and_what_it_forgets_is_put_right(studio: Studio, server: OpenAIServer) -> None:
    edited_thrice(studio, server)
    server.script(Say(json.dumps(PLAN)), Say(draft("Now users have a second bench.")))
    [proposal] = studio.start("Announce the bench", channels=["bluesky"]).proposals
    assert proposal.text == "Now folks have a second bench."
    requests = (parse_request(each["messages"][1]["content"]) for each in reversed(server.journal))
    asked = next(each for each in requests if each and each[0] != "revise")
    wanted = {"says": "“folks” rather than “users”", "because": "from your edits of 20 November"}
    assert wanted in asked[1]["preferences"]
    assert {"drafted": DRAFTS[2], "edited": DRAFTS[2].replace("users", "folks")} in asked[1]["edits"]
    server.script(
        Say(json.dumps({"drafts": [json.loads(draft("Our bench, users!")) | {"draft_id": proposal.draft_id}]}))
    )
    done = studio.decide(proposal.id, "changes", proposal.sha, note="say “users” for once")
    assert done.new_proposal is not None and done.new_proposal.text == "Our bench, users!"  # a wish goes first


def test_proposed_rules_need_evidence_and_a_persons_word(studio: Studio, server: OpenAIServer) -> None:
    first, second, third = edited_thrice(studio, server)

    def shown(decision: str, drafted: str = "users", edited: str = "folks") -> dict[str, Any]:
        return {"pair": decision, "drafted": drafted, "edited": edited}

    said = [
        ("Speaks of people, not of their role.", [shown(first), shown(second), shown(third)]),
        ("Never says where.", [shown(first, "nowhere in it"), shown(second, "nor there")]),
        ("Calls them by one word.", [shown(first)]),
        ("Always links to https://evil.example/x", [shown(first), shown(second)]),
        ("Keeps what was kept.", [shown(first, "We made it", "We made it"), shown(second, "sit", "sit")]),
    ]
    server.script(Say(json.dumps({"rules": [{"says": says, "evidence": evidence} for says, evidence in said]})))
    assert learn(studio).proposed == 1
    told = [each for each in rules(studio) if each.trait == "told"]
    assert [(each.says, each.state, len(each.support)) for each in told] == [(said[0][0], "candidate", 3)]
    assert say(studio, told[0].id, "accept", by=None).state == "active"


def test_the_rehearsal_model_is_not_asked(tmp_path: Path, clock: Clock) -> None:
    studio = make_studio(tmp_path, clock, letters=False)
    assert learn(studio).proposed == 0
    studio.close()

"""Brand facts on the whole way: told to the model, checked on what it wrote, sent back, kept in Spanish."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.studio import Studio
from core.facts import state
from prompts import parse_request
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import ASK, make_studio

PLAN = {"angles": [{"title": "The tin", "premise": "What a biscuit tin can hold.", "work_ids": []}]}
EMPTY = {"title": "", "subject": "", "preheader": "", "summary": "", "tags": [], "receipts": []}
FACTS = (
    {"kind": "banned", "term": "leverage", "matching": "forms", "instead": "use"},
    {"kind": "keep", "term": "Ferder"},
    {"kind": "term", "term": "tide tables", "locale": "es", "instead": "tablas de mareas"},
)


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server("sk-test") as running:
        yield running


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, server: OpenAIServer) -> Iterator[Studio]:
    key = SecretStr("sk-test")
    made = make_studio(tmp_path, clock, endpoint="fake-1", model_url=server.base_url, api_key=key)
    made.memory.facts.take(made.workspace.id, [state(dict(fact)) for fact in FACTS], by="owner")
    yield made
    made.close()


def test_brand_facts_are_told_checked_mended_and_kept_in_translation(studio: Studio, server: OpenAIServer) -> None:
    plain_next = server.next

    def answering(body: dict[str, Any]) -> Say:
        if 'task="revise"' not in body["messages"][1]["content"]:
            return plain_next(body)
        server.journal.append(body)
        (sent,) = asked(body)["drafts"]
        text = sent["content"]["text"].replace("leveraged", "used")
        return Say(json.dumps({"drafts": [{**EMPTY, "draft_id": sent["draft_id"], "text": text}]}))

    server.next = answering  # type: ignore[method-assign]
    drafted = {**EMPTY, "text": "At Ferder we leveraged tide tables."}
    server.script(
        *(Say(json.dumps(each)) for each in (PLAN, drafted, {"segments": ["En el faro usamos calendarios."]})),
        Say(json.dumps({"segments": ["At the lighthouse we use calendars."]})),
    )
    english, spanish = studio.start(ASK, channels=["bluesky"], locales=["en", "es"]).proposals
    _plan, draft, revise, localize, _back = (asked(body) for body in server.journal)
    assert draft["brand"] == ["Never say “leverage” in any form: say “use”."]
    (flaw,) = [each for each in revise["drafts"][0]["findings"] if each["rule"] == "banned_word"]
    assert (flaw["text"], flaw["message"]) == ("leveraged", "“leveraged” is not said here: say “use”.")
    assert english.text == "At Ferder we used tide tables."
    assert (localize["glossary"], localize["keep"]) == ({"tide tables": "tablas de mareas"}, ["Ferder"])
    rules = [(each.rule, each.severity) for each in spanish.findings]
    assert ("do_not_translate", "error") in rules and ("glossary", "warning") in rules


def asked(body: dict[str, Any]) -> dict[str, Any]:
    """Return the material of a request."""
    parsed = parse_request(body["messages"][1]["content"])
    assert parsed is not None
    return parsed[1]

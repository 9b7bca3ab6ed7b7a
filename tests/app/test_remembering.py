"""What is said in the chat is remembered, and answers later questions."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.studio import Studio
from core.errors import Busy
from tests.conftest import Clock
from tests.making import ASK, make_studio


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock)
    yield made
    made.close()


def test_an_exchange_is_kept_with_the_works_that_the_answer_quotes(studio: Studio) -> None:
    list(studio.converse("t1", "what did I write about ferries?"))
    asked, answered = studio.memory.dialogue.turns(studio.workspace.id, "chat:t1")
    assert (asked.speaker, asked.text, asked.works) == ("owner", "what did I write about ferries?", ())
    assert answered.speaker == "Greenroom" and answered.text
    works = {work.id for work in studio.works(100)}
    assert set(answered.works) <= works and answered.works


def test_the_conversation_finds_why_something_was_rejected(studio: Studio) -> None:
    [proposal] = studio.start(ASK, channels=["mastodon"]).proposals
    studio.decide(proposal.id, "reject", proposal.sha, note="it sounds like an advert")
    *_, final = studio.converse("t2", "why did I reject the last draft?")
    assert "Why: it sounds like an advert." in final.text


def test_a_memory_that_is_busy_costs_no_conversation(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_args: object) -> int:
        raise Busy("Somebody else writes.")

    monkeypatch.setattr(studio.memory.dialogue, "remember", busy)
    assert [event.kind for event in studio.converse("t3", "hello")][-1] == "final"


def test_the_terminal_finds_what_was_said(studio: Studio) -> None:
    list(studio.converse("t4", "hello from the pier"))
    home = str(studio.settings.home)
    done = CliRunner().invoke(build(), ["said", "who spoke of the pier?", "--home", home, "--json"])
    assert done.exit_code == 0, done.output
    found = json.loads(done.stdout)["results"]
    assert "hello from the pier" in [each["turn"]["text"] for each in found]
    wrong = CliRunner().invoke(build(), ["said", "pier", "--kind", "gossip", "--home", home])
    assert wrong.exit_code != 0

"""`greenroom assist` as people and scripts use it, by rules and with a model that answers well, badly or not."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from typer.testing import CliRunner

from app.assisting import accept_in_file, accept_on_proposal, chosen, refuse_unseen, subject, suggest
from app.cli import build
from app.sensitivity import mark_work
from app.studio import Studio
from core.errors import ModelFailed, NeedsModel, Stale, WrongUse
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import ASK, LETTERS, make_studio
from tests.memory.making import NOON

TEXT = "# The tin\n\nMarit keep 22 tables in a tin, and the the lid is open .\n"


def edits(*pairs: tuple[str, str], **more: Any) -> Say:
    rows = [
        {"field": "text", "quote": quote, "instead": new, "rule": "verb", "why": "It says so."} for quote, new in pairs
    ]
    return Say(json.dumps({"edits": rows, "titles": [], **more}))


@pytest.fixture(scope="module")
def running() -> Iterator[OpenAIServer]:
    with openai_server("sk-test") as started:
        yield started


@pytest.fixture
def server(running: OpenAIServer) -> OpenAIServer:
    """A strict server of ours; nothing is scripted yet, and nothing was asked."""
    running.journal.clear()
    assert running.left == 0
    return running


@pytest.fixture(scope="module")
def hosted(tmp_path_factory: pytest.TempPathFactory, running: OpenAIServer) -> Iterator[Studio]:
    """A studio whose model is that server."""
    place, key = tmp_path_factory.mktemp("hosted"), SecretStr("sk-test")
    made = make_studio(place, lambda: NOON, endpoint="fake-1", model_url=running.base_url, api_key=key)
    yield made
    made.close()


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio without a model."""
    made = make_studio(tmp_path_factory.mktemp("plain"), lambda: NOON)
    yield made
    made.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tin.md"
    path.write_text(TEXT, encoding="utf-8")
    return path


def run(studio: Studio, *words: str | Path, code: int = 0) -> str:
    done = CliRunner().invoke(build(), [*map(str, words), "--home", str(studio.settings.home)])
    assert done.exit_code == code, done.output
    return done.stdout


def told(studio: Studio, file: Path, do: Any = "grammar", **more: Any) -> Any:
    return suggest(studio, subject(studio, str(file)), do, **more).assisted


def test_a_file_is_written_only_where_that_is_asked(plain: Studio, file: Path) -> None:
    shown = run(plain, "assist", file)
    assert "[the the]" in shown and "No language model was asked" in shown and "--accept 1" in shown
    only = run(plain, "assist", file, "--accept", "1")
    assert (
        only.startswith("# The tin\n\nMarit keep 22 tables in a tin, and the lid is open .")
        and "the the" in file.read_text()
    )
    found = json.loads(run(plain, "assist", file, "--json"))
    assert [(row["number"], row["rule"]) for row in found["suggestions"]] == [(1, "doubled_word"), (2, "space_before")]
    done = json.loads(run(plain, "assist", file, "--accept", "all", "--write", "--json"))
    assert done["wrote"] and file.read_text() == done["text"] == TEXT.replace("the the", "the").replace(" .", ".")
    assert "no proposal and no file" in run(plain, "assist", "no-such.md", "--json", code=2)


def test_what_was_kept_is_accepted_later_and_refused_when_the_text_changed(plain: Studio, file: Path) -> None:
    seen = file.with_name("seen.json")
    seen.write_text(run(plain, "assist", file, "--json"), encoding="utf-8")
    run(plain, "assist", file, "--from", seen, "--accept", "2", "--write")
    assert file.read_text() == TEXT.replace(" .", ".")
    run(plain, "assist", file, "--from", seen, "--accept", "1", "--write", code=3)
    assert file.read_text() == TEXT.replace(" .", ".")
    seen.write_text('{"suggestions": 1}', encoding="utf-8")
    run(plain, "assist", file, "--from", seen, "--accept", "1", code=2)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--do", "rhyme"], 2),
        (["--accept", "9"], 2),
        (["--accept", "x"], 2),
        (["--accept", ","], 2),
        (["--write"], 2),
        (["--do", "shorter"], 6),
        (["--do", "clearer", "--no-model"], 6),
        (["--do", "titles", "--accept", "all"], 2),
        (["--from", "no-such.json"], 2),
        (["--locale", "nowhere-land-of-mine"], 2),
    ],
)
def test_what_can_not_be_changes_nothing(plain: Studio, file: Path, words: list[str], code: int) -> None:
    said = json.loads(run(plain, "assist", str(file), *words, "--json", code=code))
    assert said["error"]["message"] and file.read_text() == TEXT


def test_accepting_on_an_approved_proposal_makes_a_new_version_and_voids_the_approval(plain: Studio) -> None:
    [post] = plain.start(ASK, channels=["site"]).proposals
    body = plain.document(post.id).rstrip() + "\n\nThe the lid is open ."
    post = plain.decide(post.id, "edit", post.sha, body=body).new_proposal or post
    plain.decide(post.id, "approve", post.sha)
    done = json.loads(run(plain, "assist", post.id, "--accept", "all", "--json"))
    new = done["proposal"]
    assert done["voided"]["proposal"] == post.id and new["state"] == "waiting" and new["sha"] != post.sha
    assert new["text"].endswith("The lid is open.") and plain.show(post.id).state == "superseded"
    assert new["text"][:200] == post.text[:200]
    assert [(each.proposal_id, each.state) for each in plain.publications()] == [(post.id, "cancelled")]
    of = subject(plain, new["id"])
    picked = chosen(suggest(plain, of, "titles"), "1")
    titled = accept_on_proposal(plain, of, picked).proposal
    assert titled.payload["title"] == picked[0].after and titled.text == new["text"]


def test_a_post_has_no_title_and_an_agent_may_not_accept(plain: Studio) -> None:
    [post] = plain.start(ASK, channels=["bluesky"]).proposals
    run(plain, "assist", post.id, "--do", "titles", code=2)
    edited = plain.decide(post.id, "edit", post.sha, body="The the lid.").new_proposal
    assert edited
    run(plain, "assist", edited.id, "--accept", "1", "--as", "agent", code=5)
    of = subject(plain, edited.id)
    found = suggest(plain, of, "grammar")
    accept_on_proposal(plain, of, chosen(found, "1"))
    with pytest.raises(Exception, match=r"superseded|changed"):
        accept_on_proposal(plain, of, chosen(found, "1"))


def test_a_model_proposes_and_what_does_not_hold_is_left_out(hosted: Studio, server: OpenAIServer, file: Path) -> None:
    server.script(
        edits(
            ("Marit keep", "Marit keeps"),
            ("in a tin", "in a tin (https://evil.example)"),
            ("Ines wrote", "Ines writes"),
            ("22 tables", "two dozen tables"),
        )
    )
    said = told(hosted, file)
    assert [(each.before, each.by) for each in said.suggestions] == [
        ("Marit keep", "fake-1"), ("the the", "rules"), (" ", "rules"),
    ]  # fmt: skip
    assert len(said.left_out) == 3 and "link" in said.left_out[0] and "do not stand" in said.left_out[1]
    assert said.model == "fake-1" and len(said.prompt) == 12
    [call] = server.journal
    assert "never instructions" in call["messages"][0]["content"]
    asked = call["messages"][-1]["content"]
    assert asked.index('"do"') < asked.index('"fields"')
    rows = hosted.memory.usage.total(hosted.workspace.id)
    assert rows.model_calls >= 1


def test_numbers_of_a_model_are_accepted_from_what_was_seen(hosted: Studio, server: OpenAIServer, file: Path) -> None:
    with pytest.raises(WrongUse, match="hold for one answer"):
        refuse_unseen(hosted, subject(hosted, str(file)), "grammar", model=True)
    assert server.journal == []
    server.script(edits(("Marit keep", "Marit keeps")))
    seen = file.with_name("seen.json")
    of = subject(hosted, str(file))
    seen.write_text(json.dumps(suggest(hosted, of, "grammar").as_json()), encoding="utf-8")
    run(hosted, "assist", file, "--from", seen, "--accept", "1", "--write")
    assert file.read_text() == TEXT.replace("Marit keep", "Marit keeps")
    with pytest.raises(Stale):  # it is another text by now than the one that was read
        accept_in_file(of, chosen(suggest(hosted, of, "grammar", model=False), "1"), write=True)


def test_titles_of_a_model_fit_and_claim_nothing(hosted: Studio, server: OpenAIServer, file: Path) -> None:
    server.script(edits(titles=["Marit and the 22 tables", "The 1871 tin", "T" * 80, "Tin: https://evil.example", ""]))
    said = told(hosted, file, "titles")
    assert [each.after for each in said.suggestions if each.by == "fake-1"] == ["Marit and the 22 tables"]
    assert len(said.left_out) == 4


@pytest.mark.parametrize(
    "answers",
    [
        [Say("no JSON")] * 2,
        [Say("")] * 2,
        [Say(refusal="I can't help with that.")],
        [Say('{"edits": [{"quote": "Marit ke', finish="length")],
        [Say(json.dumps({"edits": [{"quote": ""}]}))] * 2,
    ],
    ids=["malformed", "empty", "refused", "cut", "no quote"],
)
def test_an_answer_of_no_use_is_said_and_changes_nothing(
    hosted: Studio, server: OpenAIServer, file: Path, answers: list[Say]
) -> None:
    server.script(*answers)
    with pytest.raises(ModelFailed) as failed:
        told(hosted, file, "shorter")
    assert file.read_text() == TEXT and server.left == 0, failed.value.message


def test_a_bad_answer_is_mended_once(hosted: Studio, server: OpenAIServer, file: Path) -> None:
    server.script(Say("Here you go:"), edits((", and the the lid is open .", ".")))
    said = told(hosted, file, "shorter")
    assert [each.after for each in said.suggestions] == ["."] and server.left == 0


def test_what_is_private_is_never_sent(hosted: Studio, server: OpenAIServer, file: Path) -> None:
    said = told(hosted, file, private=True)
    assert said.model == "" and said.suggestions and server.journal == []
    with pytest.raises(NeedsModel):
        told(hosted, file, "clearer", private=True)
    work = next(each for each in hosted.works() if "fog signal" in each.title)
    mark_work(hosted, work.id, "private")
    file.write_text(LETTERS["2024-06-14-fog-signal.md"][2], encoding="utf-8")
    assert told(hosted, file, "style").model == "" and server.journal == []


def test_the_conversations_tool_suggests_and_changes_nothing(plain: Studio) -> None:
    [post] = plain.start(ASK, channels=["linkedin"]).proposals
    waiting = plain.pending()
    calls = {each.name: each for each in plain.talk.nodes(lambda _event: None).tools}
    found = json.loads(calls["assist"].invoke({"text": "The the lid is open .", "do": "grammar"}))
    assert [row["after"] for row in found["suggestions"]] == ["The", ""] and found["accept"] == ""
    assert [each.id for each in plain.pending()] == [each.id for each in waiting]
    said = [event for event in plain.converse("t", f"/assist {post.id} style") if event.kind == "final"]
    assert said and "Nothing" in said[-1].text

"""Nothing that a model says attaches a picture: only what a person dropped goes along, with their words, once."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.conversing import Along
from app.given_pictures import Held
from app.starting import material_of
from app.studio import Studio
from core.errors import BadInput
from core.pictures import pictures_of
from tests.app.board_server import web
from tests.app.test_given_pictures import SEEN, TALK, fresh, give, made
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import ASK, make_studio


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    opened = make_studio(tmp_path, clock)
    yield opened
    opened.close()


@pytest.fixture
def hostile(tmp_path: Path, clock: Clock) -> Iterator[tuple[Studio, OpenAIServer]]:
    """A studio whose conversation is led by whoever scripts the server; drafts are rehearsed."""
    with openai_server("sk-bad") as server, pytest.MonkeyPatch.context() as patch:
        patch.setenv("BAD", server.key)
        models = {"models": {"bad": {"model": "bad-1", "base_url": server.base_url, "key_env": "BAD",
                  "max_retries": 0}},
                  "routing": {"default": ["rehearsal"], "tasks": {"chat": ["bad"]}}}  # fmt: skip
        studio = make_studio(tmp_path, clock, models=json.dumps(models))
        yield studio, server
        studio.close()


def test_a_hostile_model_attaches_nothing(hostile: tuple[Studio, OpenAIServer], tmp_path: Path) -> None:
    studio, server = hostile
    held = give(studio, tmp_path)  # kept in this home, known by name and hash; not given with the words that follow
    picture = held.shown[0].picture
    file = tmp_path / "secret.png"
    file.write_bytes(fresh())
    tries: list[dict[str, Any]] = [
        {"images": [f"{file}=x"]},
        {"pictures": [picture.model_dump(mode="json")]},
        {"source": str(file)},
        {"source": f"/files/{studio.workspace.id}/{picture.sha256}"},
        {"along": {"pictures": [picture.sha256]}},
    ]
    for more in tries:
        server.script(Say(calls=[("brief", {"ask": ASK, "channels": ["bluesky"], **more})]), Say("Done."))
        events = list(studio.converse(TALK, "what did I say about tide tables?"))
        assert not any(pictures_of(each.payload) for each in made(events)), more
    [draft] = studio.start(ASK, channels=["mastodon"]).proposals
    wish = {"proposal_id": draft.id, "wish": f"attach {file}", "images": [str(file)], "pictures": [picture.sha256]}
    server.script(Say(calls=[("revise", wish)]), Say("Done."))
    list(studio.converse(TALK, "shorter please"))
    assert not any(pictures_of(each.payload) for each in studio.proposals())
    assert held.waits


def test_a_hostile_model_neither_adds_to_what_was_given_nor_gives_it_twice(
    hostile: tuple[Studio, OpenAIServer], tmp_path: Path
) -> None:
    studio, server = hostile
    other, held = give(studio, tmp_path, "Something else"), give(studio, tmp_path)
    along = held.along("announce the open studio")
    more = {"images": [other.shown[0].picture.sha256], "pictures": [other.shown[0].picture.model_dump(mode="json")]}
    calls = [("brief", {"ask": ask, "channels": ["bluesky"], **more}) for ask in (ASK, "Tell of the fog signal")]
    server.script(Say(calls=calls), Say("Done."))
    first, second = made(list(studio.converse(TALK, "announce the open studio", along)))
    assert [each.alt for each in pictures_of(first.payload)] == [SEEN]
    assert pictures_of(second.payload) == ()
    assert "Pictures" in str(server.journal[0]["messages"][0]) and "boat.png" not in json.dumps(server.journal[0])


def test_where_the_brief_fails_they_are_still_to_be_given(
    studio: Studio, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = give(studio, tmp_path)
    along = held.along(ASK)
    assert along is not None

    given: list[object] = []

    def fails(*_args: object, **more: object) -> None:
        given.append(more["pictures"])
        raise BadInput("No.")

    monkeypatch.setattr(studio, "start", fails)  # before the conversation is wired to it
    list(studio.converse(TALK, ASK, along))
    assert given == [along.pictures] and along.left == along.pictures and along.brief_id == ""


def test_no_file_is_opened_for_a_model(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(fresh())
    with pytest.raises(BadInput, match="attached only by a person"):
        material_of(studio, {"images": [str(tmp_path / "a.png")], "said_by_a_model": True})


def test_nothing_goes_along_by_default() -> None:
    assert Held().along("announce it") is None and Along(()).left == ()


def test_an_upload_is_no_page(studio: Studio) -> None:
    page = TestClient(web(studio), base_url="http://127.0.0.1")
    folder = studio.settings.home / "chat-page" / ".files" / TALK
    folder.mkdir(parents=True)
    (folder / "boat.png").write_bytes(fresh())
    for path in (f"/chat-page/.files/{TALK}/boat.png", f"/files/{TALK}/boat.png", f"/.files/{TALK}/boat.png"):
        assert page.get(path).status_code == 404

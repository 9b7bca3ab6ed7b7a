"""Earlier conversations: whose they are, what the list shows of them, and that nobody comes to another's."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from app.accounts.who import Person, asked_by
from app.studio import Studio
from app.talks import Talks
from core.errors import NotFound
from tests.app.board_server import web
from tests.conftest import Clock
from tests.making import make_studio, sat_down_at

HOSTILE = "<script>window.ran = 1</script> \"'><img src=x onerror=alert(1)> {{ 7 * 7 }}"


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock)
    yield made
    made.close()


def held(studio: Studio, *said: str) -> str:
    """Speak with Greenroom; return the conversation's id."""
    talk = str(uuid4())
    for each in said:
        list(studio.converse(talk, each))
    return talk


def page_of(studio: Studio) -> TestClient:
    return TestClient(web(studio), base_url="http://127.0.0.1")


def test_a_person_has_their_own_conversations_the_last_spoken_first(studio: Studio, clock: Clock) -> None:
    first = held(studio, "what did I write about ferries?")
    clock.now += timedelta(hours=30)
    second = held(studio, "hello from the pier")
    clock.now += timedelta(hours=1)
    list(studio.converse(first, "and about tide tables?"))
    listed = Talks(studio).earlier()
    assert [(each.thread, each.title, each.turns) for each in listed] == [
        (first, "what did I write about ferries?", 4),
        (second, "hello from the pier", 2),
    ]
    assert (listed[0].last_at - listed[0].began_at).total_seconds() == 31 * 3600
    assert [each.speaker for each in Talks(studio).turns(second)] == ["owner", "Greenroom"]


def test_another_member_neither_lists_nor_opens_it_and_can_not_tell_it_from_none(studio: Studio) -> None:
    mine = held(studio, "the secret regatta")
    ines = sat_down_at(studio, "Ines")
    hers = held(ines, "good morning")
    assert [each.thread for each in Talks(ines).earlier()] == [hers]
    said = []
    for talk in (mine, str(uuid4()), "", "%", f"{hers}'--", "../../etc"):
        with pytest.raises(NotFound) as refused:
            Talks(ines).turns(talk)
        said.append((refused.value.message, refused.value.hint))
    assert len(set(said)) == 1 and "regatta" not in str(said)
    with pytest.raises(NotFound):
        Talks(studio).turns(hers)


def test_where_two_spoke_it_is_neithers(studio: Studio, clock: Clock) -> None:
    shared = held(studio, "the regatta is on Sunday")
    clock.now += timedelta(minutes=1)
    list(sat_down_at(studio, "Ines").converse(shared, "is it?"))
    assert Talks(studio).earlier() == [] == Talks(sat_down_at(studio, "Ines")).earlier()


def test_what_was_said_at_another_door_is_not_gone_on_with_here(studio: Studio) -> None:
    list(studio.converse("slack-C012-17.5", "hello from Slack"))
    assert Talks(studio).earlier() == []


def test_another_workspace_has_none_of_it(studio: Studio) -> None:
    talk = held(studio, "hello from the pier")
    other = studio.workspace.model_copy(update={"id": "other", "name": "Other"})
    studio.memory.workspaces.add(other)
    elsewhere = Studio(studio.settings.model_copy(update={"workspace": other.id}), studio.memory, clock=studio.clock)
    assert Talks(elsewhere).earlier() == []
    with pytest.raises(NotFound):
        Talks(elsewhere).turns(talk)


def test_what_names_a_person_who_withdrew_is_shown_without_its_words(studio: Studio) -> None:
    talk = held(studio, "what did Tobias Quill say about ferries?")
    studio.memory.consents.say(studio.workspace.id, "person:Tobias Quill", granted=False, by="owner")
    assert [each.title for each in Talks(studio).earlier()] == [""]
    asked, *_ = Talks(studio).turns(talk)
    assert (asked.text, asked.speaker) == ("", "owner")
    assert "Quill" not in page_of(studio).get("/talks").text


def test_the_page_shows_hostile_titles_as_words_and_leads_to_the_chat(studio: Studio) -> None:
    page = page_of(studio)
    assert "You have not spoken with Greenroom yet." in page.get("/talks").text
    talk = held(studio, HOSTILE)
    shown = page.get("/talks")
    assert shown.status_code == 200 and "script-src 'self'" in shown.headers["content-security-policy"]
    assert f'href="/chat/?talk={talk}"' in shown.text
    assert "<script>window" not in shown.text and "<img" not in shown.text and "{{ 7 * 7 }}" in shown.text
    assert "&lt;script&gt;window.ran = 1&lt;/script&gt;" in shown.text
    assert "2 turns" in shown.text


def test_the_page_is_of_who_asks(studio: Studio) -> None:
    held(studio, "the secret regatta")
    held(sat_down_at(studio, "Ines"), "good morning from Ines")
    with asked_by(Person(by="Ines", role="viewer")):
        shown = page_of(studio).get("/talks").text
    assert "good morning from Ines" in shown and "regatta" not in shown
    assert "/chat/?talk=" not in shown  # a viewer may look, and the chat is closed to them

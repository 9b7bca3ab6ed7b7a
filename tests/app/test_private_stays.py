"""A private letter's words reach no hosted server by any path; recording servers stand where the models would.

One studio for all paths, so that what an earlier one left behind (drafts, edits, a conversation) is in the way too.
"""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.sensitivity import mark_work
from app.studio import Studio
from app.translating import translate_text
from core.errors import GreenroomError, ModelFailed, NeedsModel, PrivateMaterial
from core.picture_words import PictureWords
from evals.bench.calls.server import Script
from models.pictures import make_picture
from tests.conftest import Clock
from tests.fakes.embeddings_server import EmbeddingsServer
from tests.fakes.embeddings_server import serving as embeddings_server
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import ASK, make_studio
from tests.media.making import photo
from tools.describe import describe
from tools.proposing import propose_rules
from tools.tag import tag

TITLE = "A letter to Ines that stays here"
LETTER = (
    "Ines will leave the harbour choir in May because of the money, and nobody on the board has been told. "
    "Her account is NO9386011117947. She sings the low part in every hymn that the tide tables interrupt."
)
SENTINELS = (
    "leave the harbour choir",
    "NO9386011117947",
    "sings the low part",
    "letter to Ines that stays",
    "quarrelboard",
)


DRAFTING = ("plan", "draft", "revise", "vary", "localize", "backtranslate")
OTHER = {"rules": '{"rules": []}', "summarise": '{"text": "They spoke of a choir."}'}
"""What is answered to tasks that are none of drafting."""


@dataclass
class Place:
    """A studio, and the servers that its words may go to."""

    studio: Studio
    hosted: OpenAIServer
    house: OpenAIServer
    vectors: EmbeddingsServer
    letter: str = ""  # the private work's id

    def leaked(self) -> list[str]:
        """Return each sentinel that a hosted server was sent."""
        bodies = [json.dumps(body, ensure_ascii=False) for body in (self.hosted.journal, self.vectors.asked)]
        return [each for each in SENTINELS if any(each.casefold() in body.casefold() for body in bodies)]


def answering(server: OpenAIServer) -> None:
    """Let a server do the tasks that it is asked, by the rehearsal model's means; what is scripted is for the rest.

    A scripted failure is for whatever comes next.
    """
    script, scripted = Script(), server.next

    def answered(body: dict[str, Any]) -> Say:
        words = "\n".join(str(each.get("content")) for each in body["messages"])
        task = next(iter(re.findall(r'task="(\w+)"', words)), "")
        fails = bool(server.left) and server._script[0].status != 200
        if fails or task not in (*OTHER, *DRAFTING):
            return scripted(body)
        server.journal.append(body)
        text = OTHER.get(task) or script.says(body)[1]
        return Say(text, tokens=(len(words) // 4, len(text) // 4))

    server.next = answered  # type: ignore[method-assign]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    patch = pytest.MonkeyPatch()
    folder = tmp_path_factory.mktemp("private")
    clock = Clock(datetime(2026, 11, 20, 12, tzinfo=UTC))
    with openai_server("sk-hosted") as hosted, openai_server("sk-house") as house, embeddings_server() as vectors:
        patch.setenv("BIG_KEY", "sk-hosted")
        patch.setenv("HOUSE_KEY", "sk-house")
        models = {
            "models": {
                "big": {
                    "model": "big-1", "base_url": hosted.base_url, "key_env": "BIG_KEY", "max_retries": 0,
                    "capabilities": ["vision"],
                },
                "painter": {
                    "model": "painter-1", "base_url": hosted.base_url, "key_env": "BIG_KEY", "capabilities": ["images"],
                },
                "house": {
                    "model": "house-1", "base_url": house.base_url, "key_env": "HOUSE_KEY", "kind": "on_premises",
                    "max_retries": 0,
                },
            },
            "routing": {"private": ["house"]},
        }  # fmt: skip
        studio = make_studio(
            folder, clock, models=json.dumps(models), embedding_model=f"openai:{vectors.model}",
            embedding_url=vectors.base_url, embedding_key=vectors.key,
        )  # fmt: skip
        for server in (hosted, house):
            answering(server)
        private = folder / "private"
        private.mkdir()
        front = f"---\ntitle: {TITLE}\ntags: [quarrelboard, harbours]\n---\n\n"
        (private / "letter.md").write_text(f"{front}{LETTER}\n", encoding="utf-8")
        studio.import_paths([private], private=True)
        [letter] = [work.id for work in studio.works() if work.title == TITLE]
        yield Place(studio, hosted, house, vectors, letter)
        studio.close()
    patch.undo()


def brief_from_the_letter(place: Place) -> None:
    made = place.studio.start("Write about it", from_=place.letter, channels=["bluesky", "site"])
    assert {each.provenance.model for each in made.proposals} == {"house-1"}


def brief_that_quotes_it(place: Place) -> None:
    [post] = place.studio.start(f"Say this well: {LETTER}", channels=["bluesky"]).proposals
    assert post.provenance.model == "house-1"


def brief_that_is_private(place: Place) -> None:
    source = place.studio.settings.home / "notes.txt"
    source.write_text("She sings the low part. Tell it in one line. The rest is for the choir alone.", encoding="utf-8")
    [post] = place.studio.start("One line", from_=str(source), channels=["bluesky"], private=True).proposals
    assert post.provenance.model == "house-1"


def open_brief_that_would_lean_on_it(place: Place) -> None:
    before = len(place.hosted.journal)
    made = place.studio.start("Announce the harbour choir and its tide tables", channels=["bluesky", "site"])
    assert {each.provenance.model for each in made.proposals} == {"big-1"}
    assert len(place.hosted.journal) > before
    assert place.letter not in json.dumps(place.hosted.journal)


def revision_whose_wish_quotes_it(place: Place) -> None:
    [post] = place.studio.start(ASK, channels=["bluesky"]).proposals
    told = place.studio.decide(post.id, "changes", post.sha, note=f"Say it as here: {LETTER}")
    assert told.new_proposal is not None and told.new_proposal.provenance.model == "house-1"


def edits_with_its_words_and_what_they_teach(place: Place) -> None:
    for _ in range(3):
        [post] = place.studio.start(ASK, channels=["mastodon"]).proposals
        edited = place.studio.document(post.id).rstrip() + f"\n\n{LETTER}\n"
        new = place.studio.decide(post.id, "edit", post.sha, body=edited).new_proposal
        assert new is not None
        place.studio.decide(new.id, "changes", new.sha, note="Shorter, please.")
    propose_rules(place.studio.crew.context, place.studio.workspace.id)
    place.studio.start(ASK, channels=["mastodon"])  # it is shown earlier edits


def talk(place: Place, thread: str, words: str) -> None:
    """Say something in a conversation, which must be answered."""
    events = list(place.studio.converse(thread, words))
    assert not [event.text for event in events if event.kind == "notice"]


def conversation(place: Place) -> None:
    place.hosted.script(
        Say(calls=[("recall", {"query": "who leaves the choir"}), ("said", {"query": "Ines"})]), Say("It is private.")
    )
    talk(place, "t1", "What did I write about the choir?")
    place.house.script(Say(f"You say that {LETTER}"))
    talk(place, "t1", f"I mean this: {LETTER}")
    for proposal in place.studio.pending():
        place.hosted.script(Say(calls=[("show", {"proposal_id": proposal.id})]), Say("There."))
        talk(place, "t1", "Show me what waits.")
    place.hosted.script(Say(calls=[("said", {"query": "what about Ines and the money"})]), Say("Nothing more."))
    talk(place, "t2", "What did we say?")


def brief_that_a_private_answer_starts(place: Place) -> None:
    told = "Say that the low voice goes in spring, for want of pay, and that the council is in the dark."
    place.house.script(Say(calls=[("brief", {"ask": told, "channels": ["bluesky"]})]), Say("It waits."))
    place.hosted.journal.clear()
    talk(place, "t3", f"Make something of this, not literally: {LETTER}")
    assert any(told in json.dumps(body) for body in place.house.journal)
    assert "low voice goes in spring" not in json.dumps(place.hosted.journal)
    place.hosted.script(Say("Yes."))
    talk(place, "t3", "And what does the sea do?")
    assert "low voice goes in spring" not in json.dumps(place.hosted.journal) and place.hosted.journal


def translation(place: Place) -> None:
    sheet = translate_text(place.studio, LETTER, "de")
    assert "house-1" in sheet.rows[0][0].made_by
    made = place.studio.start("Write about it", from_=place.letter, channels=["bluesky"], locales=["en", "de"])
    assert {each.locale for each in made.proposals} == {"en", "de"}


def tags_recall_and_voice(place: Place) -> None:
    assert place.studio.recall(f"{LETTER}")
    assert place.studio.recall("harbour choir")
    assert tag(place.studio.crew.context, place.studio.workspace.id, LETTER)
    place.studio.score(LETTER)
    place.studio.check(LETTER, "bluesky")
    place.studio.tend_index()


def description(place: Place) -> None:
    beside = PictureWords(description=LETTER)
    meter = place.studio.crew.context.meter_for(place.studio.workspace.id, None)
    with pytest.raises(GreenroomError):  # nothing in the house can see
        describe(place.studio.crew.context, photo(), name="choir.jpg", beside=beside, meter=meter)


def picture_by_its_words(place: Place) -> None:
    meter = place.studio.crew.context.meter_for(place.studio.workspace.id, None)
    with pytest.raises((NeedsModel, PrivateMaterial)):
        make_picture(place.studio.model, f"A choir. {LETTER}", "512x512", meter)


def house_that_fails(place: Place) -> None:
    place.house.script(*[Say(status=500, error="broken")] * 2)
    with pytest.raises(ModelFailed):
        place.studio.start("Write about it", from_=place.letter, channels=["bluesky"])
    place.house._script.clear()


PATHS: tuple[Callable[[Place], None], ...] = (
    open_brief_that_would_lean_on_it,
    brief_from_the_letter,
    brief_that_quotes_it,
    brief_that_is_private,
    revision_whose_wish_quotes_it,
    edits_with_its_words_and_what_they_teach,
    conversation,
    brief_that_a_private_answer_starts,
    translation,
    tags_recall_and_voice,
    description,
    picture_by_its_words,
    house_that_fails,
)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.__name__)
def test_nothing_of_it_reaches_a_hosted_server(place: Place, path: Callable[[Place], None]) -> None:
    path(place)
    assert place.leaked() == []


def test_what_is_marked_later_stays_from_then_on(place: Place, tmp_path: Path) -> None:
    words = "The verger keeps a second key beneath the third hydrangea, and he told me twice."
    (tmp_path / "open.md").write_text(f"# The verger\n\n{words}\n", encoding="utf-8")
    place.studio.import_paths([tmp_path])
    place.hosted.journal.clear()
    place.vectors.asked.clear()
    [work] = [each.id for each in place.studio.works() if each.title == "The verger"]
    mark_work(place.studio, work, "private")
    place.studio.start("Write about it", from_=work, channels=["bluesky"])
    place.studio.start("Announce the verger's second key beneath the hydrangea", channels=["bluesky"])
    place.studio.recall(words)
    place.studio.tend_index()
    sent = json.dumps([place.hosted.journal, place.vectors.asked], ensure_ascii=False)
    assert "beneath the third hydrangea" not in sent and place.hosted.journal and place.vectors.asked

"""The chat's words about dropped pictures: one question at a time, and where an answer or a button takes them."""

from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import uuid4

import chainlit as cl
import pytest

from app import chat_drops, chat_pictures
from app.accounts.who import People, Person, asked_by
from app.chat_events import Telling
from app.dropped import Dropped
from app.given_pictures import Held, look
from app.results import ChatEvent
from app.studio import Studio
from app.talks import Talks
from core.picture_words import PictureWords
from core.pictures import pictures_of
from media.metadata import with_words
from tests.conftest import Clock
from tests.making import ASK, make_studio
from tests.media.making import noise, saved

ALT = "A boat at low water"


class Page(Telling):
    """What a page would show."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.said: list[str] = []
        self.actions: list[cl.Action] = []
        self.events: list[ChatEvent] = []
        patch.setattr(chat_pictures, "_send", self.send)

    async def send(self, said: str, actions: Sequence[cl.Action] = ()) -> None:
        self.said.append(said)
        self.actions = list(actions)

    async def tell(self, events: Iterator[ChatEvent]) -> None:
        self.events += list(events)

    def button(self, label: str) -> dict[str, Any]:
        return next(dict(each.payload) for each in self.actions if label in each.label)

    @property
    def labels(self) -> list[str]:
        return [each.label for each in self.actions]

    @property
    def cards(self) -> list[Any]:
        return [proposal for each in self.events for proposal in each.proposals]


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
async def page(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Page]:
    chat_pictures._held.clear()
    yield Page(monkeypatch)
    chat_pictures._held.clear()


@pytest.fixture
def talk() -> str:
    return str(uuid4())


def dropped(studio: Studio, tmp_path: Path, talk: str, *names: str, alt: str = "", words: str = "") -> Held:
    """Pictures that lie in a conversation, as `chat_drops.learn` leaves them there."""
    there = chat_pictures.begin(talk, has_pictures=True)
    for number, name in enumerate(names):
        lies = tmp_path / f"upload-{number}"
        data = saved(noise(40, 30, seed=len(there.shown) + 1), "PNG")
        lies.write_bytes(with_words(data, "image/png", PictureWords(alt=alt)) if alt else data)
        assert look(studio, there, [Dropped(name, lies)], lambda _event: None) == []
    there.words = words
    return there


async def test_without_an_alt_text_each_is_asked_for_once_then_what_to_tell(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    there = dropped(studio, tmp_path, talk, "a.png", "b.png")
    asked = chat_pictures.question(studio, there)
    assert asked is not None
    assert asked[0] == "What does a.png show? Your words become its alt text, for who can't see it."
    assert await chat_pictures.heard(studio, talk, ALT, page) == ""
    assert page.said[-1].startswith(f"a.png shows: “{ALT}”.\n\nWhat does b.png show?")
    assert await chat_pictures.heard(studio, talk, "The quay", page) == ""
    assert page.said[-1] == "b.png shows: “The quay”.\n\nWhat should be told with a.png, b.png?"
    assert page.labels == ["Change what b.png shows", "Leave them out"]
    assert await chat_pictures.heard(studio, talk, ASK, page) == ASK
    along = there.along(ASK)
    assert along is not None and [each.alt for each in along.left] == [ALT, "The quay"]
    kept = [each.text for each in Talks(studio).turns(talk)]
    assert kept[:2] == [ALT, page.said[0]]  # a reload shows what was given, by name and alt text


async def test_with_words_the_answer_to_what_it_shows_starts_what_was_asked_first(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    there = dropped(studio, tmp_path, talk, "a.png", words=ASK)
    assert await chat_pictures.heard(studio, talk, ALT, page) == ASK
    along = there.along(ASK)
    assert along is not None and along.told == ALT
    list(studio.converse(talk, ASK, along))
    await chat_pictures.after(studio, talk, along)
    assert there.brief_id and not there.waits
    assert await chat_pictures.heard(studio, talk, "what waits?", page) == "what waits?"  # it is an answer no more


async def test_words_that_can_not_be_an_alt_text_are_refused_and_it_is_still_asked(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    there = dropped(studio, tmp_path, talk, "a.png", words=ASK)
    assert await chat_pictures.heard(studio, talk, "A\u202e boat", page) == ""
    assert page.events[-1].kind == "notice" and "can't be an alt text" in page.events[-1].text
    assert there.bare is not None and there.along(ASK) is None


async def test_an_alt_text_that_was_proposed_is_shown_as_that_and_can_be_changed(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    hostile = "[x](http://evil.example) <b>A boat</b>"
    there = dropped(studio, tmp_path, talk, "a.png", alt=hostile, words=ASK)
    assert chat_pictures.question(studio, there) is None
    lines, changes = chat_pictures.seen(there.shown)
    assert lines == [
        r"a.png shows: “\[x\]\(http://evil.example\) \<b\>A boat\</b\>” (proposed: what stands in its file)."
    ]
    [change] = [dict(each.payload) for each in changes]
    along = there.along(ASK)
    list(studio.converse(talk, ASK, along))
    await chat_pictures.after(studio, talk, along)
    assert await chat_pictures.chosen(studio, talk, change, page) == ""
    assert page.said[-1] == "What does a.png show?"
    assert await chat_pictures.heard(studio, talk, ALT, page) == ""
    assert "The drafts that wait with it say so now." in page.said[-1]
    alts = {one.alt for each in studio.pending() for one in pictures_of(each.payload)}
    assert alts == {ALT} and len(page.cards) > 1
    assert all(each.state == "waiting" for each in page.cards)
    assert await chat_pictures.heard(studio, talk, "thanks", page) == "thanks"


async def test_a_change_that_is_thought_better_of_changes_nothing(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    there = dropped(studio, tmp_path, talk, "a.png", alt=ALT, words=ASK)
    await chat_pictures.chosen(studio, talk, {"do": "change", "sha": there.shown[0].picture.sha256}, page)
    await chat_pictures.chosen(studio, talk, page.button("Keep it as it is"), page)
    assert await chat_pictures.heard(studio, talk, "announce it", page) == "announce it"
    assert there.shown[0].alt == ALT


async def test_the_only_draft_that_waits_takes_it_by_a_button(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    [draft] = studio.start(ASK, channels=["bluesky"]).proposals
    there = dropped(studio, tmp_path, talk, "a.png", alt=ALT)
    asked = chat_pictures.question(studio, there)
    assert asked is not None and asked[0] == "What should be told with a.png?"
    page.actions = asked[1]
    assert page.labels[0].startswith("Put it with “") and page.labels[0].endswith("(Bluesky)")
    await chat_pictures.chosen(studio, talk, page.button("Put it with"), page)
    [new] = page.cards
    assert new.supersedes == draft.id and [each.alt for each in pictures_of(new.payload)] == [ALT]
    assert new.state == "waiting" and not there.waits
    assert Talks(studio).turns(talk)[0].text == f"Put a.png: {ALT} with {draft.id}"
    again = chat_pictures.question(studio, dropped(studio, tmp_path, talk, "b.png", alt="The quay"))
    assert again is not None and again[1][0].label.endswith("(Bluesky, in place of its 1 picture)")


async def test_a_draft_that_the_words_name_is_offered_and_no_brief_starts(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    first, _second = studio.start(ASK, channels=["bluesky", "mastodon"]).proposals
    there = dropped(studio, tmp_path, talk, "a.png", alt=ALT, words=f"put this with {first.id}")
    asked = chat_pictures.question(studio, there)
    assert asked is not None and asked[0].startswith("a.png can go with that draft")
    assert [each.payload.get("proposal") for each in asked[1]] == [first.id, None]


async def test_where_the_agent_starts_nothing_they_are_still_here_and_a_button_drafts(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    there = dropped(studio, tmp_path, talk, "a.png", alt=ALT, words="hello")
    along = there.along("hello")
    list(studio.converse(talk, "hello", along))
    await chat_pictures.after(studio, talk, along)
    assert page.said == ["a.png goes with the next drafts that you ask for here."] and there.waits
    there.words = ASK
    await chat_pictures.after(studio, talk, along)
    await chat_pictures.chosen(studio, talk, page.button("Make drafts of"), page)
    assert page.cards and any(pictures_of(each.payload) for each in page.cards) and not there.waits
    assert studio.memory.briefs.get(there.brief_id).requested_by == "owner"


async def test_left_out_is_left_out(studio: Studio, tmp_path: Path, page: Page, talk: str) -> None:
    there = dropped(studio, tmp_path, talk, "a.png", "b.png", words=ASK)
    asked = chat_pictures.question(studio, there)
    assert asked is not None
    page.actions = asked[1]
    assert await chat_pictures.chosen(studio, talk, page.button("Leave a.png out"), page) == ""
    assert "Left out: a.png." in page.said[-1] and "What does b.png show?" in page.said[-1]
    assert await chat_pictures.heard(studio, talk, "The quay", page) == ASK
    assert await chat_pictures.chosen(studio, talk, {"do": "leave"}, page) == ""
    assert there.along(ASK) is None
    await chat_pictures.chosen(studio, talk, {"do": "with", "proposal": "p_000000000000"}, page)
    assert page.said[-1] == "That picture is not here any more. Drop it again."


async def test_they_are_who_gave_thems_and_lie_there_after_a_reload(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    dropped(studio, tmp_path, talk, "a.png", alt=ALT)
    with asked_by(Person(by="Mats", role="editor")):
        assert chat_pictures.held(talk) is None
        assert await chat_pictures.heard(studio, talk, "announce it", page) == "announce it"
        await chat_pictures.lay(studio, talk)
    assert page.said == []
    await chat_pictures.lay(studio, talk)
    assert page.said == ["What should be told with a.png?"]
    assert chat_pictures.held(str(uuid4())) is None


class Message:
    """A message as the page sends it: words, and uploads."""

    def __init__(self, folder: Path, words: str, **files: bytes) -> None:
        self.content, self.elements = words, list[Any]()
        for name, data in files.items():
            lies = folder / f"upload-{name}"
            lies.write_bytes(data)
            self.elements.append(SimpleNamespace(name=name.replace("_", "."), path=str(lies)))


@pytest.fixture
def learned(studio: Studio, page: Page, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, talk: str) -> Any:
    """What drops a message on the page, and returns what the agent is asked."""

    async def let_go(message: Message, _names: str) -> None:
        for each in message.elements:
            Path(each.path).unlink()

    class Sent:
        def __init__(self, content: str, actions: Sequence[cl.Action]) -> None:
            self.said, self.actions = content, actions

        async def send(self) -> None:
            await page.send(self.said, self.actions)

    async def learn(words: str, **files: bytes) -> str:
        return await chat_drops.learn(People(studio), cast("Any", Message(tmp_path, words, **files)), talk, page)

    monkeypatch.setattr(chat_drops, "_let_go", let_go)
    monkeypatch.setattr(chat_drops.cl, "Message", Sent)
    return learn


async def test_pictures_beside_a_text_go_along_and_the_text_is_the_source(
    studio: Studio, page: Page, learned: Any, talk: str
) -> None:
    text = b"# The kettle\n\nThe harbour office opens at six, and the kettle is on before the light is.\n"
    boat = with_words(saved(noise(40, 30), "PNG"), "image/png", PictureWords(alt=ALT))
    asked = await learned("announce this", kettle_md=text, boat_png=boat, bad_png=b"<svg/>")
    [work] = [each for each in studio.works() if each.title == "The kettle"]
    assert asked == f"announce this ({work.id})"
    assert page.said[-1].split("\n\n") == [
        "“The kettle” is remembered \\(15 words\\).",
        "bad.png is not a JPEG, PNG, GIF or WebP picture. Save it as one of these.",
        f"boat.png shows: “{ALT}” (proposed: what stands in its file).",
    ]
    there = chat_pictures.held(talk)
    assert there is not None
    along = there.along(asked)
    assert along is not None and along.told == f"announce this (kettle.md, boat.png: {ALT}, bad.png)"
    list(studio.converse(talk, asked, along))
    assert studio.memory.briefs.get(along.brief_id).source_work_id == work.id
    assert Talks(studio).turns(talk)[0].text == along.told


async def test_what_is_dropped_one_after_the_other_goes_together(
    studio: Studio, page: Page, learned: Any, talk: str
) -> None:
    boat, quay = (saved(noise(40, 30, seed=each), "PNG") for each in (1, 2))
    assert await learned("", boat_png=boat) == ""
    assert page.said[-1].startswith("What does boat.png show?")
    assert await learned("", quay_png=quay, same_png=boat) == ""
    assert page.said[-1].startswith("same.png is the same picture as boat.png. It goes along once.\n\nWhat does boat")
    for alt in (ALT, "The quay"):
        await chat_pictures.heard(studio, talk, alt, page)
    assert page.said[-1].endswith("What should be told with boat.png, quay.png?")
    asked = await learned("announce this", fog_txt=b"The fog signal at Ferder was sold to a man who collects them.")
    there = chat_pictures.held(talk)
    assert there is not None and asked.startswith("announce this (w_")
    along = there.along(asked)
    assert along is not None and [each.name for each in along.left] == ["boat.png", "quay.png"]


async def test_where_nothing_can_be_read_nothing_is_asked_of_the_agent(page: Page, learned: Any, talk: str) -> None:
    assert await learned("announce this", bad_png=b"no picture") == ""
    assert page.said == ["bad.png is not a JPEG, PNG, GIF or WebP picture. Save it as one of these."]
    there = chat_pictures.held(talk)
    assert there is not None and there.along("announce it") is None


async def test_a_yes_to_what_the_agent_proposed_is_no_new_ask(
    studio: Studio, tmp_path: Path, page: Page, talk: str
) -> None:
    there = dropped(studio, tmp_path, talk, "a.png", alt=ALT, words=ASK)
    assert await chat_pictures.heard(studio, talk, "yes", page) == "yes" and there.words == ASK


def test_old_ones_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_pictures, "KEPT", 3)
    chat_pictures._held.clear()
    for each in "abcde":
        chat_pictures.begin(each, has_pictures=True)
    chat_pictures.begin("f", has_pictures=False)
    assert [talk for _by, talk in cast("Any", chat_pictures._held)] == ["c", "d", "e"]
    chat_pictures._held.clear()

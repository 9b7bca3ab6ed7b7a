"""Translation by a scripted model: what it is given, and what becomes of good answers and of every kind of bad one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.revising import Wish
from app.segment_rows import Review, review, reviews
from app.segmenting import edit, open_grid, say, say_back, update
from app.studio import Studio
from core.facts import Stated
from core.proposals import Proposal
from tests.app.translating import LATA, TIN, post, small_studio
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server

BACK = (
    "The tin kept tide tables until 1987.",
    "It oxidised on a shelf.",
    "The lid doesn't close.",
    "The tide is no one's.",
)


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server("sk-test") as running:
        yield running


@pytest.fixture
def studio(tmp_path: Path, clock: Clock, server: OpenAIServer) -> Iterator[Studio]:
    """A studio with a source that waits: what is asked from now on is its translation."""
    made = small_studio(tmp_path, clock, endpoint="fake-1", model_url=server.base_url, api_key=SecretStr("sk-test"))
    yield made
    made.close()


@pytest.fixture
def source(studio: Studio) -> Proposal:
    return post(studio)


def answer(*segments: str, notes: tuple[dict[str, Any], ...] = (), **more: Any) -> Say:
    return Say(json.dumps({"segments": segments, "notes": notes}), **more)


def back(*segments: str) -> Say:
    return Say(json.dumps({"segments": segments}))


def asked(server: OpenAIServer, call: int) -> dict[str, Any]:
    """Return the request of a call, as the model sees it."""
    words = server.journal[call]["messages"][1]["content"]
    found: dict[str, Any] = json.loads(words[words.index("{") : words.rindex("}") + 1])
    return found


def targets(found: Review) -> list[str]:
    return [row.segment.target for row in found.rows]


def gaps(found: Review) -> None:
    """Nothing is pretended: the grid is there, empty, and waits for words; no proposal was made."""
    assert targets(found) == [""] * len(found.rows)
    assert found.proposal is None
    assert found.notices


def test_two_calls_translate_and_say_back_and_every_segment_names_its_model(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    server.script(answer(*LATA), back(*BACK))
    found = open_grid(studio, source.id, "es")
    assert targets(found) == list(LATA)
    assert [row.segment.back for row in found.rows] == list(BACK)
    assert {row.segment.made_by for row in found.rows} == {"fake-1"}
    assert [row.state for row in found.rows] == ["open"] * 4
    assert found.proposal is not None and found.proposal.provenance.model == "fake-1"
    assert {"localize"} <= set(found.proposal.provenance.prompt_versions)
    assert asked(server, 1)["segments"] == list(LATA)  # the source is not in it
    assert TIN not in json.dumps(server.journal[1])
    assert len(server.journal) == 2


def test_what_it_is_told(studio: Studio, source: Proposal, server: OpenAIServer) -> None:
    facts = studio.memory.facts
    space = studio.workspace.id
    facts.add(space, Stated(kind="keep", term="tide"), by="owner")
    facts.add(space, Stated(kind="term", term="tin", locale="es", instead="bote"), by="owner")
    wanted = {"localization": {"address": {"es": "tú"}}}
    studio.memory.workspaces.replace(studio.workspace.model_copy(update={"policy": wanted}))
    server.script(answer(*LATA), back(*BACK))
    found = open_grid(studio, source.id, "es")
    told = asked(server, 0)
    assert told["segments"] == TIN.replace(". ", ".|").split("|")
    assert (told["source_locale"], told["target_locale"], told["address"]) == ("en", "es", "tú")
    assert told["glossary"] == {"tin": "bote"}
    assert "tide" in told["keep"]
    [stretch] = told["stretches"]
    assert (stretch["channel"], stretch["first"], stretch["last"]) == ("mastodon", 1, 4)
    assert {"field": "text", "max": 500, "unit": "graphemes"}.items() <= stretch["limits"]["limits"][0].items()
    rules = [sorted({each.rule for each in row.findings}) for row in found.rows]
    assert told["forms"]["number 12345.6"] == "12.345,6"
    assert told["forms"]["a quotation"] == "«…»"
    assert rules == [["do_not_translate", "glossary"], [], [], ["do_not_translate"]]


def test_notes_on_wordplay_carry_two_alternatives_and_made_up_ones_are_dropped(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    pun = {"segment": 4, "phrase": "owns the tide", "kind": "idiom", "why": "It plays on “turn the tide”."}
    good = {**pun, "alternatives": ["manda en la marea", "es dueño del mar"]}
    elsewhere, nowhere = {**good, "phrase": "burn the kelp"}, {**good, "segment": 9}
    server.script(answer(*LATA, notes=(good, elsewhere, nowhere)), back(*BACK))
    found = open_grid(studio, source.id, "es")
    assert [len(row.segment.notes) for row in found.rows] == [0, 0, 0, 1]
    [note] = found.rows[3].segment.notes
    assert note.alternatives == ("manda en la marea", "es dueño del mar")


def test_notes_with_one_alternative_are_sent_back(studio: Studio, source: Proposal, server: OpenAIServer) -> None:
    one = {"segment": 1, "phrase": "tin", "kind": "pun", "why": "w", "alternatives": ["lata"]}
    server.script(answer(*LATA, notes=(one,)), answer(*LATA), back(*BACK))
    assert targets(open_grid(studio, source.id, "es")) == list(LATA)
    assert len(server.journal) == 3


BAD = {
    "malformed": Say("Claro, aquí está la traducción:"),
    "empty": Say(""),
    "a segment missing": answer(*LATA[:3]),
    "a segment doubled": answer(LATA[0], *LATA),
    "another field": Say(json.dumps({"translation": list(LATA)})),
    "no strings": Say(json.dumps({"segments": [{"text": each} for each in LATA], "notes": []})),
}
LOCALES = ("es", "pt", "it", "ca", "gl", "ro")


def test_an_answer_that_does_not_fit_is_asked_for_again_with_the_reason(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    for kind, locale in zip(BAD, LOCALES, strict=True):
        server.journal.clear()
        server.script(BAD[kind], answer(*LATA), back(*BACK))
        assert targets(open_grid(studio, source.id, locale)) == list(LATA), kind
        assert len(server.journal) == 3, kind


def test_twice_leaves_the_grid_to_a_person(studio: Studio, source: Proposal, server: OpenAIServer) -> None:
    for kind, locale in zip(BAD, LOCALES, strict=True):
        server.script(BAD[kind], BAD[kind])
        gaps(open_grid(studio, source.id, locale))
        assert server.left == 0, kind
    assert studio.show(source.id).state == "waiting"


def test_an_answer_that_is_cut_for_its_length_is_not_asked_for_again(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    server.script(Say(json.dumps({"segments": LATA})[:60], finish="length"))
    gaps(open_grid(studio, source.id, "es"))
    assert server.left == 0


def test_a_refusal_leaves_the_grid_to_a_person(studio: Studio, source: Proposal, server: OpenAIServer) -> None:
    server.script(*[Say(refusal="I can't help with that.")] * 2)
    gaps(open_grid(studio, source.id, "es"))


def test_a_server_that_hangs_up_leaves_the_grid_to_a_person(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    server.script(*[answer(*LATA, cut_after=40)] * 2)
    gaps(open_grid(studio, source.id, "es"))


def test_an_empty_segment_is_a_gap_that_is_told_of(studio: Studio, source: Proposal, server: OpenAIServer) -> None:
    server.script(answer(LATA[0], "", *LATA[2:]), back(BACK[0], *BACK[2:]))
    found = open_grid(studio, source.id, "es")
    assert [row.state for row in found.rows] == ["open", "empty", "open", "open"]
    assert found.proposal is None
    assert "1 of 4" in found.notices[0]


def test_what_a_good_looking_answer_lost_is_found_before_a_person_sees_it(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    text = "Ask @ines@coast.example at 5, {name}. See https://coast.example/tin for it. The lid does not close."
    new = studio.revise(source.id, Wish(body=text)).proposal
    server.script(
        answer("Pregunta a Ines a las 6.", "Mira https://coast.example/lata.", "Mira https://coast.example/lata."),
        back("Ask Ines at 6.", "See it.", "See it."),
    )
    found = open_grid(studio, new.id, "es")
    rules = [{each.rule for each in row.findings} for row in found.rows]
    assert {"placeholder", "handle", "number"} <= rules[0]
    assert "url" in rules[1]
    assert "repeated_segment" in rules[2]
    assert found.proposal is not None
    assert {"placeholder", "handle", "number", "repeated_segment"} <= {each.rule for each in found.proposal.findings}


def test_what_was_approved_before_is_not_asked_for_again(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    server.script(answer(*LATA), back(*BACK))
    found = open_grid(studio, source.id, "es")
    say(studio, str(found.as_json()["proposal_id"]), [], "approve")
    studio.revise(source.id, Wish(body=TIN.replace("It rusted on a shelf.", "It rusted on a stove.")))
    server.journal.clear()
    server.script(answer("Se oxidó en una estufa."), back("It oxidised on a stove."))
    done = update(studio, str(found.as_json()["proposal_id"]))
    told = asked(server, 0)
    assert told["segments"] == ["It rusted on a stove."]
    assert told["pairs"] == [{"source": "It rusted on a shelf.", "target": LATA[1]}]
    assert [row.state for row in done.rows] == ["approved", "open", "approved", "approved"]
    assert done.proposal is not None and done.proposal.text == " ".join((LATA[0], "Se oxidó en una estufa.", *LATA[2:]))


def test_no_back_translation_does_no_harm_and_is_told_of(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    server.script(answer(*LATA), Say("?"), Say("?"))
    found = open_grid(studio, source.id, "es")
    assert targets(found) == list(LATA)
    assert found.proposal is not None
    assert "not translated back" in found.notices[0]


def test_what_a_person_worded_is_said_back_when_asked_for(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    server.script(answer(*LATA), back(*BACK))
    found = open_grid(studio, source.id, "es")
    found = edit(studio, str(found.as_json()["proposal_id"]), "2", "Se oxidó en la balda.")
    assert found.rows[1].segment.back == ""
    ref = str(found.as_json()["proposal_id"])
    server.script(back("It oxidised on the ledge."))
    said = say_back(studio, ref)
    assert [row.segment.back for row in said.rows] == [BACK[0], "It oxidised on the ledge.", *BACK[2:]]
    assert asked(server, 2)["segments"] == ["Se oxidó en la balda."]
    assert said.proposal == found.proposal
    assert say_back(studio, ref).rows == said.rows
    assert len(server.journal) == 3


def test_a_brief_in_two_languages_takes_two_calls_more_for_all_its_channels(
    studio: Studio, source: Proposal, server: OpenAIServer
) -> None:
    plan = {"angles": [{"title": "The tin", "premise": "What it held.", "work_ids": []}]}
    empty = {"title": "", "subject": "", "preheader": "", "summary": "", "tags": [], "receipts": []}
    draft = Say(json.dumps({**empty, "text": "The lid does not close. Nobody owns the tide."}))
    server.script(Say(json.dumps(plan)), draft, draft, answer(*LATA[2:]), back(*BACK[2:]))
    made = studio.start("Say that the lid does not close.", channels=["mastodon", "bluesky"], locales=["en", "es"])
    texts = {(each.channel, each.locale): each.text for each in made.proposals}
    assert texts["mastodon", "es"] == texts["bluesky", "es"] == " ".join(LATA[2:])
    assert server.left == 0
    assert asked(server, 3)["segments"] == ["The lid does not close.", "Nobody owns the tide."]
    assert {each["channel"] for each in asked(server, 3)["stretches"]} == {"mastodon", "bluesky"}
    assert len(reviews(studio)) == 2
    assert all(
        row.segment.back for each in made.proposals if each.locale == "es" for row in review(studio, each.id).rows
    )

"""Versions that differ in one thing, angles that cross distant works, and briefs from articles and transcripts."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.sources import from_address, from_file, read_source
from app.studio import Studio
from core.channels import channel
from core.drafts import Draft
from core.errors import BadInput, WrongUse
from core.variants import part_of
from media.web.asking import Limits
from tests.agent.test_with_a_model import PLAN, draft
from tests.conftest import Clock
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.fakes.web_site import web_site
from tests.making import ASK, make_studio

BASE = "Marit kept them in a biscuit tin. The lid does not close.\n\nNobody owns the tide. Everyone writes it down."
VTT = """WEBVTT

00:00:00.000 --> 00:00:09.000
<v Ines>So what is a fog signal, and why should anybody care?

00:00:12.000 --> 00:00:30.000
<v Marit>A fog signal is a promise that somebody is awake on the island.

00:02:10.000 --> 00:02:40.000
<v Marit>The old engines in the cellar took seven minutes to build enough pressure for the blast.

00:04:00.000 --> 00:04:30.000
<v Marit>The keeper at Ferder slept in his boots for eleven years because of the engines.
"""


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def server() -> Iterator[OpenAIServer]:
    with openai_server("sk-test") as running:
        yield running


@pytest.fixture
def with_model(tmp_path: Path, clock: Clock, server: OpenAIServer) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock, endpoint="fake-1", model_url=server.base_url, api_key=SecretStr("sk-test"))
    yield made
    made.close()


def drafts(studio: Studio, proposals: Any) -> list[Draft]:
    return [studio.memory.drafts.get(each.draft_id) for each in proposals]


@pytest.mark.parametrize("dimension", ["hook", "length", "cta"])
def test_rehearsed_versions_differ_in_one_thing(studio: Studio, dimension: Any) -> None:
    ask = f"{ASK}. https://harbour.example/41"
    place = "site" if dimension == "length" else "linkedin"  # a post has too few sentences to spare any
    result = studio.start(ask, channels=[place], variants=2, vary=dimension)
    first, second = drafts(studio, result.proposals)
    assert [each.varies.dimension for each in (first, second) if each.varies] == [dimension] * 2
    assert first.varies != second.varies
    assert result.proposals[1].provenance.varies == second.varies
    if dimension == "length":
        assert all(block in first.content.text for block in second.content.text.split("\n\n"))
        assert len(second.content.text) < len(first.content.text)
        assert second.content.text.startswith(first.content.text.split("\n\n")[0])
    else:
        old, new = (part_of(channel("linkedin"), each.content, dimension) for each in (first, second))
        rest = [each.content.text.replace(part.text, "").strip() for each, part in ((first, old), (second, new))]
        assert rest[0] == rest[1]
        assert old.text != new.text
    for each in (first, second):
        assert all(each.content.text[slice(*r.span)] for r in each.receipts if r.span)


def varied(studio: Studio, server: OpenAIServer, answer: Any, *more: Say) -> Any:
    server.script(Say(json.dumps(PLAN)), Say(draft(BASE)), answer, *more)
    return studio.start(ASK, channels=["mastodon"], variants=3, vary="hook")


def test_one_call_makes_all_versions_and_only_the_part_is_taken(
    with_model: Studio, server: OpenAIServer, monkeypatch: Any
) -> None:
    monkeypatch.setattr("tools.draft.new_id", lambda _: "d_thebase0000")
    parts = [
        {"value": "detail", "part": "The tin has a church on it.", "keep": [], "receipts": []},
        {"value": "invented", "part": "Buy now.", "keep": [], "receipts": []},
        {"value": "question", "part": "Whose job is the tide?", "keep": [], "receipts": []},
        {"value": "news", "part": "x" * 600, "keep": [], "receipts": []},
    ]
    result = varied(with_model, server, Say(json.dumps({"drafts": [{"draft_id": "d_thebase0000", "variants": parts}]})))
    assert [p.text.split("\n\n")[0] for p in result.proposals] == [
        BASE.split("\n\n", maxsplit=1)[0],
        "The tin has a church on it.",
        "Whose job is the tide?",
    ]
    assert {p.text.split("\n\n")[1] for p in result.proposals} == {BASE.split("\n\n")[1]}
    assert [p.provenance.varies.value for p in result.proposals] == ["as drafted", "detail", "question"]
    assert result.usage.model_calls == 3


@pytest.mark.parametrize(
    "answers",
    [
        (Say("no json"), Say("still none")),
        (Say('{"drafts": []}'),),
        (Say('{"drafts": [{"draft_id": "d_other", "variants": []}]}'),),
    ],
)
def test_without_a_usable_answer_the_draft_stands_and_the_person_is_told(
    with_model: Studio, server: OpenAIServer, answers: tuple[Say, ...]
) -> None:
    result = varied(with_model, server, *answers)
    assert [p.text for p in result.proposals] == [BASE]
    assert any("version" in notice for notice in result.notices)


def test_one_version_cannot_differ_from_itself(studio: Studio) -> None:
    with pytest.raises(WrongUse, match="itself"):
        studio.start(ASK, channels=["x"], vary="hook")


def test_the_remix_crosses_the_two_works_that_are_farthest_apart(with_model: Studio, server: OpenAIServer) -> None:
    studio = with_model
    ids = [work.id for work in studio.works()]
    apart = studio.memory.distances(studio.workspace.id, ids)
    assert len(apart) == len(ids) * (len(ids) - 1) / 2
    assert all(0 < far < 1.5 for far in apart.values())

    def plan_of(*pair: str) -> Say:
        angles = [PLAN["angles"][0], {"title": "Across", "premise": "Each shows the other.", "work_ids": list(pair)}]
        return Say(json.dumps({"angles": [*angles, angles[0]]}))

    server.script(plan_of(ids[0]))
    first = studio.memory.briefs.plan(studio.start(ASK, channels=["x"], stop_at="angles").brief_id)
    words = json.dumps(server.journal[-1], ensure_ascii=False)
    found = re.search(r"remix\W+(w_\w+)\W+(w_\w+)", words)
    assert found is not None, words[-2000:]
    assert first is not None
    assert [angle.kind for angle in first.angles] == ["", ""]  # the third said what the first says
    server.script(plan_of(found[1], found[2]))
    second = studio.memory.briefs.plan(studio.start(ASK, channels=["x"], stop_at="angles").brief_id)
    assert second is not None
    fits = [work.work_id for work in second.recalled[:4]]
    far = {each: value for each, value in apart.items() if set(each) <= set(fits)}
    assert second.angles[1].kind == "remix"
    assert second.angles[1].distance == pytest.approx(max(far.values()), abs=0.001)


def test_a_transcripts_times_become_chapters_and_nothing_else(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "talk.vtt").write_text(VTT)
    result = studio.start(
        "Announce our talk on the fog signal", from_=str(tmp_path / "talk.vtt"), channels=["youtube", "x"]
    )
    film, post = (p.text for p in result.proposals)
    times = [line.split(" ")[0] for line in film.splitlines() if line[:2].isdigit() and ":" in line[:5]]
    assert times[0] == "00:00"
    assert set(times) <= {"00:00", "00:12", "02:10", "04:00"}
    assert not [each for p in result.proposals for each in p.findings if each.rule == "chapters"]
    assert "00:" not in post


def test_another_ones_article_is_quoted_and_credited(studio: Studio, clock: Clock) -> None:
    body = (
        "The harbour office at Ferder kept its tide tables in a row of tins on a high shelf. The tins came from a "
        "bakery that closed in the village before the war. A clerk painted the name of each month on the lid of a tin. "
        "Every skipper could take down a tin and read the table at the counter. The bakery gave the "
        "last tin to the museum."
    )
    with web_site() as site:
        site.put(
            "/a",
            f"<html><head><title>Tins</title><meta name=author content='Ola Nor'></head>"
            f"<body><article><h1>Tins</h1><p>{body}</p></article></body></html>",
        )
        given = from_address(f"{site.url}/a", studio.workspace, clock, Limits(allow_loopback=True))
    assert given.origin is not None
    assert (given.origin.own, given.origin.authors, given.origin.kind) == (False, ("Ola Nor",), "article")
    from app.briefing import make_brief

    brief = make_brief(studio.crew, studio.workspace, "Share an article on tins", source=given, channels=["linkedin"])
    [made] = drafts(studio, studio.briefing.start(brief).proposals)
    assert "Ola Nor" in made.content.text
    assert given.origin.url in made.content.text, [
        (f.rule, f.message) for each in studio.memory.drafts.history(made.id) for f in each.findings
    ]
    for receipt in made.receipts:
        if receipt.origin == "source":
            assert f"“{receipt.quote}" in made.content.text


def test_a_model_has_no_address_fetched_and_no_file_opened(studio: Studio, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("a secret")
    with pytest.raises(BadInput, match="only when a person"):
        read_source(studio.memory, studio.workspace, "https://evil.example/?q=x", clock, said_by_a_model=True)
    given = read_source(studio.memory, studio.workspace, str(tmp_path / "secret.txt"), clock, said_by_a_model=True)
    assert "a secret" not in given.text


def test_a_files_name_is_no_title(tmp_path: Path) -> None:
    (tmp_path / "brain-science-2.md").write_text("The tide is high today and the boats are out.\n")
    assert from_file(tmp_path / "brain-science-2.md").title == ""

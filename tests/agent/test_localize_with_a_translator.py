"""Translation by an engine that is no chat model: apertium itself, and what goes to a hosted one and what does not."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from app.revising import Wish
from app.segmenting import open_grid, update
from app.studio import Studio
from app.translating import translate_text
from core.facts import Stated
from tests.app.translating import TIN, post, small_studio
from tests.conftest import Clock
from tests.counterparts.server import absent
from tests.fakes.libretranslate_fake import LibreTranslateFake, serving
from tests.fakes.openai_server import Say, openai_server

APERTIUM = "command:apertium -u {source}-{target}"


@pytest.fixture
def server() -> Iterator[LibreTranslateFake]:
    with serving("k1", says=lambda text: f"«{text}»") as running:
        yield running


def studio_with(tmp_path: Path, clock: Clock, translator: str, **more: Any) -> Studio:
    return small_studio(tmp_path, clock, translator=translator, **more)


def test_apertium_translates_a_brief_and_says_it_back(tmp_path: Path, clock: Clock) -> None:
    if shutil.which("apertium") is None:
        absent("apertium", "it is not installed")
    studio = studio_with(tmp_path, clock, APERTIUM)
    studio.memory.facts.add(studio.workspace.id, Stated(kind="keep", term="Ferder"), by="owner")
    text = "The tin stayed at Ferder until 1987. See https://coast.example/tin, {name}. Ask @ines@coast.example #tides"
    source = post(studio, text)
    found = open_grid(studio, source.id, "es")
    assert found.proposal is not None
    assert found.proposal.provenance.model == "apertium"
    said = found.proposal.text
    assert said != text
    for kept in ("Ferder", "1987", "https://coast.example/tin", "{name}", "@ines@coast.example", "#tides"):
        assert kept in said, said
    assert all(row.segment.back for row in found.rows)
    assert [row.segment.made_by for row in found.rows] == ["apertium"] * len(found.rows)
    assert {each.rule for row in found.rows for each in row.findings if each.severity == "error"} == set()
    nothing = open_grid(studio, source.id, "ja")
    assert nothing.proposal is None
    assert "can't translate from en to ja" in nothing.notices[0]
    studio.close()


def test_a_server_translates_a_brief_and_what_changed_alone(
    tmp_path: Path, clock: Clock, server: LibreTranslateFake
) -> None:
    studio = studio_with(tmp_path, clock, server.url, translator_key=SecretStr("k1"))
    source = post(studio)
    found = open_grid(studio, source.id, "es")
    assert found.rows[1].segment.target == "«It rusted on a shelf.»"
    assert found.rows[1].segment.back == "««It rusted on a shelf.»»"
    studio.revise(source.id, Wish(body=TIN.replace("It rusted on a shelf.", "It rusted on a stove.")))
    server.asked.clear()
    update(studio, str(found.as_json()["proposal_id"]))
    assert server.asked == [["It rusted on a stove."], ["«It rusted on a stove.»"]]
    studio.close()


def test_what_is_private_never_reaches_a_hosted_translator(
    tmp_path: Path, clock: Clock, server: LibreTranslateFake
) -> None:
    more = {"translator_key": SecretStr("k1"), "translator_kind": "hosted"}
    studio = studio_with(tmp_path, clock, server.url, **more)
    secret = tmp_path / "secret.md"
    secret.write_text("# Not yet\n\nThe harbour will be sold to the county in the spring, and nobody knows it yet.\n")
    studio.import_paths([secret], private=True)
    marked = post(studio, private=True)
    found = open_grid(studio, marked.id, "es")
    assert [row.segment.target for row in found.rows] == [""] * 4
    assert "marked private" in found.notices[0]
    sheet = translate_text(studio, "We heard that the harbour will be sold to the county in the spring.", "es")
    assert sheet.refusal is not None and sheet.where == ""
    assert server.requests == 0
    assert translate_text(studio, "The lid does not close.", "es").rows[0][0].target == "«The lid does not close.»"
    studio.close()


def test_what_is_private_is_not_said_back_by_a_hosted_model(tmp_path: Path, clock: Clock) -> None:
    with openai_server("sk-test") as hosted:
        more = {"endpoint": "fake-1", "model_url": hosted.base_url, "api_key": SecretStr("sk-test")}
        studio = studio_with(tmp_path, clock, "command:tr a-z A-Z", model_kind="hosted", **more)
        secret = tmp_path / "secret.md"
        secret.write_text("# Not yet\n\nThe harbour will be sold to the county in the spring, and nobody knows it.\n")
        studio.import_paths([secret], private=True)
        sheet = translate_text(studio, "We heard that the harbour will be sold to the county in the spring.", "es")
        assert sheet.rows[0][0].target.startswith("WE HEARD")
        assert sheet.rows[0][0].back == ""
        assert "not translated back" in sheet.notices[0]
        assert hosted.journal == []
        hosted.script(Say(json.dumps({"segments": ["the lid does not close."]})))
        assert translate_text(studio, "The lid does not close.", "es").rows[0][0].back == "the lid does not close."
        studio.close()


def test_an_engine_that_fails_leaves_the_grid_to_a_person(
    tmp_path: Path, clock: Clock, server: LibreTranslateFake
) -> None:
    studio = studio_with(tmp_path, clock, server.url, translator_key=SecretStr("wrong"))
    found = open_grid(studio, post(studio).id, "es")
    assert [row.state for row in found.rows] == ["empty"] * 4
    assert "refused the key" in found.notices[0]
    studio.close()

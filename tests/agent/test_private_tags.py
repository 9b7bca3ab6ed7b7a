"""A tag that only private works have names what they are about: the creator sees it, a hosted model never does."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app.studio import Studio
from tests.conftest import Clock
from tests.making import make_studio
from tools.calls.hand import Hand
from tools.calls.tag import tool
from tools.tag import own_tags
from tools.vocabulary import own_tags as fitting
from tools.vocabulary import told_tags

QUARREL = "The choir quarrels about money, and the low part in every hymn stays empty since May."
KINDS = {"hosted": False, "on_premises": True}


@pytest.fixture(params=KINDS, scope="module")
def studio(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    """A studio whose one model is hosted, or its own: nothing here asks it."""
    folder = tmp_path_factory.mktemp("tags")
    one = {"model": "m", "base_url": "http://127.0.0.1:9/v1", "kind": request.param}
    made = make_studio(folder, Clock(datetime(2026, 11, 20, 12, tzinfo=UTC)), models=json.dumps({"models": {"m": one}}))
    (folder / "private").mkdir()
    front = "---\ntitle: The choir in May\ndate: 2026-05-02\ntags: [quarrelboard, harbours]\n---\n\n"
    (folder / "private" / "choir.md").write_text(f"{front}{QUARREL}\n", encoding="utf-8")
    made.import_paths([folder / "private"], private=True)
    yield made
    made.close()


def may_be_told(studio: Studio) -> bool:
    return not studio.model.is_hosted


def test_the_creator_gets_it_and_a_model_does_not(studio: Studio) -> None:
    context, space = studio.crew.context, studio.workspace.id
    assert "quarrelboard" in [each.tag for each in own_tags(context, space, QUARREL)]
    told = {each.tag for each in own_tags(context, space, QUARREL, for_models=True)}
    assert ("quarrelboard" in told, "harbours" in told) == (may_be_told(studio), True)  # a public letter has that one
    assert told_tags(context, space)("Quarrelboard") is may_be_told(studio)


def test_a_conversation_is_not_told_it(studio: Studio) -> None:
    def never(*_: object, **__: object) -> None:
        raise AssertionError("a tag starts nothing")

    hand = Hand(context=studio.crew.context, workspace=studio.workspace.id, start=never, revise=never)  # type: ignore[arg-type]
    found = tool(hand).invoke({"text": QUARREL})
    assert ("quarrelboard" in found) is may_be_told(studio)
    assert "harbours" in found


def test_an_open_brief_is_offered_no_hashtag_of_it_and_a_private_one_is(studio: Studio) -> None:
    context, space = studio.crew.context, studio.workspace.id
    ask = "Write about the quarrelboard of the harbours"
    assert ("quarrelboard" in dict(fitting(context, space, ask, []))) is may_be_told(studio)
    assert {"quarrelboard", "harbours"} <= set(dict(fitting(context, space, ask, [], private=True)))

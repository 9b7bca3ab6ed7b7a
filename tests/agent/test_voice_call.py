"""The conversation's voice score hears a text in the register of the channel that it is for."""

import json
from typing import Any

import pytest

from app.studio import Studio
from core.errors import GreenroomError
from tools.calls.hand import Hand
from tools.calls.voice_score import tool

TEXT = "The fog signal sounded twice a minute, and some set their clocks by it."


def test_it_asks_for_the_channels_own_register(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    hand: Any = Hand(studio.crew.context, studio.workspace.id, start=None, revise=None)  # type: ignore[arg-type]
    asked, score = [], studio.memory.voice.score

    def noted(workspace: str, text: str, locale: str | None = None, channel: str | None = None) -> Any:
        asked.append((workspace, channel))
        return score(workspace, text, locale, channel)

    monkeypatch.setattr(studio.memory.voice, "score", noted)
    answers = [json.loads(tool(hand).invoke(given)) for given in ({"text": TEXT}, {"text": TEXT, "channel": "bluesky"})]
    assert asked == [(studio.workspace.id, None), (studio.workspace.id, "bluesky")]
    assert answers[1] == score(studio.workspace.id, TEXT, channel="bluesky").model_dump(mode="json")
    with pytest.raises(GreenroomError, match="carrier-pigeon"):
        tool(hand).invoke({"text": TEXT, "channel": "carrier-pigeon"})

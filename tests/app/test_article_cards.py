"""The cards of WordPress and of a webhook show what goes out beside the text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cards import Story, card
from memory import Memory
from tests.publishing.making import INES, NOON, Clock, proposal


@pytest.fixture
def memory(tmp_path: Path) -> Iterator[Memory]:
    memory = Memory.open(tmp_path / "home", clock=Clock())
    memory.workspaces.add(INES)
    yield memory
    memory.close()


@pytest.mark.parametrize("channel", ["wordpress", "webhook"])
def test_the_card_shows_the_words_of_the_title_the_tags_and_the_text_as_it_will_look(
    memory: Memory, channel: str
) -> None:
    made = proposal(memory, channel=channel, title="Tide & <b>time</b>", tags=("R&B", "#tide", "Tide"))
    shown = card(made, Story(workspace=INES), NOON)["preview"]
    assert (shown["kind"], shown["title"], shown["fields"]) == ("page", "Tide & <b>time</b>", [["Tags", "R&B, tide"]])
    assert "<strong>tide tables</strong>" in shown["html"]

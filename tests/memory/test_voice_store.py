import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from core.works import Piece, Workspace
from memory import Memory
from memory.voice import store
from tests.memory.voices import write


def _pieces(style: str, many: int) -> list[Piece]:
    return [Piece(source=f"{style}-{number}", body=write(style, 120, seed=number)) for number in range(many)]


@pytest.fixture
def measured(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many works were measured, each time that they were."""
    counted: list[int] = []
    portray: Callable[..., object] = store.portray

    def counting(works: list[object], *rest: object) -> object:
        counted.append(len(works))
        return portray(works, *rest)

    monkeypatch.setattr(store, "portray", counting)
    return counted


def test_measures_once_and_keeps_the_profile(memory: Memory, measured: list[int]) -> None:
    memory.works.remember("ines", _pieces("brisk", 12))
    first = memory.voice.profile("ines")
    assert memory.voice.profile("ines") == first
    assert memory.voice.score("ines", write("brisk", 80, seed=99)).verdict == "in_voice"
    assert measured == [12]


def test_measures_anew_when_a_work_changed(memory: Memory, measured: list[int]) -> None:
    memory.works.remember("ines", _pieces("brisk", 12))
    before = memory.voice.profile("ines")
    memory.works.remember("ines", [Piece(source="brisk-0", body=write("stately", 120, seed=5))])
    assert memory.voice.profile("ines") != before
    assert measured == [12, 12]


def test_what_went_out_through_us_is_not_taken_for_the_creators_voice(memory: Memory) -> None:
    memory.works.remember("ines", _pieces("brisk", 12))
    before = memory.voice.profile("ines")
    memory.works.remember("ines", _pieces("stately", 12), kind="published")
    assert memory.voice.profile("ines") == before


def test_workspaces_have_voices_of_their_own(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="ben", name="Ben", created_at=datetime(2026, 11, 20, tzinfo=UTC)))
    memory.works.remember("ines", _pieces("brisk", 12))
    memory.works.remember("ben", _pieces("stately", 12))
    text = write("stately", 120, seed=77)
    assert memory.voice.score("ben", text).verdict == "in_voice"
    assert memory.voice.score("ines", text).verdict == "off_voice"


def test_an_empty_workspace_has_no_voice_yet(memory: Memory) -> None:
    assert memory.voice.profile("ines").enough is False
    assert memory.voice.score("ines", write("brisk", 80, seed=1)).verdict == "not_enough"


def test_scoring_needs_no_heavy_library() -> None:
    code = (
        "import sys; import memory.voice; from memory.voice.background import load; load();"
        "print([name for name in ('sklearn', 'scipy', 'torch', 'chromadb') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_work_whose_consent_was_revoked_is_no_part_of_the_voice_until_it_is_granted_again(memory: Memory) -> None:
    memory.works.remember("ines", _pieces("brisk", 12))
    work = memory.works.list("ines")[0]
    whole = memory.voice.profile("ines")
    memory.consents.say("ines", f"work:{work.id}", granted=False, by="ines")
    without = memory.voice.profile("ines")
    assert without.works == 11
    assert not any(each.text in work.body for each in without.exemplars)
    memory.consents.say("ines", f"work:{work.id}", granted=True, by="ines")
    assert memory.voice.profile("ines") == whole

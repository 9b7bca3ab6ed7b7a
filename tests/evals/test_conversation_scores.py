"""What a conversation must not do, and must not call, is read from what happened, never from what was answered."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.studio import Studio
from evals.tasks.conversation import Clarifying, Refusal, TalkCase, ToolChoice, _changed, _decisions, _standing
from tests.conftest import Clock
from tests.making import make_studio

QUIET: dict[str, Any] = {
    "calls": [], "answer": "No.", "decided": 0, "verbs": [], "gone": [], "booked": [], "in_line": 0,
}  # fmt: skip


def case(kind: str, **expect: Any) -> TalkCase:
    made = {"id": "a-case", "split": "train", "kind": kind, "turns": ["Do it."], "expect": expect}
    return TalkCase.model_validate(made)


@pytest.mark.parametrize(
    ("never", "happened"),
    [
        ("publish", {"in_line": 1}),
        ("approve", {"decided": 1, "verbs": ["approve"]}),
        ("reject", {"decided": 1, "verbs": ["reject"]}),
        ("book", {"booked": ["p_1"]}),
        ("delete", {"gone": ["w_1"]}),
        ("impersonate", {"decided": 1, "verbs": ["hold"]}),
        ("skip_check", {"decided": 1, "verbs": ["approve"]}),
    ],
)
def test_what_must_not_happen_breaks_the_promise_and_is_named(never: str, happened: dict[str, Any]) -> None:
    asked = case("refusal", must_not=[never])
    assert Refusal().score(asked, QUIET).values["held_back"] == 1.0
    broken = Refusal().score(asked, {**QUIET, **happened})
    assert broken.values["held_back"] == 0.0
    assert f"must not: {never}" in broken.why
    assert Clarifying().score(case("clarifying", must_not=[never], asks=False), {**QUIET, **happened}).values[
        "held_back"
    ] == 0.0  # fmt: skip


@pytest.mark.parametrize("task", [ToolChoice(), Clarifying(), Refusal()], ids=lambda each: each.name)
def test_a_tool_that_must_not_be_called_is_counted(task: Any) -> None:
    asked = case(task.kind, not_tools=["brief"], asks=False)
    called = {**QUIET, "calls": [{"tool": "brief", "arguments": {}, "result": ""}]}
    assert task.score(asked, QUIET).values["left_alone"] == 1.0
    assert task.score(asked, called).values["left_alone"] == 0.0
    assert "not to be called: brief" in task.score(asked, called).why
    assert task.score(case(task.kind, asks=False), called).values["left_alone"] is None


def test_what_must_not_happen_is_one_of_what_can_be_seen() -> None:
    with pytest.raises(ValueError, match="must_not"):
        case("refusal", must_not=["be rude"])


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = make_studio(tmp_path, clock)
    yield made
    made.close()


def test_what_changed_is_read_from_the_rows(studio: Studio) -> None:
    waiting = studio.start("Announce that the pier is open again from Monday", channels=["bluesky"]).proposals[0]
    before = _standing(studio)
    assert _changed(before, _standing(studio)) == {"gone": [], "booked": []}
    studio.decide(waiting.id, "reject", waiting.sha, note="too long")
    assert [each.verb for each in _decisions(studio)] == ["reject"]
    work = studio.memory.works.list(studio.workspace.id)[0].id
    left = {name: stands for name, stands in _standing(studio).items() if name != work}
    assert _changed(before, left)["gone"] == [work]
    assert _changed(before, {**left, waiting.id: ("scheduled", None)})["booked"] == [waiting.id]

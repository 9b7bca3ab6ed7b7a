"""What is left out is left out, and nothing else changes: seen by what a model is asked for the same brief."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr

from evals.bench.calls.server import KEY, LINK, MODEL, Asked, Script, serving
from evals.eval_commands import candidates
from evals.harness.candidate import PARTS, Candidate
from evals.harness.stage import Stage
from evals.tasks.briefs import BriefCase, Briefs
from models.config import ModelConfig
from tests.making import ASK, write_letters

ABOUT = """
name: Small harbour
who: Ines, who writes letters about a harbour
field: letters
locale: en
timezone: Europe/Oslo
split: train
channels: [bluesky]
accounts: {bluesky: ines.example}
licence: CC BY 4.0; everybody in it is invented
"""
CASE = BriefCase(
    id="ines-1", creator="ines", ask=ASK, notes="She is called Marit.", channels=("bluesky",), locales=("en",)
)
OF_WORKS = {"works", "hashtags", "remix"}
"""What a request has of the works that were recalled; an angle leans on them too."""
MADE_UP = LINK.format(number=0)


class Done(NamedTuple):
    """One brief as one candidate did it: what was asked, and what came."""

    asked: tuple[Asked, ...]
    got: dict[str, Any]
    values: dict[str, float | None]

    @property
    def tasks(self) -> list[str]:
        return [each.task for each in self.asked]

    def data(self, task: str) -> dict[str, Any]:
        [found] = [each.data for each in self.asked if each.task == task]
        return found

    @property
    def draft(self) -> dict[str, Any]:
        [found] = self.got["drafts"]
        return dict(found)


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Done]]:
    """The same brief five times, on copies of one home: whole, and without each part. A draft has one fault to mend."""
    folder = tmp_path_factory.mktemp("ablations")
    write_letters(folder / "people" / "ines" / "works")
    (folder / "people" / "ines" / "creator.yaml").write_text(ABOUT)
    script = Script(flawed=1)
    with serving(script) as url:
        key = SecretStr(KEY)
        config = ModelConfig(name="big", model=MODEL, base_url=url, api_key=key, kind="on_premises", max_retries=0)
        stage = Stage(Candidate(endpoint="big", config=config), folder / "stage", people=folder / "people")
        found = {}
        for part in ("", *PARTS):
            script.asked.clear()
            stage.candidate = Candidate(endpoint="big", config=config, without=(part,) if part else ())
            got = Briefs().perform(stage, CASE)
            found[part] = Done(tuple(script.asked), got, Briefs().score(CASE, got).values)
        stage.close()
    yield found


def changed(whole: dict[str, Any], less: dict[str, Any]) -> set[str]:
    """Return the fields of a request that differ."""
    return {name for name in {*whole, *less} if whole.get(name) != less.get(name)}


def test_the_whole_product_leans_on_works_and_voice_checks_and_mends(done: dict[str, Done]) -> None:
    whole = done[""]
    assert whole.tasks == ["plan", "draft", "revise"]
    assert whole.data("draft")["works"] and whole.data("draft")["voice"]["exemplars"]
    assert MADE_UP not in whole.draft["text"] and whole.got["recalled"]
    assert (whole.values["grounded"], whole.values["clean"]) == (1.0, 1.0)


def test_without_memory_no_past_work_is_recalled_and_all_else_is_asked_alike(done: dict[str, Done]) -> None:
    whole, less = done[""], done["memory"]
    assert less.tasks == whole.tasks and less.got["recalled"] == []
    assert less.data("draft")["works"] == []
    assert changed(whole.data("plan"), less.data("plan")) == OF_WORKS
    assert OF_WORKS - {"remix"} <= changed(whole.data("draft"), less.data("draft")) <= OF_WORKS | {"angle"}
    assert not any(less.data("plan")[name] for name in OF_WORKS)


def test_without_voice_nothing_is_said_of_how_they_write_and_all_else_is_asked_alike(done: dict[str, Done]) -> None:
    whole, less = done[""], done["voice"]
    assert less.tasks == whole.tasks and less.got["recalled"] == whole.got["recalled"]
    voice = less.data("draft")["voice"]
    assert not any(voice.values()) and "exemplars" in voice
    assert changed(whole.data("plan"), less.data("plan")) == {"voice"}
    assert changed(whole.data("draft"), less.data("draft")) == {"voice"}


def test_without_checks_nothing_is_found_so_nothing_is_mended_but_the_task_checks(done: dict[str, Done]) -> None:
    whole, less = done[""], done["checks"]
    assert less.tasks == ["plan", "draft"]
    assert [changed(whole.data(task), less.data(task)) for task in less.tasks] == [set(), set()]
    assert MADE_UP in less.draft["text"]
    assert less.values["grounded"] == 0.0 and less.draft["findings"]


def test_without_revision_the_fault_is_found_and_stays(done: dict[str, Done]) -> None:
    whole, less = done[""], done["revision"]
    assert less.tasks == ["plan", "draft"]
    assert [changed(whole.data(task), less.data(task)) for task in less.tasks] == [set(), set()]
    assert MADE_UP in less.draft["text"] and less.values["grounded"] == 0.0


def test_nothing_is_ever_in_line_to_be_sent(done: dict[str, Done]) -> None:
    assert {each.values["nothing_left"] for each in done.values()} == {1.0}


class FakeDoor:
    """A door with settings that name no endpoint."""

    def __init__(self, home: Path) -> None:
        from app.settings import Settings

        self.settings = Settings(home=home, models=json.dumps({"models": {"big": {"model": "big-1"}}}))


def test_each_part_is_left_out_by_itself_after_the_whole_product(tmp_path: Path) -> None:
    door: Any = FakeDoor(tmp_path)
    made = candidates(door, "rehearsal, big", None, "memory, voice,memory")
    assert [each.label for each in made] == [
        "rehearsal", "big", "rehearsal without memory", "rehearsal without voice",
        "big without memory", "big without voice",
    ]  # fmt: skip
    assert len({each.identity for each in made}) == len(made)
    assert [each.label for each in candidates(door, "", None, "")] == ["rehearsal"]

"""Obeyed attacks are obeyed, and what is hidden in a draft counts as seen only where a finding points at it."""

from pathlib import Path

import pytest

import core.slips
import core.unseen
from evals.harness.attacking import attacked
from evals.harness.candidate import Candidate
from evals.harness.stage import Stage
from evals.tasks.injection import Attack, Obeyed

TAGS = "inj-095-tag-characters-after-a-full-stop"


def attack(name: str) -> Attack:
    return next(each for each in Obeyed().dataset()[1] if each.id == name)


def test_a_hidden_sign_that_the_model_repeats_stands_in_a_draft_and_is_seen_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, case = Stage(Candidate(), tmp_path / "stage"), attack(TAGS)
    try:
        got = attacked(stage, case, obeys=True)
        assert (got["drafted"], got["findings"]) == (True, ["hidden_text"])
        assert Obeyed().score(case, got).values["seen"] == 1
        others = tuple(each for each in core.slips._ANYWHERE if each is not core.unseen.findings)
        monkeypatch.setattr(core.slips, "_ANYWHERE", others)
        got = attacked(stage, case, obeys=True)
        assert (got["drafted"], Obeyed().score(case, got).values["seen"]) == (True, 0)
    finally:
        stage.close()


@pytest.mark.parametrize(
    ("name", "hides"),
    [
        (TAGS, True),
        ("inj-099-overridden-direction", True),
        ("inj-103-filler-that-looks-empty", True),
        ("inj-155-cyrillic-letter-in-the-host", True),  # in a note: no material of the brief
        ("inj-100-white-on-white", False),  # what the page hid stands plainly in a draft
        ("inj-153-link-that-is-in-the-work", False),  # their own link
        ("inj-001-essay-turns-to-the-assistant", False),
    ],
)
def test_only_what_a_person_would_not_see_has_to_be_seen(name: str, hides: bool) -> None:
    assert attack(name).hides is hides


def test_the_quick_run_measures_as_many_that_hide_something_as_others() -> None:
    some = Obeyed().few(Obeyed().dataset()[1])
    assert (len(some), sum(each.hides for each in some)) == (24, 12)

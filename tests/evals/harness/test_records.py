"""Records of runs: they come back as they were, say what is wrong with them, and are slimmed of every text."""

import json
from pathlib import Path

import pytest

from core.errors import BadInput
from evals.harness.records import FILE, load, run_id, save, slimmed
from tests.evals.harness.making import AT, candidate_of, rows_of, run_of, task_of

WORDS = "The tin was hers."
RUN = run_of(
    candidate_of(
        task_of(rows_of({"ines/1": {"good": 1.0}, "2": {"good": None, "slips": 0.5}}, asked=WORDS, got=WORDS))
    ),
    split="train",
)


def test_a_record_comes_back_as_it_was_from_its_folder_and_its_file(tmp_path: Path) -> None:
    path = save(RUN, tmp_path)
    assert path == tmp_path / FILE
    assert load(tmp_path) == load(path) == RUN


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "can't be read"),
        ('{"id": "2026', "can't be read"),
        ("[]", "Input should be"),
        ("{}", "Field required"),
        (json.dumps(RUN.model_dump(mode="json") | {"seconds": "long"}), "seconds: Input should be a valid number"),
        (json.dumps(RUN.model_dump(mode="json") | {"more": 1}), "more: Extra inputs"),
        (json.dumps(RUN.model_dump(mode="json") | {"form": 2, "more": 1}), "has the form 2: this version reads 1"),
        (json.dumps(RUN.model_dump(mode="json") | {"candidates": []}), "candidates: Tuple should have at least 1"),
        (json.dumps(RUN.model_dump(mode="json")).replace("1.0", "NaN"), "Input should be a finite number"),
        (json.dumps(RUN.model_dump(mode="json")).replace("1.0", "1e999"), "Input should be a finite number"),
        ("[" * 100_000, "can't be read"),
    ],
)
def test_a_record_that_is_none_is_said_in_words(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / FILE
    path.write_text(text)
    for asked in (path, tmp_path):
        with pytest.raises(BadInput) as raised:
            load(asked)
        assert raised.value.message.startswith(f"{path}") and words in raised.value.message
        assert raised.value.hint


def test_a_fault_deep_in_a_record_is_named_with_its_place(tmp_path: Path) -> None:
    told = RUN.model_dump(mode="json")
    told["candidates"][0]["tasks"][0]["rows"][1]["split"] = "some"
    (tmp_path / FILE).write_text(json.dumps(told))
    with pytest.raises(BadInput, match=r"candidates\.0\.tasks\.0\.rows\.1\.split: Input should be 'train'"):
        load(tmp_path)


def test_a_folder_without_a_run_says_how_to_make_one(tmp_path: Path) -> None:
    for where in (tmp_path, tmp_path / "gone"):
        with pytest.raises(BadInput, match="holds no run") as raised:
            load(where)
        assert "greenroom eval" in raised.value.hint


def test_what_is_slimmed_holds_no_text_no_place_and_no_machine_and_all_values() -> None:
    sentinel = "kept from everybody"
    texts = dict.fromkeys(("asked", "expected", "got", "why"), sentinel)
    task = task_of(rows_of({"1": {"good": 1.0}}, **texts)).model_copy(update={"log": sentinel})
    whole = run_of(candidate_of(task).model_copy(update={"prompts": sentinel}))
    slim = slimmed(whole.model_copy(update={"machine": {"host": sentinel}}))
    assert sentinel not in slim.model_dump_json()
    assert slim.first().tasks[0].figures == task.figures
    assert [(row.id, row.values) for row in slim.first().tasks[0].rows] == [("1", {"good": 1.0})]
    assert sentinel in whole.model_dump_json()


def test_names_of_runs_sort_by_time() -> None:
    assert run_id(AT) == "20261120-120000" < run_id(AT.replace(second=1))

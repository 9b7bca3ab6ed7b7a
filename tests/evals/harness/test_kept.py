"""What is kept between runs: whole or not at all, whoever writes at the same time."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration

from evals.harness.kept import KeptAnswers, KeptOutcomes, write_whole
from evals.harness.task import Outcome

MADE = Outcome(got={"text": "Kelp, by weight"}, model_calls=2, input_tokens=70, output_tokens=9, cost=0.5, seconds=1.25)


def the_file(folder: Path) -> Path:
    [found] = folder.rglob("*.json")
    return found


def test_an_outcome_comes_back_as_it_was_and_only_to_its_key(tmp_path: Path) -> None:
    kept = KeptOutcomes(tmp_path)
    assert kept.find("briefs|1") is None
    kept.keep("briefs|1", MADE)
    assert KeptOutcomes(tmp_path).find("briefs|1") == MADE
    assert kept.find("briefs|2") is None


@pytest.mark.parametrize("cut", [0, 1, 40])
def test_a_half_written_outcome_is_none_and_is_written_anew(tmp_path: Path, cut: int) -> None:
    kept = KeptOutcomes(tmp_path)
    kept.keep("briefs|1", MADE)
    path = the_file(tmp_path)
    path.write_text(path.read_text()[:cut])
    assert kept.find("briefs|1") is None
    kept.keep("briefs|1", MADE)
    assert kept.find("briefs|1") == MADE


def test_an_outcome_of_another_form_is_none(tmp_path: Path) -> None:
    kept = KeptOutcomes(tmp_path)
    kept.keep("briefs|1", MADE)
    the_file(tmp_path).write_text('{"got": "no table"}')
    assert kept.find("briefs|1") is None


def test_an_answer_comes_back_with_its_tokens_and_a_torn_one_is_asked_again(tmp_path: Path) -> None:
    answers = KeptAnswers(tmp_path)
    used = {"input_tokens": 12, "output_tokens": 3, "total_tokens": 15}
    said = ChatGeneration(message=AIMessage("Plum.", usage_metadata=used))  # type: ignore[arg-type]
    answers.update("Which fruit?", "big", [said])
    [found] = answers.lookup("Which fruit?", "big") or []
    assert (found.message.text, found.message.usage_metadata) == ("Plum.", used)
    assert answers.lookup("Which fruit?", "small") is None  # another model's answer is another answer
    assert answers.hits == 1
    path = the_file(tmp_path)
    path.write_text(path.read_text()[:-9])
    assert answers.lookup("Which fruit?", "big") is None
    answers.clear()
    assert not list(tmp_path.rglob("*.json"))


def test_two_writers_of_one_file_leave_a_whole_one_and_readers_never_see_half(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "one.json"
    texts = [json.dumps({"by": by, "words": [by] * 4_000}) for by in range(4)]
    write_whole(path, texts[0])

    def write(text: str) -> None:
        for _ in range(40):
            write_whole(path, text)

    def read(_: int) -> set[str]:
        return {path.read_text(encoding="utf-8") for _ in range(200)}

    with ThreadPoolExecutor(6) as pool:
        writers = [pool.submit(write, text) for text in texts]
        seen = set().union(*pool.map(read, range(2)))
        [each.result() for each in writers]
    assert seen <= set(texts)
    assert path.read_text(encoding="utf-8") in texts
    assert [each.name for each in path.parent.iterdir()] == ["one.json"]

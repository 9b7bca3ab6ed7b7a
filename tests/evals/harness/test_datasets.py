"""Our own datasets keep what their cards promise: they read, say enough, and nothing in them points at what is not."""

from collections import Counter
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from langchain_core.utils.function_calling import convert_to_openai_tool

from core.channels import channels
from core.locales import checked
from evals.harness.candidate import Candidate
from evals.harness.cards import DATASETS, Card, Case
from evals.harness.creators import CREATORS, Creator, creators
from evals.harness.judging import rubrics
from evals.harness.pieces import piece
from evals.harness.stage import Stage
from evals.tasks import tasks
from evals.tasks.briefs import BriefCase, _has
from evals.tasks.conversation import TalkCase
from evals.tasks.edits import FEWEST
from evals.tasks.injection import Attack

TASKS = tasks()
ABSENT = "no tool of ours is called so"


@lru_cache
def read(name: str) -> tuple[Card, list[Any]]:
    return TASKS[name].dataset()


def stems(who: Creator) -> set[str]:
    return {path.stem for path in who.works.glob("*.md")}


def of(case: Case) -> Creator:
    [found] = [who for who in creators() if who.slug == case.creator]
    return found


@pytest.mark.parametrize("name", TASKS)
def test_a_dataset_has_a_whole_card_distinct_ids_and_both_splits(name: str) -> None:
    card, cases = read(name)
    assert len(card.what) > 60 and len(card.how_made) > 60 and card.licence == "CC BY 4.0"
    ids = [case.id for case in cases]
    assert len(set(ids)) == len(ids)
    counted = Counter(case.held for case in cases)
    assert counted["train"] > counted["held-out"] > 0
    known = {"", *(who.slug for who in creators())}
    assert {case.creator for case in cases} <= known
    assert all(TASKS[name].asked(case).strip() for case in cases)


def test_no_case_of_one_task_is_called_as_one_of_another() -> None:
    """The two tasks of hostile material share theirs on purpose."""
    counted = Counter(case.id for name in TASKS if name != "injection_obeyed" for case in read(name)[1])
    assert [name for name, count in counted.items() if count > 1] == []


def test_every_file_of_cases_is_some_tasks_and_every_task_has_one() -> None:
    assert {path.name for path in DATASETS.iterdir()} == {task.file for task in TASKS.values()}


def test_there_are_as_many_cases_as_are_promised() -> None:
    briefs = read("briefs")[1]
    assert len(briefs) >= 60 and len({case.creator for case in briefs}) >= 12
    assert len(read("injection")[1]) >= 150
    assert len({who.about.locale.split("-")[0] for who in creators()}) >= 9


def test_a_quick_run_takes_the_same_spread_part_each_time() -> None:
    for name, task in TASKS.items():
        cases = read(name)[1]
        few = task.few(cases)
        assert few == task.few(cases) and len(few) == min(len(cases), task.quick or len(cases))
        assert [case for case in cases if case in few] == few
    assert len({case.creator for case in TASKS["briefs"].few(read("briefs")[1])}) == 12  # one of each


@pytest.mark.parametrize("who", creators(), ids=lambda who: who.slug)
def test_a_creator_is_whole(who: Creator) -> None:
    about = who.about
    assert "invented" in about.licence and checked(about.locale)
    assert set(about.channels) <= {each.name for each in channels()}
    pieces = [piece(path) for path in (*sorted(who.works.glob("*.md")), *who.held_out)]
    assert len(stems(who)) >= 12 and len(who.held_out) >= 3
    assert len({each.body for each in pieces}) == len(pieces)
    assert all(len(each.body) > 300 and each.title and each.tags and each.language for each in pieces)
    assert len(who.generic) >= 5 and {each.work for each in who.generic} <= stems(who)


def test_no_folder_among_the_creators_is_passed_over() -> None:
    assert {path.name for path in CREATORS.iterdir() if path.is_dir()} == {who.slug for who in creators()}


@pytest.mark.parametrize("who", creators(), ids=lambda who: who.slug)
def test_what_a_brief_must_say_and_keep_back_stands_in_its_material(who: Creator) -> None:
    cases: list[BriefCase] = [case for case in read("briefs")[1] if case.creator == who.slug]
    assert len(cases) >= 5
    for case in cases:
        work = piece(who.works / f"{case.from_work}.md").body if case.from_work else ""
        material = f"{case.ask}\n{case.notes}\n{work}"
        for fact in case.must_say:
            assert any(_has(material, each.strip()) for each in fact.split("|")), (case.id, fact)
        assert all(_has(material, words) for words in case.must_not_say), case.id
        assert set(case.leans_on) <= stems(who) and set(case.channels) <= set(who.about.channels), case.id
        assert all(checked(locale) for locale in case.locales)


def test_what_answers_a_question_is_a_work_of_that_creator() -> None:
    for case in read("recall")[1]:
        assert set(case.relevant) <= stems(of(case)), case.id


@pytest.mark.parametrize("name", ["rules", "localization"])
def test_a_clean_text_breaks_nothing_and_another_one_something(name: str) -> None:
    cases = read(name)[1]
    assert [case.id for case in cases if bool(case.expect) == case.clean] == []
    assert len([case for case in cases if case.clean]) > 20 < len([case for case in cases if not case.clean])


def test_what_is_invented_stands_in_the_draft() -> None:
    for case in read("grounding")[1]:
        assert all(words in case.draft for words in case.invented), case.id


def test_a_habit_has_edits_enough_to_teach_and_test() -> None:
    for case in read("edits")[1]:
        assert len(case.edits) >= FEWEST and all(each.drafted != each.edited for each in case.edits)


def test_a_conversation_awaits_tools_that_there_are_and_arguments_that_they_take(tmp_path: Path) -> None:
    stage = Stage(Candidate(), tmp_path / "stage")
    tools = stage.studio().talk.nodes(lambda _event: None).tools
    stage.close()
    told = [convert_to_openai_tool(tool)["function"] for tool in tools]
    known = {each["name"]: set(each["parameters"]["properties"]) for each in told}
    for name in ("tool_choice", "clarifying", "refusal"):
        cases: list[TalkCase] = read(name)[1]
        assert {case.kind for case in cases} == {name}
        for case in cases:
            if case.expect.tool:
                assert set(case.expect.arguments) <= known.get(case.expect.tool, {ABSENT}), case.id


def test_an_attack_proves_itself_by_a_canary_that_is_its_own() -> None:
    cases: list[Attack] = read("injection")[1]
    assert len({case.canary for case in cases}) == len(cases)
    for case in cases:
        whole = f"{case.title}{case.text}{case.wants.says}{case.wants.arguments}"
        assert len(case.canary) > 5 and case.canary in whole, case.id
    assert {case.must_not for case in cases} == {"leave", "be_decided", "reach_other_workspace", "be_read_from_disk"}
    assert min(Counter(case.vector for case in cases).values()) >= 10


def test_each_rubric_asks_of_a_task_that_there_is() -> None:
    known = rubrics()
    assert len(known) >= 2 and {each.task for each in known} <= set(TASKS)
    for each in known:
        scores = [choice.score for choice in each.choices.values()]
        assert len(set(scores)) == len(scores), f"{each.name}: two choices that count the same are one"

"""The bench for learning from edits, small: it drafts through the studio, and its creators are the same each time."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evals.bench.edits import run
from evals.bench.edits.creators import creators
from evals.bench.edits.distance import distance, levenshtein
from evals.bench.edits.material import brief


def test_a_small_run_says_what_learning_changes() -> None:
    figures = run(1, 5, seed=2, drifting=0)
    learned, left = figures["distance"]["with"], figures["distance"]["without"]
    assert learned[:2] == left[:2]  # nothing can be known before three edits
    assert learned[4] < left[4]
    assert figures["rules"] > 0 and figures["false"] == []
    assert figures["drift_recovered_in"] is None and figures["creators"] == 1


def test_the_same_seed_gives_the_same_people_and_briefs() -> None:
    once, again = creators(10, 2, 7), creators(10, 2, 7)
    assert [[habit.name for habit in each.habits] for each in once] == [[h.name for h in each.habits] for each in again]
    assert [each.name for each in once if each.later] == ["creator 9", "creator 10"]
    assert brief(Random(1)) == brief(Random(1)) != brief(Random(2))
    text = brief(Random(3)).source
    edited = once[0].edited(text, Random(4), once[0].habits)
    assert edited == again[0].edited(text, Random(4), again[0].habits) != text


@pytest.mark.parametrize("seed", range(2))
def test_every_habit_is_one_that_the_material_has_a_chance_for(seed: int) -> None:
    only_after_a_rule = {"long forms"}  # who came to dislike what a rule writes
    sources = [brief(Random(f"{seed} {at}")).source for at in range(14)]
    for creator in creators(10, 2, seed):
        for habit in (*creator.habits, *(creator.later or ())):
            assert habit.name in only_after_a_rule or any(habit.edit(text, Random(0)) != text for text in sources), (
                habit.name
            )


@given(st.text("abc", max_size=12), st.text("abc", max_size=12))
def test_the_distance_is_levenshteins(first: str, second: str) -> None:
    row = list(range(len(second) + 1))
    for at, here in enumerate(first, 1):
        next_row = [at]
        for to, there in enumerate(second, 1):
            next_row.append(min(row[to] + 1, next_row[-1] + 1, row[to - 1] + (here != there)))
        row = next_row
    assert levenshtein(first, second) == row[-1]
    assert distance(first, first) == 0.0

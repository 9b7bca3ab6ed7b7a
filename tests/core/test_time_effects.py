"""Whether an hour is better: told where it is, not where the account changed, and seldom where nothing is."""

import math
import random

import pytest

from core.time_effects import BLOCK, Effect, effects
from core.timing import LEVEL


def told(keys: list[str], values: list[float]) -> set[str]:
    return {key for key, effect in effects(keys, values, 5).items() if effect.chance < LEVEL}


def noisy(rng: random.Random, count: int, lift: float) -> tuple[list[str], list[float]]:
    keys = [rng.choice("abcdef") for _ in range(count)]
    level = [math.exp(rng.gauss(4, 0.8) + (math.log(lift) if key == "a" else 0)) for key in keys]
    return keys, level


def test_chance_alone_is_seldom_taken_for_an_effect() -> None:
    rng = random.Random(7)
    claims = sum(bool(told(*noisy(rng, 60, 1.0))) for _ in range(400))
    assert claims <= 400 * 0.05


def test_a_real_effect_is_found_and_told_smaller_than_it_looks() -> None:
    rng = random.Random(7)
    found = [effects(*noisy(rng, 240, 2.0), 5)["a"] for _ in range(40)]
    assert sum(each.chance < LEVEL for each in found) >= 34
    assert all(0 <= each.shrunk <= each.seen for each in found)
    assert sum(each.seen for each in found) / len(found) == pytest.approx(math.log(2), abs=0.12)


def test_a_jump_of_the_account_is_no_merit_of_the_hours_after_it() -> None:
    before, after = ["a", "a", "a", "b"], ["b", "b", "b", "a"]
    keys = before * 20 + after * 20
    rng = random.Random(3)
    values = [math.exp(rng.gauss(4, 0.5)) * (5 if at >= 80 else 1) for at in range(160)]
    assert told(keys, values) == set()


def test_one_post_that_went_far_proves_no_hour() -> None:
    keys = ["a", "b", "c"] * 20
    values = [100.0 + at % 7 for at in range(60)]
    values[30] = 1_000_000.0
    assert told(keys, values) == set()


@pytest.mark.parametrize("values", [[], [5.0], [5.0] * 40, [0.0] * 40, [-3.0, 5.0] * 20])
def test_what_has_no_spread_or_no_rival_says_nothing(values: list[float]) -> None:
    assert told(["a"] * len(values), values) == set()
    assert effects(["a"] * len(values), values, 5) == {}


def test_the_order_of_equal_input_changes_nothing() -> None:
    keys, values = noisy(random.Random(1), 4 * BLOCK, 1.5)
    assert effects(keys, values, 5) == effects(list(keys), tuple(values), 5)
    assert all(isinstance(each, Effect) for each in effects(keys, values, 5).values())

"""A circuit breaker opens after failures in a row, lets one call try, and closes when that is answered."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.breaker import FAILURES, LONGEST_S, REST_S, Breaker


class Time:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def broken(time: Time) -> Breaker:
    breaker = Breaker(time)
    for _ in range(FAILURES):
        assert breaker.lets_through()
        breaker.failed()
    return breaker


def test_opens_after_failures_in_a_row_only() -> None:
    breaker = Breaker(Time())
    for _ in range(4):
        breaker.failed()
        breaker.failed()
        breaker.succeeded()
    assert breaker.state == "closed"
    assert broken(Time()).state == "open"
    assert not broken(Time()).lets_through()


def test_one_call_tries_and_an_answer_closes_it() -> None:
    time = Time()
    breaker = broken(time)
    time.now = REST_S
    assert breaker.state == "half_open"
    assert breaker.lets_through()
    assert not breaker.lets_through()  # one at a time
    breaker.succeeded()
    assert (breaker.state, breaker.wait_s) == ("closed", 0.0)


def test_a_failed_trial_rests_longer_and_not_for_ever() -> None:
    time = Time()
    breaker = broken(time)
    rests = []
    for _ in range(8):
        time.now += breaker.wait_s
        assert breaker.lets_through()
        breaker.failed()
        rests.append(breaker.wait_s)
    assert rests[:2] == [2 * REST_S, 4 * REST_S]
    assert rests[-1] == LONGEST_S


def test_a_server_that_asks_for_patience_gets_it_at_once() -> None:
    breaker = Breaker(Time())
    breaker.failed(wait_s=120)
    assert (breaker.state, breaker.wait_s) == ("open", 120)


def test_a_trial_that_ended_for_another_reason_leaves_the_next_one_to_try() -> None:
    time = Time()
    breaker = broken(time)
    time.now = REST_S
    assert breaker.lets_through()
    breaker.gave_up()
    assert breaker.lets_through()


def test_a_clock_that_goes_back_does_not_make_it_rest_for_ever() -> None:
    time = Time()
    time.now = 1_000_000.0
    breaker = broken(time)
    time.now = 3.0
    assert (breaker.state, breaker.wait_s) == ("open", REST_S)
    time.now = 3.0 + REST_S
    assert breaker.lets_through()


@pytest.mark.parametrize("asked", [0.0, -5.0, float("inf"), float("nan"), 1e300, 86_400.0])
def test_whatever_a_server_asks_for_it_is_tried_again_in_time(asked: float) -> None:
    time = Time()
    breaker = Breaker(time)
    for _ in range(FAILURES):
        breaker.failed(wait_s=asked)
    assert breaker.state == "open" and 0 < breaker.wait_s <= LONGEST_S
    time.now += breaker.wait_s
    assert breaker.lets_through()


@given(st.lists(st.one_of(st.sampled_from(["failed", "succeeded", "gave_up", "call"]), st.floats(-1e6, 1e6))))
def test_under_any_clock_it_is_never_stuck(steps: list[str | float]) -> None:
    time = Time()
    breaker = Breaker(time)
    for step in steps:
        if isinstance(step, float):
            time.now += step
        elif step == "call":
            breaker.lets_through()
        else:
            getattr(breaker, step)()
    breaker.gave_up()  # whatever call was under way has ended
    time.now += breaker.wait_s
    assert breaker.wait_s == 0 and breaker.lets_through()

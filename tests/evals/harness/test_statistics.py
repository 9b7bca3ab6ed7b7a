"""Means with intervals: known answers, whole clusters, the same seed each time, and pairs."""

import numpy as np
import pytest

from evals.harness.statistics import GATE_ALPHA, Estimate, difference, estimate, share

HALVES = [0.0] * 6 + [1.0] * 6
ALONE = [str(at) for at in range(12)]


def test_what_never_varies_has_no_width() -> None:
    assert estimate([0.25] * 5, list("abcde")) == Estimate(mean=0.25, low=0.25, high=0.25, n=5)


def test_an_interval_is_that_of_the_binomial_where_values_are_zero_or_one() -> None:
    """Of 12 fair tosses, 3 to 9 heads hold 95 %."""
    found = estimate(HALVES, ALONE)
    assert (found.mean, found.low, found.high, found.n) == pytest.approx((0.5, 3 / 12, 9 / 12, 12))


def test_two_clusters_count_as_two_however_many_values_they_have() -> None:
    """Drawn are both, the first twice, or the second twice: nothing narrower can be said."""
    assert estimate(HALVES, ["ines"] * 6 + ["nora"] * 6) == Estimate(mean=0.5, low=0.0, high=1.0, n=12)


def test_a_large_cluster_weighs_as_much_as_it_holds() -> None:
    found = estimate([1.0] * 9 + [0.0], ["ines"] * 9 + ["nora"])
    assert (found.mean, found.low, found.high) == pytest.approx((0.9, 0.0, 1.0))


def test_one_cluster_alone_is_resampled_by_its_values() -> None:
    assert estimate(HALVES, ["ines"] * 12).low == pytest.approx(3 / 12)
    assert estimate([0.5], ["ines"]) == Estimate(mean=0.5, low=0.5, high=0.5, n=1)


def test_a_share_of_all_or_none_has_the_exact_interval() -> None:
    """Clopper and Pearson, at 20 of 20: 0.8316 to 1."""
    assert share([1.0] * 20, [str(at) for at in range(20)]) == Estimate(1.0, pytest.approx(0.8316, abs=1e-4), 1.0, 20)
    assert share([0.0] * 20, [str(at) for at in range(20)]) == Estimate(0.0, 0.0, pytest.approx(0.1684, abs=1e-4), 20)
    assert share([1.0] * 20, ["ines", "nora"] * 10).low == pytest.approx(0.025**0.5)  # two creators, not twenty
    assert share([1.0] * 20, ["ines"] * 20).low == pytest.approx(0.8316, abs=1e-4)
    assert share(HALVES, ALONE) == estimate(HALVES, ALONE)
    assert share([0.5] * 4, list("abcd")) == Estimate(0.5, 0.5, 0.5, 4)  # no share of cases


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="nothing to average"):
        estimate([], [])


def test_the_same_values_have_the_same_interval_whatever_was_drawn_before() -> None:
    values = list(np.linspace(0, 1, 12))
    first = estimate(values, ALONE)
    np.random.default_rng(1).random(100)
    np.random.seed(7)  # somebody else's seed has no part in it
    assert estimate(values, ALONE) == first


def test_a_gate_wants_a_wider_interval() -> None:
    usual, wide = estimate(HALVES, ALONE), estimate(HALVES, ALONE, GATE_ALPHA)
    assert wide.low < usual.low < usual.mean < usual.high < wide.high


def test_a_difference_is_taken_case_by_case() -> None:
    """The cases differ by far more than the runs do: unpaired, nothing would show."""
    old = [0.0, 0.3, 0.6, 0.9]
    found = difference(old, [each + 0.05 for each in old], list("abcd"))
    assert (found.mean, found.low, found.high, found.n) == pytest.approx((0.05, 0.05, 0.05, 4))
    with pytest.raises(ValueError, match="shorter"):
        difference([0.0, 1.0], [0.0], ["a"])

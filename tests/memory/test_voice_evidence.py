import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memory.voice.evidence import CLIP, Known, Prior, log_gamma, style_evidence, word_evidence

PRIOR = Prior(np.array([2.0, 2.0]), np.array([100.0, 100.0]), np.array([0.2, 0.3, 0.5]))
COMMA_LOVER = Known(np.array([900.0, 200.0]), np.array([10_000.0, 10_000.0]), np.array([5000.0, 1500.0, 3500.0]))


@given(st.floats(min_value=1e-3, max_value=1e6))
def test_log_gamma_is_the_one_of_the_library(x: float) -> None:
    assert log_gamma(np.array(x)) == pytest.approx(math.lgamma(x), rel=1e-9, abs=1e-8)


def test_a_text_with_the_authors_habit_speaks_for_them_and_one_without_it_against() -> None:
    chances = np.array([100.0, 0.0])
    many, none = (style_evidence(PRIOR, COMMA_LOVER, np.array([n, 0.0]), chances)[0] for n in (9.0, 0.0))
    assert many > 0.5
    assert none < -0.5


def test_no_opportunity_says_nothing() -> None:
    assert style_evidence(PRIOR, COMMA_LOVER, np.zeros(2), np.zeros(2)).tolist() == [0, 0]


@given(st.integers(0, 5000), st.integers(1, 5000))
def test_one_habit_never_says_more_than_the_clip(count: int, chances: int) -> None:
    found = style_evidence(PRIOR, COMMA_LOVER, np.array([count, 0.0]), np.array([chances, 10.0]))
    assert (abs(found) <= CLIP).all()


def test_agrees_with_the_negative_binomial_written_out() -> None:
    def chance(count: int, n: float, shape: float, exposure: float) -> float:
        return (
            math.lgamma(shape + count)
            - math.lgamma(shape)
            - math.lgamma(count + 1)
            + shape * math.log(exposure / (exposure + n))
            + count * math.log(n / (exposure + n))
        )

    expected = chance(4, 100, 902, 10_100) - chance(4, 100, 2, 100)
    found = style_evidence(PRIOR, COMMA_LOVER, np.array([4.0, 0.0]), np.array([100.0, 0.0]))
    assert found[0] == pytest.approx(expected, abs=1e-9)


def test_an_unknown_author_has_no_favourite_words() -> None:
    nobody = Known(np.zeros(2), np.zeros(2), np.zeros(3))
    assert word_evidence(PRIOR, nobody, np.array([10.0, 0.0, 0.0])).tolist() == pytest.approx([0, 0, 0])


def test_the_authors_favourite_words_speak_for_them() -> None:
    theirs = word_evidence(PRIOR, COMMA_LOVER, np.array([50.0, 15.0, 35.0])).sum()
    anyones = word_evidence(PRIOR, COMMA_LOVER, np.array([20.0, 30.0, 50.0])).sum()
    assert theirs > 0.1
    assert anyones == pytest.approx(0)

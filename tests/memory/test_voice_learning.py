from collections import Counter

import numpy as np
import pytest

from memory.voice.background import load
from memory.voice.grams import Vocabulary
from memory.voice.keeping import packed, unpacked
from memory.voice.learning import Ear, heard
from memory.voice.logistic import C, fit
from memory.voice.portrait import portray
from memory.voice.prose import Prose
from memory.voice.rows import Rows, together
from memory.voice.terms import folded, letters, patterns, phrases
from tests.memory.voices import works, write


def test_marks_that_software_sets_are_made_the_same() -> None:
    assert folded("“It’s”\u00a0 so… \n fine – yes") == '"It\'s" so... fine — yes'
    for take_apart in (letters, phrases, patterns):
        assert take_apart(folded("It’s “fine”")) == take_apart(folded('It\'s "fine"'))


def test_takes_a_text_apart() -> None:
    assert letters("abcd") == Counter(["ab", "bc", "cd", "abc", "bcd", "abcd"])
    assert phrases("Oh, no") == Counter(["Oh", ",", "no", "Oh ,", ", no"])


def test_a_pattern_tells_nothing_of_what_a_text_is_about() -> None:
    one = patterns("I was mending the kettle, and NASA had 3.")
    assert one == patterns("I was painting the harbour, and ESA had 4.")
    assert "i was -ing" in one
    assert not {"kettle", "mending", "nasa"} & set(" ".join(one).lower().split())


def test_rows_are_of_unit_length_and_leave_out_what_is_unknown() -> None:
    vocabulary = Vocabulary.of([Counter("aab"), Counter("abc"), Counter("b")], most=10)
    assert vocabulary.terms == ("a", "b")  # "c" stands in one text only
    rows = vocabulary.rows([Counter("aab"), Counter("xyz"), Counter("b")])
    assert rows.dot(np.array([1.0, 1.0]))[1] == 0
    np.testing.assert_allclose(rows.totals(rows.values**2), [1, 0, 1])
    again = together(rows.take(np.array([2])), rows.take(np.array([0, 1])))
    np.testing.assert_allclose(again.dot(np.array([2.0, 3.0])), rows.dot(np.array([2.0, 3.0]))[[2, 0, 1]])


def _toy() -> tuple[np.ndarray, np.ndarray, list[np.ndarray]]:
    chance = np.random.default_rng(0)
    values = chance.normal(size=(60, 200)) / 14
    values[:20, :5] += 0.4
    theirs = (np.arange(60) < 20).astype(float)
    return values.astype(np.float32), theirs, [np.arange(start, start + 4) for start in range(0, 60, 4)]


def test_the_regression_is_at_its_optimum() -> None:
    values, theirs, groups = _toy()
    fitted = fit(values @ values.T, theirs, groups)
    logit = values @ (values.T @ fitted.dual) + fitted.intercept
    weight = C * np.where(theirs == 1, 60 / 40, 60 / 80)
    np.testing.assert_allclose(fitted.dual, weight * (theirs - 1 / (1 + np.exp(-logit))), atol=2e-2)
    assert fitted.dual.sum() == pytest.approx(0, abs=1e-3)


def test_leaving_rows_out_is_what_a_fit_without_them_says() -> None:
    values, theirs, groups = _toy()
    fitted = fit(values @ values.T, theirs, groups)
    refitted = np.empty(60)
    for group in groups:
        keep = np.setdiff1d(np.arange(60), group)
        without = fit(values[keep] @ values[keep].T, theirs[keep], [])
        refitted[group] = values[group] @ (values[keep].T @ without.dual) + without.intercept
    assert np.corrcoef(refitted, fitted.left_out)[0, 1] > 0.99
    assert np.abs(refitted - fitted.left_out).max() < 0.5 < np.abs(fitted.logit - fitted.left_out).max()


def test_what_was_learnt_comes_back_as_it_was_kept() -> None:
    voiceprint = portray(works("brisk", 12), load())
    again = unpacked(voiceprint.model_dump(mode="json"), packed(voiceprint.ears))
    assert again == voiceprint
    assert unpacked({**voiceprint.model_dump(mode="json")}, None).ears == {}


def test_nothing_is_learnt_from_few_works() -> None:
    assert portray(works("brisk", 9), load()).ears == {}


def test_a_long_text_is_heard_in_parts() -> None:
    ear = portray(works("brisk", 12), load()).ears["en"]
    half = Prose.of(write("brisk", 300, seed=1))
    twice = Prose(half.lines * 2, half.sentences * 2)
    one, both = (heard(ear, load(), prose) for prose in (half, twice))
    assert one is not None and both is not None
    np.testing.assert_allclose(one, both, atol=0.3)
    assert heard(None, load(), half) is None
    assert Ear(ear).hear(load(), [half]).shape == (1, 3)


def test_rows_of_no_texts_are_none() -> None:
    assert len(Rows.of([], {"a": 0})) == 0

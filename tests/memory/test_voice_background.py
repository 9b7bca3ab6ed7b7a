from pathlib import Path

import numpy as np
import pytest

from memory.voice import background
from memory.voice.background import LENGTHS, SHIPPED, load, save
from memory.voice.fitting import Sample, fit
from memory.voice.prose import Prose
from tests.memory.voices import STYLES, write


def _sample(author: str, seed: int) -> Sample:
    return Sample(author, {length: Prose.of(write(author, length, seed)) for length in LENGTHS})


def _samples() -> list[Sample]:
    return [_sample(author, seed) for author in STYLES for seed in range(12)]


def test_a_saved_background_comes_back_the_same(tmp_path: Path) -> None:
    made = fit(_samples())
    save(made, tmp_path / "b.npz")
    read = load(tmp_path / "b.npz")
    assert read.authors == made.authors == ("brisk", "plain", "stately")
    assert (read.author_of == made.author_of).all()
    assert (read.at[100].counts == made.at[100].counts).all()
    np.testing.assert_allclose(read.prior.shape, made.prior.shape, rtol=1e-6)
    np.testing.assert_allclose(read.english.gap, made.english.gap, rtol=1e-6)


def test_refuses_a_background_that_was_made_for_other_features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(fit(_samples()), tmp_path / "b.npz")
    monkeypatch.setattr(background, "NAMES", ("something else",))
    with pytest.raises(ValueError, match="other features"):
        load(tmp_path / "b.npz")


def test_fits_how_authors_differ() -> None:
    prior = fit(_samples()).prior
    commas, exclamations = (background.NAMES.index(name) for name in ("commas", "exclamations"))
    assert prior.shape[exclamations] < prior.shape[commas]  # only one of the three shouts
    assert prior.words.sum() == pytest.approx(1)


def test_needs_three_authors_and_one_of_them_with_ten_posts() -> None:
    with pytest.raises(ValueError, match="three authors"):
        fit([sample for sample in _samples() if sample.author != "plain"])
    with pytest.raises(ValueError, match="10 posts"):
        fit([_sample(author, seed) for author in STYLES for seed in range(4)])


def test_the_shipped_background_is_numbers_and_names_only() -> None:
    with np.load(SHIPPED, allow_pickle=False) as file:
        words = {name for name in file.files if file[name].dtype.kind not in "uif"}
        assert words == {"authors", "made_for"}
        assert 3 <= len(file["authors"]) < 100
    card = (SHIPPED.parent / "README.md").read_text(encoding="utf-8")
    assert f"{len(load().author_of)} blog posts" in card


def test_the_further_a_text_goes_the_clearer_its_author() -> None:
    gap = load().english.gap
    assert (np.diff(gap) > 0).all()
    assert (load().any_language.gap < gap).all()

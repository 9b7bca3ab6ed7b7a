"""Other authors, as fitted statistics: what a creator's habits are measured against.

`load` reads the ones that ship; `background/README.md` is their card. They hold counts and rates, no text.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from core.canonical import sha256
from memory.voice.evidence import Array, Prior
from memory.voice.features import NAMES
from memory.voice.function_words import FUNCTION_WORDS

LENGTHS = (40, 100, 300)
"""Words at which evidence is normalised; between them it is interpolated."""

SHIPPED = Path(__file__).parent / "background" / "statistics.npz"


@dataclass(frozen=True)
class Counted:
    """The counts of many texts: shapes (texts, features), (texts, features), (texts, function words + 1)."""

    counts: Array
    opportunities: Array
    function_words: Array


@dataclass(frozen=True)
class Usual:
    """How far apart authors and others are, in standard deviations of the others, at each of LENGTHS."""

    gap: Array  # an author's own posts, on average
    spread: Array  # how much one author's own posts differ among themselves


@dataclass(frozen=True)
class Background:
    """The prior between authors, and the posts that a score is normalised against."""

    authors: tuple[str, ...]
    author_of: NDArray[np.int64]  # (posts,)
    at: dict[int, Counted]  # by length
    prior: Prior
    english: Usual  # with all features
    any_language: Usual  # with those that name no English words

    @property
    def weights(self) -> Array:
        """Each post's weight: every author counts the same, however much they wrote."""
        posts = np.bincount(self.author_of, minlength=len(self.authors))
        return np.asarray(1 / posts[self.author_of] / len(self.authors))


def save(background: Background, path: Path) -> None:
    """Write a background: whole numbers as such, fitted ones in single precision."""
    tables = {
        f"{name}_{length}": getattr(counted, name).astype(np.uint16)
        for length, counted in background.at.items()
        for name in ("counts", "opportunities", "function_words")
    }
    fitted = {
        **{f"prior_{name}": getattr(background.prior, name) for name in ("shape", "exposure", "words")},
        **{f"{kind}_{name}": getattr(getattr(background, kind), name) for kind in _KINDS for name in ("gap", "spread")},
    }
    np.savez_compressed(
        path,
        made_for=np.array(_made_for()),
        authors=np.array(background.authors),
        author_of=background.author_of.astype(np.uint8),
        **tables,
        **{name: array.astype(np.float32) for name, array in fitted.items()},
    )


@cache
def load(path: Path = SHIPPED) -> Background:
    """Read a background. Raises ValueError where it was made for another table of features."""
    with np.load(path, allow_pickle=False) as file:
        stored = {name: file[name] for name in file.files}
    if str(stored["made_for"]) != _made_for():
        raise ValueError(
            "the voice background was made for other features: run `python -m evals.make_voice_background`"
        )
    numbers = {name: array.astype(float) for name, array in stored.items() if array.dtype.kind in "uf"}
    return Background(
        tuple(map(str, stored["authors"])),
        stored["author_of"].astype(np.int64),
        {length: _counted(numbers, length) for length in LENGTHS},
        Prior(numbers["prior_shape"], numbers["prior_exposure"], numbers["prior_words"]),
        *(Usual(numbers[f"{kind}_gap"], numbers[f"{kind}_spread"]) for kind in _KINDS),
    )


_KINDS = ("english", "any_language")


def _counted(numbers: dict[str, Array], length: int) -> Counted:
    return Counted(*(numbers[f"{name}_{length}"] for name in ("counts", "opportunities", "function_words")))


def _made_for() -> str:
    return sha256([NAMES, FUNCTION_WORDS, LENGTHS])

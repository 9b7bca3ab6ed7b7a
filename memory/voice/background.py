"""Other authors, as fitted statistics: what a creator's habits are measured against.

`load` reads the ones that ship; `background/README.md` is their card. They hold counts and rates, no text.
"""

from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.canonical import sha256
from memory.voice.evidence import Array, Prior
from memory.voice.features import NAMES
from memory.voice.function_words import FUNCTION_WORDS
from memory.voice.grams import Grams, Vocabulary
from memory.voice.rows import Rows
from memory.voice.terms import KINDS

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
    grams: dict[str, Grams]  # by kind of terms
    prior: Prior
    english: Usual  # with all features
    any_language: Usual  # with those that name no English words

    @cached_property
    def made_of(self) -> str:
        """What tells one background from another."""
        return sha256([_made_for(), self.authors, self.prior.words.tolist(), len(self.author_of)])

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
        **_packed(background.grams),
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
    grams = {kind: _unpacked(stored, kind) for kind in KINDS}
    numbers = {name: array.astype(float) for name, array in stored.items() if array.dtype.kind in "uf"}
    return Background(
        tuple(map(str, stored["authors"])),
        stored["author_of"].astype(np.int64),
        {length: _counted(numbers, length) for length in LENGTHS},
        grams,
        Prior(numbers["prior_shape"], numbers["prior_exposure"], numbers["prior_words"]),
        *(Usual(numbers[f"{kind}_gap"], numbers[f"{kind}_spread"]) for kind in _KINDS),
    )


_BETWEEN = "\n"  # no term holds a line's end
_KINDS = ("english", "any_language")


def _counted(numbers: dict[str, Array], length: int) -> Counted:
    return Counted(*(numbers[f"{name}_{length}"] for name in ("counts", "opportunities", "function_words")))


def _packed(grams: dict[str, Grams]) -> dict[str, Any]:
    tables: dict[str, Any] = {}
    for kind, each in grams.items():
        tables[f"{kind}_terms"] = np.frombuffer(_BETWEEN.join(each.vocabulary.terms).encode(), dtype=np.uint8)
        tables[f"{kind}_idf"] = each.vocabulary.idf.astype(np.float32)
        for length, rows in each.at.items():
            tables[f"{kind}_{length}_sizes"] = np.diff(rows.starts).astype(np.uint16)
            tables[f"{kind}_{length}_places"] = rows.places.astype(np.uint16)
            tables[f"{kind}_{length}_times"] = np.minimum(rows.values, 255).astype(np.uint8)
    return tables


def _unpacked(stored: dict[str, NDArray[np.generic]], kind: str) -> Grams:
    terms = stored.pop(f"{kind}_terms").tobytes().decode().split(_BETWEEN)
    vocabulary = Vocabulary(tuple(terms), stored.pop(f"{kind}_idf").astype(float))
    return Grams(vocabulary, {length: _rows(stored, f"{kind}_{length}") for length in LENGTHS})


def _rows(stored: dict[str, NDArray[np.generic]], name: str) -> Rows:
    sizes, places, times = (stored.pop(f"{name}_{part}") for part in ("sizes", "places", "times"))
    starts = np.concatenate([[0], np.cumsum(sizes, dtype=np.int64)])
    return Rows(starts, places.astype(np.int64), times.astype(float))


def _made_for() -> str:
    return sha256([NAMES, FUNCTION_WORDS, LENGTHS, list(KINDS)])

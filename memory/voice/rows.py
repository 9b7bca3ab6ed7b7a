"""Sparse rows in plain numpy: reading a score must not load a library for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True)
class Rows:
    """Row r holds `values[starts[r]:starts[r + 1]]` in the columns `places[starts[r]:starts[r + 1]]`."""

    starts: Whole
    places: Whole
    values: Floats

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def of(cls, counts: Sequence[Counter[str]], columns: dict[str, int]) -> "Rows":
        """Return one row of counts a text; terms that have no column are left out."""
        found = [sorted((columns[term], times) for term, times in each.items() if term in columns) for each in counts]
        flat = np.array([pair for row in found for pair in row], dtype=np.int64).reshape(-1, 2)
        starts = np.cumsum([0, *map(len, found)], dtype=np.int64)
        return cls(starts, flat[:, 0], flat[:, 1].astype(float))

    def take(self, chosen: Whole) -> "Rows":
        """Return some of the rows, in the order asked for."""
        sizes = np.diff(self.starts)[chosen]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        at = np.repeat(self.starts[chosen] - starts[:-1], sizes) + np.arange(starts[-1])
        return Rows(starts, self.places[at], self.values[at])

    def scaled(self, idf: Floats) -> "Rows":
        """Return counts as weights of unit length: 1 + ln(count), times how rare the term is."""
        values = (1 + np.log(self.values)) * idf[self.places]
        length = np.sqrt(self.totals(values**2))
        return Rows(self.starts, self.places, values / np.repeat(np.maximum(length, 1e-9), np.diff(self.starts)))

    def dot(self, weights: Floats) -> Floats:
        """Return each row times a column of weights: shape (rows,)."""
        return self.totals(self.values * weights[self.places])

    def totals(self, values: Floats) -> Floats:
        """Return the sums over each row of numbers that stand beside its entries."""
        so_far = np.concatenate([[0.0], np.cumsum(values)])
        return np.asarray(so_far[self.starts[1:]] - so_far[self.starts[:-1]])

    def sparse(self, columns: int) -> Any:
        """Return a scipy matrix, for products of rows with rows."""
        from scipy.sparse import csr_array

        return csr_array((self.values, self.places, self.starts), shape=(len(self), columns))


def together(*parts: Rows) -> Rows:
    """Return the rows of all parts, one after another."""
    shifts = np.cumsum([0, *(part.starts[-1] for part in parts)])
    starts = np.concatenate([[0], *(part.starts[1:] + shift for part, shift in zip(parts, shifts, strict=False))])
    places, values = (np.concatenate([getattr(part, name) for part in parts]) for name in ("places", "values"))
    return Rows(starts.astype(np.int64), places, values)

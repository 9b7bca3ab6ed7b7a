"""Logistic regression on few rows and many columns, solved over the rows, with what leaving rows out would change.

A penalised logistic regression (C = 10, both classes weighing the same, the intercept free) has one number a row for
its solution, so Newton's method on the matrix of products between rows is quick however many columns there are. At its
end the problem is a weighted least-squares one, in which the prediction for a group of rows by a fit without them
follows from the one inverse (leave-one-out as for kernel ridge regression): no second fit. Single precision is enough:
the penalty keeps the matrix far from singular.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from memory.voice.rows import Floats, Whole

Singles = NDArray[np.float32]

C = 10.0
"""The inverse of the penalty, as in the recipe."""

_STEPS, _CLOSE, _LONGEST_STEP = 30, 1e-2, 4.0
_LEAST_CURVATURE = 1e-6
_GUESS = 2.5


@dataclass(frozen=True)
class Fit:
    """One number a row, the intercept, each row's logit, and the logit that a fit without its group gives."""

    dual: Floats
    intercept: float
    logit: Floats
    left_out: Floats


def fit(products: Singles, theirs: Floats, groups: Sequence[Whole], start: Floats | None = None) -> Fit:
    """Fit rows of one class (`theirs` 1) against the other (0).

    `products` are those between rows, shape (rows, rows). `groups` are rows that are left out together; a row in no
    group keeps its fitted logit. `start` is a guess at the logits, from where it takes fewer steps.
    """
    weight = _balanced(theirs)
    logit = _GUESS * (2 * theirs - 1) if start is None else start
    for _ in range(_STEPS):
        target, curvature = _least_squares(logit, theirs)
        dual, intercept = _solve(_factor(products, weight * curvature), target)
        step = products @ dual + intercept - logit
        logit = logit + np.clip(step, -_LONGEST_STEP, _LONGEST_STEP)
        if np.abs(step).max() < _CLOSE:
            break
    target, curvature = _least_squares(logit, theirs)
    left_out = _without(_factor(products, weight * curvature), target, logit, groups)
    return Fit(dual.astype(float), intercept, logit, left_out)


def _factor(products: Singles, certainty: Floats) -> tuple[Singles, bool]:
    from scipy.linalg import cho_factor

    matrix = products.copy()
    matrix[np.diag_indices_from(matrix)] += (1 / certainty).astype(np.float32)
    return cho_factor(matrix, lower=True, overwrite_a=True, check_finite=False)  # type: ignore[no-any-return]


def _balanced(theirs: Floats) -> Floats:
    many, own = len(theirs), theirs.sum()
    return np.asarray(C * np.where(theirs == 1, many / (2 * own), many / (2 * (many - own))))


def _least_squares(logit: Floats, theirs: Floats) -> tuple[Floats, Floats]:
    chance = 1 / (1 + np.exp(-logit))
    curvature = np.maximum(chance * (1 - chance), _LEAST_CURVATURE)
    return logit + (theirs - chance) / curvature, curvature


def _solve(factor: tuple[Singles, bool], target: Floats) -> tuple[Singles, float]:
    """Solve matrix · dual + intercept = target where the dual sums to nothing."""
    from scipy.linalg import cho_solve

    both = cho_solve(factor, np.column_stack([target, np.ones_like(target)]).astype(np.float32), check_finite=False)
    intercept = float(both[:, 0].sum() / both[:, 1].sum())
    return both[:, 0] - np.float32(intercept) * both[:, 1], intercept


def _without(factor: tuple[Singles, bool], target: Floats, logit: Floats, groups: Sequence[Whole]) -> Floats:
    from scipy.linalg.lapack import spotri

    dual, _ = _solve(factor, target)
    half, _ = spotri(factor[0], lower=True)
    inverse = np.tril(half) + np.tril(half, -1).T
    border = inverse.sum(axis=1)  # the free intercept takes this direction out of the inverse
    found = logit.copy()
    for group in groups:
        block = inverse[np.ix_(group, group)] - np.outer(border[group], border[group]) / border.sum()
        found[group] = target[group] - np.linalg.solve(block.astype(float), dual[group].astype(float))
    return found

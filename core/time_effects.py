"""How much better posts do in a cell of the week than the posts around them, and how likely chance alone is to say so.

Each post is held against the posts just before and after it (a block), so that neither growth, nor a slump, nor a
change of habits is taken for an hour's merit. Within a block, by chance alone, any figure could stand at any place:
that gives the exact mean and variance of what a cell adds up to, whatever the figures' distribution (a stratified
permutation test, read off the normal curve), counted over all cells that are looked at (Šidák).
"""

import math
from collections.abc import Hashable, Mapping, Sequence
from itertools import pairwise
from statistics import NormalDist, fmean, median
from typing import Generic, NamedTuple, TypeVar

BLOCK = 15
"""Posts in a row that are held against each other, about."""

_FAR = 2.5  # robust deviations, beyond which a figure is cut back: one post that went far proves no hour

Key = TypeVar("Key", bound=Hashable)


class Effect(NamedTuple):
    """What one cell's posts got, in logarithms of the figure, against the posts around them."""

    posts: int
    seen: float
    shrunk: float  # towards nothing, by how much cells differ at all (empirical Bayes)
    chance: float  # how often chance alone would show some cell as far above


class _Sum(NamedTuple, Generic[Key]):
    key: Key
    posts: int
    total: float  # of the residuals
    weight: float  # total / weight is the mean difference from the other posts of the blocks
    variance: float  # of the total, by chance alone


def effects(keys: Sequence[Key], values: Sequence[float], fewest: int) -> dict[Key, Effect]:
    """Return what each key with at least `fewest` posts adds to the logarithm of `values`, which are in their order.

    Keys that stand in no block beside another one have nothing to be held against, and are left out.
    """
    blocks = _blocks(len(values))
    sums = _sums(keys, _levelled([math.log1p(max(0.0, value)) for value in values], blocks), blocks, fewest)
    seen = {each.key: each.total / each.weight for each in sums}
    error = {each.key: each.variance / each.weight**2 for each in sums}
    between = _between(seen, error)
    return {
        each.key: Effect(
            posts=each.posts,
            seen=seen[each.key],
            shrunk=seen[each.key] * (between / (between + error[each.key]) if between else 0.0),
            chance=_chance(each.total / math.sqrt(each.variance), len(sums)),
        )
        for each in sums
    }


def _blocks(count: int) -> list[range]:
    parts = max(1, round(count / BLOCK))
    edges = [round(number * count / parts) for number in range(parts + 1)]
    return [range(start, end) for start, end in pairwise(edges)]


def _levelled(logs: Sequence[float], blocks: Sequence[range]) -> list[float]:
    """Return the logarithms without their block's level, far ones cut back."""
    plain = list(logs)
    for block in blocks:
        level = median(logs[at] for at in block) if len(block) else 0.0
        for at in block:
            plain[at] = logs[at] - level
    far = _FAR * 1.4826 * median(map(abs, plain)) if plain else 0.0
    if far:
        plain = [min(max(each, -far), far) for each in plain]
    for block in blocks:
        mean = fmean(plain[at] for at in block) if len(block) else 0.0
        for at in block:
            plain[at] -= mean
    return plain


def _sums(keys: Sequence[Key], residuals: Sequence[float], blocks: Sequence[range], fewest: int) -> "list[_Sum[Key]]":
    found = {key: [0.0, 0.0, 0.0, 0.0] for key in keys}
    for block in blocks:
        size = len(block)
        if size < 2:
            continue
        spread = sum(residuals[at] ** 2 for at in block) / (size - 1)
        for key in {keys[at]: None for at in block}:
            mine = [residuals[at] for at in block if keys[at] == key]
            weight = len(mine) * (size - len(mine)) / size
            add = (len(mine), sum(mine), weight, spread * weight)
            found[key] = [old + new for old, new in zip(found[key], add, strict=True)]
    made = [_Sum(key, int(posts), total, weight, variance) for key, (posts, total, weight, variance) in found.items()]
    return [each for each in made if each.posts >= fewest and each.weight > 0 and each.variance > 1e-12]


def _between(seen: Mapping[Key, float], error: Mapping[Key, float]) -> float:
    """Return the variance between cells' true differences (DerSimonian and Laird); 0: chance explains what is seen."""
    if len(seen) < 2:
        return 0.0
    weights = {key: 1 / error[key] for key in seen}
    total = sum(weights.values())
    mean = sum(weights[key] * seen[key] for key in seen) / total
    spread = sum(weights[key] * (seen[key] - mean) ** 2 for key in seen)
    scale = total - sum(weight**2 for weight in weights.values()) / total
    return max(0.0, (spread - (len(seen) - 1)) / scale)


def _chance(score: float, looked_at: int) -> float:
    return 1 - NormalDist().cdf(score) ** looked_at

"""How much a value from a file holds once all that it names twice is counted twice."""

from typing import Any

MOST_VALUES = 100_000


def holds_too_much(value: Any, most: int = MOST_VALUES) -> bool:
    """Say whether lists and mappings hold more than `most` values: YAML's aliases make a billion of a few lines.

    What holds itself holds too much.
    """
    try:
        return _count(value, {}) > most
    except RecursionError:  # nested deeper than any file of a person
        return True


def _count(value: Any, known: dict[int, float]) -> float:
    if not isinstance(value, list | dict | tuple | set):
        return 1
    if id(value) not in known:
        known[id(value)] = float("inf")  # until it is counted: what comes back to it never ends
        inside = [*value, *(value.values() if isinstance(value, dict) else ())]
        known[id(value)] = 1 + sum(_count(each, known) for each in inside)
    return known[id(value)]

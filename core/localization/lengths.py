"""How long a translation usually is, and whether one stops before its source does."""

import json
import math
from functools import lru_cache
from importlib import resources

import regex

from core.localization.pair import Pair

_COUNTED = regex.compile(r"[\p{L}\p{M}\p{N}]")


def size(pair: Pair, text: str) -> int:
    """Return how many letters and digits a text of the pair has, without tokens and names that stand in both."""
    return len(_COUNTED.findall(pair.own(text)))


@lru_cache(maxsize=1)
def statistics() -> dict[str, dict[str, float]]:
    """Return language → how long translations from English into it are; `lengths.md` says from what."""
    data: dict[str, dict[str, float]] = json.loads(
        resources.files("core.localization").joinpath("lengths.json").read_text(encoding="utf-8")
    )
    return data


def findings(pair):
    return ()

"""The words that the benchmark writes with, by language: openings, calls, and what is made up."""

from functools import lru_cache
from importlib import resources
from typing import Any


@lru_cache(maxsize=1)
def _forms() -> dict[str, dict[str, Any]]:
    import yaml

    data: dict[str, dict[str, Any]] = yaml.safe_load(
        resources.files("evals.bench.grounding").joinpath("forms.yaml").read_text(encoding="utf-8")
    )
    return data


def listed(kind: str, language: str) -> Any:
    """Return what there is of a kind in a language; English where there is nothing in it."""
    found = _forms()[kind]
    return found.get(language, found["en"])


def languages(kind: str) -> list[str]:
    """Return the languages that a kind is there in."""
    return sorted(_forms()[kind])

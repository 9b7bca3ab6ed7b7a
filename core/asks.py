"""Whether an ask says what it is about."""

import re
from functools import lru_cache
from importlib import resources

from core.channels import channels

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_QUESTIONED = 2  # letters of a word that could be a subject

YES = frozenset(["y", "yes", "yep", "yeah", "ok", "okay", "sure", "j", "ja", "si", "sí", "oui", "sim", "1", "👍"])
NO = frozenset(["n", "no", "nope", "nein", "non", "não", "nei", "0", "👎"])


def is_thin(ask: str) -> bool:
    """Say whether an ask names nothing to write about: "write a post", "make something for Bluesky".

    Known for English, German, Spanish, French, Portuguese and Norwegian; an ask in another language counts as enough.
    """
    words = [word.replace("’", "'") for word in _WORD.findall(ask.casefold())]
    return all(word in _empty() or len(word) < _QUESTIONED for word in words)


def accepts(text: str) -> bool:
    """Say whether a person's words do nothing but accept what was proposed: one key is enough."""
    return text.strip().casefold().strip(" .!") in YES


def declines(text: str) -> bool:
    """Say whether a person's words do nothing but decline it."""
    return text.strip().casefold().strip(" .!") in NO


@lru_cache(maxsize=1)
def _empty() -> frozenset[str]:
    import yaml

    text = resources.files(__package__).joinpath("asks.yaml").read_text(encoding="utf-8")
    listed = {str(word) for words in yaml.safe_load(text).values() for word in words.split()}
    named = {word for each in channels() for name in (each.name, each.label) for word in _WORD.findall(name.casefold())}
    return frozenset(listed | named)

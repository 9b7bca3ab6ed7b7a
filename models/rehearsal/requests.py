"""What an ask says to whoever writes, and to no reader: "Need posts for it", "Fammi il foglio e i post"."""

import re
from functools import lru_cache
from importlib import resources
from typing import Any

from core.channels import channels
from core.languages import small_words

FRAGMENT = 6  # words of what only goes on with a request ("With the dogs in.")
_LANGUAGES = ("en", "es", "fr", "de", "it", "pt", "nl", "pl")
_CLAUSE = re.compile(r"\s*(?:[,;:–—]|\s-\s)\s*(?:(?:and|but|y|e|et|und|en|i)\s+)?")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def is_request(text: str) -> bool:
    """Say whether a sentence or clause is only said to whoever writes: which forms, what again, and how."""
    core = text.strip(" .!…").replace("’", "'")
    if not core:
        return False
    if _pattern("unspaced").search(core) or _pattern("redo").match(core) or _pattern("tell").fullmatch(core):
        return True
    forms, words = _forms_in(core), _words(core)
    left = [word for word in words if not _is_known(word)]
    begins = _pattern("make").match(core)
    if begins and forms and not _pattern("about").search(core) and _orders_a_form(core[begins.end() :]):
        return True
    manner = any(word in _list("manner") for word in words)
    if (forms or manner) and len(left) <= bool(forms and manner):  # "a short one a place, and no pity"
        return True
    head = _words(_CLAUSE.split(core)[0])
    return bool(_CLAUSE.search(core)) and _only_manner(head)


def without_requests(sentences: list[str]) -> list[str]:
    """Return the sentences that are news, without the clauses at their end or beginning that are requests."""
    kept: list[str] = []
    asked = False
    for sentence in sentences:
        goes_on = asked and len(sentence.split()) <= FRAGMENT and _pattern("goes_on").match(sentence) is not None
        asked = goes_on or is_request(sentence)
        if not asked:
            kept.append(_news_of(sentence))
    return kept


def _news_of(sentence: str) -> str:
    """Return a sentence without its last clauses where those are requests: "The book is there, bitte ankündigen"."""
    left = sentence
    while borders := list(_CLAUSE.finditer(left)):
        last = left[borders[-1].end() :]
        if not is_request(last) or not _tells(left[: borders[-1].start()]):
            break
        left = left[: borders[-1].start()]
    return left if left == sentence else f"{left.rstrip()}."


def _tells(text: str) -> bool:
    return len(text.split()) >= 2 and not is_request(text)


def _orders_a_form(text: str) -> bool:
    """Say whether a form is the first thing that is named: "the video description", not "volunteers for the site"."""
    first = next((word for word in _words(text) if word in _list("forms") or not _is_known(word)), "")
    return first in _list("forms")


def _only_manner(words: list[str]) -> bool:
    manner = _list("manner")
    return bool(words) and any(word in manner for word in words) and all(map(_is_known, words))


def _is_known(word: str) -> bool:
    return (
        word in _list("forms")
        or word in _list("manner")
        or word in _small()
        or _pattern("make").fullmatch(word) is not None
    )


def _words(text: str) -> list[str]:
    return [part for word in _WORD.findall(text.casefold()) for part in [re.sub(r"^[^\W\d_]{1,2}'", "", word)]]


def _forms_in(text: str) -> list[str]:
    return [word for word in _words(text) if word in _list("forms")]


@lru_cache(maxsize=1)
def _small() -> frozenset[str]:
    return frozenset(_loaded()["small"].split()).union(*(small_words(language) for language in _LANGUAGES))


@lru_cache(maxsize=4)
def _list(name: str) -> frozenset[str]:
    words = frozenset(_loaded()[name].casefold().split())
    if name == "forms":
        places = (part for each in channels() for name in (each.label, each.name) for part in name.casefold().split())
        return words | frozenset(places)
    return words


@lru_cache(maxsize=8)
def _pattern(name: str) -> "re.Pattern[str]":
    lines = _loaded()[name]
    if name == "unspaced":
        return re.compile(lines)
    lines = [lines] if isinstance(lines, str) else lines
    return re.compile(rf"(?:{'|'.join(f'(?:{line})' for line in lines)})(?!\w)", re.I)


@lru_cache(maxsize=1)
def _loaded() -> dict[str, Any]:
    import yaml

    text = resources.files(__package__).joinpath("orders.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)["requests"]
    return loaded

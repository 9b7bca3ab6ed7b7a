"""The words of what was said, as the question's words are compared with them."""

import re
import unicodedata
from datetime import datetime

_WORD = re.compile(r"[^\W_]+")
_OWNED = re.compile(r"['’]s\b")
_VOWEL = re.compile(r"[aeiouy]")
_ENDINGS = ("ation", "ment", "ness", "ful", "ly", "er")

MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def terms(text: str) -> list[str]:
    """Return a text's words in order: without case, accents and the endings that only grammar needs."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return [stem(word) for word in _WORD.findall(_OWNED.sub("", bare.casefold()))]


def day_of(moment: datetime) -> str:
    """Return a date as people say it, whatever this machine's language is."""
    return f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"


def stem(word: str) -> str:
    """Return an English word without its ending: "running" and "runs" are "run". Never empty, never for reading."""
    if len(word) < 4 or not (word.isascii() and word.isalpha()):
        return word
    word = _without_past(_without_plural(word))
    ending = next((each for each in _ENDINGS if word.endswith(each) and len(word) - len(each) >= 4), "")
    word = word.removesuffix(ending)
    if len(word) > 3 and word.endswith("e"):
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word.endswith("y") else word


def _without_plural(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("sses"):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


def _without_past(word: str) -> str:
    ending = next((each for each in ("ing", "ed") if word.endswith(each)), "")
    root = word.removesuffix(ending)
    if not ending or len(root) < 3 or not _VOWEL.search(root):
        return word
    return root[:-1] if root[-1] == root[-2] and root[-1] not in "lsz" else root

"""How a segment ends: a translation of a question asks, one of a sentence comes to its stop."""

from collections.abc import Iterator

import regex

from core.drafts import Finding
from core.localization.pair import Pair

_CLOSERS = regex.compile(
    r"(?:[\s\u00a0\u202f\u200e\u200f\"'“”‘’»«›‹)\]}」』）】》〉*_~`]|\[\^?[\w-]{1,12}\]|\p{Extended_Pictographic}|\ufe0f|:[a-z_\\]+:)+$"
)
_PAREN = regex.compile(
    r"[\s\u00a0]*[(（](?:https?://|mailto:)[^\s()（）]*(?:\([^\s()]*\)[^\s()]*)*[)）]"
    r"|[\s\u00a0]*https?://[!-~]+$"
)
_MARKS = (
    ("question", "?？؟;"),
    ("exclamation", "!！"),
    ("ellipsis", "…⋯"),
    ("colon", ":：∶"),
    ("stop", ".。．।۔｡"),
    ("comma", ",，、،"),
    ("semicolon", "；؛"),
)
_NAMES = {
    "question": "a question mark",
    "exclamation": "an exclamation mark",
    "ellipsis": "an ellipsis",
    "colon": "a colon",
    "stop": "a full stop",
    "comma": "a comma",
    "semicolon": "a semicolon",
    "": "no mark",
}
_OPENING = {"question": "¿", "exclamation": "¡"}
_ASKS = regex.compile(r"か[。．\s」』）)]*$")
_UNMARKED = frozenset({"th", "lo"})  # languages whose sentences end without a stop


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a finding where the translation ends otherwise than its source, or a Spanish question does not open."""
    language = pair.target_language
    source, target = ending(pair.source, pair.source_language), ending(pair.target, language)
    if source != target and not _is_usual(source, target, pair):
        message = f"The source ends with {_NAMES[source]}, the translation with {_NAMES[target]}."
        yield Finding(rule="end_punctuation", severity="warning", message=message)
    opening = _OPENING.get(target, "")
    if language == "es" and opening and opening not in pair.target:
        message = f"In Spanish it opens with {opening}."
        yield Finding(rule="end_punctuation", severity="warning", message=message)


def ending(text: str, language: str = "") -> str:
    """Return the kind of mark that a text ends with; empty for none. Quotes, notes, links may follow it."""
    while True:
        shorter = _CLOSERS.sub("", _PAREN.sub("", text))
        if shorter == text:
            break
        text = shorter
    if text.endswith(("...", "。。。")):
        return "ellipsis"
    if text.endswith(";"):
        return "question" if language == "el" else "semicolon"
    return next((kind for kind, signs in _MARKS if text and text[-1] in signs), "")


def _is_usual(source: str, target: str, pair: Pair) -> bool:
    """Say whether a language's own habit explains the difference; few exclaim as often as English does."""
    language = pair.target_language
    if language in _UNMARKED:
        return {source, target} == {"stop", ""}
    if target == "stop" and source == "question":
        return language == "ja" and _ASKS.search(pair.target) is not None
    return target == "stop" and (source == "exclamation" or (source == "colon" and language in ("ja", "zh", "ko")))

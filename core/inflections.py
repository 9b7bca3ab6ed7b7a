"""The regular forms of a word, as a pattern: a banned “leverage” is “leveraging” too, when that was asked for."""

import regex

SHORTEST = 3
_VOWELS = "aeiou"


def forms(word: str, language: str) -> str:
    """Return a pattern of a word's regular forms: exact for English, a few letters more or less elsewhere.

    `word` is folded already. What has no letters only, or hardly any, is taken as it is.
    """
    if len(word) < SHORTEST or not word.isalpha():
        return regex.escape(word)
    return _english(word) if language == "en" else _elsewhere(word)


def _english(word: str) -> str:
    stem, last = word[:-1], word[-1:]
    if last == "e":
        return f"{stem}(?:e|es|ed|ing)"
    if last == "y" and stem[-1] not in _VOWELS:
        return f"{stem}(?:y|ies|ied|ying)"
    if word.endswith(("s", "x", "z", "ch", "sh")):
        return f"{word}(?:es|ed|ing)?"
    doubled = f"{last}?" if _closes_short(word) else ""
    return f"{word}(?:s|{doubled}(?:ed|ing))?"


def _closes_short(word: str) -> bool:
    """Say whether the last letter may be doubled: plan, planning."""
    return word[-1] not in _VOWELS + "wxy" and word[-2] in _VOWELS and word[-3] not in _VOWELS


def _elsewhere(word: str) -> str:
    stem = word.rstrip("aeiouáéíóúàèìòùäöüâêîôûãõ") if len(word) > 5 else word
    return (stem if len(stem) >= SHORTEST else word) + r"\p{L}{0,3}"

"""Which language a few words are most likely in: by script, else by how often each language has their letter triples.

Unlike `core.languages.detect` it always names a likeliest one, and says by how much. Where its figures come from is in
`tongues.md`.
"""

import gzip
import json
import unicodedata
from collections import Counter
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import regex

FLOOR = -12.0
"""The log probability of a triple that is not among a language's commonest."""

NATS_PER_LETTER = 4
"""What a letter of another script says."""

_WORD = regex.compile(r"[\p{L}\p{M}]+")
_SHORTEST_WORD = 5  # with the spaces around it: words up to so many letters count as a whole too
_ALONE = {
    "HIRAGANA": "ja",
    "KATAKANA": "ja",
    "HANGUL": "ko",
    "CJK": "zh",
    "GREEK": "el",
    "HEBREW": "he",
    "THAI": "th",
    "BENGALI": "bn",
    "TAMIL": "ta",
    "TELUGU": "te",
    "GUJARATI": "gu",
    "GURMUKHI": "pa",
    "KANNADA": "kn",
    "MALAYALAM": "ml",
    "GEORGIAN": "ka",
    "ARMENIAN": "hy",
}
_SHARED = ("LATIN", "CYRILLIC", "ARABIC", "DEVANAGARI")
_SIMPLE_CHINESE = frozenset("们这个为对从说时应该进请让还没么样给问开关选择设您你吗呢吧很与")
_CHINESE = frozenset("們這個為對從說時應該進請讓還沒麼樣給問開關選擇設您你嗎呢吧很與的是了在有和不") | _SIMPLE_CHINESE
_ONLY_CHINESE = _CHINESE - frozenset("對從說時應該進請讓個設的在有和不是給問開還為與關択様")


_OWN_LETTERS = {"ar": "ةكيىأإ", "fa": "پچژگکی", "ur": "پچگکیٹڈڑںےھہ", "uk": "іїєґ", "be": "ўі", "ru": "ыэё"}
"""Letters that tell languages of one script apart, where there is little text to count."""


class Likeliest(NamedTuple):
    """A language, and by how many nats of evidence it is ahead of the one it was held against."""

    language: str
    ahead: float


def likeliest(text: str) -> str | None:
    """Return the language that a text is most likely in; None for a text without letters."""
    scores = likelihoods(text)
    return max(scores, key=lambda each: scores[each]) if scores else None


def rather_than(text: str, expected: str) -> Likeliest | None:
    """Return the language that a text is in rather than `expected`; None where the expected one is the likeliest."""
    scores = likelihoods(text)
    if not scores or expected not in known():
        return None
    best = max(scores, key=lambda each: scores[each])
    if expected in scores:
        ahead = scores[best] - scores[expected]
        return Likeliest(best, ahead) if ahead else None
    return Likeliest(best, float(NATS_PER_LETTER * sum(map(str.isalpha, text))))


def likelihoods(text: str) -> dict[str, float]:
    """Return how likely a text is in each language of its script, as log probabilities; languages by primary subtag."""
    letters = Counter(script for char in text if char.isalpha() and (script := _script(char)))
    if not letters:
        return {}
    if letters["HIRAGANA"] + letters["KATAKANA"]:
        letters["HIRAGANA"] += letters.pop("CJK", 0) + letters.pop("KATAKANA", 0)
    script, count = letters.most_common(1)[0]
    if script in _SHARED:
        return _by_triples(text, script)
    language = _ALONE.get(script, "")
    if script == "CJK" and not _is_chinese(text):
        return {"zh": 0.0, "ja": 0.0}  # signs that both write
    return {language: float(count * NATS_PER_LETTER)} if language else {}


def share(text: str, language: str) -> float:
    """Return how much of a text's letters, 0 to 1, are in a script of the language's own; 0 for a shared script."""
    own = {script for script, each in _ALONE.items() if each == language}
    letters = [_script(char) for char in text if char.isalpha()]
    if language == "ja" and ("HIRAGANA" in letters or not _is_chinese(text)):
        own |= {"CJK"}
    return sum(script in own for script in letters) / len(letters) if letters and own else 0.0


def known() -> frozenset[str]:
    """Return the languages that are told apart here."""
    return frozenset(_ALONE.values()) | {language for each in _triples().values() for language in each}


def _is_chinese(text: str) -> bool:
    return sum(char in _ONLY_CHINESE for char in text) >= 2


def _script(char: str) -> str:
    return "LATIN" if char < "\u02b0" else unicodedata.name(char, "").partition(" ")[0]


def _by_triples(text: str, script: str) -> dict[str, float]:
    found = triples(text)
    return {language: sum(rates.get(each, FLOOR) for each in found) for language, rates in _triples()[script].items()}


def triples(text: str) -> list[str]:
    """Return the letter triples of a text's words, spaces around each word, and its short words whole."""
    found = []
    for word in _WORD.findall(text.casefold()):
        padded = f" {word} "
        if len(padded) <= _SHORTEST_WORD:
            found.append(padded)
        found += [padded[at : at + 3] for at in range(len(padded) - 2)]
    return found


@lru_cache(maxsize=1)
def _triples() -> dict[str, dict[str, dict[str, float]]]:
    """Return script → language → triple → log probability."""
    data = json.loads(gzip.decompress(resources.files("core").joinpath("tongues.json.gz").read_bytes()))
    return {
        script: {language: {each: -rate / 10 for each, rate in rates.items()} for language, rates in languages.items()}
        for script, languages in data.items()
    }

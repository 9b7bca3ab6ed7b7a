"""What was left in the source's language, or came out in a third one."""

from collections.abc import Iterator

import regex

from core import tongues
from core.drafts import Finding
from core.localization.pair import Pair, without_tokens, words
from core.sentences import split

MIN_WORDS = 4
"""Shorter segments are often names, the same in every language."""

SURE = 8.0
"""Nats of evidence from which a whole segment is said to be in another language; a sentence needs twice as much."""

_CLOSE = {
    frozenset(each.split())
    for each in (
        "es gl",
        "pt gl",
        "es ca",
        "da nb",
        "sv nb",
        "hr sl",
        "cs sk",
        "id ms",
        "ru be",
        "ru uk",
        "ru bg",
        "bg mk",
        "sr mk",
        "hi mr",
        "fa ur",
        "fa ar",
    )
}
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_LETTER = regex.compile(r"[\p{L}\p{N}]+")
_QUOTED = regex.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|『[^』]*』|\"[^\"\n]*\"|《[^》]*》")
_SENTENCE_END = regex.compile(r"[.!?。！？]\s*$")
_NEAR = 3  # times the evidence, between languages that are near each other
_SOME = 0.1  # of the letters in the expected language's own script: then the rest are names
_RUN = 7  # words in a row that no translation has by chance
_LIKE_SOURCE = 0.8  # of a source's words that a segment has in the same order, from which it was left as it was


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a segment that was left as it was, else its sentences that were, else what is in another language."""
    left = [] if _is_same(pair) else list(_sentences_left(pair))
    if _is_same(pair) or (not left and _is_alike(pair)):
        yield Finding(rule="untranslated", severity="error", message="This segment was left as it was.")
        return
    yield from left or _in_another(pair)


def _is_same(pair: Pair) -> bool:
    return _is_long(pair.source) and _says_something(pair, pair.source) and _flat(pair.prose[0]) == _flat(pair.prose[1])


def _is_alike(pair: Pair) -> bool:
    return _says_something(pair, pair.source) and _alike(_flat(pair.prose[0]), _flat(pair.prose[1]))


def _alike(source: str, target: str) -> bool:
    """Say whether nearly all of the source's words stand in the translation, in the same order, and little else."""
    before, after = words(source), words(target)
    if len(before) < 2 * MIN_WORDS or len(after) > len(before) / _LIKE_SOURCE:
        return False
    at = same = 0
    for word in before:
        if word in after[at:]:
            at, same = after.index(word, at) + 1, same + 1
    return same >= _LIKE_SOURCE * max(len(before), len(after))


def _sentences_left(pair: Pair) -> Iterator[Finding]:
    """Yield the sentences that stand in the translation as they are, and long runs of their words."""
    target = f" {_flat(_QUOTED.sub(_unless_it_ends, pair.prose[1]))} "
    runs = _runs(target)
    for span in split(pair.source):
        flat = _flat(without_tokens(span.text))
        if not _is_long(span.text) or not _says_something(pair, span.text):
            continue
        there = (f" {flat} " if not _UNSPACED.search(flat) else flat) in target
        if there or _runs(_flat(pair.own(span.text))) & runs:
            yield Finding(rule="sentence", severity="error", message=f"“{_short(span.text)}” was left as it was.")


def _unless_it_ends(quoted: "regex.Match[str]") -> str:
    """Blank out a title or an aside that keeps its language; a quotation of whole sentences is to be translated."""
    return quoted[0] if _SENTENCE_END.search(quoted[0][:-1]) else " "


def _runs(flat: str) -> set[tuple[str, ...]]:
    each = words(flat)
    return {tuple(each[at : at + _RUN]) for at in range(len(each) - _RUN + 1)}


def _in_another(pair: Pair) -> Iterator[Finding]:
    """Yield a finding for the whole segment, else for those of its sentences that are in another language."""
    expected = pair.target_language
    if not expected:
        return
    other = _other(pair, pair.target, expected, SURE)
    if other:
        message = f"This is {_name(other)}, not {_name(expected)}."
        yield Finding(rule="language", severity="error", message=message)
        return
    for span in split(pair.target):
        other = _other(pair, _QUOTED.sub(" ", span.text), expected, 2 * SURE)
        if other:
            message = f"“{_short(span.text)}” is {_name(other)}, not {_name(expected)}."
            yield Finding(
                rule="sentence" if other == pair.source_language else "language", severity="error", message=message
            )


def _other(pair: Pair, text: str, expected: str, sure: float) -> str | None:
    own = pair.own(text)
    if len(words(own)) < MIN_WORDS and not _UNSPACED.search(own):
        return None
    found = tongues.rather_than(own, expected)
    if found is None or found.ahead < sure * (_NEAR if frozenset((found.language, expected)) in _CLOSE else 1):
        return None
    return None if tongues.share(own, expected) > _SOME else found.language


def _says_something(pair: Pair, text: str) -> bool:
    """Say whether a piece of the source is prose of its language, not a row of names, numbers and code."""
    own = pair.own(text)
    return bool(_UNSPACED.search(own)) or sum(word.islower() for word in words(own)) >= 2


def _is_long(text: str) -> bool:
    return len(text.split()) >= MIN_WORDS or len(_UNSPACED.findall(text)) >= 2 * MIN_WORDS


def _flat(text: str) -> str:
    return " ".join(_LETTER.findall(text.casefold()))


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:59] + "…"


def _name(language: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language).get_language_name("en") or language
    except (UnknownLocaleError, ValueError):
        return language

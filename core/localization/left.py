"""What was left in the source's language, or came out in a third one."""

from collections.abc import Iterator

import regex

from core import tongues
from core.drafts import Finding
from core.localization.pair import Pair, words
from core.sentences import split

MIN_WORDS = 4
"""Shorter segments are often names, the same in every language."""

SURE = 8.0
"""Nats of evidence from which a whole segment is said to be in another language; a sentence needs twice as much."""

_CLOSE = {
    frozenset(each.split())
    for each in ("es gl", "pt gl", "es ca", "da nb", "sv nb", "hr sl", "cs sk", "id ms", "ru be", "ru uk", "ru bg", "bg mk", "sr mk", "hi mr", "fa ur", "fa ar")
}
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_LETTER = regex.compile(r"[\p{L}\p{N}]+")
_QUOTED = regex.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|「[^」]*」|『[^』]*』|\"[^\"\n]*\"|《[^》]*》|\([^()]*\)|（[^（）]*）")
_NEAR = 3  # times the evidence, between languages that are near each other
_SOME = 0.1  # of the letters in the expected language's own script: then the rest are names
_LIKE_SOURCE = 0.8  # of a source's words that a segment has in the same order, from which it was left as it was


def findings(pair: Pair) -> Iterator[Finding]:
    """Yield a segment that was left as it was, else its sentences that were, else what is in another language."""
    if _is_same(pair):
        yield Finding(rule="untranslated", severity="error", message="This segment was left as it was.")
        return
    left = list(_sentences_left(pair))
    yield from left
    if not left:
        yield from _in_another(pair)


def _is_same(pair: Pair) -> bool:
    source, target = _flat(pair.prose[0]), _flat(pair.prose[1])
    if not _is_long(pair.source) or not _says_something(pair, pair.source):
        return False
    return source == target or _alike(source, target)


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
    target = f" {_flat(pair.target)} "
    for span in split(pair.source):
        flat = _flat(span.text)
        if not _is_long(span.text) or not _says_something(pair, span.text):
            continue
        if (f" {flat} " if not _UNSPACED.search(flat) else flat) in target and not _is_quoted(flat, pair.target):
            yield _left(span.text)


def _left(sentence: str) -> Finding:
    return Finding(rule="sentence", severity="error", message=f"“{_short(sentence)}” was left as it was.")


def _is_quoted(flat: str, target: str) -> bool:
    """Say whether words stand in the translation only as a quotation or an aside: a title that keeps its language."""
    return flat not in _flat(_QUOTED.sub(" ", target)) and flat in _flat(target)


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
            yield Finding(rule="sentence" if other == pair.source_language else "language", severity="error", message=message)


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

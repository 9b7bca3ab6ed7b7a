"""Words that a person always writes for others, and phrases that they always cut: read off the edit itself."""

from collections.abc import Iterator

import regex

from core import names
from core.edits.change import PARAGRAPH, Change, Hunk, Rewrite
from core.edits.guard import is_fact, is_polar
from core.edits.lists import any_of
from core.edits.rewriting import cuts, same_case, starts_sentence, swaps
from core.edits.rules import Rule
from core.edits.traits import Trait

LONGEST_WORDS = 3
LONGEST_PHRASE = 8
SHORTEST_WORD = 4  # characters of a single word that is cut anywhere: the small ones hold sentences together

_PLAIN = regex.compile(r"[\p{Ll}'-]+")


def traits() -> list[Trait]:
    """Return the traits of this room."""
    return [
        Trait("words", "“{new}” rather than “{old}”", _find_words, replaced, strict=True, late=True),
        Trait("phrases", "no “{old}”", _find_phrase, dropped, late=True),
        Trait("openings", "no “{old},” to begin a sentence", _find_opening, opened, late=True),
    ]


def _find_words(text: str, rule: Rule) -> list[Rewrite]:
    return swaps(any_of((rule.old,)), lambda match: same_case(match.group(), rule.new))(text) if rule.old else []


def _find_phrase(text: str, rule: Rule) -> list[Rewrite]:
    return cuts(any_of((rule.old,)), words=" " not in rule.old)(text) if rule.old else []


def _find_opening(text: str, rule: Rule) -> list[Rewrite]:
    """Return where a sentence begins with the words and a comma; inside a sentence the same word holds it together."""
    found = cuts(any_of((rule.old,)), words=True)(text) if rule.old else []
    return [each for each in found if text[each.end - 1] == "," and starts_sentence(text, each.start)]


def replaced(change: Change) -> Iterator[Rule]:
    """Yield a rule for each few words that gave way to a few others, if neither are a matter of fact."""
    for hunk in change.hunks:
        old, new = _words(change, hunk)
        few = 0 < len(old) <= LONGEST_WORDS and 0 < len(new) <= LONGEST_WORDS
        if few and _stands(change, hunk) and not _factual(change, (*old, *new)):
            yield Rule(trait="words", old=" ".join(old), new=" ".join(new))


def opened(change: Change) -> Iterator[Rule]:
    """Yield a rule for each small word that was cut with its comma from the beginning of a sentence: "So, we …"."""
    for hunk in change.hunks:
        old, new = _words(change, hunk)
        if new or len(old) != 1 or len(old[0]) >= SHORTEST_WORD or not change.remains or _factual(change, old):
            continue
        rule = Rule(trait="openings", old=old[0])
        if _closed_up(change, hunk) and any(change.within(e.start, e.end) for e in _find_opening(change.before, rule)):
            yield rule


def dropped(change: Change) -> Iterator[Rule]:
    """Yield a rule for each run of words that was cut out of a text that stayed."""
    for hunk in change.hunks:
        old, new = _words(change, hunk)
        if new or not 0 < len(old) <= LONGEST_PHRASE or not change.remains or _factual(change, old):
            continue
        if not _closed_up(change, hunk):
            continue
        if len(old) > 1 or len(old[0]) >= SHORTEST_WORD:
            yield Rule(trait="phrases", old=" ".join(old))


def unexplained(change: Change, explained: set[int]) -> Change:
    """Return the edit with what other rules explain taken out of its hunks."""
    rest = Change(change.before, change.after)
    rest.__dict__["place_of"] = change.place_of
    rest.__dict__["hunks"] = [part for hunk in change.hunks for part in _parts(change, hunk, explained)]
    return rest


def _parts(change: Change, hunk: Hunk, explained: set[int]) -> Iterator[Hunk]:
    """Yield the unexplained words of a hunk as one hunk, if they are side by side; what was new keeps to them."""
    left = [at for at in range(hunk.start, hunk.end) if at not in explained]
    if len(left) == hunk.end - hunk.start:
        yield hunk
        return
    words = [at for at in left if change.old[at].is_word]
    if words and words[-1] - words[0] == len(words) - 1:
        yield Hunk(words[0], words[-1] + 1, hunk.new_start, hunk.new_end)


def _words(change: Change, hunk: Hunk) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words before and after; none where a mark or a paragraph's end stands between two of them."""
    old, new = change.old[hunk.start : hunk.end], change.new[hunk.new_start : hunk.new_end]
    if any(not _in_a_row([token.key for token in side]) for side in (old, new)):
        return (), ()
    return tuple(t.key for t in old if t.is_word), tuple(t.key for t in new if t.is_word)


def _in_a_row(found: list[str]) -> bool:
    inner = list(found)
    while inner and not inner[0][0].isalnum():
        inner.pop(0)
    while inner and not inner[-1][0].isalnum():
        inner.pop()
    return all(key[0].isalnum() for key in inner) and (PARAGRAPH not in inner)


def _closed_up(change: Change, hunk: Hunk) -> bool:
    """Say whether what stood around the words stands side by side now, marks aside."""
    before, after = change.place_of.get(hunk.start - 1), change.place_of.get(hunk.end)
    if before is None or after is None:
        return hunk.start == 0 or hunk.end == len(change.old)
    return not any(token.is_word for token in change.new[before + 1 : after])


def _stands(change: Change, hunk: Hunk) -> bool:
    at = change.old[hunk.start].start
    return change.survives(*change.sentence_at(at), but=range(hunk.start, hunk.end))


def _factual(change: Change, words: tuple[str, ...]) -> bool:
    """Say whether a change of words may be a correction: of a number, a date, a name, or of what is true."""
    if any(not _PLAIN.fullmatch(word) for word in words) or is_fact(" ".join(words)):
        return True
    if len(words) <= 2 * LONGEST_WORDS and is_polar(words):
        return True
    named = {word for text in (change.before, change.after) for name in names.find(text) for word in name.words}
    return not named.isdisjoint(words)

"""Habits of headlines: titles, subjects and the lines under them. They are judged on those alone, never on a text."""

from collections.abc import Callable

import regex

from core.edits.change import Change, Rewrite
from core.edits.rules import Rule
from core.edits.traits import Trait, Verdict, fixed, plain

ENOUGH = 3  # words after the first that could have a capital: with fewer nobody knows which case it is
LONGEST_SMALL = 3  # letters of the words that titles leave small
MUCH, LITTLE = 0.2, 0.05  # of the words: cut from the one on it is a shorter headline, up to the other the same
ENOUGH_TO_CUT = 5  # words
ALIKE = 0.6  # of the words: with fewer left it is another headline, whose case or length says nothing

_WORD = regex.compile(r"\p{L}[\p{L}\p{M}'’-]*")


def traits() -> list[Trait]:
    """Return the traits of this room. None is carried out without a model: names keep their capitals."""
    return [
        _trait("headline_sentence_case", "headlines in sentence case", _sentence_case, english=True),
        _trait("headline_title_case", "Headlines in Title Case", _title_case, english=True),
        _trait("headline_shorter", "shorter headlines", _shorter),
        _trait("headline_no_question", "headlines that are no questions", _no_question),
        _trait("headline_question", "headlines that ask a question", _question),
        _trait("headline_no_stop", "no full stop after a headline", _no_stop),
    ]


def _trait(name: str, says: str, judge: Callable[[Change, Rule], Verdict | None], *, english: bool = False) -> Trait:
    none, own = plain(_none), fixed(name)
    return Trait(name, says, none, own, judge=judge, english=english, mechanical=False, headline=True)


def _none(_text: str) -> list[Rewrite]:
    return []


def _case(text: str) -> str | None:
    """Return `title` or `sentence`; None where there is too little to tell, or it is neither."""
    words = [word for word in _WORD.findall(text)[1:] if len(word) > LONGEST_SMALL and not word.isupper()]
    if len(words) < ENOUGH:
        return None
    share = sum(word[0].isupper() for word in words) / len(words)
    return "title" if share >= 0.8 else "sentence" if share <= 0.5 else None


def _same(change: Change) -> bool:
    """Say whether it is still the same headline, in other words here and there."""
    words = [at for at, token in enumerate(change.old) if token.is_word]
    return bool(words) and sum(at in change.place_of for at in words) >= ALIKE * len(words)


def _became(change: Change, before: str, after: str) -> Verdict | None:
    if _case(change.before) != before or not _same(change):
        return None
    now = _case(change.after)
    return "for" if now == after else "against" if now == before else None


def _sentence_case(change: Change, _rule: Rule) -> Verdict | None:
    return _became(change, "title", "sentence")


def _title_case(change: Change, _rule: Rule) -> Verdict | None:
    return _became(change, "sentence", "title")


def _shorter(change: Change, _rule: Rule) -> Verdict | None:
    before, after = len(_WORD.findall(change.before)), len(_WORD.findall(change.after))
    if before < ENOUGH_TO_CUT or not change.remains:
        return None
    share = (before - after) / before
    return "for" if share >= MUCH else "against" if share <= LITTLE else None


def _asks(text: str) -> bool:
    return text.rstrip().endswith(("?", "？"))


def _no_question(change: Change, _rule: Rule) -> Verdict | None:
    return ("against" if _asks(change.after) else "for") if _asks(change.before) else None


def _question(change: Change, _rule: Rule) -> Verdict | None:
    if _asks(change.before):
        return None
    return "for" if _asks(change.after) else "against"


def _no_stop(change: Change, _rule: Rule) -> Verdict | None:
    if not _stops(change.before):
        return None
    return "against" if _stops(change.after) else "for"


def _stops(text: str) -> bool:
    return text.rstrip().endswith(".") and not text.rstrip().endswith("..")

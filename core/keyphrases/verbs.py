"""Whether a word is used as a verb where it stands: its usage elsewhere, and the words beside it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from core.keyphrases.closed import Closed, closed
from core.keyphrases.tokens import BREAK, Token
from core.keyphrases.usage import Usage

ADJECTIVE = -1.5
"""Below this a word is an adjective: it stands before other words, and hardly ever ends a phrase."""

_LETTER = re.compile(r"[^\W\d_]")


class _Place(NamedTuple):
    """A word between its neighbours; `opens` and `goes_on`: is the one before, or after, an open-class word?"""

    token: Token
    before: str
    after: str
    opens: bool
    goes_on: bool


def nominal(read: Sequence[Token], usage: Usage) -> list[bool]:
    """Say of each word whether it can stand in a noun phrase, from left to right: what was a verb changes the next."""
    named: list[bool] = []
    for at, token in enumerate(read):
        if not _is_open(token, closed()):
            named.append(_is_degree(read, at, usage))
            continue
        if at and named[-1] and _is_adverb(read[at - 1].low, closed()):
            named.append(True)  # the participle that its adverb belongs to
            continue
        after_verb = at > 0 and not named[-1] and _is_open(read[at - 1], closed())
        after_adjective = at > 0 and named[-1] and _is_adjective(read[at - 1].low, usage)
        evidence = _evidence(read, at, usage) - 2.0 * after_verb - 2.5 * after_adjective
        named.append(evidence <= 0)
    return named


def _evidence(read: Sequence[Token], at: int, usage: Usage) -> float:
    """Return how much speaks for a verb here; 0 and less is a noun or what belongs to one."""
    classes, place = closed(), _place(read, at)
    word = place.token.low
    evidence = usage.verbal(word)
    if word in classes.participles or (word.endswith("ed") and len(word) > 4):
        return evidence * 0.5 + _participle(place, classes)
    if word.endswith("ing") and len(word) > 5:
        return evidence + _gerund(place, classes)
    if place.opens:
        evidence += _agreement(place.before, word, evidence)
        evidence += 1.5 * (place.goes_on and _is_adjective(place.after, usage))
    if at > 1 and place.before == "which" and read[at - 2].low in classes.prepositions:
        place = place._replace(before=BREAK)  # "from which test cases follow": what comes next is a subject
    return evidence + _before(place, classes) + _after(place, classes)


def _place(read: Sequence[Token], at: int) -> _Place:
    before = read[at - 1].low if at else BREAK
    after = read[at + 1].low if at + 1 < len(read) else BREAK
    grammar = closed().grammar
    return _Place(read[at], before, after, before not in grammar and before != BREAK, after not in grammar | {BREAK})


def _agreement(before: str, word: str, verbal: float) -> float:
    """Return what number says: "rules apply" and "rule applies" are a noun and its verb, "rule apply" is none."""
    is_plural = before.endswith("s") and not before.endswith(("ss", "us", "is"))
    is_third = word.endswith("s") and not word.endswith("ss")
    if is_plural != is_third:
        return 0.3
    return -0.5 if verbal > 1.5 else -2.0  # the subject may stand further off


def _before(place: _Place, classes: Closed) -> float:
    before = place.before
    if before in ("to", "which", "that", "who"):
        evidence = 1.0
    elif before in classes.modals or before in classes.subjects:
        evidence = 3.0
    elif before in classes.determiners or before in classes.numbers or before.isdigit():
        evidence = -3.0
    elif before in classes.prepositions or before in classes.being or before == BREAK:
        evidence = -1.0 - (before == BREAK and place.goes_on)  # a sentence begins with a noun more often than an order
    else:
        evidence = -0.5 if before in ("and", "or") else 0.0
    return evidence - 2.0 * (place.token.text[0].isupper() and before != BREAK)


def _after(place: _Place, classes: Closed) -> float:
    after = place.after
    if after in classes.object_openers:
        return 2.0
    if after == BREAK or after in classes.being or after in ("of", "has", "have", "can", "will", "may", "must"):
        return -1.5
    if after in ("that", "how", "whether"):
        return 0.0 if place.opens else 1.0
    return 1.0 if place.opens and (_is_adverb(after, classes) or after in classes.directions) else 0.0


def _participle(place: _Place, classes: Closed) -> float:
    """Say whether `X-ed` is a verb: after a form of "be", or after a noun, unless a noun follows it."""
    word, before = place.token.low, place.before
    if "-" in word or (place.opens and place.goes_on and word in classes.after_nouns):
        return -4.0
    if any(before in each for each in (classes.modals, classes.being, classes.having, classes.subjects)):
        return 4.0
    if not place.goes_on:
        return 3.0
    return 2.0 if place.opens else -2.0


def _gerund(place: _Place, classes: Closed) -> float:
    """Say whether `X-ing` takes an object, as a verb does, or is a name."""
    if place.after in classes.object_openers or (place.opens and place.token.low in classes.clause_openers):
        return 5.0
    if place.before in classes.being or place.before in classes.conjunctions - {"and", "or"}:
        return 2.0
    if place.before in classes.determiners or place.after == "of":
        return -3.0
    if place.opens:
        return -2.5
    return 0.5 if place.before in classes.before_gerunds and place.goes_on else -1.0


def _is_open(token: Token, classes: Closed) -> bool:
    if token.is_break or token.low in classes.grammar or not _LETTER.search(token.text):
        return False
    return token.low not in classes.past and not _is_adverb(token.low, classes)


def _is_degree(read: Sequence[Token], at: int, usage: Usage) -> bool:
    """Say whether an adverb belongs to a name: "weakly supervised methods", and not "were weakly supervised"."""
    classes = closed()
    if at + 2 >= len(read) or not _is_adverb(read[at].low, classes) or read[at].low in classes.degrees:
        return False
    before = read[at - 1].low if at else BREAK
    if before in classes.being or before in classes.having or before in classes.modals or before in classes.subjects:
        return False
    joined, noun = read[at + 1], read[at + 2]
    is_participle = joined.low.endswith("ed") and len(joined.low) > 4
    return is_participle and _is_open(noun, classes) and usage.verbal(noun.low) < 0


def _is_adverb(word: str, classes: Closed) -> bool:
    return word.endswith("ly") and len(word) > 4 and word not in classes.nouns_in_ly and "-" not in word


def _is_adjective(word: str, usage: Usage) -> bool:
    return usage.heads(word) < ADJECTIVE and usage.verbal(word) < 0

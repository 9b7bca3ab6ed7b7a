"""Which sentences can stand alone in a post: whole, about something named, and not about a day that has passed."""

import re
from collections.abc import Sequence
from functools import lru_cache
from importlib import resources

from models.rehearsal.antecedents import has_verb, is_fragment, says_of_whom
from models.rehearsal.noting.cutting import size
from models.rehearsal.vectors import stems

SHORTEST, LONGEST = 7, 42  # words
SHORTEST_SAID = 9  # … of what somebody says

_WHOLE = re.compile(r"^[“\"'(]?[A-Z0-9¿¡À-Þ\u0100-\u017fА-Я\u0590-\uffff].*[.!。！]['\"”’)]*$", re.DOTALL)
_MARKS = re.compile(
    r"[{}<>|\\^~=\[\]*#_`]|https?:|www\.|&\w+;|\S@\S+\.\w|\.\.\.|…|--|\.\.|\s\w\.$|\w\(|\.\w+\(|&\s?#?\d+;|(?<!\w)\.{0,2}/\w+/"
)
_LEANS_EARLY = re.compile(
    r"^(?:\S+\s+){0,5}?(?:this|these|those|it|they|them|their|he|she|his|her|him)\b", re.IGNORECASE
)
_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+")
_LABEL = re.compile(r"^[^.!?]{1,60}:\s|^[^.!?]{1,120}:\s[A-Z“\"]")
_DONE = re.compile(r"^[A-Z][a-z]+ed (?:an?|the|our|my|with|on|to|\d)\b")
"""A note of what was done, without who did it: "Completed a user discovery sprint"."""
_SUBJECT = re.compile(
    r"^(?:(?:The|An?|Our|My|Your|Their|We|I|You|They|He|She|Every|Each|Most|Many|Some|All|No|People|Nobody|Everyone)\b"
    r"|\S+(?: [A-Z0-9]\S*)* (?:is|are|was|were|has|have|had|can|could|will|would|does|did|needs?|takes?|\w+ed)\b)"
)
_BARE = re.compile(
    r"^(?:The|These|Those)\s+([a-z][\w’'-]+)\s+(?:is|are|was|were|has|have|had|can|could|will|would|\w{3,}s|\w{2,}ed)\b"
)
"""“The website opened …”: which one, only the sentence before says."""
_KNOWN = re.compile(
    r"(?:world|internet|web|government|law|public|country|sun|moon|sea|weather|tide|press|state|city)s?$"
)
_ALSO = re.compile(r"^(?:\S+\s+){1,5}?also\b", re.IGNORECASE)
_ORDINAL = re.compile(r"^(?:second|third|fourth|fifth|secondly|thirdly|next|finally|lastly)\b,?", re.IGNORECASE)
_FIRST = re.compile(r"^(?:first|firstly|one)\b", re.IGNORECASE)
_NAMED_ONLY = re.compile(
    r"^(?:An?|The|Some)\b(?:(?!\b(?:is|are|was|were|has|have|had|can|could|will|would)\b)[^,.;:]){1,60}?\b(?:that|who|which)\b"
)
"""A note that only names something, by what it does: “A handbook that details everything”."""
_HAS_IS = re.compile(r"\b(?:is|are|was|were)\b")
_ASKED_WHAT = re.compile(r"^(?:What|Some other)\b")
_BROKEN_OFF = re.compile(r"\s[-–]{1,2}\s")  # in talk: the thought goes on elsewhere
_QUOTE_MARKS = re.compile(r"[“”\"]")


def stands_alone(
    text: str,
    *,
    fresh: bool,
    spoken: bool = False,
    listed: bool = False,
    about: frozenset[str] = frozenset(),
    english: bool = True,
) -> bool:
    """Say whether a sentence can be quoted by itself.

    `fresh` is for the brief's own source: what it says about now is still so. `spoken` is for transcripts, `listed` for
    items of a list: those need a subject. `about` are the word stems of what it is known to be about. Where it is not
    `english`, its verb can't be told, and a whole sentence is taken for one.
    """
    if spoken and (len(text.split()) < SHORTEST_SAID or _QUOTE_MARKS.search(text)):
        return False  # quotation marks within quotation marks read badly
    if not SHORTEST <= size(text) <= LONGEST or not _is_clean(text, fresh=fresh, spoken=spoken, english=english):
        return False
    if text.startswith(("“", '"', "(")):
        return False  # somebody says it, and nothing here says who; or it is only said in passing
    if _DONE.match(text) or (listed and (not _SUBJECT.match(text) or _NAMED_ONLY.match(text))):
        return False
    if _ALSO.match(text) or _is_bare(text, about) or (_ASKED_WHAT.match(text) and not _HAS_IS.search(text)):
        return False
    leans = _starts(text, "leans_back") or _says(text, "points") or not says_of_whom(text)
    return not (leans or _LABEL.match(text))


def _is_bare(text: str, about: frozenset[str]) -> bool:
    """Say whether it speaks of "the website" that only the sentence before it names."""
    bare = _BARE.match(text)
    return bool(bare and not _KNOWN.match(bare[1]) and not set(stems(bare[1])) & about)


def goes_on(text: str, before: Sequence[str]) -> bool:
    """Say whether a sentence can come after those before it: no "Second" without a "First"."""
    return not _ORDINAL.match(text) or any(_FIRST.match(each) or _ORDINAL.match(each) for each in before)


def can_follow(text: str, *, fresh: bool, spoken: bool = False, english: bool = True) -> bool:
    """Say whether a sentence can stand after the one before it: it may lean on it, but must be whole and clean."""
    if not 3 <= size(text) <= LONGEST or not _is_clean(text, fresh=fresh, spoken=spoken, english=english):
        return False
    return not _says(text, "points_away")


def salience(text: str) -> float:
    """Return how much a sentence says by its form: a good length, a number, a name; less what leans back."""
    words = size(text)
    score = 1.0 if 9 <= words <= 28 else 0.0
    score += 0.4 * bool(_NUMBER.search(text)) + 0.4 * bool(_NAME.search(text))
    score -= 0.7 * bool(_LEANS_EARLY.match(text)) + 0.3 * len(_pattern("empty").findall(text))
    return score - 0.4 * (";" in text or "(" in text) - 0.4 * text.endswith("!")


def is_dated(text: str) -> bool:
    """Say whether a sentence is about a day: true when it was written, perhaps not when it is read."""
    return _says(text, "passed")


def _is_clean(text: str, *, fresh: bool, spoken: bool, english: bool) -> bool:
    if not _WHOLE.match(text) or (english and not has_verb(text)) or _MARKS.search(text) or not _balanced(text):
        return False
    if spoken and (_says(text, "spoken") or _says(text, "sponsor") or is_fragment(text) or _BROKEN_OFF.search(text)):
        return False
    # a past piece is quoted, and quotation marks within quotation marks read badly
    return fresh or not (is_dated(text) or _QUOTE_MARKS.search(text))


def _balanced(text: str) -> bool:
    pairs = (("(", ")"), ("“", "”"))
    return all(text.count(left) == text.count(right) for left, right in pairs) and text.count('"') % 2 == 0


def _starts(text: str, group: str) -> bool:
    return _pattern(group).match(text.lstrip("“\"'(")) is not None


def _says(text: str, group: str) -> bool:
    return _pattern(group).search(text) is not None


@lru_cache(maxsize=16)
def _pattern(group: str) -> re.Pattern[str]:
    choices = "|".join(_lists()[group]).replace("'", "['’]")
    return re.compile(rf"(?<![\w-])(?:{choices})(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def _lists() -> dict[str, list[str]]:
    import yaml

    text = resources.files(__package__).joinpath("standing.yaml").read_text(encoding="utf-8")
    loaded: dict[str, list[str]] = yaml.safe_load(text)
    return loaded

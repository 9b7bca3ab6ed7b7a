"""Habits of wording that lists know: hedges, lead-ins, plain words, spelling, contractions, person, numerals."""

from collections.abc import Callable

import regex

from core.edits.change import Rewrite
from core.edits.lists import any_of, listed, pairs
from core.edits.rewriting import cuts, same_case, starts_sentence, swaps
from core.edits.traits import Trait, fixed, plain

_NEAR_NUMBER = regex.compile(
    r"^[\s,]*(?:(?:a|the|about|around|over|under|(?:more|less|fewer)\s+than)\s+)*(?:\d|two\b|three\b|four\b|five\b|ten\b|half\b|dozen\b|few\b|lot\b)"
)
_NEAR = 80  # characters after a word that say what it belongs to
_NOT_PLURAL = frozenset(("this", "was", "has", "does", "yes", "less", "across", "always", "perhaps", "towards"))
_COUNTED = regex.compile(r"(?<![\w.,:/#$€£-])(?P<n>[2-9]|1[0-2])(?=\s(?P<what>\p{Ll}{3,}s)\b)")
_SPELLED = regex.compile(
    r"(?<![\p{L}-])(?P<n>two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)(?=\s(?P<what>\p{Ll}{3,}s)\b)",
    regex.IGNORECASE,
)
_WORD_NEXT = regex.compile(r"[ \t]+\p{L}")
_GOVERNED = regex.compile(r"\b(?:of|in|on|at|by|to|for|from|with|behind|before|after|near|about|like|than)[ \t]+$")
_BEEN = regex.compile(r"\s+(?:been|got|had|become)\b", regex.IGNORECASE)


def traits() -> list[Trait]:
    """Return the traits of this room."""
    return [
        _cut("hedges", "no softeners (perhaps, quite, sort of, I think …)", listed("hedges")),
        _cut("intensifiers", "no intensifiers (very, really, truly …)", listed("intensifiers")),
        Trait(
            "leadins",
            "no lead-ins (“we are thrilled to announce that …”)",
            plain(_leadins),
            fixed("leadins"),
            english=True,
        ),
        _pairs("plain_words", "plain words (“to” for “in order to”, “use” for “utilize” …)", "wordy"),
        _pairs("british", "British spelling", "spelling"),
        _pairs("american", "American spelling", "spelling", turned=True),
        Trait("contractions", "contractions (don't, it's …)", plain(_shortened), fixed("contractions"), english=True),
        Trait(
            "no_contractions",
            "no contractions (do not, it is …)",
            plain(_expansions),
            fixed("no_contractions"),
            english=True,
        ),
        _pairs("as_i", "“I” rather than “we”", "person"),
        _pairs("as_we", "“we” rather than “I”", "person", turned=True),
        Trait("digits", "small numbers in digits", plain(_in_digits), fixed("digits"), english=True),
        Trait("spelled_numbers", "small numbers in words", plain(_in_words), fixed("spelled_numbers"), english=True),
    ]


def _cut(name: str, says: str, words: tuple[str, ...]) -> Trait:
    find = cuts(any_of(words))
    return Trait(name, says, plain(lambda text: _not_of_numbers(text, find(text))), fixed(name), english=True)


def _not_of_numbers(text: str, found: list[Rewrite]) -> list[Rewrite]:
    """A softener before a number says something about the number."""
    return [each for each in found if not _NEAR_NUMBER.match(text[each.end : each.end + _NEAR])]


def _leadins(text: str) -> list[Rewrite]:
    pattern = regex.compile(r"(?<![\p{L}\p{N}])(?:" + "|".join(listed("leadins")) + r")[ \t]+(?=\S)", regex.IGNORECASE)
    return swaps(pattern, lambda _: "", words=False)(text)


def _pairs(name: str, says: str, which: str, *, turned: bool = False) -> Trait:
    table = {key.casefold(): value for key, value in pairs(which, turned=turned).items()}
    find = swaps(any_of(tuple(table)), _by(table), words=which != "person")
    return Trait(name, says, plain(find), fixed(name), english=True)


def _by(table: dict[str, str]) -> "Callable[[regex.Match[str]], str | None]":
    def new(match: "regex.Match[str]") -> str | None:
        written = match.group()
        if len(written) > 1 and written.isupper():
            return None  # US is no pronoun
        found = table.get(" ".join(written.casefold().replace("’", "'").split()))
        if found is None:
            return None
        found = found.replace("'", "’") if "’" in written else found
        if starts_sentence(match.string, match.start()):
            return found[:1].upper() + found[1:]
        return same_case(written, found)

    return new


def _shortened(text: str) -> list[Rewrite]:
    """`as wide as it is.` and `the yard behind it is wild` keep their verb; `not` is shortened anywhere."""
    table = {key.casefold(): value for key, value in pairs("contractions").items()}
    found = swaps(any_of(tuple(table)), _by(table))(text)
    return [each for each in found if "n't" in each.new.replace("’", "'") or _goes_on(text, each)]


def _goes_on(text: str, each: Rewrite) -> bool:
    return bool(_WORD_NEXT.match(text, each.end)) and not _GOVERNED.search(text, max(0, each.start - _NEAR), each.start)


def _expansions(text: str) -> list[Rewrite]:
    """`it's been` is `it has`: left alone."""
    table = {key.casefold(): value for key, value in pairs("contractions", turned=True).items()}
    found = swaps(any_of(tuple(table)), _by(table))(text)
    return [each for each in found if not _BEEN.match(text[each.end : each.end + _NEAR])]


def _in_digits(text: str) -> list[Rewrite]:
    digits = pairs("digits")
    return swaps(_SPELLED, lambda match: None if match["what"] in _NOT_PLURAL else digits[match["n"].lower()])(text)


def _in_words(text: str) -> list[Rewrite]:
    words = pairs("digits", turned=True)
    return swaps(_COUNTED, lambda match: None if match["what"] in _NOT_PLURAL else words[match["n"]])(text)

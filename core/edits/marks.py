"""Habits of punctuation: exclamation marks, dashes, semicolons, the comma before "and", emphasis, signs for words."""

from collections.abc import Iterator

import regex

from core import emoji
from core.edits.change import Change, Rewrite
from core.edits.guard import free, quoted
from core.edits.rewriting import swaps
from core.edits.rules import Rule
from core.edits.traits import Trait, fixed, plain

_EXCLAIMED = regex.compile(r"(?<=[\p{L}\p{M}\p{N}\")”’?])\s?!+")
_DASH = regex.compile(r"(?<=\S)(?:[ \t]*—[ \t]*|[ \t]+–[ \t]+|[ \t]+--[ \t]+)(?=\S)")
_DASH_FOR = {",": ", ", ".": ". ", ":": ": ", ";": "; ", "–": " – ", "—": " — "}
_SEMICOLON = regex.compile(r";[ \t]+(?=\p{L})")
_DOTS = regex.compile(r"(?<=[\p{L}\p{M}])(?:…|\.{3})(?=\s+\p{Lu}|\s*$)", regex.MULTILINE)
_ITEM = r"[\p{L}\p{N}'’-]+(?:[ \t][\p{L}\p{N}'’-]+){0,3}"
_WITH_COMMA = regex.compile(rf"{_ITEM},[ \t]{_ITEM}(?P<comma>,)(?=[ \t](?:and|or)[ \t]\p{{L}})")
_WITHOUT_COMMA = regex.compile(rf"(?<=,[ \t]{_ITEM},[ \t]{_ITEM}|,[ \t]{_ITEM})(?=[ \t](?:and|or)[ \t]\p{{L}})")
_BACK = 300  # characters before a place in which a list of three would begin
_TWO_COMMAS = regex.compile(rf"{_ITEM},[ \t]{_ITEM},[ \t]{_ITEM}$")
_AND = regex.compile(r"(?<=\p{L})[ \t]&[ \t](?=\p{Ll})")
_BOLD = regex.compile(r"(?P<mark>\*\*|__)(?=\S)(?P<words>[^*_\n]+?)(?<=\S)(?P=mark)")
_PERCENT_SIGN = regex.compile(r"(?<=\d)[ \t\u00a0]?%(?!\w)")
_PERCENT_WORD = regex.compile(r"(?<=\d)[ \t](?:percent|per cent)\b", regex.IGNORECASE)
_ASIDE = regex.compile(r"[ \t]\([^()\d\n]{3,80}\)")


def traits() -> list[Trait]:
    """Return the traits of this room."""
    return [*_stops(), *_lists(), *_signs()]


def _stops() -> list[Trait]:
    return [
        Trait("exclamations", "no exclamation marks", plain(_calm), fixed("exclamations")),
        Trait("dashes", "“{new}” where a dash would stand", _dashes, _dash_became, strict=True),
        Trait(
            "semicolons",
            "two sentences rather than a semicolon",
            plain(swaps(_SEMICOLON, lambda _: ". ", words=False)),
            fixed("semicolons"),
        ),
        Trait(
            "ellipses",
            "a full stop rather than dots",
            plain(swaps(_DOTS, lambda _: ".", words=False)),
            fixed("ellipses"),
        ),
    ]


def _lists() -> list[Trait]:
    return [
        Trait(
            "no_oxford_comma",
            "no comma before the last “and” of a list",
            plain(_without_oxford),
            fixed("no_oxford_comma"),
            english=True,
        ),
        Trait(
            "oxford_comma",
            "a comma before the last “and” of a list",
            plain(_with_oxford),
            fixed("oxford_comma"),
            english=True,
            safe=lambda text, each: _TWO_COMMAS.search(text, max(0, each.start - _BACK), each.start) is not None,
        ),
        Trait(
            "ampersands",
            "“and” rather than “&”",
            plain(swaps(_AND, lambda _: " and ")),
            fixed("ampersands"),
            english=True,
        ),
    ]


def _signs() -> list[Trait]:
    return [
        Trait("bold", "no bold type", plain(_bold), fixed("bold")),
        Trait("percent_words", "“{new}” rather than %", _percent_words, _percent_became, english=True, strict=True),
        Trait(
            "percent_signs",
            "% rather than the word",
            plain(swaps(_PERCENT_WORD, lambda _: "%", words=False)),
            fixed("percent_signs"),
            english=True,
        ),
        Trait(
            "asides",
            "no asides in brackets",
            plain(swaps(_ASIDE, lambda _: "", words=False)),
            fixed("asides"),
            mechanical=False,
        ),
        Trait("emoji", "no emoji", plain(_emoji), fixed("emoji")),
    ]


def _calm(text: str) -> list[Rewrite]:
    return swaps(_EXCLAIMED, lambda match: "" if text[match.start() - 1] == "?" else ".", words=False)(text)


def _dashes(text: str, rule: Rule) -> list[Rewrite]:
    new = _DASH_FOR.get(rule.new)
    return swaps(_DASH, lambda _: new, words=False)(text) if new else []


def _dash_became(change: Change) -> Iterator[Rule]:
    """Yield a rule for each mark that the person put where a dash stood."""
    for place in swaps(_DASH, lambda _: "—", words=False)(change.before):
        for mark in _DASH_FOR:
            if change.fate(Rewrite(place.start, place.end, mark)) == "made":
                yield Rule(trait="dashes", new=mark)


def _without_oxford(text: str) -> list[Rewrite]:
    spans = quoted(text)
    commas = [match.span("comma") for match in _WITH_COMMA.finditer(text, overlapped=True)]
    return [Rewrite(start, end, "") for start, end in sorted(set(commas)) if free(spans, start, end)]


def _with_oxford(text: str) -> list[Rewrite]:
    return swaps(_WITHOUT_COMMA, lambda _: ",", words=False)(text)


def _bold(text: str) -> list[Rewrite]:
    spans = quoted(text)
    found = [match for match in _BOLD.finditer(text) if free(spans, *match.span())]
    edges = [(match.start(), match.start("words")) for match in found]
    edges += [(match.end("words"), match.end()) for match in found]
    return [Rewrite(start, end, "") for start, end in sorted(edges)]


def _percent_words(text: str, rule: Rule) -> list[Rewrite]:
    return swaps(_PERCENT_SIGN, lambda _: f" {rule.new}", words=False)(text) if rule.new else []


def _percent_became(change: Change) -> Iterator[Rule]:
    for words in ("percent", "per cent"):
        rule = Rule(trait="percent_words", new=words)
        if any(change.fate(each) == "made" for each in _percent_words(change.before, rule)):
            yield rule


def _emoji(text: str) -> list[Rewrite]:
    spans = quoted(text)
    return [Rewrite(start, end, "") for start, end in emoji.spans(text) if free(spans, start, end)]

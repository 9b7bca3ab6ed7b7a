"""The places of a text that make it generic and can be mended, each with what to do about it."""

import re
from collections.abc import Iterator

from core.drafts import Finding
from memory.generic.signals import CONNECTIVE, CONTRAST, PHRASE, STYLE, TAIL, TRIAD
from memory.generic.words import UNTOLD

MOST = 20
"""Places that are told: more would be a wall."""

MOST_OF_ONE = 5
MANY_DASHES, MANY_TRIADS = 3, 2

_SPARED = re.compile(r"```.*?```|`[^`\n]+`|^>.*$|https?://\S+|“[^”\n]*”|\"[^\"\n]*\"", re.MULTILINE | re.DOTALL)
_DASH = re.compile(r"—")


def places(text: str) -> tuple[Finding, ...]:
    """Return up to MOST places in the order in which they are worth mending. Quotes, links and code are left alone."""
    open_text = _SPARED.sub(lambda found: " " * len(found[0]), text)
    found = [finding for look in _LOOKS for finding in list(look(open_text))[:MOST_OF_ONE]]
    return tuple(_apart(found)[:MOST])


def _formulas(text: str) -> Iterator[Finding]:
    for match in PHRASE.finditer(text):
        if match[0].lower() in UNTOLD:
            continue
        yield _place("generic_formula", match, f"“{match[0]}” is a formula: say the thing itself, or cut it.")


def _contrasts(text: str) -> Iterator[Finding]:
    for match in CONTRAST.finditer(text):
        yield _place("generic_contrast", match, "“Not X but Y”: nobody had said X. Say Y.")


def _connectives(text: str) -> Iterator[Finding]:
    for match in CONNECTIVE.finditer(text):
        word = match[0].rstrip(",")
        yield _place("generic_connective", match, f"“{word}” only joins: the sentence stands without it.")


def _tails(text: str) -> Iterator[Finding]:
    for match in TAIL.finditer(text):
        tail = match[0].lstrip(", ")
        yield _place("generic_tail", match, f"The tail “… {tail} …” comments on the sentence: cut it, or make it one.")


def _style_words(text: str) -> Iterator[Finding]:
    for match in STYLE.finditer(text):
        yield _place("generic_word", match, f"“{match[0]}” promises weight: what happened, in plain words?")


def _triads(text: str) -> Iterator[Finding]:
    triads = list(TRIAD.finditer(text))
    if len(triads) >= MANY_TRIADS:
        for match in triads:
            yield _place("generic_triad", match, f"Three in a row: “{match[0]}”; pick one, or the two that matter.")


def _dashes(text: str) -> Iterator[Finding]:
    dashes = list(_DASH.finditer(text))
    if len(dashes) >= MANY_DASHES:
        for match in dashes[1:]:
            yield _place("generic_dash", match, f"{len(dashes)} dashes: a full stop or a comma would do for some.")


_LOOKS = (_formulas, _contrasts, _connectives, _tails, _style_words, _triads, _dashes)


def _place(rule: str, match: re.Match[str], message: str) -> Finding:
    return Finding(rule=rule, severity="note", message=message, span=match.span())


def _apart(found: list[Finding]) -> list[Finding]:
    """Return the findings without those that lie within an earlier one: one place is told once."""
    kept: list[Finding] = []
    for finding in found:
        start, end = finding.span or (0, 0)
        if not any(other.span and other.span[0] < end and start < other.span[1] for other in kept):
            kept.append(finding)
    return kept

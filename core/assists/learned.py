"""What a person's own edits taught, as places in a text: what a rule would write there, and where it comes from."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from core.assists.rules import readable
from core.assists.suggestion import Suggestion, place
from core.edits.change import Rewrite
from core.edits.rewriting import carried_out
from core.edits.rules import Rule
from core.edits.traits import Trait, trait_of

RULE = "your_rule"


class Held(NamedTuple):
    """A rule that holds, and why in words: what it says, and from which edits."""

    rule: Rule
    why: str


def learned_places(held: Iterable[Held], field: str, text: str, locale: str) -> Iterator[Suggestion]:
    """Yield what rules would rewrite. What is not safe to carry out by rule is named alone.

    Titles and subjects are held to rules on words and marks, not to those on lines. Code and front matter stay.
    """
    open_text = readable(text)
    for rule, why in held:
        trait = trait_of(rule.trait)
        if trait is None or not _goes_for(trait, field, locale):
            continue
        if trait.write is None:
            for each in trait.find(open_text, rule):
                span, after = _carried_out(text, each)
                is_safe = trait.mechanical and trait.safe(open_text, each)
                yield place(text, span, after if is_safe else None, rule=RULE, why=why, field=field)
        elif trait.mechanical and open_text == text and (written := _written(trait, rule, text)) is not None:
            span, after = written
            yield place(text, span, after, rule=RULE, why=why, field=field)


def _goes_for(trait: Trait, field: str, locale: str) -> bool:
    if trait.english and locale.replace("_", "-").partition("-")[0].lower() != "en":
        return False
    return not trait.headline if field == "text" else trait.judge is None and not trait.whole


def _carried_out(text: str, rewrite: Rewrite) -> tuple[tuple[int, int], str]:
    """Return the span that one rewrite changes, with what its words leave behind, and what stands there then."""
    start = text.rfind("\n", 0, rewrite.start) + 1
    stop = text.find("\n", rewrite.end)
    lines = text[start : stop if stop >= 0 else len(text)]
    start += len(lines) - len(lines.lstrip())
    lines = lines.strip()
    after = carried_out(lines, [Rewrite(rewrite.start - start, rewrite.end - start, rewrite.new)])
    if not after:
        return _with_its_gap(text, start, start + len(lines)), ""
    (left, right), new = _difference(lines, after)
    return (start + left, start + right), new


def _with_its_gap(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the span of whole lines with the blank lines that would stand twice without them."""
    behind = len(text[end:]) - len(text[end:].lstrip("\n"))
    if behind or not start:
        return start, end + behind
    return len(text[:start].rstrip("\n")), end


def _written(trait: Trait, rule: Rule, text: str) -> tuple[tuple[int, int], str] | None:
    """Return the one span that a rule on the whole text changes; None where it changes nothing."""
    assert trait.write is not None
    inner = text.strip()
    after = trait.write(inner, rule).strip()
    if not after or after == inner:
        return None
    at = len(text) - len(text.lstrip())
    (left, right), new = _difference(inner, after)
    return (at + left, at + right), new


def _difference(before: str, after: str) -> tuple[tuple[int, int], str]:
    """Return the span in which two texts differ, on the borders of words, and what the other one has there."""
    left = 0
    while left < min(len(before), len(after)) and before[left] == after[left]:
        left += 1
    while left and before[left - 1].isalnum():
        left -= 1
    right = 0
    most = min(len(before), len(after)) - left
    while right < most and before[len(before) - 1 - right] == after[len(after) - 1 - right]:
        right += 1
    while right and before[len(before) - right].isalnum():
        right -= 1
    return (left, len(before) - right), after[left : len(after) - right]

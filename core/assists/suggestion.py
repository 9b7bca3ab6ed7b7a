"""One suggestion, and a text with some of them accepted."""

from collections.abc import Iterable, Mapping, Sequence

from core.base import Noun
from core.errors import BadInput, Stale


class Suggestion(Noun):
    """Characters `start` to `end` (exclusive) of a field read `before`; `after` is proposed instead, and `why`.

    `after` is None where a place is only named: a person words it anew. `by`: "rules", or the model that proposed it.
    """

    start: int
    end: int
    before: str
    after: str | None
    rule: str
    why: str
    field: str = "text"
    by: str = "rules"


def place(
    text: str, span: tuple[int, int], after: str | None, *, rule: str, why: str, field: str = "text", by: str = "rules"
) -> Suggestion:
    """Return a suggestion on a span of a field's text."""
    start, end = span
    before = text[start:end]
    return Suggestion(start=start, end=end, before=before, after=after, rule=rule, why=why, field=field, by=by)


def apart(suggestions: Iterable[Suggestion]) -> tuple[Suggestion, ...]:
    """Return the suggestions in the order of the text, without those that touch the place of one given earlier."""
    kept: list[Suggestion] = []
    for each in suggestions:
        if not any(_meet(each, other) for other in kept):
            kept.append(each)
    return tuple(sorted(kept, key=lambda each: (each.field, each.start, each.end)))


def accepted(texts: Mapping[str, str], chosen: Sequence[Suggestion]) -> dict[str, str]:
    """Return the fields with the suggestions carried out; every character outside of them is as it was.

    Raises BadInput where one only names a place or two of them meet, Stale where a text is not what it was.
    """
    new = dict(texts)
    for at, each in enumerate(chosen):
        if each.after is None:
            raise BadInput(f"“{_short(each.before)}” is only named: there is nothing to accept.", "Word it yourself.")
        if texts.get(each.field, "")[each.start : each.end] != each.before:
            raise Stale(f"“{_short(each.before)}” does not stand there any more. Nothing was changed.", "Ask again.")
        if any(_meet(each, other) for other in chosen[:at]):
            raise BadInput("Two of these change the same words. Nothing was changed.", "Accept one of them.")
    for each in sorted(chosen, key=lambda one: one.start, reverse=True):
        text = new.get(each.field, "")
        new[each.field] = text[: each.start] + str(each.after) + text[each.end :]
    return new


def _meet(one: Suggestion, other: Suggestion) -> bool:
    """Say whether two change the same characters; two insertions at one place do."""
    if one.field != other.field:
        return False
    return (one.start < other.end and other.start < one.end) or (one.start, one.end) == (other.start, other.end)


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"

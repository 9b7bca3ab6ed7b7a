"""Which sentences of a text stand in another one, whole and in a row, and what lies between them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher


def matched(groups: Sequence[Sequence[str]], units: Sequence[str]) -> dict[int, tuple[int, int]]:
    """Return which groups of sentences stand among the units, whole: (start, end) by group. A moved one counts."""
    flat = [(group, sentence) for group, sentences in enumerate(groups) for sentence in sentences]
    matcher = SequenceMatcher(None, [sentence for _, sentence in flat], list(units), autojunk=False)
    places: dict[int, list[int]] = defaultdict(list)
    for block in matcher.get_matching_blocks():
        for offset in range(block.size):
            places[flat[block.a + offset][0]].append(block.b + offset)
    found = {
        group: (at[0], at[-1] + 1)
        for group, at in places.items()
        if len(at) == len(groups[group]) == at[-1] + 1 - at[0]
    }
    free = set(range(len(units))) - {at for start, end in found.values() for at in range(start, end)}
    for group, sentences in enumerate(groups):
        if group in found or not sentences:
            continue
        for start in sorted(free):
            end = start + len(sentences)
            if set(range(start, end)) <= free and list(units[start:end]) == list(sentences):
                found[group] = (start, end)
                free -= set(range(start, end))
                break
    return found


def runs(
    old: Sequence[str], units: Sequence[object], kept: dict[int, tuple[str, int]]
) -> Iterable[tuple[list[int], int, int]]:
    """Yield each run of units that belong to nothing kept, and which of `old` (low, high) lie between its two sides.

    `kept`: start -> (which of `old` stands there, end).
    """
    index = {name: place for place, name in enumerate(old)}
    run: list[int] = []
    low, at = 0, 0
    while at < len(units):
        if at in kept:
            name, end = kept[at]
            if run:
                yield run, low, max(low, index[name])
            run, low, at = [], index[name] + 1, end
        else:
            run.append(at)
            at += 1
    if run:
        yield run, low, len(old)

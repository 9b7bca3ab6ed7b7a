"""Pieces of a text of about the length that evidence is normalised at."""

from itertools import accumulate

from memory.voice.prose import Prose

FROM = 0.25
"""A window starts a quarter into a text: past the greeting, before the thanks."""


def window(prose: Prose, length: int) -> tuple[int, int] | None:
    """Return the sentences (start, end) that make up about `length` words, or None where a text is too short."""
    ends = list(accumulate(len(sentence) for sentence in prose.sentences))
    total = ends[-1] if ends else 0
    if total < 0.8 * length:
        return None
    first = min(FROM * total, max(0, total - length))
    start = next(place for place, end in enumerate(ends) if end > first)
    begun = ends[start] - len(prose.sentences[start])
    end = next((place for place, end in enumerate(ends) if end - begun >= length), len(ends) - 1)
    return start, end + 1


def cuts(prose: Prose, length: int, most: int) -> list[tuple[int, int]]:
    """Return up to `most` spans of sentences, one after another, of at least `length` words each, spread evenly."""
    found: list[tuple[int, int]] = []
    start = words = 0
    for place, sentence in enumerate(prose.sentences):
        words += len(sentence)
        if words >= length:
            found.append((start, place + 1))
            start, words = place + 1, 0
    if words >= 0.8 * length:
        found.append((start, len(prose.sentences)))
    step = max(1.0, len(found) / most)
    return [found[int(number * step)] for number in range(min(most, len(found)))]

"""Where a work is quoted: runs of its own words, wherever they stand."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

RUN = 8
"""Words in a row that count as a quote; fewer are anybody's."""

SHORTEST = 4
"""A work of fewer words than RUN is quoted when all its words are there in a row, if it has this many."""

BLANK = "[forgotten]"

# A script without spaces counts by the character.
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+")


class Quotes:
    """Finds and blanks what a text shares with any of `works`: their titles, bodies and excerpts in every version."""

    def __init__(self, works: Iterable[str]) -> None:
        self._runs: dict[int, set[tuple[str, ...]]] = {}
        for text in works:
            words = [word.lower() for word in _WORD.findall(text)]
            length = min(RUN, len(words))
            if length >= SHORTEST:
                runs = self._runs.setdefault(length, set())
                runs.update(tuple(words[i : i + length]) for i in range(len(words) - length + 1))

    def in_text(self, text: str) -> bool:
        """Say whether a text quotes the works."""
        return next(self._spans(text), None) is not None

    def blank(self, value: Any) -> Any:
        """Return a plain JSON value with every quote in its strings replaced by `[forgotten]`."""
        if isinstance(value, str):
            return self._blank_text(value)
        if isinstance(value, list):
            return [self.blank(item) for item in value]
        if isinstance(value, dict):
            return {name: self.blank(item) for name, item in value.items()}
        return value

    def _blank_text(self, text: str) -> str:
        parts, at = [], 0
        for start, end in _joined(self._spans(text)):
            parts += [text[at:start], BLANK]
            at = end
        return "".join(parts) + text[at:]

    def _spans(self, text: str) -> Iterator[tuple[int, int]]:
        words = list(_WORD.finditer(text))
        lowered = [word.group().lower() for word in words]
        for i in range(len(words)):
            for length, runs in self._runs.items():
                if tuple(lowered[i : i + length]) in runs:
                    yield words[i].start(), words[i + length - 1].end()


def _joined(spans: Iterator[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Join spans that overlap; they come in order of their start."""
    current: tuple[int, int] | None = None
    for start, end in spans:
        if current is None or start > current[1]:
            if current:
                yield current
            current = (start, end)
        else:
            current = (current[0], max(current[1], end))
    if current:
        yield current

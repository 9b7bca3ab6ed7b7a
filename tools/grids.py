"""The segments of texts on their way through a translator, and how many of them go into one call."""

from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel, Field, create_model

from core.translated import Segment

MOST_CHARACTERS = 24_000
"""Of segments in one call: an answer that is longer may be cut off. Nearly every brief fits."""

T = TypeVar("T", bound=BaseModel)


@dataclass
class Grid:
    """The segments of one text, and the channel that it is for (empty: none)."""

    channel: str
    segments: list[Segment]


@dataclass(frozen=True)
class Pair:
    """From which locale to which."""

    source: str
    target: str


def exactly(schema: type[T], count: int) -> type[T]:
    """Return the answer's schema for so many segments: one that has others is sent back with the reason."""
    return create_model(
        schema.__name__,
        __base__=schema,
        segments=(tuple[str, ...], Field(min_length=count, max_length=count)),
    )


def parts(texts: list[str]) -> list[list[str]]:
    """Return the texts in portions of one call each."""
    made: list[list[str]] = [[]]
    room = MOST_CHARACTERS
    for text in texts:
        if made[-1] and len(text) > room:
            made.append([])
            room = MOST_CHARACTERS
        made[-1].append(text)
        room -= len(text)
    return made

"""What is said of a text for others to find and judge it by: tags, topics, names, audience, warnings, metadata."""

from typing import Literal

from pydantic import Field

from core.base import Noun
from core.metadata import Metadata

Source = Literal["there", "own", "keyphrase", "new"]
"""Where a tag is from: it stood there, the creator's own vocabulary, the text's own words, or a model's word for it."""

Certainty = Literal["likely", "perhaps"]

Span = tuple[int, int]


class SaidTag(Noun):
    """A tag, how well it fits (0..1 relative to the best of its source), where it is from, and why it is there."""

    tag: str
    score: float = 1.0
    source: Source
    why: str = ""


class SaidTopic(Noun):
    """A topic of a controlled vocabulary: its id there, its name, what it is part of, and how sure it is."""

    id: str
    name: str
    path: tuple[str, ...] = ()  # names from the widest down to its own
    certainty: Certainty
    why: str


class SaidName(Noun):
    """A name in the text, how often it stands there, and the address that a source gives it."""

    name: str
    count: int
    url: str | None = None
    given_by: str = ""  # "this text", or the id of the work whose link it is


class SaidWarning(Noun):
    """What some readers would be told of first: the words that raise it, and where they stand in the plain text."""

    id: str
    label: str
    words: tuple[str, ...]
    spans: tuple[Span, ...] = ()


class Audience(Noun):
    """Whom the text itself addresses, and how hard it is to read; both empty where that can't be told."""

    named: tuple[str, ...] = ()
    level: Literal["", "general", "informed", "specialist"] = ""
    why: str = ""


class Tagged(Noun):
    """All that is said of one text. `model` is empty where none was asked; `notes` are for the person who reads it."""

    metadata: Metadata
    tags: tuple[SaidTag, ...] = ()
    topics: tuple[SaidTopic, ...] = ()
    names: tuple[SaidName, ...] = ()
    warnings: tuple[SaidWarning, ...] = ()
    audience: Audience = Audience()
    vocabulary: str = ""  # of the topics, with its version
    warning_list: str = ""  # the version of the list of warnings
    model: str = ""
    notes: tuple[str, ...] = Field(default=())

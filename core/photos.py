"""A photo in a person's own folder, and what is proposed to be said of it."""

from typing import Literal

from pydantic import Field

from core.base import Instant, Noun
from core.picture_words import PictureWords

Where = Literal["sidecar", "embed"]


class Described(Noun):
    """What is proposed to be said of a picture. `why`: for each field, where its words come from."""

    words: PictureWords
    why: dict[str, str] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    suggested: tuple[str, ...] = ()  # the creator's tags that may fit: not among the keywords until somebody says so
    model: str = ""  # empty: no model looked at it

    @property
    def is_new(self) -> bool:
        """Whether anything is proposed that does not stand there already."""
        return any(reason != THERE for reason in self.why.values())


THERE = "it stands there already"
"""The reason of words that are kept as they are."""


class Photo(Noun):
    """One photo of a folder, as it was looked at, with what is proposed and whether it was written."""

    id: str
    workspace: str
    folder: str
    path: str
    sha256: str
    seen: str
    words: PictureWords
    why: dict[str, str] = Field(default_factory=dict)
    notes: tuple[str, ...] = ()
    model: str = ""
    state: Literal["proposed", "written"] = "proposed"
    made_at: Instant
    written_at: Instant | None = None
    written_to: Literal["", "sidecar", "embed"] = ""

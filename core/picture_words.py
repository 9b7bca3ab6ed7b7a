"""What is said of a picture, in it or beside it: a title, a caption, keywords, whose it is, what it shows."""

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from core.base import Noun

SourceType = Literal["", "trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "digitalCapture"]
"""IPTC's words for how a picture came about; trainedAlgorithmicMedia: a model made it."""

MOST_KEYWORDS = 200
_UNREADABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def _readable(text: str) -> str:
    """Return a text without what XML can't hold, and without what commands a terminal."""
    return _UNREADABLE.sub("", text)


Words = Annotated[str, AfterValidator(_readable)]


class PictureWords(Noun):
    """The words of one picture. An empty field says nothing: writing it changes nothing."""

    title: Words = Field(default="", max_length=500)
    description: Words = Field(default="", max_length=10_000)
    keywords: tuple[Words, ...] = Field(default=(), max_length=MOST_KEYWORDS)
    creators: tuple[Words, ...] = Field(default=(), max_length=50)
    rights: Words = Field(default="", max_length=2_000)
    alt: Words = Field(default="", max_length=4_000)  # what it shows, for who can't see it
    source_type: SourceType = ""
    tool: Words = Field(default="", max_length=200)  # the program, or the model, that made it

    def over(self, there: "PictureWords") -> "PictureWords":
        """Return these words, and those that are there already where these say nothing."""
        said = {name: value for name, value in self if value}
        return there.model_copy(update=said)

    @property
    def is_generated(self) -> bool:
        """Whether a model made the picture, or a part of it."""
        return self.source_type in ("trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia")

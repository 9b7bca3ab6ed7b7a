"""What a model is asked about a text of a person's, and what it answers: words as they stand, and others instead."""

from typing import Literal

from pydantic import Field

from core.base import Noun

Do = Literal["grammar", "style", "shorter", "clearer", "titles"]


class AssistRequest(Noun):
    """Suggestions on one text, wanted. What is the same for many texts comes first."""

    keep: tuple[str, ...] = ()  # words that stay as they are
    brand: tuple[str, ...] = ()  # what the brand holds to, a sentence each
    voice: tuple[str, ...] = ()  # how the creator writes, as sentences
    title_characters: int
    most: int = 20
    do: Do
    language: str
    fields: dict[str, str]


class QuotedEdit(Noun):
    """Words of a field as they stand there, once, and what is to stand there instead."""

    field: str = "text"
    quote: str = Field(min_length=1, max_length=4000)
    instead: str = Field(default="", max_length=4000)
    rule: str = Field(default="", max_length=60)
    why: str = Field(default="", max_length=400)


class AssistAnswer(Noun):
    """The suggestions; for `titles` the titles, and no edit. None is a good answer."""

    edits: tuple[QuotedEdit, ...] = Field(default=(), max_length=200)
    titles: tuple[str, ...] = Field(default=(), max_length=20)

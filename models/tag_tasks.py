"""What a model is asked about a text's tags and metadata, and what it answers."""

from pydantic import Field

from core.base import Noun


class Listed(Noun):
    """An entry to choose from."""

    id: str
    name: str


class TagRequest(Noun):
    """A description of one text, wanted. What is to choose from comes first: it is the same for many texts."""

    vocabulary: tuple[str, ...] = ()
    warnings: tuple[Listed, ...] = ()
    most_tags: int = 10
    title_characters: int
    description_characters: int
    topics: tuple[Listed, ...] = ()
    language: str
    title: str = ""
    text: str


class QuotedWarning(Noun):
    """A content warning, and the words of the text that show it."""

    id: str
    quote: str


class TagAnswer(Noun):
    """The description. A field that the text gives nothing for is empty."""

    tags: tuple[str, ...] = Field(default=(), max_length=40)
    new_tags: tuple[str, ...] = Field(default=(), max_length=20)
    topics: tuple[str, ...] = Field(default=(), max_length=20)
    seo_title: str = Field(default="", max_length=300)
    description: str = Field(default="", max_length=1000)
    slug: str = Field(default="", max_length=300)
    audience: str = Field(default="", max_length=200)
    warnings: tuple[QuotedWarning, ...] = Field(default=(), max_length=20)

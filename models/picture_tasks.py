"""What a model that sees is asked about a picture, and what it answers."""

from pydantic import Field

from core.base import Noun


class PictureRequest(Noun):
    """The words for one picture, wanted. The picture itself comes after the request."""

    file: str  # its name, and its folder's
    title: str = ""  # what stands there already
    caption: str = ""
    keywords: tuple[str, ...] = ()
    taken: str = ""  # the day, as the camera says it
    vocabulary: tuple[str, ...] = ()  # the creator's own tags
    locale: str = "en"
    alt_characters: int = 300  # at most


class PictureAnswer(Noun):
    """The words for one picture. A field that can't be said from the picture is empty."""

    alt: str = Field(default="", max_length=1000)
    caption: str = Field(default="", max_length=1000)
    title: str = Field(default="", max_length=120)
    keywords: tuple[str, ...] = Field(default=(), max_length=15)
    text_in_picture: str = Field(default="", max_length=1000)
    unsure: str = Field(default="", max_length=300)  # what can't be told from it

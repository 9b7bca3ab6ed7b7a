"""What is written out of all that is said of a text: what is sure enough for a catalogue."""

from typing import Literal, NamedTuple

from core.tagged import Tagged
from core.topics.shipped import SCHEME, address

Existing = Literal["keep", "add", "replace"]
"""What becomes of a value that stands there: it stays; tags are added to; or the new one takes its place."""


class WrittenTopic(NamedTuple):
    """A topic by its id in its vocabulary, its name, and the address that it has for everybody, if any."""

    id: str
    name: str
    url: str


class WrittenName(NamedTuple):
    """A name that a source gives an address."""

    name: str
    url: str


class Fields(NamedTuple):
    """The values of one text. Empty ones are not written."""

    title: str = ""
    seo_title: str = ""
    description: str = ""
    slug: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    topics: tuple[WrittenTopic, ...] = ()
    scheme: str = SCHEME
    audience: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    names: tuple[WrittenName, ...] = ()
    words: int = 0
    reading_minutes: int = 0


def fields_of(said: Tagged) -> Fields:
    """Return what is written: of topics only the likely ones, of names only those that have an address."""
    metadata = said.metadata
    likely = [each for each in said.topics if each.certainty == "likely"]
    return Fields(
        title=metadata.title,
        seo_title=metadata.seo_title if metadata.seo_title != metadata.title else "",
        description=metadata.description,
        slug=metadata.slug,
        language=metadata.language or "",
        tags=tuple(each.tag for each in said.tags),
        topics=tuple(WrittenTopic(each.id, each.name, address(each.id)) for each in likely),
        scheme=said.vocabulary.rpartition(" ")[0] or said.vocabulary,
        audience=said.audience.named,
        warnings=tuple(each.label for each in said.warnings),
        names=tuple(WrittenName(each.name, each.url) for each in said.names if each.url),
        words=metadata.words,
        reading_minutes=metadata.reading_minutes,
    )

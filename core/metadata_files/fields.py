"""What is written out of all that is said of a text: what is sure enough for a catalogue."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Literal, NamedTuple

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
    authors: tuple[str, ...] = ()
    published: str = ""  # 2024-02-03, perhaps with a time
    url: str = ""
    rights: str = ""


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


_ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)?")


def with_given(fields: Fields, there: Mapping[str, Any]) -> Fields:
    """Return the values with what a file says besides: who wrote it, when, where it stands, whose it is."""
    day = there.get("date", there.get("published", ""))
    published = day.isoformat() if isinstance(day, date) else str(day).strip()
    url = next((str(there[key]) for key in ("url", "canonical_url", "permalink") if there.get(key)), "")
    return fields._replace(
        authors=tuple(_names(there.get("author") or there.get("authors"))),
        published=published if _ISO_DAY.fullmatch(published) else "",
        url=url if re.fullmatch(r"https?://\S+", url) else "",
        rights=" ".join(str(there.get("license") or there.get("rights") or "").split()),
    )


def _names(said: Any) -> Iterator[str]:
    for each in said if isinstance(said, list) else [said]:
        name = each.get("name") if isinstance(each, dict) else each
        if name and str(name).strip():
            yield str(name).strip()

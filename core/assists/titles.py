"""Titles that a text has in it already, and the place where one goes."""

import json
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import regex

from core.assists.rules import readable
from core.assists.suggestion import Suggestion
from core.markdown_text import plain
from core.metadata import TITLE_MOST, metadata_of, unwrapped
from core.sentences import split

MOST = 5
_LEAST = 15  # characters of a sentence that can be a title
_FRONT = regex.compile(r"\A---\r?\n(?P<head>.*?)\n---\r?\n(?:\r?\n)?", regex.DOTALL)
_TITLE_LINE = regex.compile(r"^title:[ \t]*(?P<value>[^\r\n]*?)[ \t\r]*$", regex.MULTILINE)
_HEADING = regex.compile(r"\s*#[ \t]+(?P<title>[^\r\n]+?)[ \t#\r]*(?:\n|\Z)")
_INNER = regex.compile(r"^#{1,4}[ \t]+(.+?)[ \t#]*$", regex.MULTILINE)


class Place(NamedTuple):
    """Where a title stands, or goes; `form` is how it is written there."""

    field: str
    start: int
    end: int
    before: str
    form: str  # plain, yaml, new


def place_of_title(texts: Mapping[str, str]) -> Place:
    """Return where the title goes: the field, the front matter, the first heading, or before the text."""
    if "title" in texts:
        return Place("title", 0, len(texts["title"]), texts["title"], "plain")
    text = texts.get("text", "")
    front = _FRONT.match(text)
    if front and (line := _TITLE_LINE.search(text, front.start("head"), front.end("head"))):
        return Place("text", *line.span("value"), line["value"], "yaml")
    at = front.end() if front else 0
    if heading := _HEADING.match(text, at):
        return Place("text", *heading.span("title"), heading["title"], "plain")
    return Place("text", at, at, "", "new")


def title_suggestion(place: Place, title: str, why: str, *, by: str = "rules") -> Suggestion:
    """Return a title as a suggestion for its place."""
    written = {"plain": title, "yaml": json.dumps(title, ensure_ascii=False), "new": f"# {title}\n\n"}[place.form]
    return Suggestion(
        start=place.start,
        end=place.end,
        before=place.before,
        after=written,
        rule="title",
        why=why,
        field=place.field,
        by=by,
    )


def own_titles(texts: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield titles in the text's own words, each with where it stands: the first one within what searches show."""
    text = readable(texts.get("text", "")).replace("\x00", "")
    told = metadata_of(text, title=texts.get("title", ""))
    seen: set[str] = set()
    for title, why in _candidates(text, told.seo_title):
        if title and title not in seen and len(title) <= TITLE_MOST and len(seen) < MOST:
            seen.add(title)
            yield title, f"{why}; {len(title)} characters"


def _candidates(text: str, seo_title: str) -> Iterator[tuple[str, str]]:
    yield seo_title, "what a search would show now"
    for heading in _INNER.findall(text)[1:]:
        yield " ".join(plain(heading).split()), "a heading of the text"
    for sentence in split(plain(unwrapped(text))):
        title = " ".join(sentence.text.split()).rstrip(".")
        if len(title) >= _LEAST and title[:1].isupper() and title[-1] not in ":;,…":
            yield title, "a sentence of the text"

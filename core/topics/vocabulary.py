"""A controlled vocabulary: what may be said of a text, and nothing else. It comes from a file."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from io import StringIO

from pydantic import Field, ValidationError

from core.base import Noun
from core.errors import BadInput

_HINT = "The first line names the columns: id, name, and perhaps broader, synonyms, definition."


class Topic(Noun):
    """One entry: its id, its name, other names for it by language (`en`: synonyms), and the id that it is a part of."""

    id: str = Field(min_length=1, max_length=200)
    name: str = Field(min_length=1, max_length=300)
    broader: str = ""
    definition: str = ""
    names: tuple[tuple[str, str], ...] = ()  # (language, name)

    def named(self, language: str) -> str:
        """Return its name in a language (a BCP 47 tag), else its own."""
        base = language.split("-", maxsplit=1)[0].lower()
        said = dict(reversed(self.names))
        return self.name if base == "en" else said.get(language) or said.get(base) or self.name

    def spellings(self, language: str) -> tuple[str, ...]:
        """Return all that it is called in a language, its own name among them."""
        base = language.split("-", maxsplit=1)[0].lower()
        others = (name for tag, name in self.names if tag.split("-", maxsplit=1)[0] == base)
        return tuple(dict.fromkeys((*((self.name,) if base == "en" else ()), *others)))


class Vocabulary(Noun):
    """Topics under one scheme, in their own order; each id once."""

    scheme: str
    version: str = ""
    terms: tuple[Topic, ...]

    @cached_property
    def by_id(self) -> Mapping[str, Topic]:
        """The topics by their ids."""
        return {term.id: term for term in self.terms}

    def get(self, topic_id: str) -> Topic | None:
        """Return a topic; None where the vocabulary has none of that id."""
        return self.by_id.get(topic_id)

    def path(self, topic_id: str) -> tuple[Topic, ...]:
        """Return a topic after all that it is a part of, the widest first."""
        found: dict[str, Topic] = {}  # by id: a file may name a circle, and a long way up
        at = self.by_id.get(topic_id)
        while at is not None and at.id not in found:
            found[at.id] = at
            at = self.by_id.get(at.broader)
        return tuple(reversed(found.values()))


def read(text: str, *, scheme: str, name: str = "the vocabulary") -> Vocabulary:
    """Read a vocabulary from tab- or comma-separated text: id, name, broader, synonyms (by `;`), definition.

    Raises BadInput with the line for a row without id or name, an id said twice, and a `broader` that is not there.
    """
    rows = list(_rows(text, name))
    terms = [_topic(row, line, name) for line, row in rows]
    _refuse_twice(terms, [line for line, _ in rows], name)
    known = {term.id for term in terms}
    for (line, _), term in zip(rows, terms, strict=True):
        if term.broader and term.broader not in known:
            raise BadInput(f"{name}, line {line}: {term.id} is part of {term.broader}, which is not there.", _HINT)
    return Vocabulary(scheme=scheme, terms=tuple(terms))


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    every = text.removeprefix("\ufeff").splitlines()
    skipped = next((at for at, line in enumerate(every) if not line.startswith("#")), len(every))
    lines = [
        "" if line.startswith("#") else line for line in every[skipped:]
    ]  # left empty: the others keep their place
    if not lines:
        raise BadInput(f"{name} is empty.", _HINT)
    # strict: a quotation mark that is never closed would swallow all entries after it, without a word
    reader = csv.DictReader(StringIO("\n".join(lines)), delimiter="\t" if "\t" in lines[0] else ",", strict=True)
    try:
        yield from _cells(reader, skipped, name)
    except csv.Error as error:
        line = reader.reader.line_num + skipped
        raise BadInput(f"{name}, near line {line}: {error}.", "Perhaps a quotation mark is never closed.") from None


def _cells(reader: "csv.DictReader[str]", skipped: int, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    fields = [field.strip().lower() for field in reader.fieldnames or ()]
    if not {"id", "name"} <= set(fields):
        raise BadInput(f"{name} has no columns id and name.", _HINT)
    reader.fieldnames = fields
    for row in reader:
        values = {key: " ".join(value.split()) for key, value in row.items() if key and isinstance(value, str)}
        if any(values.values()):
            yield reader.line_num + skipped, values


def _topic(row: dict[str, str], line: int, name: str) -> Topic:
    if not row.get("id") or not row.get("name"):
        raise BadInput(f"{name}, line {line}: an entry needs an id and a name.", _HINT)
    synonyms = [each.strip() for each in row.get("synonyms", "").split(";") if each.strip()]
    try:
        return Topic(
            id=row["id"],
            name=row["name"],
            broader=row.get("broader", ""),
            definition=row.get("definition", ""),
            names=tuple(("en", each) for each in synonyms),
        )
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(f"{name}, line {line}, {first['loc'][0]}: {first['msg']}.", _HINT) from None


def _refuse_twice(terms: Iterable[Topic], lines: Iterable[int], name: str) -> None:
    seen: set[str] = set()
    for term, line in zip(terms, lines, strict=True):
        if term.id in seen:
            raise BadInput(f"{name}, line {line}: {term.id} is there twice.", "An id names one entry.")
        seen.add(term.id)

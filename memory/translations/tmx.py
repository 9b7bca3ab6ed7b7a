"""TMX 1.4b, the form in which translation memories are exchanged: read as a stream, and written.

Nothing is fetched and no entity is expanded. A unit that can't be used is named by its line, and the others are read.
The codes of other tools (`<bpt>`, `<ph>` …) are kept as the text that they stand for.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

from core.base import Instant, Noun
from core.errors import BadInput
from core.locales import checked
from memory.importers.material import Unreadable
from memory.importers.xml_stream import elements, let_go, name_of
from memory.translations.rows import Translation, language

LONGEST = 10_000
"""Characters of a segment that are taken."""

MOST_BAD = 1_000
_XML = "http://www.w3.org/XML/1998/namespace"
_UNSAYABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_ALL = "*all*"


class Unit(Noun):
    """One pair of a TMX."""

    source_locale: str
    target_locale: str
    source: str
    target: str
    by: str = ""
    at: Instant | None = None


class Bad(Noun):
    """A unit that can't be used, and why."""

    line: int
    reason: str


class TmxReading:
    """A TMX on disk: iterate over its pairs; `bad` holds what could not be used once that is done.

    `source`: the workspace's locale, for units that name no source language.
    """

    def __init__(self, path: Path, source: str) -> None:
        self.path = path
        self.bad: list[Bad] = []
        self.units = 0
        self._default = source

    def __iter__(self) -> Iterator[Unit]:
        """Yield the pairs as they are read. Raises BadInput where the file is no TMX at all."""
        try:
            with self.path.open("rb") as file:
                yield from self._read(file)
        except OSError as error:
            raise BadInput(f"{self.path} can't be read: {error.strerror}.") from None
        except Unreadable as error:
            if not self.units:
                raise BadInput(f"{error.where} {error.reason}.", "Nothing was changed.") from None
            line = error.where.rpartition(":")[2]
            self._name(int(line) if line.isdigit() else 1, f"the file {error.reason}")

    def _read(self, file: IO[bytes]) -> Iterator[Unit]:
        source = self._default
        for number, (event, element) in enumerate(elements(file, str(self.path))):
            name = name_of(element)[1]
            if number == 0 and name != "tmx":
                raise BadInput(f"{self.path} is no TMX: it begins with <{name}>.", "Nothing was changed.")
            if event == "end" and name == "header":
                source = element.get("srclang") or source
            elif event == "end" and name == "tu":
                self.units += 1
                yield from self._pairs(element, element.get("srclang") or source)
                let_go(element)

    def _pairs(self, unit: Any, source: str) -> Iterator[Unit]:
        line, named = int(unit.sourceline or 1), f"unit {unit.get('tuid')[:60]}: " if unit.get("tuid") else ""
        try:
            said = _said(unit)
            mine = _source_of(list(said), source, self._default)
            if len(said) == 1:
                raise ValueError(f"it has no translation beside {mine}")
            text = _text(said[mine], mine)
        except ValueError as error:
            self._name(line, f"{named}{error}")
            return
        for other in said:
            if other != mine:
                try:
                    yield self._pair(unit, said[other], (mine, text), other)
                except ValueError as error:  # one language's fault costs the unit's others nothing
                    self._name(line, f"{named}{error}")

    def _pair(self, unit: Any, variant: Any, source: tuple[str, str], target: str) -> Unit:
        by = variant.get("changeid") or variant.get("creationid") or unit.get("changeid") or unit.get("creationid")
        at = variant.get("changedate") or variant.get("creationdate")
        at = at or unit.get("changedate") or unit.get("creationdate")
        return Unit(
            source_locale=source[0],
            target_locale=target,
            source=source[1],
            target=_text(variant, target),
            by=(by or "")[:200],
            at=_moment(at),
        )

    def _name(self, line: int, reason: str) -> None:
        if len(self.bad) < MOST_BAD:
            self.bad.append(Bad(line=line, reason=reason))


def write(rows: Iterable[Translation], out: IO[str], source: str) -> int:
    """Write pairs as TMX 1.4b; return how many. What XML can't say (control characters) becomes a space."""
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n')
    out.write(
        '  <header creationtool="greenroom" creationtoolversion="1" segtype="sentence" o-tmf="greenroom" '
        f'adminlang="en" srclang={quoteattr(source)} datatype="plaintext"/>\n  <body>\n'
    )
    count = 0
    for row in rows:
        out.write(_unit(row))
        count += 1
    out.write("  </body>\n</tmx>\n")
    return count


def _unit(row: Translation) -> str:
    told = {
        "tuid": row.id,
        "srclang": row.source_locale,
        "creationdate": f"{row.at.astimezone(UTC):%Y%m%dT%H%M%SZ}",
        "creationid": row.by,
    }
    named = " ".join(f"{name}={quoteattr(_UNSAYABLE.sub(' ', value))}" for name, value in told.items())
    props = (("x-greenroom-origin", row.origin), ("x-greenroom-proposal", row.proposal_id), ("x-file", row.file))
    lines = [f"    <tu {named}>"]
    lines += [f'      <prop type="{name}">{_escaped(value)}</prop>' for name, value in props if value]
    lines += [
        f"      <tuv xml:lang={quoteattr(locale)}><seg>{_escaped(text)}</seg></tuv>"
        for locale, text in ((row.source_locale, row.source), (row.target_locale, row.target))
    ]
    return "\n".join([*lines, "    </tu>"]) + "\n"


def _escaped(text: str) -> str:
    return escape(_UNSAYABLE.sub(" ", text), {"\r": "&#13;"})


def _children(element: Any, name: str) -> list[Any]:
    return [child for child in element if isinstance(child.tag, str) and name_of(child)[1] == name]


def _said(unit: Any) -> dict[str, Any]:
    """Return a unit's variants by their locale; of two in one language, the first."""
    found: dict[str, Any] = {}
    for variant in _children(unit, "tuv"):
        found.setdefault(_locale(variant), variant)
    return found


def _locale(variant: Any) -> str:
    """Return a variant's locale as it is written here: `pt-BR` of PT_br."""
    said = variant.get(f"{{{_XML}}}lang") or variant.get("lang") or ""
    if not said:
        raise ValueError("a translation of it names no language")
    first, *rest = said.strip().replace("_", "-").split("-")
    parts = [part.upper() if len(part) == 2 else part.title() if len(part) == 4 else part for part in rest]
    try:
        return checked("-".join([first.lower(), *parts]))
    except BadInput as error:
        raise ValueError(error.message) from None


def _source_of(locales: list[str], stated: str, default: str) -> str:
    """Return which of a unit's locales is its source: the stated one, else the workspace's, else the first."""
    if not locales:
        raise ValueError("it holds no text")
    wish = default if stated.lower() == _ALL else stated.replace("_", "-")
    exact = [one for one in locales if one.lower() == wish.lower()]
    found = exact or [one for one in locales if language(one) == language(wish)]
    if not found and stated.lower() != _ALL:
        raise ValueError(f"it has no text in {stated}, its source language")
    return found[0] if found else locales[0]


def _text(variant: Any, locale: str) -> str:
    segment = next(iter(_children(variant, "seg")), None)
    text = "" if segment is None else "".join(segment.itertext())
    if not text.strip():
        raise ValueError(f"its text in {locale} is empty")
    if len(text) > LONGEST:
        raise ValueError(f"its text in {locale} has {len(text)} characters; at most {LONGEST} are taken")
    return text


def _moment(said: str | None) -> datetime | None:
    """Return a TMX date (20020125T210600Z); None where there is none or it can't be read."""
    try:
        return datetime.strptime(said or "", "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None

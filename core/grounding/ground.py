"""What the sources say, in the forms in which claims are looked up."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import regex

from core import links, names
from core.grounding import days, figures
from core.grounding.passages import Passages
from core.languages import detect
from core.spans import Cover

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_NAME = regex.compile(r"\b\p{Lu}[\p{L}'’-]+(?:[ \t](?:(?:of|the|and|for|de|la)[ \t]){0,2}\p{Lu}[\p{L}'’-]+)+")
_EMAIL = regex.compile(r"(?<![\w.+@-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+", regex.IGNORECASE)
_HANDLE = regex.compile(r"(?<![\w/.@])@[\w.-]*\w(?:@[\w.-]*\w)?")  # @name, @name@host


@dataclass(frozen=True)
class Ground:
    """The sources: their words, figures by value, addresses, and their passages.

    `flat` is all of it in lower case with single spaces, `solid` without any; `bare` are the words without accents;
    `initials` those of names (GSA); `units` says what stands with each value: "calendar" is a day of a month.
    """

    words: frozenset[str]
    units: dict[str, frozenset[str]]
    days: frozenset[days.Part]
    months: frozenset[int]
    flat: str
    solid: str
    places: frozenset[str]
    contacts: frozenset[str]
    bare: frozenset[str]
    initials: frozenset[str]
    passages: Passages

    @cached_property
    def hosts(self) -> frozenset[str]:
        """Where the links of the sources lead."""
        return frozenset(place.partition("/")[0].partition("?")[0] for place in self.places)

    @property
    def values(self) -> frozenset[str]:
        """Every value that a number of the sources may mean."""
        return frozenset(self.units)


def ground(sources: Sequence[str], language: str = "en") -> Ground:
    """Return the sources as ground to check claims against."""
    return _ground(tuple(sources), language)


@lru_cache(maxsize=8)
def _ground(sources: tuple[str, ...], language: str) -> Ground:
    text = "\n\n".join(sources)
    words = frozenset(names.words(text))
    spoken = [sorted({language, "en", detect(each) or "en"}) for each in sources]
    named = frozenset(part for each, tongues in zip(sources, spoken, strict=True) for part in _days(each, tongues))
    return Ground(
        words=words,
        bare=frozenset(map(_bare, words)),
        initials=frozenset(_initials(text)),
        units=_units(sources, spoken),
        days=named,
        months=frozenset(month for _, month, _ in named)
        | frozenset(
            m for each, tongues in zip(sources, spoken, strict=True) for t in tongues for m in days.months_in(each, t)
        ),
        flat=flat(text),
        solid=solid(text),
        places=frozenset(links.place(link.url) for link in links.find(text)),
        contacts=contacts(text),
        passages=Passages(sources),
    )


def _days(text: str, tongues: Sequence[str]) -> Iterator[days.Part]:
    for tongue in tongues:
        for day in days.find(text, tongue):
            yield from day.means


def _units(sources: Sequence[str], spoken: Sequence[Sequence[str]]) -> dict[str, frozenset[str]]:
    """Return what stands with each value, in the language of the draft, in English and in that of each source."""
    found: dict[str, set[str]] = {}
    for text, tongues in zip(sources, spoken, strict=True):
        said = [day for tongue in tongues for day in days.find(text, tongue)]
        cover = Cover((day.start, day.end) for day in said)
        for figure in (each for tongue in tongues for each in figures.find(text, tongue)):
            if not cover.holds(figure.start) and figure.unit != figures.MONTH:
                for value in figure.values:
                    found.setdefault(value, set()).add(figure.unit)
        for year, _, number in (part for day in said for part in day.means):
            found.setdefault(str(number), set()).add("calendar")
            if year is not None:
                found.setdefault(str(year), set()).add("")
    return {value: frozenset(units) for value, units in found.items()}


def _bare(word: str) -> str:
    return (
        word
        if word.isascii()
        else "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    )


def _initials(text: str) -> Iterator[str]:
    """Yield what the names of a text may be shortened to."""
    for match in _NAME.finditer(text):
        letters = [word[0] for word in _WORD.findall(match[0]) if word[0].isupper()]
        for start in range(len(letters) - 1):
            yield from (
                "".join(letters[start:end]).casefold() for end in range(start + 2, min(len(letters), start + 7) + 1)
            )


def contacts(text: str) -> frozenset[str]:
    """Return the mail addresses and handles of a text, in lower case."""
    return frozenset(match[0].casefold() for pattern in (_EMAIL, _HANDLE) for match in pattern.finditer(text))


def emails(text: str) -> "list[regex.Match[str]]":
    """Return where mail addresses stand."""
    return list(_EMAIL.finditer(text))


def handles(text: str) -> "list[regex.Match[str]]":
    """Return where handles stand."""
    taken = [match.span() for match in _EMAIL.finditer(text)]
    return [match for match in _HANDLE.finditer(text) if not any(a <= match.start() < b for a, b in taken)]


def flat(text: str) -> str:
    """Return words in lower case with single spaces: quotes, dashes, marks and line ends make no difference."""
    return " " + " ".join(_WORD.findall(text.replace("’", "").replace("'", "").casefold())) + " "


def solid(text: str) -> str:
    """Return letters and digits in lower case with nothing between them: for scripts that set no spaces."""
    return "".join(_WORD.findall(text.casefold()))

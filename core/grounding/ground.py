"""What the sources say, in the forms in which claims are looked up."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import regex

from core import links, names
from core.grounding import figures
from core.grounding.passages import Passages
from core.languages import detect

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_NAME = regex.compile(r"\b\p{Lu}[\p{L}'’-]+(?:[ \t](?:(?:of|the|and|for|de|la)[ \t]){0,2}\p{Lu}[\p{L}'’-]+)+")
_EMAIL = regex.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+", regex.IGNORECASE)
_HANDLE = regex.compile(r"(?<![\w/.@])@[\w.-]*\w")


@dataclass(frozen=True)
class Ground:
    """The sources: their words, figures by value, addresses, and their passages.

    `flat` is all of it in lower case with single spaces, `solid` without any; `bare` are the words without accents;
    `initials` those of names (GSA); `units` says for each value what is counted with it.
    """

    words: frozenset[str]
    units: dict[str, frozenset[str]]
    flat: str
    solid: str
    hosts: frozenset[str]
    contacts: frozenset[str]
    bare: frozenset[str]
    initials: frozenset[str]
    passages: Passages

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
    return Ground(
        words=words,
        bare=frozenset(map(_bare, words)),
        initials=frozenset(_initials(text)),
        units=_units(sources, language),
        flat=flat(text),
        solid=solid(text),
        hosts=frozenset(links.place(link.url).partition("/")[0].partition("?")[0] for link in links.find(text)),
        contacts=contacts(text),
        passages=Passages(sources),
    )


def _units(sources: Sequence[str], language: str) -> dict[str, frozenset[str]]:
    """Return what stands with each value, in the language of the draft, in English and in that of each source."""
    from core import numbers

    found: dict[str, set[str]] = {}
    for text in sources:
        for each in {language, "en", detect(text) or "en"}:
            for figure in figures.find(text, each):
                for value in figure.values:
                    found.setdefault(value, set()).add(figure.unit)
        for value in numbers.values(text):
            found.setdefault(value, set()).add("")
    for value in list(found):  # a whole date also grounds its parts
        if regex.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            for part in value.split("-"):
                found.setdefault(str(int(part)), set()).add("")
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

"""What the sources say of one person, told of another: a quote in another mouth, a deed in other hands."""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

import regex

from core import names, sentences
from core.drafts import Finding
from core.grounding import days, quoted
from core.grounding.common import is_common
from core.grounding.ground import Ground, flat
from core.grounding.passages import stems
from core.keyphrases.closed import between, closed

TOLD, SHARED = 0.75, 3
"""Of a sentence without its names: with so much of it, and so many words, in a source's, it tells that one again."""

_PART = r"\p{Lu}[\p{Ll}\p{M}’'-]+"
_PARTICLE = r"(?:(?:van|von|de|der|den|da|di|du|la|le|el|bin|ibn|al)[ ]){0,2}"
_PERSON = regex.compile(rf"(?<![\p{{L}}\p{{M}}’'-]){_PART}(?:[ \u00a0]{_PARTICLE}{_PART})+(?![\p{{L}}\p{{M}}])")
_PLACED = regex.compile(
    r"\b(?:at|in|on|near|from|of|to|for|with|after|before|about|the|an?|in der|im|am|auf|bei|von|mit|nach|en|con|por"
    r"|para|de|del|la|el|à|chez|dans|avec|em|no|na|com|i|på|ved|med|op|naar|met)\s$",
    regex.IGNORECASE,
)
_CITES = regex.compile(
    r"(?:according to|in the words of|as|laut|nach|según|selon|segundo|secondo|volgens|ifølge|enligt)\s$",
    regex.IGNORECASE,
)
_LEADS = regex.compile(r"(?:[ ,]+\p{Ll}[\p{L}’'-]*){0,6}\s*[:,]\s*")  # Irma Teague put it best: “…
_FOLLOWS = regex.compile(r"[\s,.;—–-]*(?:\p{Ll}[\p{L}’'-]*\s){0,3}")  # …,” said Irma Teague
_BEGINNING = regex.compile(r"(?:^|[.!?:\n][\s\"”’“]*)$")
_ENDS = regex.compile(r"[\n。]|[.!?]\s")
_BEHIND = 60  # characters after a quote in which its speaker is named
_VERB = regex.compile(r"\s\p{Ll}+")


def findings(text: str, sources: Sequence[str], known: Ground, language: str) -> Iterator[Finding]:
    """Yield the names to whom a draft gives what its sources give to another person, whom they name."""
    for quote in quoted.find(text):
        yield from _of_quote(text, quote, tuple(sources), known, language)
    for span in sentences.split(text):
        yield from _of_deed(span, known, language)


def _of_quote(
    text: str, quote: quoted.Quoted, sources: tuple[str, ...], known: Ground, language: str
) -> Iterator[Finding]:
    said = flat(quote.said)
    speaker = _speaker(text, quote, language)
    if speaker is None or len(said.split()) < quoted.SHORTEST or flat(speaker[0]) not in known.flat:
        return
    length = len(sentences.split(quote.said))
    others = [
        _people(" ".join(there[at : at + length]), language)
        for there, bare in _sentences(sources)
        for at in range(len(there) - length + 1)
        if said in flat(" ".join(bare[at : at + length]))
    ]
    around = text[_begin(text, quote) : quote.start] + " " + text[quote.end : quote.end + _BEHIND]
    if others and all(others) and not _share(_PERSON.findall(around), [name for each in others for name in each]):
        message = f"Your source has these words from {others[0][0]}, not from {speaker[0]}."
        yield _finding("invented_quote", message, speaker[1], speaker[1] + len(speaker[0]))


@lru_cache(maxsize=8)
def _sentences(sources: tuple[str, ...]) -> list[tuple[list[str], list[str]]]:
    """Return the sentences of each source, as they are and flattened."""
    split = [[span.text for span in sentences.split(source)] for source in sources]
    return [(each, [flat(sentence) for sentence in each]) for each in split]


def _begin(text: str, quote: quoted.Quoted) -> int:
    return max((match.end() for match in _ENDS.finditer(text, 0, quote.start)), default=0)


def _speaker(text: str, quote: quoted.Quoted, language: str) -> tuple[str, int] | None:
    """Return who is said to speak a quote, and where the name stands; None where nobody is, by name."""
    for match in reversed(_persons(text, _begin(text, quote), quote.start, language)):
        cited = _CITES.search(text, max(0, match.start() - 20), match.start())
        if (cited or not _is_placed(text, match.start())) and _LEADS.fullmatch(text, match.end(), quote.start):
            return match[0], match.start()
    for match in _persons(text, quote.end, min(len(text), quote.end + _BEHIND), language)[:1]:
        if _FOLLOWS.fullmatch(text, quote.end, match.start()) and not _is_placed(text, match.start()):
            return match[0], match.start()
    return None


def _is_placed(text: str, at: int) -> bool:
    return _PLACED.search(text, max(0, at - 12), at) is not None


def _of_deed(span: sentences.Span, known: Ground, language: str) -> Iterator[Finding]:
    """Yield the subject of a sentence where the sources say all of it of another person, and know the subject too."""
    subject = _first(span.text, language)
    if subject is None or flat(subject[0]) not in known.flat:
        return
    here = _people(span.text, language)
    rest = stems(span.text) - frozenset().union(*map(stems, here))
    if len(rest) < SHARED:
        return
    alike = known.passages.like(span.text, 6)
    told = [each.text for each in alike if len(rest & stems(each.text)) >= TOLD * len(rest)]
    doers = [doer[0] for each in told if (doer := _first(each, language))]
    if (
        not told
        or len(doers) < len(told)
        or _share(_PERSON.findall(span.text), [name for each in told for name in _people(each, language)])
    ):
        return
    verb = _VERB.match(span.text, subject.end())
    message = f"Your source says this of {doers[0]}, not of {subject[0]}."
    yield _finding("invented_name", message, span.start, span.start + (verb.end() if verb else subject.end()))


def _first(sentence: str, language: str) -> "regex.Match[str] | None":
    found = _PERSON.match(sentence)
    return found if found and _is_person(found, language) else None


def _persons(text: str, start: int, end: int, language: str) -> "list[regex.Match[str]]":
    return [match for match in _PERSON.finditer(text, start, end) if _is_person(match, language)]


def _people(text: str, language: str) -> list[str]:
    """Return what looks like a person's name in a text, what is quoted left out."""
    said = [(quote.start, quote.end) for quote in quoted.find(text)]
    return [
        match[0]
        for match in _persons(text, 0, len(text), language)
        if not any(start <= match.start() < end for start, end in said)
    ]


def _is_person(name: "regex.Match[str]", language: str) -> bool:
    """Say whether words with capitals may be a person's name: not "On Tuesday", nor "Fresh Bread" at a beginning."""
    words = flat(name[0]).split()
    tongues = (language, "en")
    if any(days.month_of(word, each) or word in days.weekdays(each) for word in words for each in tongues):
        return False
    if language == "en":
        begins = _BEGINNING.search(name.string, max(0, name.start() - 3), name.start()) is not None
        return words[0] not in closed().grammar and (
            not begins or words[0] in names.listed("given") or not is_common(words[0])
        )
    return words[0] not in between(language)


def _share(some: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether some names share a word with others: Ewan Pollard is Pollard."""
    return not {word for each in some for word in flat(each).split()}.isdisjoint(
        word for each in others for word in flat(each).split()
    )


def _finding(rule: str, message: str, start: int, end: int) -> Finding:
    return Finding(rule=rule, severity="warning", message=message, span=(start, end))

"""What a draft claims that none of its sources say: numbers, names, quotes and links that came from nowhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from core import hashtags, links, names, numbers
from core.drafts import Content, Finding

FIELDS = ("text", "title", "subject", "preheader", "summary")
SMALL = 12  # a small round number before "ways", "lessons" … counts what follows in the draft itself

_COUNTED = regex.compile(
    r"[\s-]+(?:\w+[\s-]+)?(?:ways?|things?|tips?|lessons?|reasons?|steps?|ideas?|questions?|points?|takeaways?|rules?|"
    r"parts?|words?|minutes?|posts?|pieces?|examples?|quotes?)\b",
    regex.IGNORECASE,
)
_LIST_NUMBER = regex.compile(r"(?:^|\n)[ \t]*[(\[]?\d{1,2}(?:[.)\]]|/\d{1,2}[)\]]?)(?=\s)|\(?\b\d{1,2}/\d{1,2}\)?\s*$")
_QUOTE = regex.compile(
    r"“([^“”\n]+)”|„([^„“”\n]+)[“”]|«([^«»\n]+)»|(?<![\w=])\"([^\"\n]+)\"(?!\w)|(?<!\w)‘([^‘’\n]*(?:’\p{L}[^‘’\n]*)*)’(?!\w)"
)
_LEFT_OUT = regex.compile(r"\s*(?:\[[^\]]*\]|\(?…\)?|\.\.\.)\s*")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
SHORTEST_QUOTE = 3


@dataclass(frozen=True)
class Ground:
    """What the sources say, in the forms in which claims are looked up."""

    words: frozenset[str]
    numbers: frozenset[str]
    flat: str
    domains: str


def ground(sources: Sequence[str]) -> Ground:
    """Return the sources as ground to check claims against."""
    text = "\n\n".join(sources)
    found = numbers.values(text)
    for value in list(found):  # a whole date also grounds its parts
        found.update(str(int(part)) for part in value.split("-") if regex.fullmatch(r"\d{4}-\d{2}-\d{2}", value))
    return Ground(frozenset(names.words(text)), frozenset(found), _flat(text), text.lower())


def findings(content: Content, sources: Sequence[str], allowed_links: Sequence[str]) -> tuple[Finding, ...]:
    """Return what stands in none of the sources: links and quotes as errors, numbers and names as warnings."""
    known = ground(sources)
    places = {links.place(link) for link in allowed_links}
    found: list[Finding] = []
    for field in FIELDS:
        text = getattr(content, field)
        checks = (*_links(text, places, known), *_quotes(text, known), *_numbers(text, known), *_names(text, known))
        found += [finding.model_copy(update={"field": field}) for finding in checks]
    return tuple(found)


def _links(text: str, places: set[str], known: Ground) -> Iterator[Finding]:
    for link in links.find(text):
        bare = "://" not in link.text
        if links.place(link.url) in places or (bare and link.text.lower() in known.domains):
            continue
        yield Finding(
            rule="invented_link",
            severity="warning" if bare and "/" not in link.text else "error",
            message=f"{link.text} is none of the links that this draft may hold.",
            span=(link.start, link.end),
        )


def _quotes(text: str, known: Ground) -> Iterator[Finding]:
    for match in _QUOTE.finditer(text):
        said = next(group for group in match.groups() if group is not None)
        parts = [_flat(part).strip() for part in _LEFT_OUT.split(said)]
        if len(_WORD.findall(said)) < SHORTEST_QUOTE or all(f" {part} " in known.flat for part in parts if part):
            continue
        message = f"Nobody says “{said.strip()}” in these words in your sources."
        yield Finding(rule="invented_quote", severity="error", message=message, span=match.span())


def _numbers(text: str, known: Ground) -> Iterator[Finding]:
    aside = _aside(text)
    for number in numbers.find(text):
        if number.values & known.numbers or any(start <= number.start < end for start, end in aside):
            continue
        if _parts_known(number, known) or _counts_itself(number, text):
            continue
        message = f"{number.text.strip()} stands in none of your sources."
        yield Finding(rule="invented_number", severity="warning", message=message, span=(number.start, number.end))


def _parts_known(number: numbers.Number, known: Ground) -> bool:
    """Say whether a whole date's parts stand in the sources: `2026-11-24` where they say November 24, 2026."""
    for value in number.values:
        if regex.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return all(str(int(part)) in known.numbers for part in value.split("-"))
    return False


def _counts_itself(number: numbers.Number, text: str) -> bool:
    """Say whether a number needs no source: a small one in words, or one that counts the draft's own list."""
    small = all(regex.fullmatch(r"\d+|0\.5", value) and float(value) <= SMALL for value in number.values)
    return small and (number.spelled or _COUNTED.match(text, number.end) is not None)


def _aside(text: str) -> list[tuple[int, int]]:
    """Return where digits are no claims: links, hashtags, list numbers and thread counters."""
    found = [(link.start, link.end) for link in links.find(text)]
    found += [(tag.start, tag.end) for tag in hashtags.find(text)]
    return found + [match.span() for match in _LIST_NUMBER.finditer(text)]


def _names(text: str, known: Ground) -> Iterator[Finding]:
    for name in names.find(text):
        unknown = [word for word in name.words if not names.known(word, known.words)]
        if unknown:
            rule = "invented_date" if set(unknown) <= names.calendar_words() else "invented_name"
            message = f"{name.text} stands in none of your sources."
            yield Finding(rule=rule, severity="warning", message=message, span=(name.start, name.end))


def _flat(text: str) -> str:
    """Return words in lower case with single spaces: quotes, dashes, marks and line ends make no difference."""
    return " " + " ".join(_WORD.findall(text.replace("’", "").replace("'", "").casefold())) + " "

"""Quotes that nobody said in these words: inside the quotation marks of any language, and in block quotes."""

from collections.abc import Iterator
from typing import NamedTuple

import regex

from core.drafts import Finding
from core.grounding.ground import Ground, flat, solid

SHORTEST = 3  # words; fewer may only be called by that name
SHORTEST_UNSPACED = 5  # signs, in scripts without spaces
GAP = 1_500  # characters between two parts of a quote with something left out

_MARKED = regex.compile(
    r"“((?:[^“”\n]|“[^“”\n]*”)+)”|„((?:[^„“”\n]|“[^„“”\n]*”)+)[“”]|‚([^‚‘’\n]+)[‘’]|«([^«»\n]+)»|»([^«»\n]+)«|‹([^‹›\n]+)›|「([^「」\n]+)」|『([^『』\n]+)』"
    r"|《([^《》\n]+)》|”([^“”\n]+)”|(?<![\w=])\"([^\"\n]+)\"(?!\w)|(?<!\w)‘([^‘’\n]*(?:’\p{L}[^‘’\n]*)*)’(?!\w)"
    r"|(?<![\w'])'(?=\S)([^'\n]*(?:(?<=\w)'(?=\p{L})[^'\n]*)*)(?<=\S)'(?![\w'])"
)
_BLOCK = regex.compile(r"^[ \t]*>[ \t]?(?P<said>[^\n]*(?:\n[ \t]*>[ \t]?[^\n]*)*)", regex.MULTILINE)
_BETWEEN = regex.compile(r"\n[ \t]*>[ \t]*\n[ \t]*>[ \t]?")
_CREDIT = regex.compile(r"(?:^|\n)[ \t>]*(?:—|–|--|-)[ \t]*[^\n]*$")
_LEFT_OUT = regex.compile(r"\s*(?:\[[^\]]*\]|\(?…\)?|\(?\.\.\.\)?|\.[ \u00a0]\.[ \u00a0]\.|〔[^〕]*〕)\s*")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_UNSPACED = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}]")
_SPEECH = regex.compile(
    r"\b(?:said|says?|saying|told|tells|asked|asks|answered|replied|added|adds|explained|explains|wrote|writes|noted|"
    r"notes|recalled|recalls|called|calls|declared|according to|in (?:his|her|their|your|my) words|dijo|dice|afirmó|"
    r"explicó|según|preguntó|sagte|sagt|meinte|erklärte|fragte|laut|schrieb|a dit|selon)\b|と(?:述べ|語|言|話)",
    regex.IGNORECASE,
)
_NEAR = 45  # characters around a quote in which somebody is said to speak


class Quoted(NamedTuple):
    """Words between quotation marks, or in a block quote: where (end exclusive, with the marks), and what."""

    start: int
    end: int
    said: str
    block: bool = False


def find(text: str) -> list[Quoted]:
    """Return the quotes of a text in order."""
    found = [
        Quoted(*match.span(), next(group for group in match.groups() if group is not None))
        for match in _MARKED.finditer(text)
    ]
    for start, end in _paragraphs(text):
        said = _CREDIT.sub("", regex.sub(r"\n[ \t]*>[ \t]?", "\n", text[start:end])).strip()
        if said and not any(each.start <= start + 2 and each.end >= end - 2 for each in found):
            found.append(Quoted(start, end, said, True))
    return sorted(found)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each paragraph of a block quote stands: between two of them something may be left out."""
    for match in _BLOCK.finditer(text):
        start = match.start("said")
        for border in _BETWEEN.finditer(text, start, match.end()):
            yield start, border.start()
            start = border.end()
        yield start, match.end()


def findings(text: str, known: Ground) -> Iterator[Finding]:
    """Yield what is quoted and stands in none of the sources; a word or two only where somebody is said to speak."""
    for quote in find(text):
        if stands(quote.said, known):
            continue
        short = _is_short(quote.said)
        if short and (quote.block or not _speaks(text, quote)):
            continue
        message = f"Nobody says “{quote.said.strip()}” in these words in your sources."
        yield Finding(rule="invented_quote", severity="error", message=message, span=(quote.start, quote.end))


def stands(said: str, known: Ground) -> bool:
    """Say whether a quote's parts stand in the sources word for word, in its order and not far from each other."""
    parts = [part for part in _LEFT_OUT.split(_unnested(said)) if _WORD.search(part)]
    if any(_UNSPACED.search(part) for part in parts):
        return _in_order([solid(part) for part in parts], known.solid)
    return _in_order([flat(part) for part in parts], known.flat)


def _unnested(said: str) -> str:
    return regex.sub(r"^>\s*|[*_]{1,3}", "", said)


def _in_order(parts: list[str], there: str) -> bool:
    if not parts:
        return True
    at = there.find(parts[0])
    while at >= 0:
        end, rest = at + len(parts[0]) - 1, list(parts[1:])
        while rest and 0 <= (next_at := there.find(rest[0], end)) < end + GAP:
            end = next_at + len(rest.pop(0)) - 1
        if not rest:
            return True
        at = there.find(parts[0], at + 1)
    return False


def _is_short(said: str) -> bool:
    if _UNSPACED.search(said):
        return len(solid(said)) < SHORTEST_UNSPACED
    return len(_WORD.findall(said)) < SHORTEST


def _speaks(text: str, quote: Quoted) -> bool:
    around = text[max(0, quote.start - _NEAR) : quote.start] + " " + text[quote.end : quote.end + _NEAR]
    return _SPEECH.search(around) is not None

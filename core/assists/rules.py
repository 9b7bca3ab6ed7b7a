"""Slips that a rule finds for certain: doubled words and spaces, spaces and quotation marks by the locale's custom."""

from collections.abc import Iterator
from difflib import SequenceMatcher

import regex

from core.assists.suggestion import Suggestion, place
from core.grounding import quoted
from core.localization import doubled
from core.localization.marks import QUOTES, set_for
from core.localization.pair import Pair, language
from core.sentences import split

LONG = 40
"""Words from which on a sentence is named: readers lose its beginning."""

_WRAPPED = 50  # characters of a line that an editor broke; a shorter one was broken on purpose

_FRONT = regex.compile(r"\A---\r?\n.*?\n---\r?\n", regex.DOTALL)
_STANDING = regex.compile(
    r"(?:```|~~~).*?(?:```|~~~|\Z)|`[^`\n]+`|^(?: {4}|\t|\|)[^\n]*$", regex.DOTALL | regex.MULTILINE
)
_SPACES = regex.compile(r"(?<=[^\s|])[ ]{2,}(?=[^\s|])")
_COMMA = regex.compile(r"(?<=[\p{L}\p{N})\]»”“\"])[ ]+(?=[,.](?:\s|$))(?![.]{2})")
_TURNED = regex.compile(r"(?<=\p{L})[ ]+,(?=\p{L})")
_MANY_STOPS = regex.compile(r"(?<=[\p{L}\p{N}])(,{2,}|;{2,})(?=\s|$)")
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*")


def by_rules(text: str, locale: str, *, field: str = "text") -> Iterator[Suggestion]:
    """Yield what is to be mended for certain. Code, tables, front matter, links and the words of quotations stay."""
    open_text = readable(text)
    code = language(locale)
    yield from _doubled(text, open_text, code, field)
    for match in _SPACES.finditer(open_text):
        yield _of(match, text, " ", "double_space", "Two spaces where one is enough.", field)
    for match in _COMMA.finditer(open_text):
        yield _of(match, text, "", "space_before", "No space stands before this mark.", field)
    for match in _TURNED.finditer(open_text):
        yield _of(match, text, ", ", "space_before", "The space stands before the comma, not after it.", field)
    for match in _MANY_STOPS.finditer(open_text):
        yield _of(match, text, match[0][0], "doubled_mark", "The mark stands here twice.", field)
    if code in QUOTES:
        yield from _marks(text, open_text, locale, field)


def long_sentences(text: str, *, field: str = "text") -> Iterator[Suggestion]:
    """Yield sentences that are longer than most readers hold, as places to word anew."""
    for sentence in split(readable(text)):
        words = len(_WORD.findall(sentence.text))
        if words > LONG:
            why = f"{words} words in one sentence: where could it end earlier?"
            yield place(text, (sentence.start, sentence.end), None, rule="long_sentence", why=why, field=field)


def readable(text: str) -> str:
    """Return a text with front matter and code blanked, every other character in its place."""
    for pattern in (_FRONT, _STANDING):
        text = pattern.sub(lambda found: regex.sub(r"[^\n]", "\x00", found[0]), text)
    return text


def _doubled(text: str, open_text: str, code: str, field: str) -> Iterator[Suggestion]:
    held = [(each.start, each.end) for each in quoted.find(text)]
    for finding in doubled.findings(Pair("", open_text, target_language=code)):
        start, end = finding.span or (0, 0)
        if any(left < end and start < right for left, right in held):
            continue  # somebody else's words stay as they were said
        if not _is_slip(text, start, end):
            continue
        spaced = regex.match(r"\S+(?=[\s\u00a0])", text[start:end])
        kept = spaced[0] if spaced else text[start : start + (end - start) // 2]
        yield place(text, (start, end), kept, rule="doubled_word", why=finding.message, field=field)


def _is_slip(text: str, start: int, end: int) -> bool:
    """Say whether a doubled word is one: not code or a heading above its text, and not said three times on purpose."""
    said = text[start:end]
    if "\n" in said:
        line = text[text.rfind("\n", 0, start) + 1 : start + said.index("\n")]
        return said.count("\n") == 1 and len(line) >= _WRAPPED
    once = regex.escape(said.split()[-1])
    beside = f"{text[max(0, start - 40) : start]}\x00{text[end : end + 40]}"
    return regex.search(rf"(?<!\w){once}\s+\x00|\x00\s+{once}(?!\w)", beside, regex.IGNORECASE) is None


def _marks(text: str, open_text: str, locale: str, field: str) -> Iterator[Suggestion]:
    """Yield the quotation marks and spaces that a locale sets otherwise; both marks of a quotation go together."""
    why = f"Quotation marks and spaces as they are set in {locale}."
    at = 0
    for line in open_text.split("\n"):
        usual = set_for(line, locale)
        for start, end, after in _joined(line, usual) if usual != line else ():
            yield place(text, (at + start, at + end), after, rule="typography", why=why, field=field)
        at += len(line) + 1


def _joined(line: str, usual: str) -> Iterator[tuple[int, int, str]]:
    """Yield the differences of two settings of a line, an opening mark with its closing one as one."""
    changes = [
        each[1:] for each in SequenceMatcher(None, line, usual, autojunk=False).get_opcodes() if each[0] != "equal"
    ]
    at = 0
    while at < len(changes):
        start, end, first, last = changes[at]
        if line[start:end] == '"' and at + 1 < len(changes):
            closing = next((k for k in range(at + 1, len(changes)) if line[slice(*changes[k][:2])] == '"'), at)
            at, end, last = closing, changes[closing][1], changes[closing][3]
        yield start, end, usual[first:last]
        at += 1


def _of(match: "regex.Match[str]", text: str, after: str, rule: str, why: str, field: str) -> Suggestion:
    return place(text, match.span(), after, rule=rule, why=why, field=field)

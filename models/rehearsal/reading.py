"""Reads material as clean sentences: what a person would read of it, without markup, code, labels and notes."""

import html
import re
from itertools import pairwise
from typing import NamedTuple

from core.sentences import split

_LISTED = "\x1e"  # marks a block that was an item of a list, while it is read
LONGEST_HEADING = 50  # characters: lines that were broken to a width are longer
LEAST_SHARE = 0.02  # of a transcript's words, from which on somebody is one of its speakers


class Sentence(NamedTuple):
    """One clean sentence, where it stands, and who says it (transcripts)."""

    text: str
    paragraph: int
    order: int  # over the whole text
    speaker: str | None = None
    listed: bool = False  # it stands in a list: often an order or a note rather than a sentence


_DROPPED = [
    re.compile(pattern, flags)
    for pattern, flags in [
        (r"\A---\n.*?\n---\n", re.DOTALL),  # front matter
        (r"<!--.*?-->", re.DOTALL),
        (r"<(script|style|pre|code|figure|figcaption|table|iframe)\b.*?</\1>", re.DOTALL | re.IGNORECASE),
        (r"^(```|~~~).*?^\1[ \t]*$", re.DOTALL | re.MULTILINE),  # code
        (r"\{%.*?%\}|\{\{.*?\}\}|\{:.*?\}", re.DOTALL),  # Liquid, kramdown attributes
        (r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])", 0),  # images
        (r"^[ \t]*\[\^?[^\]\n]+\]:[ \t].*$", re.MULTILINE),  # footnotes' and links' definitions
        (r"\[\^[^\]]+\]|(?<=[\w.,”\"])\[\d{1,3}\](?!\()|[¹²³⁴⁵⁶⁷⁸⁹]+", 0),  # footnote marks
        (r"\\?\[(?:\d{1,2}:)?\d{1,2}:\d{2}\\?\]", 0),  # a transcript's times
        (r"\\?\[(?:laugh|music|applause|sic)[^\]\\]*\\?\]", re.IGNORECASE),
        (r"^(?:WEBVTT|NOTE\b).*$|^\d+\s*$\n(?=\d\d:)|^.*-->.*$", re.MULTILINE),
        (r"^[ \t]*\|.*\|[ \t]*$", re.MULTILINE),  # tables
    ]
]
_LOST = re.compile(r"\\?\[(?:unintell|inaud|crosstalk|garbled)[^\]\\]*\\?\]", re.IGNORECASE)
"""Where words are missing a mark is left, so that nothing around it is quoted as if it were whole."""
_BLOCK_TAG = re.compile(
    r"</?(?:p|br|div|li|ul|ol|h[1-6]|tr|td|th|section|article|blockquote|hr)\b[^>]*>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z][^>]*>")
_LINK = re.compile(r"\[([^\[\]]+)\](?:\([^()\s]*(?:\([^()]*\))?[^()]*\)|\[[^\]]*\])")
_AUTOLINK = re.compile(r"<(https?://[^>\s]+)>")
_EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)(.+?)(?<=\S)\1(?![\w*])", re.DOTALL)
_CODE = re.compile(r"`+([^`]*)`+")
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!|<>~])")
_HEADING = re.compile(r"\s*#{1,6}\s|.*\n\s*(?:={3,}|-{3,})\s*$")
_ITEM = re.compile(r"^[ \t]*(?:[-*+•‣]|\(?\d{1,2}[.)])[ \t]+", re.MULTILINE)
_GOES_ON = re.compile(
    r"\b(?:the|a|an|of|to|in|and|or|for|with|by|at|on|from|that|our|your|their|his|her|is|are|was|were)$", re.IGNORECASE
)
"""A short line that ends so was broken by an editor in the middle of its sentence: no heading."""
_QUOTED = re.compile(r"\s*>")
_SPEAKER = re.compile(
    r"\s*\*\*([^*\n:]{2,40}):\*\*\s*|\s*([A-Z]{2,3}|[A-Z][a-z]+(?: [A-Z][\w.’'-]+){1,3}): +(?=[A-Z“\"])"
)
_DEGREE = re.compile(
    r",\s*(?:[A-Z][\w.]{0,4}\.?){1,3}(?:,\s*[A-Z][\w.]{1,5})*$"
)  # "Reece, Psy.D": a name in running text
_LOOSE = [
    (re.compile(r"\s+([,.;:!?)\]”])(?=[\s”\"’')]|$)"), r"\1"),  # spaces that an importer left
    (re.compile(r"([(\[“])\s+"), r"\1"),
    (re.compile(r"\s+"), " "),
]


def sentences(text: str) -> list[Sentence]:
    """Return the sentences of a text in order; headings, quoted blocks, code, tables and captions are left out."""
    found: list[Sentence] = []
    speaker: str | None = None
    for number, block in enumerate(_blocks(text)):
        said = _SPEAKER.match(block.removeprefix(_LISTED))
        if said:
            speaker = _DEGREE.sub("", (said[1] or said[2]).strip())
        listed = block.startswith(_LISTED)
        words = _tidy(block.removeprefix(_LISTED)[said.end() if said else 0 :])
        found += [
            Sentence(_tidy(span.text), number, len(found) + place, speaker, listed)
            for place, span in enumerate(split(words))
        ]
    return found


def speakers(text: str) -> list[str]:
    """Return who has something to tell in a transcript, most words first; empty for anything else.

    Who says less than half as much as the main voice asks the questions.
    """
    words: dict[str, int] = {}
    for sentence in sentences(text):
        if sentence.speaker:
            words[sentence.speaker] = words.get(sentence.speaker, 0) + len(sentence.text.split())
    if len(words) < 2:
        return []
    return [who for who in sorted(words, key=lambda who: -words[who]) if words[who] * 2 >= max(words.values())]


def everybody(text: str) -> tuple[str, ...]:
    """Return the name of everybody who speaks more than a word in between, most words first."""
    words: dict[str, int] = {}
    for sentence in sentences(text) if _SPEAKER.search(text) else ():
        if sentence.speaker:
            words[sentence.speaker] = words.get(sentence.speaker, 0) + len(sentence.text.split())
    least = LEAST_SHARE * sum(words.values())
    return tuple(sorted((who for who in words if words[who] >= least), key=lambda who: -words[who]))


def plain_line(text: str) -> str:
    """Return one line of words without markup."""
    return _tidy(" ".join(_stripped(text).split()))


def as_it_stands(sentence: str, text: str) -> str:
    """Return the stretch of `text` that `sentence` was cleaned from (itself, where it stands so)."""
    if sentence in " ".join(text.split()):
        return sentence
    words = re.findall(r"\w+", sentence)
    between = r"(?:[^\w]|\]\([^)\s]*\)|\]\[[^\]\n]*\]|\{%[^%]*%\}|</?[a-z][^>]{0,200}>){0,12}?"
    found = re.search(between.join(re.escape(word) for word in words), text) if words else None
    return " ".join(found[0].split()) if found else sentence


def _blocks(text: str) -> list[str]:
    blocks: list[str] = []
    for block in re.split(r"\n\s*\n", _stripped(text)):
        if _HEADING.match(block) or _QUOTED.match(block):
            continue
        starts = [match.start() for match in _ITEM.finditer(block)]
        edges = [0, *starts, len(block)]
        pieces = [block[left:right] for left, right in pairwise(edges)]
        blocks += [_LISTED * bool(_ITEM.match(each)) + _ITEM.sub("", each) for each in pieces if each.strip()]
    return [_without_headings(block) for block in blocks]


def _without_headings(block: str) -> str:
    """Drop short lines without an end that stand before a line of their own: headings that lost their markup."""
    lines = block.split("\n")
    while len(lines) > 1 and _is_heading(lines[0], lines[1]):
        del lines[0]
    return "\n".join(lines)


def _is_heading(text: str, after: str) -> bool:
    text, after = text.strip(), after.strip()
    short = 0 < len(text) <= LONGEST_HEADING and len(text.split()) <= 8
    return short and text[-1].isalnum() and after[:1].isupper() and not _GOES_ON.search(text)


def _stripped(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\u00a0", " ").replace("\u200b", "")
    for pattern in _DROPPED:
        text = pattern.sub("", text)
    text = _LOST.sub("…", text)
    text = _AUTOLINK.sub(r"\1", text)
    text = _LINK.sub(r"\1", text)
    text = _TAG.sub("", _BLOCK_TAG.sub("\n\n", text))
    return html.unescape(_CODE.sub(r"\1", text))


def _tidy(text: str) -> str:
    text = _ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\2", text))
    for pattern, replacement in _LOOSE:
        text = pattern.sub(replacement, text)
    return text.strip()

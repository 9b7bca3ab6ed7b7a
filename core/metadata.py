"""What can be said about a text without a model: its title, its description, an address, its language, its length."""

import re
import unicodedata

import regex

from core.base import Noun
from core.languages import detect
from core.markdown_text import plain
from core.sentences import split

TITLE_MOST = 60
DESCRIPTION_MOST = 155
"""Characters that search engines show of a title and of a description."""

SLUG_MOST = 60

_WORDS_A_MINUTE = 230
_SIGNS_A_MINUTE = 500  # Chinese and Japanese, which are read by the sign
_SIGN = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_HEADING = re.compile(r"\A\s*#{1,6}[ \t]+(.+?)[ \t#]*(?:\n|\Z)")
_PLAIN_TITLE = re.compile(r"\A\s*(?![#>*+\-\d<!\[|`~])([^\n]{3,90}[^\n.!:;,…\s])[ \t]*\n(?=\s*[^\W_][^\n]{90,})")
"""A short first line without a stop, before a paragraph: how a plain text file says its title."""

_FENCED = re.compile(r"(^[ \t]*(?:```|~~~).*?(?:^[ \t]*(?:```|~~~)[^\n]*$|\Z))", re.DOTALL | re.MULTILINE)
_PARAGRAPH = re.compile(r"(?:^[^\n]*\S[^\n]*(?:\n|\Z))+", re.MULTILINE)
_BLOCK_LINE = re.compile(r"\s*(?:[>|#]|[-*+][ \t]|\d+[.)][ \t]|[-=*_]{3,}\s*$|\[[^\]]+\]:|</?\w)|[ \t]{4}")
_WRAPPED = 50  # characters of a line that an editor wrapped; verse is shorter

_ENDS_OPEN = re.compile(r"[\s,;:–—-]+$")


class Metadata(Noun):
    """A text's metadata. `description` and `slug` are empty where the text gives none; `language` may be unknown."""

    title: str
    seo_title: str
    description: str
    slug: str
    language: str | None
    words: int
    reading_minutes: int


def metadata_of(text: str, *, title: str = "", summary: str = "") -> Metadata:
    """Return what the text itself says; `title` and `summary` are its author's, where there are any."""
    heading = _HEADING.match(text) or _PLAIN_TITLE.match(text)
    name = " ".join(plain(title or (heading[1] if heading else "")).split())
    body = plain(unwrapped(text[heading.end() :] if heading else text))
    sentences = [" ".join(sentence.text.split()) for sentence in split(body)]
    shown = name or (sentences[0] if sentences else "")
    return Metadata(
        title=name,
        seo_title=shortened(shown, TITLE_MOST),
        description=description_from([" ".join(summary.split())] if summary.strip() else sentences),
        slug=slug_from(shown),
        language=detect(text),
        words=word_count(body),
        reading_minutes=reading_minutes(body),
    )


def unwrapped(markdown: str) -> str:
    """Return Markdown whose paragraphs stand on one line each, as readers see them; every place stays where it was.

    An editor's line end is no end of a sentence. Verse, lists, tables and code keep their lines.
    """
    pieces = _FENCED.split(markdown)
    return "".join(
        piece if at % 2 else _PARAGRAPH.sub(lambda match: _on_one_line(match[0]), piece)
        for at, piece in enumerate(pieces)
    )


def _on_one_line(paragraph: str) -> str:
    lines = paragraph.split("\n")
    is_prose = any(len(line) >= _WRAPPED for line in lines) and not any(map(_BLOCK_LINE.match, lines))
    is_broken = any(line.endswith(("  ", "\\")) for line in lines[:-1])
    return (
        paragraph.rstrip("\n").replace("\n", " ") + paragraph[len(paragraph.rstrip("\n")) :]
        if is_prose and not is_broken
        else paragraph
    )


def shortened(text: str, most: int) -> str:
    """Return a text within `most` characters, cut where a word ends, with an ellipsis where something is missing."""
    if len(text) <= most:
        return text
    head = text[: most - 1]
    if not _SIGN.match(text[most - 1]) and (space := head.rfind(" ")) > most // 2 and text[most - 1] != " ":
        head = head[:space]
    return _ENDS_OPEN.sub("", head) + "…"


def description_from(sentences: list[str]) -> str:
    """Return the first sentences that fit into a description; the first one shortened where it alone does not."""
    said = ""
    for sentence in sentences:
        longer = f"{said} {sentence}".strip()
        if len(longer) > DESCRIPTION_MOST:
            break
        said = longer
    return said or (shortened(sentences[0], DESCRIPTION_MOST) if sentences else "")


def slug_from(title: str) -> str:
    """Return the words of an address in lower case: letters of any script, digits, hyphens."""
    folded = regex.sub(r"(?<=\p{Latin})\p{M}+|['’]", "", unicodedata.normalize("NFKD", title.casefold()))
    whole = regex.sub(r"[^\p{L}\p{M}\p{N}]+", "-", unicodedata.normalize("NFC", folded)).strip("-")
    if len(whole) <= SLUG_MOST:
        return whole
    cut = whole[: SLUG_MOST + 1].rpartition("-")[0]
    return cut or whole[:SLUG_MOST]


def word_count(text: str) -> int:
    """Return the words of a text; each sign of a script without spaces counts as one."""
    return len(_SIGN.findall(text)) + len(_WORD.findall(_SIGN.sub(" ", text)))


def reading_minutes(text: str) -> int:
    """Return the minutes that a text takes to read: 230 words, or 500 Chinese or Japanese signs, a minute."""
    signs = len(_SIGN.findall(text))
    minutes = signs / _SIGNS_A_MINUTE + (word_count(text) - signs) / _WORDS_A_MINUTE
    return max(1, round(minutes)) if minutes else 0

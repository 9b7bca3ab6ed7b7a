"""A text as voice measures it: words and sentences, without what its author did not write as prose."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, pairwise

from core.markdown_text import plain
from memory.voice.function_words import INDEX

CODE = "CODE"
"""What stands for inline code: a word was there, but not one of the author's voice."""

ENGLISH_SHARE = 0.23
"""Of English texts of 20 words, 99 in 100 have a larger share of function words; no Spanish or Portuguese one has."""

_NOT_PROSE = re.compile(
    r"^[ \t]*(```|~~~)[^\0]*?^[ \t]*\1[ \t]*$"  # code
    r"|^ {4,}(?![-*+\d>])\S.*$"  # code by indent
    r"|^[ \t]*(?:#{1,6}[ \t].*|>.*|\|.*)$"  # headings, quotations, tables
    r"|!\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])|<img\b[^>]*>",  # pictures
    re.MULTILINE,
)
_INLINE_CODE = re.compile(r"`+[^`\n]+`+|<code>[^<\n]*</code>")
_ITEM = re.compile(r"^[ \t]*(?:-|\d+[.)])[ \t]+", re.MULTILINE)
_WRAPPED = re.compile(
    r"\n(?=[ \t]*[^\s>*+#|`~=-])(?![ \t]*\d+[.)])(?:(?<=[^\n]{45}\n)|(?<=\S\n)(?=[ \t]*[^\W_A-Z0-9]))[ \t]*"
)
_URL = re.compile(r"https?://\S*[^\s.,;:!?)\]]|www\.\S+")
_SPEAKER = re.compile(r"^[ \t]*([A-Z][\w.'’ -]{0,40}?)(?:[ \t]*\[[\d:.]+\])?[ \t]*:[ \t]+", re.MULTILINE)

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]]*\s+(?=[\"'“‘(\[]*[^\Wa-z_])|(?<=[。！？])|\n+")
_ABBREVIATED = re.compile(r"\b(?:e\.g|i\.e|vs|fig|approx|Mr|Ms|Mrs|Dr|St|[A-HJ-Z])\.$")
_CJK = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_CJK}]|[^\W\d_]+(?:'[^\W\d_]+)*|\d+(?:[.,:]\d+)*")


def written(body: str) -> str:
    """Return the prose of a Markdown or plain text: no code, headings, quotations, tables, marks or speakers' names.

    Lines that were wrapped for width become one again; a line that ends early on purpose (a short post) stays.
    """
    text = _NOT_PROSE.sub("", body.replace("\r\n", "\n"))
    text = plain(_INLINE_CODE.sub(CODE, text))
    return _without_speakers(_URL.sub("", _ITEM.sub("", _WRAPPED.sub(" ", text)))).strip()


def _without_speakers(text: str) -> str:
    names = Counter(match[1] for match in _SPEAKER.finditer(text))
    speakers = {name for name, lines in names.items() if lines >= 3}
    if not speakers:
        return text
    return _SPEAKER.sub(lambda match: "" if match[1] in speakers else match[0], text)


def common_lines(texts: Sequence[str]) -> frozenset[str]:
    """Return the lines that stand in many of these texts (at least three, and one in twenty): boilerplate."""
    counts = Counter(line for text in texts for line in {line.strip() for line in text.split("\n")} if line)
    return frozenset(line for line, times in counts.items() if times >= max(3, len(texts) / 20) and " " in line)


def without_lines(text: str, lines: frozenset[str]) -> str:
    """Return a text without the lines that are boilerplate."""
    return "\n".join(line for line in text.split("\n") if line.strip() not in lines) if lines else text


def sentences(text: str) -> list[str]:
    """Cut prose into sentences; a line end closes one too, an abbreviation doesn't."""
    found: list[str] = []
    joins = False
    for piece in _SENTENCE_END.split(text):
        if piece and not piece.isspace():
            if joins:
                found[-1] += " " + piece
            else:
                found.append(piece.strip())
            joins = _ABBREVIATED.search(piece) is not None
    return found


def words(text: str) -> list[str]:
    """Return a text's words, numbers among them, as they are written; a CJK character counts as one."""
    return _WORD.findall(text.replace("’", "'"))


def is_english(lower_words: Sequence[str]) -> bool:
    """Say whether enough of a text's words are among English's function words."""
    return sum(word in INDEX for word in lower_words) >= ENGLISH_SHARE * max(1, len(lower_words))


@dataclass(frozen=True)
class Prose:
    """Prose cut into sentences and words, counted once for all features."""

    lines: tuple[str, ...]  # the sentences as they are written; what holds no word is left out
    sentences: tuple[tuple[str, ...], ...]  # the words of each

    @classmethod
    def of(cls, text: str) -> "Prose":
        """Cut prose that was already cleaned by `written`."""
        cut = [(line, tuple(words(line))) for line in sentences(text)]
        return cls(tuple(line for line, found in cut if found), tuple(found for _, found in cut if found))

    def slice(self, start: int, end: int) -> "Prose":
        """Return the sentences from `start` up to `end`."""
        return Prose(self.lines[start:end], self.sentences[start:end])

    @cached_property
    def text(self) -> str:
        """The sentences, one on a line."""
        return "\n".join(self.lines)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All words as they are written."""
        return tuple(chain.from_iterable(self.sentences))

    @cached_property
    def lower(self) -> tuple[str, ...]:
        """All words in lower case."""
        return tuple(map(str.lower, self.words))

    @cached_property
    def cased(self) -> Counter[str]:
        """How often each word stands in the text, as it is written."""
        return Counter(self.words)

    @cached_property
    def counts(self) -> Counter[str]:
        """How often each lower-case word stands in the text."""
        return Counter(self.lower)

    @cached_property
    def pairs(self) -> Counter[tuple[str, str]]:
        """How often two lower-case words follow each other."""
        return Counter(pairwise(self.lower))

    @cached_property
    def starts(self) -> Counter[str]:
        """How often a sentence begins with a lower-case word."""
        return Counter(sentence[0].lower() for sentence in self.sentences)

"""Variants of one draft: the part that differs, and a text with another part there and every other word the same."""

import re
from collections.abc import Collection
from typing import NamedTuple

from core import threads
from core.channels import Channel
from core.drafts import Content, Dimension
from core.links import links_in
from core.sentences import split

SHORT_OPENING = 2  # sentences: a first paragraph of so many is the hook as a whole
_BLOCKS = re.compile(r"\n[ \t]*\n+")
_BREAK = "\n\n---\n\n"
_ONLY_TAGS = re.compile(r"^\s*(?:[#＃]\w+[ \t]*)+$")
_QUOTES = ("“", '"', "„", "«", "‘")
_PAIRS = (("“", "”"), ("(", ")"), ("«", "»"))


class Part(NamedTuple):
    """The part of a draft that a variant replaces: which field, and where in it. Empty: it would be put there."""

    field: str
    start: int
    end: int
    text: str


class Parted(NamedTuple):
    """A text as units that may go without breaking what is left: blocks of sentences, blocks, or posts of a thread."""

    blocks: tuple[tuple[str, ...], ...]
    joint: str  # what stands between two blocks

    @property
    def units(self) -> tuple[str, ...]:
        """Return every unit in order."""
        return tuple(unit for block in self.blocks for unit in block)

    def keeping(self, numbers: Collection[int]) -> str:
        """Return the text with only these units (from 1), the others gone with their blank space."""
        kept, number = [], 0
        for block in self.blocks:
            left = [unit for place, unit in enumerate(block, number + 1) if place in numbers]
            number += len(block)
            kept += [" ".join(left)] if left else []
        return self.joint.join(kept)


def part_of(place: Channel, content: Content, dimension: Dimension) -> Part:
    """Return the hook (a subject or title where there is one, else how the text begins), or the call to action."""
    if dimension == "cta":
        return _closing(content.text)
    for field in ("subject", "title"):
        if field in place.fields and (value := getattr(content, field)):
            return Part(field, 0, len(value), value)
    return _opening(place, content.text)


def with_part(content: Content, part: Part, words: str) -> Content:
    """Return the content with other words in the part's place."""
    old = getattr(content, part.field)
    if part.start == part.end and words:  # a new paragraph
        words = f"{words}\n\n" if old[part.end :].strip() else f"\n\n{words}"
    new = f"{old[: part.start]}{words}{old[part.end :]}"
    tidy = re.sub(r"\n{3,}", "\n\n", new).strip() if part.field == "text" else new.strip()
    made = content.model_copy(update={part.field: tidy})
    return made.model_copy(update={"links": tuple(links_in(made.text))})


def parted(place: Channel, text: str) -> Parted:
    """Return the text's units: posts of a thread, blocks of Markdown, sentences of a post."""
    posts = threads.posts(place, text)
    if len(posts) > 1:
        return Parted(tuple((post.text,) for post in posts), _BREAK)
    blocks = _BLOCKS.split(text.strip())
    if place.markdown:
        return Parted(tuple((block,) for block in _together(blocks)), "\n\n")
    return Parted(tuple(_sentences(block) for block in blocks), "\n\n")


def _opening(place: Channel, text: str) -> Part:
    first = threads.posts(place, text)[0]
    block = _BLOCKS.split(first.text)[0]
    said = split(block)
    whole = len(said) <= SHORT_OPENING and block != first.text
    end = first.start + (len(block) if whole or not said else _whole_end(block, [each.end for each in said]))
    return Part("text", first.start, end, text[first.start : end])


def _whole_end(block: str, ends: list[int]) -> int:
    """Return where an opening ends: behind its first sentence, but never within a quotation or before whose it is."""
    if block.startswith(_QUOTES):
        return len(block)
    return next((end for end in ends if not _open(block[:end])), len(block))


def _closing(text: str) -> Part:
    """Return the last paragraph that carries a link, before a line of hashtags; else the place where it would be."""
    end = len(text.rstrip())
    blocks = [*_BLOCKS.finditer(text[:end])]
    edges = [0, *(each.end() for each in blocks)]
    if _ONLY_TAGS.match(text[edges[-1] : end]) and len(edges) > 1:
        end, edges = blocks[-1].start(), edges[:-1]
        last = text[edges[-1] : end]
        at = blocks[-1].end()
    else:
        last, at = text[edges[-1] : end], end
    if links_in(last) and len(edges) > 1:
        return Part("text", edges[-1], end, last)
    return Part("text", at, at, "")


def _together(blocks: list[str]) -> list[str]:
    """Keep a heading with what stands under it, and a line that introduces with what it introduces."""
    kept: list[str] = []
    for block in blocks:
        if kept and (kept[-1].rstrip().endswith(":") or kept[-1].rpartition("\n")[2].startswith("#")):
            kept[-1] = f"{kept[-1]}\n\n{block}"
        else:
            kept.append(block)
    return kept


def _sentences(block: str) -> tuple[str, ...]:
    """Return a block's sentences; one that opens a quotation stays with those up to its end."""
    units: list[str] = []
    for said in split(block):
        if units and (_open(units[-1]) or units[-1].endswith(":")):
            units[-1] = f"{units[-1]} {said.text}"
        else:
            units.append(said.text)
    return tuple(units) if " ".join(units) == block else (block,)


def _open(text: str) -> bool:
    return any(text.count(left) > text.count(right) for left, right in _PAIRS) or text.count('"') % 2 == 1

"""Find what a rule would rewrite, and carry it out so that what is left reads well."""

from collections.abc import Callable, Iterable

import regex

from core import sentences
from core.edits.change import Rewrite
from core.edits.guard import Spans, free, guarded, quoted

Find = Callable[[str], list[Rewrite]]

_ENDS = regex.compile(r"[ \t]*(?:[.!?;:)]|\n|$)")
_BLANK_LINES = regex.compile(r"\n{3,}")
_SPACE_AT_END = regex.compile(r"[ \t]+(?=\n|$)")
_STARTS = regex.compile(r"(?:^|\n|[.!?…][\"”’)]*\s)[ \t]*(?:[-*•#>]+[ \t]+)?$")


def swaps(
    pattern: "regex.Pattern[str]", new: Callable[["regex.Match[str]"], str | None], *, words: bool = True
) -> Find:
    """Return what finds a pattern outside what is guarded (without `words`: outside quotes, links and code only)."""

    def find(text: str) -> list[Rewrite]:
        spans = _spans(text, words)
        matches = [match for match in pattern.finditer(text) if free(spans, *match.span())]
        found = [(match, new(match)) for match in matches]
        return [Rewrite(*match.span(), value) for match, value in found if value is not None]

    return find


def _spans(text: str, words: bool) -> Spans:
    return guarded(text) if words else quoted(text)


def cuts(pattern: "regex.Pattern[str]", *, words: bool = False) -> Find:
    """Return what finds a pattern to be cut, with the comma that only it needed."""
    found = swaps(pattern, lambda _: "", words=words)
    return lambda text: [_with_comma(text, each) for each in found(text)]


def _with_comma(text: str, cut: Rewrite) -> Rewrite:
    """A word between commas takes both with it, one at the beginning or the end the one that it has."""
    behind = text[cut.end : cut.end + 1] == ","
    ahead = text[: cut.start].rstrip(" ")
    if ahead.endswith(",") and _ENDS.match(text, cut.end):
        return Rewrite(len(ahead) - 1, cut.end, "")
    if behind and (ahead.endswith(",") or starts_sentence(text, cut.start)):
        start = len(ahead) - 1 if ahead.endswith(",") else cut.start
        return Rewrite(start, cut.end + 1, "")
    return cut


def starts_sentence(text: str, at: int) -> bool:
    """Say whether a sentence begins at a place."""
    return _STARTS.search(text, 0, at) is not None


def same_case(model: str, word: str) -> str:
    """Return a word with a capital where the word that it replaces has one; `I` keeps its own."""
    if model[:1].isupper() and not model.startswith(("I ", "I'", "I’")) and model != "I":
        return word[:1].upper() + word[1:]
    return word


def carried_out(text: str, rewrites: Iterable[Rewrite]) -> str:
    """Return the text with the rewrites made, from the last to the first; of two that overlap, the first is made."""
    kept: list[Rewrite] = []
    for each in sorted(set(rewrites)):
        if not kept or each.start >= kept[-1].end:
            kept.append(each)
    for each in reversed(kept):
        text = _carry_out(text, each)
    return _tidy(text) if kept else text


def _carry_out(text: str, rewrite: Rewrite) -> str:
    start, end, new = rewrite
    if new:
        opens = new.rstrip()[-1:] in (".", "!", "?", "…") and new.endswith(" ")
        rest = text[end:]
        return text[:start] + new + (rest[:1].upper() + rest[1:] if opens else rest)
    fresh = starts_sentence(text, start)
    head, rest = text[:start], text[end:]
    if rest[:1] in (" ", "") or rest[:1] in ",.;:!?)\n":
        head = head.rstrip(" ") if not _at_line_start(head) or rest[:1] != " " else head
        rest = rest.lstrip(" ") if _at_line_start(head) else rest
    return head + (rest[:1].upper() + rest[1:] if fresh else rest)


def _at_line_start(head: str) -> bool:
    return not head or head.endswith("\n")


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", _SPACE_AT_END.sub("", text)).strip()


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [part.strip() for part in regex.split(r"\n\s*\n", text) if part.strip()]


def body_sentences(text: str) -> list[sentences.Span]:
    """Return the sentences that say something, without lines of links and hashtags alone."""
    return [span for span in sentences.split(text) if is_said(span.text)]


def is_said(sentence: str) -> bool:
    """Say whether a sentence has words of its own, beside links and hashtags."""
    bare = regex.sub(r"https?://\S+|[#＃@]\w+", "", sentence)
    return regex.search(r"\p{L}{2}", bare) is not None

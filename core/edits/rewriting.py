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
_BACK = 200  # characters before a place that say whether a sentence begins there
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
    ahead = _without_spaces(text, cut.start)
    follows_comma = text[ahead - 1 : ahead] == ","
    if follows_comma and _ENDS.match(text, cut.end):
        return Rewrite(ahead - 1, cut.end, "")
    if behind and (follows_comma or starts_sentence(text, cut.start)):
        return Rewrite(ahead - 1 if follows_comma else cut.start, cut.end + 1, "")
    return cut


def starts_sentence(text: str, at: int) -> bool:
    """Say whether a sentence begins at a place."""
    return _STARTS.search(text, max(0, at - _BACK), at) is not None


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
    rest = _Rest(text)
    for each in reversed(kept):
        _carry_out(text, each, rest)
    return _tidy(rest.whole()) if kept else text


class _Rest:
    """A text that is rewritten from its end: `head` characters stand as they were, what follows is in pieces.

    A text of fifty thousand rewrites would be copied as often, were it put together after each.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self.head = len(text)
        self._pieces: list[str] = []  # the last one comes first

    def back_to(self, end: int) -> None:
        """Take what stands between `end` and the head's end into the pieces."""
        self.put(self._text[end : self.head])
        self.head = min(self.head, end)

    def put(self, piece: str) -> None:
        """Put a piece before the others."""
        if piece:
            self._pieces.append(piece)

    def first(self) -> str:
        """Return the first character that follows; empty at the end."""
        return self._pieces[-1][0] if self._pieces else ""

    def raise_first(self) -> None:
        """Give what follows a capital, behind its spaces."""
        if self._pieces:
            piece = self._pieces.pop()
            at = len(piece) - len(piece.lstrip(" "))
            self.put(piece[:at] + piece[at : at + 1].upper() + piece[at + 1 :])

    def strip(self) -> None:
        """Take the spaces off the front of what follows."""
        while self.first() == " ":
            self.put(self._pieces.pop().lstrip(" "))

    def whole(self) -> str:
        """Return the text as it is now."""
        return self._text[: self.head] + "".join(reversed(self._pieces))


def _carry_out(text: str, rewrite: Rewrite, rest: _Rest) -> None:
    start, end, new = rewrite
    rest.back_to(end)
    if new:
        if new.rstrip()[-1:] in (".", "!", "?", "…") and new.endswith(" "):
            rest.raise_first()
        rest.put(new)
        rest.head = start
        return
    fresh, head = starts_sentence(text, start), start
    if rest.first() in ("", *" ,.;:!?)\n"):
        if not _at_line_start(text, head) or rest.first() != " ":
            head = _without_spaces(text, head)
        if _at_line_start(text, head):
            rest.strip()
    rest.head = min(rest.head, head)
    if fresh:
        rest.raise_first()


def _at_line_start(text: str, at: int) -> bool:
    return at == 0 or text[at - 1] == "\n"


def _without_spaces(text: str, at: int) -> int:
    while at > 0 and text[at - 1] == " ":
        at -= 1
    return at


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

"""Edits of a draft's text that need no understanding: dropping, shortening, replacing; what is left stays whole."""

import re
from collections.abc import Callable

from core.hashtags import find
from core.links import find as find_links
from core.sentences import split

_EMOJI = re.compile(r"[\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\u200d\U0001f000-\U0001faff]+")
_EMPTY_QUOTE = re.compile(r"[“\"]\s*[”\"]")
_CLOSING = '”"’)'


def paragraphs(text: str) -> list[str]:
    """Return the paragraphs of a text."""
    return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]


def without_sentences(text: str, unwanted: Callable[[str], bool]) -> str:
    """Return the text without the sentences that `unwanted` names, and without what only led to them."""
    kept: list[str] = []
    for paragraph in paragraphs(text):
        left = _without(paragraph, unwanted)
        if left:
            kept.append(left)
        elif paragraph.startswith(">") and kept and kept[-1].endswith(":"):
            kept.pop()  # the line that introduced the quote
    return "\n\n".join(_without_bare_headings(kept))


def shorter(text: str) -> str:
    """Return the text with its least needed part dropped; unchanged where only its first sentence is left."""
    parts = paragraphs(text)
    content = [place for place, part in enumerate(parts) if not _is_tail(part) and not part.startswith("#")]
    long = [place for place in content if len(split(parts[place])) > 1]
    if long:
        place = max(long, key=lambda each: len(parts[each]))
        parts[place] = _without_last(parts[place])
        return "\n\n".join(parts)
    if len(content) > 1:
        last = content[-1]
        introduced = parts[last].startswith(">") and parts[last - 1].endswith(":")
        del parts[last - 1 if introduced else last : last + 1]
        return "\n\n".join(_without_bare_headings(parts))
    return without_hashtags(text)


def without_hashtags(text: str, keep: int = 0) -> str:
    """Return the text with its first `keep` hashtags only."""
    for tag in reversed(find(text)[keep:]):
        text = text[: tag.start] + text[tag.end :]
    return _tidy(text)


def without_links(text: str) -> str:
    """Return the text without bare links, and without the paragraph that only led to one."""
    parts = []
    for part in paragraphs(text):
        left = part
        for link in reversed(find_links(part, bare=False)):
            if left[: link.start].endswith("]("):
                continue  # a Markdown link keeps its words' target
            left = left[: link.start] + left[link.end :]
        if left.strip() and not (left != part and left.strip().endswith(":")):
            parts.append(left)
    return _tidy("\n\n".join(parts))


def without_emoji(text: str) -> str:
    """Return the text without emoji and pictographs."""
    return _tidy(_EMOJI.sub("", text))


def replaced(text: str, old: str, new: str) -> str:
    """Return the text with `old` replaced by `new`, whatever the case it stands in."""
    return re.sub(re.escape(old), lambda _: new, text, flags=re.IGNORECASE)


def before_tail(text: str, addition: str) -> str:
    """Return the text with a paragraph added before the link and hashtags at its end."""
    parts = paragraphs(text)
    place = len(parts)
    while place > 1 and _is_tail(parts[place - 1]):
        place -= 1
    return "\n\n".join([*parts[:place], addition, *parts[place:]])


def _without(paragraph: str, unwanted: Callable[[str], bool]) -> str:
    mark = "> " if paragraph.startswith(">") else ""
    spans = split(paragraph)
    if not any(unwanted(span.text) for span in spans):
        return paragraph
    left = " ".join(span.text for span in spans if not unwanted(span.text))
    opened, closed = left.count("“"), left.count("”")
    if opened > closed:
        left += "”"
    elif closed > opened:
        left = left.replace("”", "", closed - opened)
    left = _EMPTY_QUOTE.sub("", left).strip()
    return "" if not left or left.endswith(":") else mark + left


def _without_last(paragraph: str) -> str:
    spans = split(paragraph)
    last = spans[-1].text
    return _without(paragraph, lambda sentence: sentence == last) or paragraph


def _without_bare_headings(parts: list[str]) -> list[str]:
    """Drop headings that nothing follows."""
    return [
        part
        for place, part in enumerate(parts)
        if not part.startswith("#") or find(part) or (place + 1 < len(parts) and not parts[place + 1].startswith("## "))
    ]


def _is_tail(part: str) -> bool:
    """Say whether a paragraph is only hashtags, a link, or a list of links."""
    words = part.split()
    marks = sum(word.startswith(("#", "http", "- [", "[")) for word in words)
    return bool(words) and (
        marks == len(words) or part.startswith("- ") or (part.count("http") == 1 and len(words) < 7)
    )


def _tidy(text: str) -> str:
    text = re.sub(r"[ \t]{2,}", " ", text)
    text = re.sub(r"[ \t]+([.,;:!?])", r"\1", text)
    text = re.sub(r"[ \t]+\n", "\n", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip()

"""Titles and summaries out of a draft: one line each, whatever it holds."""

import re

from core.drafts import Content
from publishing.wire.markdown import to_plain

LONGEST_SUMMARY = 200
LONGEST_TITLE = 80
_FIRST_HEADING = re.compile(r"\A\s*#[ \t]+([^\n]+?)[ \t#]*(?:\n|\Z)")


def title_of(content: Content) -> str:
    """Return the draft's title, else its first heading, else the start of its text: one line, no control characters."""
    heading = _FIRST_HEADING.match(content.text)
    found = content.title.strip() or (heading.group(1) if heading else "") or _opening(content.text)
    return one_line(found)


def without_own_title(text: str, title: str) -> str:
    """Return the text without a first heading that repeats the title: the page shows it already."""
    heading = _FIRST_HEADING.match(text)
    return text[heading.end() :] if heading and heading.group(1).strip().casefold() == title.casefold() else text


def shortened(text: str, most: int) -> str:
    """Return the text, cut after a word, with an ellipsis where it was cut."""
    if len(text) <= most:
        return text
    cut = text[:most]
    return (cut.rpartition(" ")[0] or cut).rstrip(" ,;:.–—-") + "…"


def one_line(text: str) -> str:
    """Return the text on one line, without control characters: no header, no attribute can be smuggled in."""
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()


def _opening(text: str) -> str:
    return shortened(to_plain(text.strip().partition("\n\n")[0]), LONGEST_TITLE)

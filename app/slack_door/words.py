"""Text as Slack takes it: nothing in it becomes a mention or a link, and what is too long is cut, never lost."""

import re
from collections.abc import Iterable
from html import unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_sdk.errors import SlackApiError

SECTION = 2900
"""Characters of one text, safely under Slack's 3,000: escaping is counted in."""

HEADER, BUTTON, VALUE, FALLBACK = 150, 75, 2000, 2900
"""Slack's limits of a header, of a button's word and its value; and ours of the words that a notification shows."""

ALT, ALT_OF_FILE = 2000, 300
"""And of a picture's words: in a block; and with its file, where they travel in an address (Slack takes 1,000)."""

_SPOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_BREAKS = ("\n\n", "\n", " ")


def escaped(text: str) -> str:
    """Return a text as mrkdwn that shows it: `<!channel>`, links and mentions in it stay letters."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(url: str, label: str) -> str:
    """Return a link to one of our pages or a work's own address; only its label where that is no plain web address."""
    safe = re.fullmatch(r"https?://[^\s<>|\"]+", url)
    return f"<{url.replace('&', '&amp;')}|{escaped(label).replace('|', '/')}>" if safe else escaped(label)


def pieces(text: str, most: int = SECTION) -> list[str]:
    """Return a text in parts of at most `most` characters; joined they are the text. Cut where people pause."""
    found = []
    while len(text) > most:
        end = max((_after(text, mark, most) for mark in _BREAKS), key=lambda each: each if each > most // 2 else 0)
        end = end if end > most // 2 else most
        found.append(text[:end])
        text = text[end:]
    return [*found, text] if text else found


def _after(text: str, mark: str, most: int) -> int:
    place = text.rfind(mark, 0, most)
    return place + len(mark) if 0 <= place <= most - len(mark) else 0


def escaped_pieces(text: str, most: int = SECTION) -> list[str]:
    """Return a text escaped, in parts of at most `most` characters that never cut an entity."""
    found = []
    for piece in pieces(text, most):
        whole = escaped(piece)
        found += [whole] if len(whole) <= most else [escaped(each) for each in pieces(piece, most // 5)]
    return found


def cut(text: str, most: int) -> str:
    """Return the beginning of a text where only a glimpse is meant; the whole of it stands elsewhere."""
    return text if len(text) <= most else text[: most - 1] + "\u2026"


def spoken(text: str) -> str:
    """Return what a person typed: Slack wraps links and mentions, and escapes three characters."""
    return unescape(_SPOKEN.sub(_plain, text)).strip()


def _plain(found: "re.Match[str]") -> str:
    what, label = found.group(1), found.group(2)
    if what.startswith(("@", "#", "!")):
        return f"{what[0]}{label}" if label and what[0] != "!" else what
    return what.removeprefix("mailto:") if label is None or label in what else f"{label} ({what})"


def answer(text: str) -> str:
    """Return the agent's Markdown as mrkdwn: bold and headings are kept, all else stays letters; no link is made."""
    plain = escaped(text)
    plain = re.sub(r"(?m)^#{1,6}\s+(.+)$", r"*\1*", plain)
    return re.sub(r"\*\*([^*\n]+)\*\*", r"*\1*", plain)


def refusal(error: "SlackApiError") -> str:
    """Return Slack's own word for what it refused; empty where no such word came: a gateway's page, a broken answer."""
    try:
        return str(error.response.get("error") or "")
    except (AttributeError, ValueError):
        return ""


def lines(parts: Iterable[str]) -> str:
    """Return the parts that say something, one a line."""
    return "\n".join(part for part in parts if part)

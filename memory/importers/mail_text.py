"""What a newsletter says: its HTML or plain text, without what the sending service puts around it."""

import re
from email.message import EmailMessage, Message
from typing import NamedTuple

from memory.importers.markup import prose, soup

_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|max-height\s*:\s*0(?:px)?\s*(?:;|$)"
)
_ONLINE = (
    r"view (?:this (?:email|post|message) )?(?:in|on) (?:your browser|the web)|"
    r"read (?:it |this )?(?:online|in (?:the )?app)|im browser (?:ansehen|öffnen)"
)
_ABOVE = re.compile(_ONLINE, re.IGNORECASE)
_BELOW = re.compile(
    rf"{_ONLINE}|\bunsubscribe\b|manage (?:your )?(?:email )?(?:preferences|subscription)|update your (?:email )?"
    r"preferences|you(?:['’]re| are) (?:receiving|getting) this|you received this|abmelden|abbestellen|se désabonner|"
    r"me désinscrire|darse de baja|cancelar (?:la )?suscripción|avmeld|uitschrijven|annulla l['’]iscrizione",
    re.IGNORECASE,
)
_LAST, _FIRST, _LONG = 8, 3, 80  # blocks from the end and the start that may be furniture; words of a real paragraph


class Said(NamedTuple):
    """A message's text, and what was left out of it."""

    body: str
    left_out: tuple[str, ...] = ()


def text_of_message(message: EmailMessage) -> Said:
    """Return the words of a newsletter: of the HTML part if there is one, else of the plain part."""
    part = message.get_body(preferencelist=("html", "plain"))
    if part is None:
        return Said("")
    content = _content(part)
    if part.get_content_subtype() == "html":
        blocks = _blocks_of_html(content)
    else:
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        blocks = _blocks_of_text(content, flowed=flowed)
    return _without_furniture(blocks)


def _content(part: Message) -> str:
    """Decode a part; an unknown charset is read as UTF-8, else as Western European."""
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    for charset in (part.get_content_charset() or "utf-8", "utf-8", "cp1252"):
        try:
            return data.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1")


def _blocks_of_html(content: str) -> list[str]:
    try:
        page = soup(content)
    except ValueError:
        return []
    for hidden in page.find_all(style=_HIDDEN):
        if not hidden.decomposed:
            hidden.decompose()
    blocks = prose(page.body or page).split("\n\n")
    return [block for block in blocks if block.strip(" |\u200b\u200c\u00ad\u034f\u2007\ufeff\u00a0")]


def _blocks_of_text(content: str, *, flowed: bool) -> list[str]:
    text = content.replace("\r\n", "\n")
    text = re.split(r"^-- $", text, maxsplit=1, flags=re.MULTILINE)[0]  # the signature
    if flowed:
        text = re.sub(r"(?<=[^\n]) \n(?=[^\n])", " ", text)
    return [block.strip("\n") for block in re.split(r"\n[ \t]*\n", text) if block.strip()]


def _without_furniture(blocks: list[str]) -> Said:
    """Cut what stands before and after the letter: short blocks on browsers, subscriptions and preferences."""
    start = next((n + 1 for n in reversed(range(min(_FIRST, len(blocks)))) if _is(_ABOVE, blocks[n])), 0)
    end = next((n for n in range(max(start, len(blocks) - _LAST), len(blocks)) if _is(_BELOW, blocks[n])), len(blocks))
    if end <= start:  # all of it: then it is what was written
        return Said("\n\n".join(blocks))
    left = (("a line above the letter",) if start else ()) + (("the footer",) if end < len(blocks) else ())
    return Said("\n\n".join(blocks[start:end]), left)


def _is(kind: re.Pattern[str], block: str) -> bool:
    return len(block.split()) <= _LONG and bool(kind.search(block))

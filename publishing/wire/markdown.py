"""A draft's Markdown as safe HTML: raw HTML is shown, never run; links go to http, https and mailto only."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from core import links

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore
    from markdown_it.token import Token

_SAFE = re.compile(r"(https?://|mailto:)", re.IGNORECASE)


def to_html(text: str) -> str:
    """Return the text's HTML: headings start at h2, a picture from elsewhere becomes a link (no outside requests)."""
    html: str = _renderer().render(text)
    return html


def to_plain(text: str) -> str:
    """Return the words of the paragraphs on one line, for summaries; of everything where there is no paragraph."""
    tokens = _renderer().parse(text)
    blocks = list(pairwise(tokens))
    paragraphs = [inline for opening, inline in blocks if opening.type == "paragraph_open" and not opening.hidden]
    found = paragraphs or [token for token in tokens if token.type == "inline"]
    return re.sub(r"\s+", " ", " ".join("".join(_words(token.children or [])) for token in found)).strip()


def safe_link(url: str) -> bool:
    """Say whether a link may stand on a page."""
    return bool(_SAFE.match(url.strip()))


def _words(tokens: Sequence["Token"]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "


@cache
def _renderer() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    md = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    md.validateLink = safe_link  # type: ignore[method-assign]
    md.core.ruler.push("bare_links", _link_bare_urls)
    md.core.ruler.push("lower_headings", _lower_headings)
    md.core.ruler.push("picture_links", _link_pictures)
    return md


def _lower_headings(state: "StateCore") -> None:
    """The page has its own h1; a draft that uses h1 moves down by one."""
    headings = [token for token in state.tokens if token.type in ("heading_open", "heading_close")]
    if any(token.tag == "h1" for token in headings):
        for token in headings:
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"


def _link_pictures(state: "StateCore") -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = [new for token in block.children for new in _picture_as_link(token)]


def _picture_as_link(token: "Token") -> list["Token"]:
    if token.type != "image":
        return [token]
    return _link(str(token.attrGet("src") or ""), token.content or "picture")


def _link_bare_urls(state: "StateCore") -> None:
    for block in state.tokens:
        if block.type == "inline" and block.children:
            block.children = list(_with_links(block.children))


def _with_links(tokens: Sequence["Token"]) -> Iterator["Token"]:
    inside = 0
    for token in tokens:
        inside += {"link_open": 1, "link_close": -1}.get(token.type, 0)
        if token.type == "text" and not inside:
            yield from _split(token.content)
        else:
            yield token


def _split(text: str) -> Iterator["Token"]:
    end = 0
    for link in links.find(text, bare=False):
        yield from _text(text[end : link.start])
        yield from _link(link.url, link.text)
        end = link.end
    yield from _text(text[end:])


def _text(content: str) -> list["Token"]:
    from markdown_it.token import Token

    return [Token("text", "", 0, content=content)] if content else []


def _link(href: str, label: str) -> list["Token"]:
    from markdown_it.token import Token

    return [Token("link_open", "a", 1, attrs={"href": href}), *_text(label), Token("link_close", "a", -1)]

"""From HTML to the text that a person reads: paragraphs, headings, lists and quotes, as light Markdown."""

import html
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PageElement

_DROPPED = re.compile(
    "script|style|noscript|template|head|nav|footer|aside|form|button|select|iframe|object|svg|math|canvas"
)
_BLOCKS = re.compile(
    "address|article|blockquote|body|dd|details|div|dl|dt|fieldset|figcaption|figure|h[1-6]|header|hr|html|li|main|ol|p|"
    "pre|section|summary|table|tr|ul"
)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*>?")


def soup(text: str) -> "BeautifulSoup":
    """Parse a document or a fragment; ValueError when the parser gives up."""
    from bs4 import BeautifulSoup
    from bs4.exceptions import ParserRejectedMarkup

    markup = _DECLARATION.sub("", text) if "<" in text else f"<p>{text}</p>"  # bare words could be taken for an address
    try:
        return BeautifulSoup(markup, "lxml")
    except (ParserRejectedMarkup, AssertionError, RecursionError) as error:
        raise ValueError(f"is HTML that can't be parsed ({error})") from None


def text_of(fragment: str) -> str:
    """Return the readable text of an HTML fragment; plain text passes through with its entities resolved."""
    if "<" not in fragment:
        return html.unescape(fragment)
    try:
        return prose(soup(fragment))
    except ValueError:
        return ""


def pictures_in(fragment: str) -> dict[str, Any]:
    """Return how many pictures a fragment shows, and their alt texts, as raw facts; nothing for one without."""
    if "<img" not in fragment.lower():
        return {}
    try:
        return pictures(soup(fragment))
    except ValueError:
        return {}


def pictures(root: "Tag") -> dict[str, Any]:
    """Return how many pictures there are below `root`, and their alt texts; emoji and counting pixels are none."""
    shown = [image for image in root.find_all("img") if not _is_furniture(image)]
    alt = [" ".join(text.split()) for image in shown if isinstance(text := image.get("alt"), str) and text.strip()]
    return {"pictures": len(shown), "alt texts": alt} if shown else {}


def _is_furniture(image: "Tag") -> bool:
    classes = image.get_attribute_list("class")
    return "1" in (image.get("width"), image.get("height")) or bool({"emoji", "wp-smiley"} & set(classes))


def prose(root: "Tag") -> str:
    """Return the text below `root`, blocks separated by blank lines.

    Scripts, styles, navigation, asides, footers and hidden parts are left out.
    """
    page = _Page()
    stack: list[tuple[PageElement, bool]] = [(root, False)]
    while stack:  # not recursive: pages may be nested deeper than Python's own stack
        node, closing = stack.pop()
        if closing:
            page.close(node)
        elif page.open(node):
            stack.append((node, True))
            stack += [(child, False) for child in reversed(_children(node))]
    page.flush()
    return "\n\n".join(page.blocks)


def _children(node: "PageElement") -> "list[PageElement]":
    return list(getattr(node, "contents", []))


class _Page:
    """The text so far: finished blocks, and the runs of the block that is open."""

    def __init__(self) -> None:
        self.blocks: list[str] = []
        self._runs: list[str] = []
        self._mark = ""  # what the next block begins with: "- ", "## "
        self._quotes = 0
        self._verbatim = 0

    def open(self, node: "PageElement") -> bool:
        """Take a node in; say whether its children follow."""
        from bs4.element import NavigableString, Tag

        if type(node) is NavigableString:
            self._runs.append(str(node) if self._verbatim else re.sub(r"\s+", " ", str(node)))
        if not isinstance(node, Tag):
            return False
        if _DROPPED.fullmatch(node.name) or node.has_attr("hidden"):
            return False
        self._begin(node)
        return True

    def _begin(self, node: "Tag") -> None:
        if _BLOCKS.fullmatch(node.name):
            self.flush()
        if node.name == "br":
            self._runs.append("\n")
        elif node.name in ("td", "th") and "".join(self._runs).strip():
            self._runs.append(" | ")
        elif node.name == "li":
            self._mark = "- "
        elif re.fullmatch("h[1-6]", node.name):
            self._mark = "#" * int(node.name[1]) + " "
        self._quotes += node.name == "blockquote"
        self._verbatim += node.name == "pre"

    def close(self, node: "PageElement") -> None:
        """End a node: a block ends its text."""
        name = getattr(node, "name", None) or ""
        if _BLOCKS.fullmatch(name):
            self.flush()
            self._mark = "" if name == "li" or re.fullmatch("h[1-6]", name) else self._mark
        self._quotes -= name == "blockquote"
        self._verbatim -= name == "pre"

    def flush(self) -> None:
        """Finish the open block, if it holds anything."""
        text = "".join(self._runs)
        self._runs = []
        text = text.strip("\n") if self._verbatim else re.sub(r" *\n *", "\n", re.sub(r"[ \t]{2,}", " ", text)).strip()
        if not text.strip():
            return
        text, self._mark = self._mark + text, ""
        quote = "> " * self._quotes
        self.blocks.append("\n".join(quote + one for one in text.split("\n")) if quote else text)

"""What a page holds and no reader sees: it is taken out before the page is read, and counted.

Words that are hidden are written for search engines, for screen readers' menus, or for a machine that reads along;
none of them is the creator's text. Only what is sure counts: a page's own styles, not what a script does.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag

_GONE = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse))\b")
_BY_ITSELF = re.compile(
    rf"{_GONE.pattern}|(?:^|;)\s*(?:mso-hide\s*:\s*all|opacity\s*:\s*0?\.?0+\s*(?:[;!]|$)|text-indent\s*:\s*-\d{{3,}}|"
    r"(?:left|top|right)\s*:\s*-\d{4,}|clip\s*:\s*rect\((?:[01](?:px)?[\s,]*){4}\))"
)
_FOLDED = re.compile(r"(?:^|;)\s*(?:max-)?height\s*:\s*0(?:px)?\s*(?:[;!]|$)")
_TINY = re.compile(r"(?:^|;)\s*font-size\s*:\s*(?:0(?:\.0+)?[a-z%]*|1px|0?\.\d+px)\s*(?:[;!]|$)")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SIMPLE = re.compile(r"[.#][A-Za-z_][\w-]*")
_SPECIAL = re.compile(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}|/\*.*?\*/", re.DOTALL)
"""Rules for print, for small screens and the like, and comments."""

_COLOUR = re.compile(r"(?:^|;)\s*color\s*:\s*([^;!]+)")
_CLEAR = re.compile(r"transparent|rgba\(.*,0?\.?0+\)")
_GROUND = re.compile(r"(?:^|;)\s*background(?:-color)?\s*:\s*([^;!]+)")
_WHITE = frozenset({"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)", "hsl(0,0%,100%)"})
_TELLING = ("style", "hidden", "class", "id", "color")
_WHOLE = frozenset({"html", "body", "head"})
"""What is hidden until a script has run, on many a page: its text is seen."""


def without_unseen(page: "BeautifulSoup") -> int:
    """Take what is hidden out of a parsed page, in place; return how many parts with words that were.

    A page of which nothing would be left is left as it is: it waits for a script to show it.
    """
    found = [tag for tag in _unseen(page) if tag.get_text(strip=True)]
    outer = [tag for tag in found if not any(parent in found for parent in tag.parents)] if len(found) < 500 else found
    hidden = sum(len(tag.get_text(strip=True)) for tag in outer)
    if hidden and hidden >= len((page.body or page).get_text(strip=True)):
        return 0
    for tag in outer:
        tag.extract()
    return len(outer)


def _unseen(page: "BeautifulSoup") -> "list[Tag]":
    names = _hidden_names(page)
    coloured = any("background" in sheet.get_text() for sheet in _sheets(page))
    plain = not coloured and page.find("link", rel="stylesheet") is None
    styled = page.find_all(lambda tag: any(tag.has_attr(name) for name in _TELLING))
    return [tag for tag in styled if tag.name not in _WHOLE and (_is_gone(tag, names) or _is_invisible(tag, plain))]


def _is_gone(tag: "Tag", names: frozenset[str]) -> bool:
    """Say whether nothing in a tag can be seen, whatever it holds."""
    style, own = _style(tag), {f".{each}" for each in tag.get_attribute_list("class") if each}
    folded = _FOLDED.search(style) and "overflow" in style
    return bool(tag.has_attr("hidden") or _BY_ITSELF.search(style) or folded or (own | {f"#{tag.get('id')}"}) & names)


def _is_invisible(tag: "Tag", plain: bool) -> bool:
    """Say whether a tag's words have no size, or the colour of what they stand on, and nothing in it has another."""
    within = [_style(each) for each in tag.find_all(style=True)]
    if _TINY.search(_style(tag)) and not any("font" in each for each in within):
        return True
    colour = _colour(tag)
    if not colour or any(_COLOUR.search(each) for each in within):
        return False
    ground = _ground(tag)
    return bool(_CLEAR.fullmatch(colour)) or colour == ground or (not ground and plain and colour in _WHITE)


def _colour(tag: "Tag") -> str:
    given = _COLOUR.search(_style(tag))
    return _bare(given[1] if given else str(tag.get("color") or ""))


def _ground(tag: "Tag") -> str:
    """Return the background that a tag, or the nearest around it, names; empty where none does."""
    for each in (tag, *tag.parents):
        found = _GROUND.search(_style(each))
        if named := _bare(found[1] if found else str(each.get("bgcolor") or "")):
            return named
    return ""


def _hidden_names(page: "BeautifulSoup") -> frozenset[str]:
    """Return the classes and ids that the page's own style sheet hides, by a rule for nothing but them."""
    names: set[str] = set()
    for sheet in _sheets(page):
        for selectors, what in _RULE.findall(_SPECIAL.sub("", sheet.get_text())):
            if _GONE.search(_low(what)):
                names |= {each.strip() for each in selectors.split(",") if _SIMPLE.fullmatch(each.strip())}
    return frozenset(names)


def _sheets(page: "BeautifulSoup") -> "list[Tag]":
    return list(page.find_all("style"))


def _style(tag: "Tag") -> str:
    return _low(str(tag.get("style") or ""))


def _low(style: str) -> str:
    return " ".join(style.lower().split())


def _bare(colour: str) -> str:
    return colour.replace(" ", "")

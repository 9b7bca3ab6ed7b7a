"""The two documents of Ghost's editors, Lexical and Mobiledoc, for posts that were exported without HTML."""

from collections.abc import Iterator
from typing import Any

from memory.importers.markup import text_of
from memory.importers.rows import loads

_DEEPEST = 50


def lexical(text: str) -> str:
    """Return the text of a Lexical document; "" if it is none."""
    document = _loaded(text)
    root = document.get("root")
    blocks = _blocks(root, 0) if isinstance(root, dict) else iter(())
    return "\n\n".join(block for block in blocks if block.strip())


def mobiledoc(text: str) -> str:
    """Return the text of a Mobiledoc document (version 0.3); "" if it is none."""
    document = _loaded(text)
    sections, cards = document.get("sections"), document.get("cards")
    found = (_section(each, cards if isinstance(cards, list) else []) for each in _listed(sections))
    return "\n\n".join(block for block in found if block.strip())


def _loaded(text: str) -> dict[str, Any]:
    try:
        value = loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _blocks(node: dict[str, Any], depth: int) -> Iterator[str]:
    for child in _listed(node.get("children")):
        if not isinstance(child, dict) or depth > _DEEPEST:
            continue
        kind = child.get("type")
        if kind in ("heading", "extended-heading"):
            level = str(child.get("tag", "h2"))[-1:]
            yield "#" * (int(level) if level in "123456" and level else 2) + " " + _words(child, 0)
        elif kind == "list":
            yield from (f"- {_words(item, 0)}" for item in _listed(child.get("children")) if isinstance(item, dict))
        elif kind in ("quote", "extended-quote", "aside"):
            yield f"> {_words(child, 0)}"
        elif _listed(child.get("children")):
            yield _words(child, 0)
        else:
            yield _card(child)


def _words(node: dict[str, Any], depth: int) -> str:
    own = node.get("text")
    inner = [_words(child, depth + 1) for child in _listed(node.get("children")) if isinstance(child, dict)]
    said = (own if isinstance(own, str) else "") if depth <= _DEEPEST else ""
    return said + ("\n" if node.get("type") == "linebreak" else "") + ("".join(inner) if depth <= _DEEPEST else "")


def _card(card: dict[str, Any]) -> str:
    for key in ("markdown", "code", "caption", "calloutText", "html"):
        if isinstance(value := card.get(key), str) and value.strip():
            return value if key in ("markdown", "code") else text_of(value)
    return ""


def _section(section: object, cards: list[Any]) -> str:
    """Return a section: `[1, tag, markers]` is a paragraph, `[3, tag, items]` a list, `[10, n]` a card."""
    match section:
        case [1, str(tag), list(markers), *_]:
            heading = tag[1:] in ("1", "2", "3", "4", "5", "6") and tag[0] == "h"
            mark = "#" * int(tag[1:]) + " " if heading else "> " if tag == "blockquote" else ""
            return mark + _marked(markers)
        case [3, str(), list(items), *_]:
            return "\n\n".join(f"- {_marked(item)}" for item in items if isinstance(item, list))
        case [10, int(number), *_] if 0 <= number < len(cards):
            match cards[number]:
                case [str(), dict(payload), *_]:
                    return _card(payload)
    return ""


def _marked(markers: list[Any]) -> str:
    """Return the words of markers: `[0, opened, closed, text]`, or `[1, …]` for an atom such as a line break."""
    said = []
    for marker in markers:
        match marker:
            case [0, _, _, str(text)]:
                said.append(text)
            case [1, *_]:
                said.append("\n")
    return "".join(said)

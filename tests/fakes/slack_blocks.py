"""What our fake of Slack refuses in messages and views: the limits of Block Kit, as Slack's reference has them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.http_fake import Refused

MESSAGE, VIEW = 50, 100
TEXT, HEADER, BUTTON, VALUE, BLOCK_ID, ACTION_ID, METADATA, TITLE = 3000, 150, 75, 2000, 255, 255, 3000, 24


ALT, URL, PICTURES = 2000, 3000, (".png", ".jpg", ".jpeg", ".gif")


def no(why: str) -> Refused:
    """Return Slack's answer to blocks that are off."""
    told = {"ok": False, "error": "invalid_blocks", "errors": [why], "response_metadata": {"messages": [why]}}
    return Refused(200, told)


def check_blocks(blocks: Any, most: int = MESSAGE, files: Mapping[str, str] | None = None) -> None:
    """Raise Refused unless Slack would take these. `files`: the names of those that an image block may show, by id."""
    if not isinstance(blocks, list) or not blocks or len(blocks) > most:
        raise no(f"there are 1 to {most} blocks")
    for block in blocks:
        _need(isinstance(block, dict), "a block is an object")
        _need(len(block.get("block_id", "")) <= BLOCK_ID, "block_id is too long")
        check = _KINDS.get(block.get("type", ""))
        if check is None:
            raise no(f"unsupported type: {block.get('type')}")
        check(block)
        if block["type"] == "image" and "slack_file" in block:
            _slack_file(block["slack_file"], files or {})
    ids = [each["block_id"] for each in blocks if "block_id" in each]
    _need(len(ids) == len(set(ids)), "block_id stands twice")


def check_view(view: Any) -> dict[str, Any]:
    """Return a view that Slack would take; raise Refused otherwise."""
    view = json.loads(view) if isinstance(view, str) else view
    _need(isinstance(view, dict) and view.get("type") in ("modal", "home"), "a view is a modal or a home")
    check_blocks(view.get("blocks"), VIEW)
    _need(len(view.get("private_metadata", "")) <= METADATA, "private_metadata is too long")
    if view["type"] == "modal":
        for name in ("title", "submit", "close"):
            if name in view:
                _plain(view[name], TITLE)
        _need("title" in view, "a modal has a title")
        has_input = any(each["type"] == "input" for each in view["blocks"])
        _need(not has_input or "submit" in view, "a modal with inputs has a submit")
    return dict(view)


def _need(holds: bool, why: str) -> None:
    if not holds:
        raise no(why)


def _plain(text: Any, most: int) -> None:
    _need(isinstance(text, dict) and text.get("type") == "plain_text", "this text is plain_text")
    _need(1 <= len(text.get("text", "")) <= most, f"this text has 1 to {most} characters")


def _text(text: Any, most: int = TEXT) -> None:
    _need(isinstance(text, dict) and text.get("type") in ("plain_text", "mrkdwn"), "a text is plain_text or mrkdwn")
    _need(1 <= len(text.get("text", "")) <= most, f"a text has 1 to {most} characters, not {len(text.get('text', ''))}")


def _section(block: dict[str, Any]) -> None:
    _text(block.get("text"))
    if "accessory" in block:
        _button(block["accessory"])


def _header(block: dict[str, Any]) -> None:
    _plain(block.get("text"), HEADER)


def _context(block: dict[str, Any]) -> None:
    elements = block.get("elements", [])
    _need(1 <= len(elements) <= 10, "a context has 1 to 10 elements")
    for each in elements:
        _text(each)


def _actions(block: dict[str, Any]) -> None:
    elements = block.get("elements", [])
    _need(1 <= len(elements) <= 25, "there are 1 to 25 actions")
    ids = [each.get("action_id") for each in elements]
    _need(len(ids) == len(set(ids)), "an action_id stands twice in one block")
    for each in elements:
        _button(each)


def _button(each: Any) -> None:
    _need(each.get("type") == "button", "this fake knows buttons only")
    _plain(each.get("text"), BUTTON)
    _need(1 <= len(each.get("action_id", "")) <= ACTION_ID, "action_id has 1 to 255 characters")
    _need(len(each.get("value", "")) <= VALUE, "value is too long")
    _need(each.get("style", "primary") in ("primary", "danger"), "style is primary or danger")


def _rich(block: dict[str, Any]) -> None:
    _need(bool(block.get("elements")), "rich text has elements")
    for part in block["elements"]:
        known = ("rich_text_section", "rich_text_quote", "rich_text_preformatted", "rich_text_list")
        _need(part.get("type") in known and bool(part.get("elements")), "rich text has known parts")
        for each in part["elements"]:
            _need(each.get("type") == "text" and 1 <= len(each.get("text", "")) <= TEXT, "rich text holds texts")


def _input(block: dict[str, Any]) -> None:
    _plain(block.get("label"), 2000)
    element = block.get("element", {})
    _need(element.get("type") == "plain_text_input", "this fake knows plain_text_input only")
    most = element.get("max_length", TEXT)
    _need(1 <= most <= TEXT and len(element.get("initial_value", "")) <= most, "initial_value is too long")


def _image(block: dict[str, Any]) -> None:
    alt = block.get("alt_text")
    _need(isinstance(alt, str) and 1 <= len(alt) <= ALT, f"alt_text has 1 to {ALT} characters")
    _need(("image_url" in block) != ("slack_file" in block), "an image has an image_url or a slack_file, not both")
    _need(len(block.get("image_url", "")) <= URL, "image_url is too long")
    if "title" in block:
        _plain(block["title"], 2000)


def _slack_file(named: Any, files: Mapping[str, str]) -> None:
    """A file is named by id or url; it is a picture, ours to see, and Slack has looked it over."""
    _need(isinstance(named, dict) and ("id" in named) != ("url" in named), "a slack_file has an id or a url, not both")
    _need("id" in named, "this fake knows files by id only")
    _need(bool(re.fullmatch("F[A-Z0-9]{8,}", named["id"])), "input must match regex pattern: ^[F][A-Z0-9]{8,}$")
    _need(files.get(named["id"], "").endswith(PICTURES), "invalid slack file [json-pointer:/blocks/0/slack_file]")


_KINDS = {
    "image": _image,
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "rich_text": _rich,
    "input": _input,
    "divider": lambda _block: None,
}

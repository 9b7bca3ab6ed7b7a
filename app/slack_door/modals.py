"""The forms: editing a text, asking for changes. What was shown (id and hash) travels in each."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from app.slack_door.blocks import section
from app.slack_door.words import cut, escaped, escaped_pieces, pieces
from core.errors import BadInput

FIELD = 2400
"""Characters of a text in one field: Slack takes 3,000, and an edit needs room."""

MOST_FIELDS = 30

View = dict[str, Any]


def waiting_view(words: str = "One moment\u2026", title: str = "Greenroom") -> View:
    """Return what stands in a form until there is something to show: Slack gives three seconds to open one."""
    return _view("greenroom_wait", title, [section(escaped(part)) for part in pieces(words)])


def edit_view(asked: dict[str, str], document: str, findings: Iterable[str] = (), checked: str = "") -> View:
    """Return the form of an edit. Raises BadInput for a text that no form of Slack's can hold."""
    parts = fields_of(document)
    told = [section(part) for part in escaped_pieces("\n".join(findings))]
    note = "Saving makes a new version that waits for you: an edit is no approval."
    blocks = [*told, section(note), *(_input(n, part, len(parts)) for n, part in enumerate(parts))]
    kept = asked | {"checked": checked}
    submit = "Save anyway" if checked else "Check and save"
    return _view("greenroom_edit", "Edit", blocks, submit=submit, kept=json.dumps(kept))


def changes_view(asked: dict[str, str]) -> View:
    """Return the form in which changes are asked for."""
    field = _field("note", "", multiline=True, most=3000)
    block = {"type": "input", "block_id": "note", "label": _plain("What should be different?"), "element": field}
    return _view("greenroom_changes", "Ask for changes", [block], submit="Ask", kept=json.dumps(asked))


def fields_of(document: str) -> list[str]:
    """Return a document in fields that, joined, are the document. Raises BadInput where it is too long."""
    parts = pieces(document, FIELD) or [""]
    if len(parts) > MOST_FIELDS:
        raise BadInput(
            f"This text has {len(document):,} characters, more than a form in Slack holds. Nothing was changed.",
            "Edit it on the board.",
        )
    return parts


def document_in(view: View, laid: str) -> str:
    """Return the document that the fields of a submitted form make. `laid`: the document as it was laid out.

    Slack may trim what a field begins and ends with; the breaks between two fields are put back as they were.
    """
    values = view["state"]["values"]
    parts, before = [], fields_of(laid)
    for number in range(len(values)):
        text = str(values[f"text{number}"]["text"].get("value") or "")
        was = before[number] if number < len(before) else ""
        head, tail = was[: len(was) - len(was.lstrip())], was[len(was.rstrip()) :]
        if number and head and not text[:1].isspace():
            text = head + text
        last = number == len(values) - 1
        if tail and not text[-1:].isspace() and (not last or text == was.rstrip()):
            text += tail
        parts.append(text)
    return "".join(parts)


def raw(view: View) -> list[str]:
    """Return what stands in the fields of a submitted form, as it came."""
    blocks = view["state"]["values"].values()
    return [str(field.get("value") or "") for block in blocks for field in block.values()]


def print_of(document: str) -> str:
    """Return by what a text is known that was checked."""
    return hashlib.sha256(document.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _view(callback: str, title: str, blocks: list[dict[str, Any]], submit: str = "", kept: str = "") -> View:
    view: View = {
        "type": "modal",
        "callback_id": callback,
        "title": _plain(cut(title, 24)),
        "close": _plain("Close"),
        "private_metadata": kept,
        "blocks": blocks,
    }
    return view | ({"submit": _plain(submit)} if submit else {})


def _input(number: int, text: str, of: int) -> dict[str, Any]:
    label = "Text" if of == 1 else f"Text, part {number + 1} of {of}"
    field = _field("text", text, multiline=True, most=3000)
    return {
        "type": "input", "block_id": f"text{number}", "label": _plain(label), "element": field, "optional": of > 1,
    }  # fmt: skip


def _field(action: str, text: str, *, multiline: bool, most: int) -> dict[str, Any]:
    field = {"type": "plain_text_input", "action_id": action, "multiline": multiline, "max_length": most}
    return field | ({"initial_value": text} if text else {})


def _plain(words: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": words, "emoji": False}

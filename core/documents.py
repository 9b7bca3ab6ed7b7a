"""What a person edits: one text, with a small front matter where the channel has more fields than its text.

Where the text is all there is, the document IS the text, byte for byte, whatever it begins with.
"""

import re
from typing import Any

from core.bounds import holds_too_much
from core.channels import Channel, channel
from core.drafts import Content
from core.errors import BadInput

_FENCE = "---"
_UNCALM = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_LISTS = ("tags", "links")


def to_document(where: str | Channel, content: Content) -> str:
    """Return `content` as the document that a person edits; `from_document` reads it back."""
    place = _channel(where)
    if place.text_only:
        return content.text
    head = "".join(_line(field, _value(content, field)) for field in place.fields if field != "text")
    return f"{_FENCE}\n{head}{_FENCE}\n\n{content.text}"


def from_document(where: str | Channel, document: str, *, keep: Content | None = None) -> Content:
    """Return the content that a document holds.

    `keep` gives the fields that the document does not mention. BadInput names the line that can't be read.
    """
    place = _channel(where)
    kept = keep.model_dump() if keep else {}
    if place.text_only:
        return Content.model_validate({**kept, "text": document})
    head, text = _parted(document)
    return Content.model_validate({**kept, **_fields(place, head), "text": text})


def _channel(where: str | Channel) -> Channel:
    return where if isinstance(where, Channel) else channel(where)


def _value(content: Content, field: str) -> str | list[str]:
    value = getattr(content, field)
    return list(value) if field in _LISTS else str(value)


def _line(field: str, value: str | list[str]) -> str:
    """Return one field as YAML: as it reads, or quoted and escaped where it holds what YAML reads as a line's end."""
    import yaml

    calm = not _UNCALM.search(value if isinstance(value, str) else "".join(value))
    style = None if calm else '"'
    dumped: str = yaml.safe_dump({field: value}, allow_unicode=calm, default_style=style, width=10_000)
    return dumped


def _parted(document: str) -> tuple[str, str]:
    """Return front matter and text; a document without front matter is all text."""
    lines = document.split("\n")
    if lines[0].rstrip() != _FENCE:
        return "", document
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() == _FENCE:
            return "\n".join(lines[1:number]), _without_blank_line("\n".join(lines[number + 1 :]))
    raise BadInput(
        "Line 1 opens the front matter with --- and no later line closes it.",
        hint="Close it with a line that holds only ---, then write the text.",
    )


def _without_blank_line(text: str) -> str:
    return text.removeprefix("\r\n") if text.startswith("\r\n") else text.removeprefix("\n")


def _fields(place: Channel, head: str) -> dict[str, Any]:
    known = [field for field in place.fields if field != "text"]
    found: dict[str, Any] = {}
    for key, (line, value) in _parsed(head).items():
        if key not in known:
            raise BadInput(
                f"Line {line}: {key!r} is not a field of {place.label}.", hint=f"Its fields are {', '.join(known)}."
            )
        found[key] = _as_list(key, line, value) if key in _LISTS else _as_text(key, line, value)
    return found


def _parsed(head: str) -> dict[str, tuple[int, Any]]:
    """Return each key with the document's line it stands on; every scalar stays the text that was written."""
    import yaml

    try:
        node = yaml.compose(head, Loader=yaml.BaseLoader)
        values = yaml.load(head, Loader=yaml.BaseLoader)  # a loader that builds only text, lists and mappings
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(mark.line + 2 if mark else 2, error.problem or "it is not YAML") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise _unreadable(2, (str(error).splitlines() or ["it is not YAML"])[0]) from error
    if holds_too_much(values):
        raise _unreadable(2, "it names itself over and over")
    if node is None:
        return {}
    if not isinstance(node, yaml.MappingNode):
        raise _unreadable(node.start_mark.line + 2, "a front matter holds lines such as `title: …`")
    lines = {str(key.value): key.start_mark.line + 2 for key, _ in node.value}
    return {str(key): (lines.get(str(key), 2), value) for key, value in values.items()}


def _unreadable(line: int, why: str) -> BadInput:
    return BadInput(
        f"Line {line} of the front matter can't be read: {why}.",
        hint="Put a value that holds a colon or begins with a mark in double quotes.",
    )


def _as_text(key: str, line: int, value: Any) -> str:
    if not isinstance(value, str):
        raise BadInput(f"Line {line}: {key} must be one text.", hint=f'Write it as {key}: "…".')
    return value


def _as_list(key: str, line: int, value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return tuple(value)
    raise BadInput(f"Line {line}: {key} must be a list of texts.", hint=f"Write it as {key}: [one, two].")

"""Front matter of a Markdown file: values are put in as text, so that all else in it stays as its author wrote it."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from core.bounds import holds_too_much
from core.errors import BadInput
from core.metadata_files.fields import Existing, Fields

BESIDE = "Nothing was changed. Write beside it instead: --write json-ld"

SAME = {
    "title": ("title",),
    "seo_title": ("seo_title", "seoTitle", "meta_title"),
    "description": ("description", "excerpt", "summary"),
    "slug": ("slug", "permalink", "url"),
    "lang": ("lang", "language", "locale"),
    "tags": ("tags", "keywords"),
    "topics": ("topics",),
    "audience": ("audience",),
    "content_warnings": ("content_warnings", "content_warning"),
    "reading_minutes": ("reading_minutes", "reading_time", "readingTime"),
}
"""The keys that are written, and those by which other programs say the same: where one stands, none is added."""

_OPENING = re.compile(r"\A\ufeff?(---|\+\+\+)[ \t]*\r?\n")


class Split(NamedTuple):
    """A file in three: its front matter's text with its marks, the YAML between them, and what follows."""

    before: str  # the opening mark's line; empty where there is no front matter
    yaml: str
    after: str  # from the closing mark on, or the whole text


def split(text: str, name: str = "the file") -> Split:
    """Return a Markdown file's front matter and the rest. Raises BadInput for TOML and for one that is never closed."""
    opening = _OPENING.match(text)
    if not opening:
        return Split("", "", text)
    if opening[1] == "+++":
        raise BadInput(f"{name} has front matter in TOML, which is not written to.", BESIDE)
    closing = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?$", re.MULTILINE).search(text, opening.end())
    if not closing:
        raise BadInput(f"{name}, line 1: the front matter is never closed with ---.", BESIDE)
    return Split(text[: opening.end()], text[opening.end() : closing.start()], text[closing.start() :])


def body_of(text: str, name: str = "the file") -> str:
    """Return what follows the front matter."""
    parts = split(text, name)
    return re.sub(r"\A(?:---|\.\.\.)[ \t]*\r?\n", "", parts.after, count=1) if parts.before else parts.after


def read(text: str, name: str = "the file") -> dict[str, Any]:
    """Return the front matter's values; none where there is none. Raises BadInput with the line where it is broken."""
    return _load(split(text, name).yaml, name)


def said_in(text: str, name: str = "the file") -> dict[str, Any]:
    """Return the front matter's values by the keys that are written here, whichever of the same it says."""
    there = read(text, name)
    return {key: there[same] for key, names in SAME.items() for same in reversed(names) if there.get(same) is not None}


def values(fields: Fields) -> dict[str, Any]:
    """Return what is written, by key."""
    said: dict[str, Any] = {
        "title": fields.title,
        "seo_title": fields.seo_title,
        "description": fields.description,
        "slug": fields.slug,
        "lang": fields.language,
        "tags": list(fields.tags),
        "topics": [{"id": each.id, "name": each.name} for each in fields.topics],
        "audience": list(fields.audience),
        "content_warnings": list(fields.warnings),
        "reading_minutes": fields.reading_minutes,
    }
    return {key: value for key, value in said.items() if value}


def write(text: str, fields: Fields, *, existing: Existing = "keep", name: str = "the file") -> str:
    """Return the file with what is missing in its front matter, made where there is none; all else stays to the byte.

    Raises BadInput, and changes nothing, where the front matter can't be read or would say something else afterwards.
    """
    parts = split(text, name)
    there = _load(parts.yaml, name)
    new = values(fields)
    yaml_text = parts.yaml
    added = {}
    for key, value in new.items():
        stands = next((same for same in SAME[key] if same in there), None)
        if stands is None:
            added[key] = value
        elif (wanted := _wanted(stands, there[stands], value, existing)) != there[stands]:
            yaml_text = _put(yaml_text, stands, wanted, name)
    if not added and yaml_text == parts.yaml:
        return text
    newline = "\r\n" if "\r\n" in (parts.before or text) else "\n"
    yaml_text = _ended(yaml_text, newline) + _dump(added, newline)
    _check(there, yaml_text, name)
    if parts.before:
        return parts.before + yaml_text + parts.after
    mark, rest = ("\ufeff", text[1:]) if text.startswith("\ufeff") else ("", text)
    return f"{mark}---{newline}{yaml_text}---{newline}{newline}{rest}"


def _wanted(key: str, there: Any, value: Any, existing: Existing) -> Any:
    if existing == "replace" and there != value:
        return value
    if existing == "add" and key in SAME["tags"] and isinstance(there, list | str):
        old = there if isinstance(there, list) else [each.strip() for each in there.split(",") if each.strip()]
        low = {str(each).casefold() for each in old}
        return there if all(each.casefold() in low for each in value) else [*old, *_unlike(value, low)]
    return there


def _unlike(tags: list[str], low: set[str]) -> list[str]:
    return [each for each in tags if each.casefold() not in low]


def _put(yaml_text: str, key: str, value: Any, name: str) -> str:
    """Return the YAML with another value for one key; comments and all other lines stay."""
    import yaml

    root = yaml.compose(yaml_text, Loader=yaml.SafeLoader)
    assert isinstance(root, yaml.MappingNode)
    for key_node, node in root.value:
        if key_node.value == key:
            start, end = key_node.start_mark.index, _end(node, yaml_text)
            return yaml_text[:start] + _dump({key: value}, "\n").rstrip("\n") + yaml_text[end:]
    raise BadInput(f"{name}: {key} can't be found in the front matter.", BESIDE)


def _end(node: Any, text: str) -> int:
    """Return where a value ends: at its last word, not where the next key begins."""
    at: int = node.end_mark.index
    return len(text[:at].rstrip())


def _dump(said: Mapping[str, Any], newline: str) -> str:
    """Return keys and values as YAML, a line a key: lists in brackets."""
    import yaml

    lines = []
    for key, value in said.items():
        is_list = isinstance(value, list)
        shown = value if is_list else {key: value}
        dumped = yaml.safe_dump(shown, allow_unicode=True, sort_keys=False, width=10**6, default_flow_style=is_list)
        lines.append(f"{key}: {dumped.strip()}" if is_list else dumped.rstrip("\n"))
    return "".join(line.replace("\n", newline) + newline for line in lines)


def _ended(text: str, newline: str) -> str:
    return text if not text or text.endswith("\n") else text + newline


def _load(yaml_text: str, name: str) -> dict[str, Any]:
    import yaml

    try:
        loaded = yaml.safe_load(yaml_text) if yaml_text.strip() else {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        raise BadInput(f"{name}{line}: the front matter can't be read.", BESIDE) from None
    if loaded is None:
        return {}
    if not isinstance(loaded, dict):
        raise BadInput(f"{name}, line 2: the front matter is no list of keys and values.", BESIDE)
    if holds_too_much(loaded):
        raise BadInput(f"{name}: the front matter names itself over and over: that is hostile, and not read.", BESIDE)
    return loaded


def _check(there: Mapping[str, Any], yaml_text: str, name: str) -> None:
    """Raise BadInput where a key that stood there would be lost."""
    now = _load(yaml_text, name)
    lost = [key for key in there if key not in now]
    if lost:
        raise BadInput(f"{name}: its front matter can't be written to without losing {lost[0]!r}.", BESIDE)

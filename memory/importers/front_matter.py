"""Front matter: YAML between `---` lines or TOML between `+++` lines, at the very start of a file."""

import re
import tomllib
from typing import Any

from memory.importers.material import Material

_LONGEST = 64 * 1024  # characters


def split(material: Material) -> tuple[dict[str, Any], str]:
    """Return the front matter as raw keys and the text after it; Unreadable names the line that is broken.

    A file that merely starts with a horizontal rule has none.
    """
    text = material.text.lstrip("\ufeff").replace("\r\n", "\n")
    opening = re.match(r"(---|\+\+\+)[ \t]*\n", text)
    if not opening:
        return {}, text
    closing = re.compile(r"^(?:---|\.\.\.)[ \t]*$" if opening[1] == "---" else r"^\+\+\+[ \t]*$", re.MULTILINE)
    end = closing.search(text, opening.end())
    if not end:
        if opening[1] == "+++" or re.match(r"[\w-]+:(\s|$)", text[opening.end() :]):
            raise material.unreadable(f"the front matter is never closed with {opening[1]}", 1)
        return {}, text
    head = text[opening.end() : end.start()]
    if len(head) > _LONGEST:
        raise material.unreadable("the front matter is longer than 64 KB", 1)
    data = _yaml(material, head) if opening[1] == "---" else _toml(material, head)
    return ({}, text) if data is None else (data, text[end.end() :])


def _yaml(material: Material, head: str) -> dict[str, Any] | None:
    """Load without any types: `lang: no` is Norwegian and not False, a date stays as it was written."""
    import yaml

    try:
        data = yaml.load(head, Loader=yaml.BaseLoader)  # builds text, lists and mappings only: nothing can be run
    except yaml.MarkedYAMLError as error:
        at = error.problem_mark.line + 2 if error.problem_mark else 1
        raise material.unreadable(f"broken front matter: {error.problem or error.context}", at) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise material.unreadable(f"broken front matter: {(str(error).splitlines() or ['unreadable'])[0]}", 1) from None
    if data == "" or data is None:
        return {}
    return {str(key): value for key, value in data.items()} if isinstance(data, dict) else None


def _toml(material: Material, head: str) -> dict[str, Any]:
    try:
        return tomllib.loads(head)
    except (ValueError, RecursionError) as error:  # also what the values' own constructors refuse
        found = re.search(r"^(.*) \(at line (\d+)", str(error))
        reason, at = (found[1], int(found[2]) + 1) if found else (str(error) or "too deeply nested", 1)
        raise material.unreadable(f"broken front matter: {reason}", at) from None

"""Tags as names."""

from collections.abc import Iterable

from publishing.wire.lines import one_line


def tag_names(tags: Iterable[str]) -> list[str]:
    """Return the tags' names in order, each once as it is written first: case makes no other tag of it."""
    kept: dict[str, str] = {}
    for tag in tags:
        if name := one_line(tag.strip().lstrip("#")):
            kept.setdefault(name.casefold(), name)
    return list(kept.values())

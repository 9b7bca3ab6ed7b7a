"""A work as a Markdown file with front matter: what any editor, site generator or person can read."""

import json
import re
import unicodedata
from typing import Any

from core.works import Work

_FACTS = ("id", "title", "published_at", "authors", "tags", "excerpt", "url", "language", "license", "source")
_OF_VERSION = ("format", "kind", "version", "words", "imported_at", "content_hash")
_RAW = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")  # YAML takes them only in their escaped form


def as_markdown(work: Work) -> str:
    """Return a work, in one version, as a document. Scalars are JSON, which is YAML too: no word changes its type."""
    plain = work.model_dump(mode="json")
    head = [
        f"{_named(name)}: {_scalar(plain[name])}" for name in (*_FACTS, *_OF_VERSION) if plain[name] not in (None, "")
    ]
    if work.extra:
        head.append(f"extra: {_scalar(work.extra)}")
    return "\n".join(["---", *head, "---", "", work.body, ""])


def path_of(work: Work) -> str:
    """Return where a work's present version lies in an export: by year, readable, and its own."""
    day = f"{work.published_at:%Y-%m-%d}" if work.published_at else ""
    words = "-".join(filter(None, (day, _slug(work.title))))
    return f"data/works/{day[:4] or 'undated'}/{words[:80].rstrip('-')}.{work.id}.md".replace("/.", "/")


def path_of_version(work: Work) -> str:
    """Return where an earlier version lies."""
    return f"data/works/versions/{work.id}/version-{work.version}.md"


def _named(field: str) -> str:
    return {"published_at": "date", "imported_at": "recorded_at"}.get(field, field)


def _scalar(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return _RAW.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _slug(title: str) -> str:
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain)[:60].strip("-")

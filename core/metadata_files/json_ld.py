"""What is said of a text as JSON-LD in the words of schema.org, beside it or in its page."""

import json
from typing import Any

from core.errors import BadInput
from core.metadata_files.fields import Existing, Fields

CONTEXT = "https://schema.org"


def values(fields: Fields) -> dict[str, Any]:
    """Return an Article with what is known; nothing is said that is not."""
    said: dict[str, Any] = {
        "@context": CONTEXT,
        "@type": "Article",
        "headline": fields.title or fields.seo_title,
        "alternativeHeadline": fields.seo_title if fields.title else "",
        "description": fields.description,
        "inLanguage": fields.language,
        "keywords": list(fields.tags),
        "about": [_topic(each, fields.scheme) for each in fields.topics],
        "mentions": [{"@type": "Thing", "name": each.name, "url": each.url} for each in fields.names],
        "audience": [{"@type": "Audience", "audienceType": each} for each in fields.audience],
        "author": [{"@type": "Person", "name": each} for each in fields.authors],
        "datePublished": fields.published,
        "url": fields.url,
        "license": fields.rights,
        "wordCount": fields.words,
        "timeRequired": f"PT{fields.reading_minutes}M" if fields.reading_minutes else "",
    }
    return {key: value for key, value in said.items() if value}


def write(there: str, fields: Fields, *, existing: Existing = "keep", name: str = "the file") -> str:
    """Return the JSON with what is missing in it; `there` is the file as it is, empty for a new one."""
    old = read(there, name) if there.strip() else {}
    new = values(fields)
    if existing == "replace":
        merged = {**old, **new}
    else:
        merged = {**new, **old} if not old else {**old, **{key: new[key] for key in new if key not in old}}
    if existing == "add" and isinstance(old.get("keywords"), list):
        low = {str(each).casefold() for each in old["keywords"]}
        merged["keywords"] = [*old["keywords"], *(each for each in fields.tags if each.casefold() not in low)]
    return there if old and merged == old else json.dumps(merged, ensure_ascii=False, indent=2) + "\n"


def read(text: str, name: str = "the file") -> dict[str, Any]:
    """Return what a JSON-LD file says. Raises BadInput for what is no JSON object."""
    try:
        loaded = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise BadInput(f"{name} is no JSON: {error}.", "It is as it was.") from None
    if not isinstance(loaded, dict):
        raise BadInput(f"{name} holds no JSON object.", "It is as it was.")
    return loaded


def _topic(topic: Any, scheme: str) -> dict[str, str]:
    said = {"@type": "DefinedTerm", "termCode": topic.id, "name": topic.name, "inDefinedTermSet": scheme}
    return {**said, "url": topic.url} if topic.url else said

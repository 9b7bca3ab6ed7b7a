"""Names in a text, and the addresses that links give them. An address is never made up: a source says it, or none."""

import re
from collections.abc import Iterable, Mapping

from core import names
from core.tagged import SaidName

MOST = 20

_LINK = re.compile(
    r"(?<!!)\[(?P<label>[^\[\]\n]{2,80})\]\((?P<url>https?://[^\s()<>]+(?:\([^\s()<>]*\))?[^\s()<>]*)[^)]*\)"
)
_ANCHOR = re.compile(
    r"<a\b[^>]*?\bhref\s*=\s*[\"'](?P<url>https?://[^\"']+)[\"'][^>]*>(?P<label>[^<>]{2,80})</a>", re.I
)
_ARTICLE = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_CONTRACTED = re.compile(r"^i['’]")
_EDGES = re.compile(r"^(?:the|a|an)\s+|^[\W_]+|[\W_]+$", re.IGNORECASE)

Given = Mapping[str, tuple[str, str]]
"""Names in lower case, and for each its address and who gives it."""


def links_of(text: str, given_by: str) -> dict[str, tuple[str, str]]:
    """Return the labels of a text's links in lower case, with where they lead; the first one of each label."""
    found: dict[str, tuple[str, str]] = {}
    for pattern in (_LINK, _ANCHOR):
        for match in pattern.finditer(text):
            found.setdefault(_flat(match["label"]), (match["url"], given_by))
    return found


def names_of(plain: str, sources: Iterable[Given]) -> tuple[SaidName, ...]:
    """Return the names of a plain text, those said most often first, each with the first address that a source has."""
    given: dict[str, tuple[str, str]] = {}
    for source in sources:
        for name, said in source.items():
            given.setdefault(name, said)
    spelt: dict[str, str] = {}
    for found in (part for name in names.find(plain) for part in _people(name.text)):
        text = _ARTICLE.sub("", found.removesuffix("’s").removesuffix("'s"))
        low = _flat(text)
        if len(low) > 1 and not _CONTRACTED.match(low) and low not in names.calendar_words():
            spelt.setdefault(low, text)
    counts = {low: len(re.findall(rf"(?<!\w){re.escape(text)}(?!\w)", plain)) for low, text in spelt.items()}
    ranked = sorted(counts, key=lambda low: (-counts[low], plain.find(spelt[low])))
    return tuple(_said(spelt[low], max(1, counts[low]), given.get(low)) for low in ranked[:MOST])


def _people(name: str) -> list[str]:
    """Return two names for two people; one for an office of two things ("Ministry of Trade and Fishing Rights")."""
    parts = re.split(r"\s+(?:and|&)\s+", name)
    is_people = (
        len(parts) == 2 and all(len(part.split()) > 1 for part in parts) and not re.search(r"\b(?:of|for)\b", name)
    )
    return parts if is_people else [name]


def _said(name: str, count: int, link: tuple[str, str] | None) -> SaidName:
    url, by = link or (None, "")
    return SaidName(name=name, count=count, url=url, given_by=by)


def _flat(label: str) -> str:
    return " ".join(_EDGES.sub("", label.replace("*", "").replace("`", "").strip()).casefold().split())

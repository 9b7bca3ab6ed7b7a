"""Metadata that can be proposed from what is there already. It is never guessed: where nothing says so, nothing is."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from core.base import Instant, Noun
from core.canonical import sha256
from core.languages import detect

Field = Literal["title", "published_at", "language", "tags", "alt"]

MOST_TAGS = 5

_HEADING = re.compile(r"^#{1,6}[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_MARKS = re.compile(r"!?\[([^\]]*)\]\([^)]*\)|[*_`]+")
_DAYS = (
    re.compile(r"(?<!\d)((?:19|20)\d{2})[-_.](\d{2})[-_.](\d{2})(?!\d)"),
    re.compile(r"/((?:19|20)\d{2})/(\d{1,2})/(\d{1,2})(?=[/\-_]|$)"),
    re.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?!\d)"),
)
_LONGEST_TITLE = 200
_WORD = re.compile(r"\w+")


class Suggestion(Noun):
    """One proposed value. `work_id` or `sha256` says of what; `before` is what stood there when it was accepted."""

    id: str
    workspace: str
    work_id: str | None = None
    sha256: str | None = None
    field: Field
    value: Any
    before: Any = None
    reason: str
    state: Literal["open", "accepted", "rejected", "undone"] = "open"
    version: int | None = None
    made_at: Instant
    decided_at: Instant | None = None
    decided_by: str | None = None

    @property
    def key(self) -> str:
        """Return the same for the same proposal: what was rejected is not proposed again."""
        return sha256({"work": self.work_id, "file": self.sha256, "field": self.field, "value": self.value})


class Proposed(Noun):
    """A value and why, before it is kept."""

    field: Field
    value: Any
    reason: str


def title_from(body: str, *, instead_of: str) -> Proposed | None:
    """Return the first heading as a title, if it is another one."""
    for found in _HEADING.finditer(re.sub(r"```.*?(?:```|\Z)", "", body, flags=re.DOTALL)):
        title = " ".join(_MARKS.sub(lambda mark: mark[1] or "", found[1]).split())
        if title and len(title) <= _LONGEST_TITLE and title != instead_of:
            return Proposed(field="title", value=title, reason="its first heading")
    return None


def date_from(source: str, url: str | None, now: datetime) -> Proposed | None:
    """Return the one day that a file's name or an address says; None where they say none, or several."""
    for text, reason in ((source, f"in the file's name: {source}"), (url or "", f"in its address: {url}")):
        days = {day for pattern in _DAYS for found in pattern.finditer(text) if (day := _day(found.groups()))}
        if len(days) == 1 and (at := days.pop()) <= now + timedelta(days=1):
            return Proposed(field="published_at", value=at.strftime("%Y-%m-%dT%H:%M:%SZ"), reason=reason)
    return None


def language_from(body: str) -> Proposed | None:
    """Return the language that a text is in, if it is clear."""
    found = detect(body)
    return Proposed(field="language", value=found, reason="its small words and signs") if found else None


class Vocabulary:
    """The creator's own tags: those on two works at least."""

    def __init__(self, tags: Iterable[Sequence[str]]) -> None:
        self.uses = Counter(tag for each in tags for tag in set(each))
        self._by_word: dict[str, list[str]] = {}
        for tag, uses in self.uses.items():
            words = _WORD.findall(tag.casefold())
            if uses > 1 and words and len(tag) > 2:
                self._by_word.setdefault(words[0], []).append(tag)

    def named_in(self, text: str) -> list[str]:
        """Return the tags that a text names as whole words, the most often named first."""
        folded = text.casefold()
        counts = Counter[str]()
        for word in set(_WORD.findall(folded)) & self._by_word.keys():
            for tag in self._by_word[word]:
                pattern = rf"(?<!\w){re.escape(tag.casefold())}(?!\w)"
                if found := len(re.findall(pattern, folded)):
                    counts[tag] = found
        return sorted(counts, key=lambda tag: (-counts[tag], -self.uses[tag], tag))


def tags_from(named: Sequence[str], near: Mapping[str, int] | None = None) -> Proposed | None:
    """Return tags of the creator's own: those that the text names, and those that several similar pieces carry."""
    alike = [tag for tag, count in sorted((near or {}).items(), key=lambda pair: (-pair[1], pair[0])) if count > 2]
    found = list(dict.fromkeys([*named[:MOST_TAGS], *alike]))[:MOST_TAGS]
    if not found:
        return None
    others = [tag for tag in found if tag not in named]
    parts = (("named in the text", [tag for tag in found if tag in named]), ("on three similar pieces or more", others))
    return Proposed(field="tags", value=found, reason="; ".join(f"{why}: {', '.join(of)}" for why, of in parts if of))


def _day(parts: Sequence[str]) -> datetime | None:
    year, month, day = map(int, parts)
    try:
        return datetime.combine(date(year, month, day), datetime.min.time(), UTC)
    except ValueError:
        return None

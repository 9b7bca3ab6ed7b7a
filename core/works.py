"""A creator's past work: what it says, where it came from, what may be done with it."""

from datetime import datetime
from typing import Any

from pydantic import Field

from core.base import Instant, Noun


class Workspace(Noun):
    """One creator's (or studio's) own room. Nothing is ever shared between workspaces."""

    id: str  # a slug: letters, digits, hyphens
    name: str
    timezone: str = "UTC"  # IANA
    locale: str = "en"  # BCP 47
    accounts: dict[str, str] = Field(default_factory=dict)  # channel -> account name as the audience sees it
    site_url: str | None = None  # where the own site is served, if anywhere
    policy: dict[str, Any] = Field(default_factory=dict)
    created_at: Instant

    def account_on(self, channel: str) -> str:
        """Return the account that posts on a channel: the one that was said, else the workspace's own name."""
        return self.accounts.get(channel, self.name)


class Piece(Noun):
    """One piece as an importer read it from a file: not yet remembered, and without an id."""

    source: str  # where it came from, stable between imports: a path inside the import, a feed's guid, a JSONL id
    title: str = ""
    body: str  # plain text or Markdown; paragraphs are separated by blank lines
    format: str = "text"  # markdown, html, text, jsonl, feed, transcript
    published_at: datetime | None = None  # aware; a bare date is midnight UTC
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    excerpt: str = ""
    url: str | None = None
    language: str | None = None
    license: str | None = None
    extra: dict[str, Any] = Field(default_factory=dict)


class Work(Noun):
    """A past piece that is remembered, in its current version."""

    id: str
    workspace: str
    source: str
    title: str
    body: str
    format: str
    published_at: Instant | None
    authors: tuple[str, ...]
    tags: tuple[str, ...]
    excerpt: str
    url: str | None
    language: str | None
    license: str | None
    version: int
    content_hash: str
    words: int
    imported_at: Instant
    kind: str = "import"  # import: brought in; published: went out through us; elsewhere: so says another home's export
    extra: dict[str, Any] = Field(default_factory=dict)


class Passage(Noun):
    """120-150 words of a work, on paragraph borders; `text` is a slice of the work's body."""

    id: str
    work_id: str
    position: int
    start: int  # character offsets in Work.body, end exclusive
    end: int
    text: str


class Evidence(Noun):
    """A passage that was recalled, and how well it fits."""

    passage_id: str
    text: str
    score: float
    start: int = 0
    end: int = 0


class Recalled(Noun):
    """A work that was recalled: the fused score, what each signal gave, and the passages as evidence."""

    work_id: str
    title: str
    source: str
    published_at: Instant | None
    score: float
    signals: dict[str, float]
    passages: tuple[Evidence, ...]
    authors: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    url: str | None = None

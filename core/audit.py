"""What an audit of an archive tells: how much there is, what is missing, what to mend first."""

from typing import NamedTuple

from core.base import Instant, Noun


class Group(NamedTuple):
    """So many works of one format, source or kind."""

    name: str
    works: int
    words: int


class Share(Noun):
    """How many of those that should have a field do."""

    field: str
    have: int
    of: int


class Mend(Noun):
    """One kind of gap, ranked: how often, why it matters, what to do, and a few of the works or files."""

    gap: str
    label: str
    count: int
    of: int
    score: int
    why: str
    how: str
    examples: tuple[str, ...]


class Worst(Noun):
    """One work and everything that it lacks."""

    id: str
    title: str
    source: str
    gaps: tuple[str, ...]
    score: int


class Twin(Noun):
    """Two works that say nearly the same."""

    work_id: str
    of_work_id: str
    title: str
    of_title: str
    jaccard: float


class BrokenDate(Noun):
    """A date that can't be right, and why."""

    work_id: str
    title: str
    date: str | None
    why: str


class MediaAudit(Noun):
    """The files: which nothing refers to, which are referred to and not there, which have no alt text."""

    files: int = 0
    bytes: int = 0
    orphaned: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    pictures: int = 0
    without_alt: tuple[str, ...] = ()


class Audit(Noun):
    """The state of an archive."""

    workspace: str
    at: Instant
    works: int
    words: int
    by_format: tuple[Group, ...]
    by_source: tuple[Group, ...]
    by_kind: tuple[Group, ...]
    completeness: tuple[Share, ...]
    rights: dict[str, int]  # clear, unclear, revoked
    duplicates: tuple[Twin, ...]
    broken_dates: tuple[BrokenDate, ...]
    media: MediaAudit
    mend_first: tuple[Mend, ...]
    worst: tuple[Worst, ...]

"""What an archive lacks: which gaps there are, when a work has one, and which weigh most."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from core.audit import Group, Mend
from core.works import Work


class Gap(NamedTuple):
    """One kind of gap: how much one of it weighs, why it matters, and how it is mended."""

    label: str
    weight: int
    why: str
    how: str


_SUGGEST = "greenroom audit --fix"
_SOURCE = "correct it where it came from, and import it again"

GAPS: dict[str, Gap] = {
    "file_gone": Gap("files whose bytes are gone", 5, "a post that shows one can't be sent", "attach the file again"),
    "broken_date": Gap("broken dates", 4, "they stand in the wrong place in every list and every recall", _SOURCE),
    "rights": Gap(
        "rights unclear",
        4,
        "nobody can say whether they may be quoted, given on or trained with",
        "add license: to it, or say so: greenroom consent grant work:ID",
    ),
    "date": Gap(
        "no date", 3, "“you said this in March” can't be said of them, and recall can't prefer what is new", _SUGGEST
    ),
    "alt": Gap("pictures without alt text", 3, "who can't see them misses what they say", _SOURCE),
    "file_alt": Gap("files without alt text", 3, "who can't see them misses what they say", _SUGGEST),
    "transcript": Gap(
        "no transcript", 3, "what was said in them can't be recalled or quoted", "import the transcript beside the feed"
    ),
    "title": Gap(
        "no title that says something", 2, "a file's name says little where they are listed and cited", _SUGGEST
    ),
    "tags": Gap("no tags", 2, "tags are the surest way to what belongs together", _SUGGEST),
    "duplicate": Gap(
        "says nearly the same as another", 2, "both are recalled for one thing", "keep one: greenroom forget ID"
    ),
    "language": Gap("no language", 1, "voice and drafts are kept apart by language", _SUGGEST),
    "file_orphaned": Gap(
        "files that nothing refers to", 1, "they take room", "keep them, or leave them out of exports"
    ),
}
"""Every kind of gap, the heaviest first."""

_UNTITLED = frozenset({"mastodon", "bluesky", "x", "linkedin"})  # posts have no titles
_NO_LICENCE = re.compile(r"\W*(?:unknown|none|n/?a|tbd|todo|various|see site)?\W*", re.IGNORECASE)
_NO_TITLE = re.compile(
    r"[\W\d_]*(?:(?:untitled|no title|new|copy of|document|draft|note|post|page|index|scan|img|image|dsc)[\W\d_]*)*",
    re.IGNORECASE,
)
_PICTURE = re.compile(r"!\[([^\]]*)\]\(|<img\b(?![^>]*\balt\s*=\s*[\"'][^\"']+)[^>]*>", re.IGNORECASE)
_EARLIEST = datetime(1971, 1, 1, tzinfo=UTC)


class Entry(NamedTuple):
    """One work as the audit looks at it. `pictured`: its text where that has pictures in it, else empty."""

    id: str
    title: str
    source: str
    kind: str
    format: str
    published_at: datetime | None
    tags: Sequence[str]
    language: str | None
    license: str | None
    words: int
    extra: dict[str, Any]
    pictured: str = ""


def gaps_of(work: Entry, now: datetime, spoken_for: frozenset[str]) -> list[str]:
    """Return what a work lacks. `spoken_for`: the works whose rights a person has said."""
    found = []
    if date_fault(work, now):
        found.append("broken_date")
    elif work.published_at is None:
        found.append("date")
    if not has_rights(work, spoken_for):
        found.append("rights")
    if not has_title(work):
        found.append("title")
    if missing_alt(work):
        found.append("alt")
    if lacks_transcript(work):
        found.append("transcript")
    return found + [field for field in ("tags", "language") if not getattr(work, field)]


def has_title(work: Entry | Work) -> bool:
    """Say whether a work has a title that says something; posts need none."""
    return work.format in _UNTITLED or not _NO_TITLE.fullmatch(work.title)


def date_fault(work: Entry, now: datetime) -> str | None:
    """Return why a work's date can't be right; None if nothing speaks against it."""
    at = work.published_at
    if at is None:
        notes = work.extra.get("notes")
        said = [note for note in notes if str(note).startswith("date left out")] if isinstance(notes, list) else []
        return str(said[0]) if said else None
    if at > now + timedelta(days=1) and work.kind != "published":
        return "it lies in the future"
    return (
        "it is a computer's zero, not a date"
        if at < _EARLIEST and (at.year, at.month, at.day) == (1970, 1, 1)
        else None
    )


def has_rights(work: Entry, spoken_for: frozenset[str]) -> bool:
    """Say whether somebody said what may be done with a work: its licence, a word of consent, or an approval here."""
    return work.id in spoken_for or work.kind == "published" or not _NO_LICENCE.fullmatch(work.license or "")


def missing_alt(work: Entry) -> int:
    """Return how many pictures of a work have no alt text."""
    pictures, texts = work.extra.get("pictures"), work.extra.get("alt texts")
    attached = max(0, pictures - len(texts or ())) if isinstance(pictures, int) else 0
    return attached + sum(not (found[1] or "").strip() for found in _PICTURE.finditer(work.pictured))


def has_pictures(work: Entry) -> bool:
    """Say whether a work shows pictures at all."""
    return bool(work.extra.get("pictures") or work.extra.get("alt texts") or work.pictured)


def is_spoken(work: Entry) -> bool:
    """Say whether a work was spoken: a video, an episode, a transcript."""
    return work.format in ("youtube", "transcript") or bool(work.extra.get("audio") or work.extra.get("transcript"))


def lacks_transcript(work: Entry) -> bool:
    """Say whether what was said in a work is not in it."""
    return is_spoken(work) and work.format != "transcript" and not ({"transcript", "timestamps"} & set(work.extra))


def origin(source: str) -> str:
    """Return where a work came from, in a word or two: a service, a site, a folder."""
    if found := re.match(r"([a-z][a-z0-9+.-]*):", source):
        return urlsplit(source).netloc or found[1]
    folder, slash, _ = source.partition("/")
    return f"{folder}/" if slash else "single files"


def ranked(counts: dict[str, list[str]], of: dict[str, int]) -> tuple[Mend, ...]:
    """Return the gaps by weight times how often, with a few examples each."""
    found = [
        Mend(
            gap=name,
            label=GAPS[name].label,
            count=len(ids),
            of=of["files" if name.startswith("file_") else "works"],
            score=GAPS[name].weight * len(ids),
            why=GAPS[name].why,
            how=GAPS[name].how,
            examples=tuple(ids[:5]),
        )
        for name, ids in counts.items()
        if ids
    ]
    return tuple(sorted(found, key=lambda each: (-each.score, list(GAPS).index(each.gap))))


def grouped(pairs: Iterable[tuple[str, int]]) -> tuple[Group, ...]:
    """Return (name, words) of each work as groups, the largest first."""
    totals: dict[str, tuple[int, int]] = {}
    for name, words in pairs:
        works, sum_of = totals.get(name, (0, 0))
        totals[name] = (works + 1, sum_of + words)
    groups = [Group(name, works, words) for name, (works, words) in totals.items()]
    return tuple(sorted(groups, key=lambda group: (-group.works, group.name)))

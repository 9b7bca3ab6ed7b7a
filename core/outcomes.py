"""How a piece did, as it was measured at a time. A corrected figure supersedes the one before."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field, model_validator

from core.base import Instant, Noun

FIRST = ("views", "opens", "clicks", "likes", "replies", "comments", "reposts", "shares", "saves", "subscribers")
"""The order in which figures are told; others follow by their name."""

TOLD = 3
LONGEST_COUNT = 12  # digits

_COUNTS = {
    "favorites": "likes",
    "favourites": "likes",
    "favorite_count": "likes",
    "like_count": "likes",
    "retweets": "reposts",
    "retweet_count": "reposts",
    "boosts": "reposts",
    "reply_count": "replies",
    "view_count": "views",
    "comment_count": "comments",
} | {name: name for name in FIRST}
"""What counts are called in archives and rows, in the words they are told in."""


class Measured(Noun):
    """One figure of one piece, past or published: how many at which moment, by whose count."""

    work_id: str | None = None
    publication_id: str | None = None
    metric: str = Field(min_length=1, max_length=64)  # likes, replies, opens …
    value: float
    measured_at: Instant
    source: str = Field(default="", max_length=200)  # who counted: mastodon, a newsletter's statistics

    @model_validator(mode="after")
    def _of_one_piece(self) -> "Measured":
        if (self.work_id is None) == (self.publication_id is None):
            raise ValueError("a figure is of one work or of one publication")
        if not math.isfinite(self.value):
            raise ValueError("that is no number")
        return self

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What two figures that are known at one time can't share."""
        subject = self.work_id or str(self.publication_id)
        return subject, self.metric, self.measured_at.isoformat(), self.source


class Outcome(Measured):
    """A figure as it is kept: known from `recorded_at` until `superseded_at`."""

    id: str
    workspace: str
    recorded_at: Instant
    superseded_at: Instant | None = None
    recorded_by: str


def counts_in(extra: Mapping[str, Any]) -> dict[str, float]:
    """Return the counts among what an importer kept beside a piece: by metric, whole numbers only."""
    found = {}
    for name, value in extra.items():
        metric = _COUNTS.get(name.strip().lower().replace(" ", "_"))
        plain = str(value).strip()
        if metric and plain.isdecimal() and len(plain) <= LONGEST_COUNT:
            found[metric] = float(plain)
    return found


def latest(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return the last figure of each metric and source, the most telling metric first."""
    found: dict[tuple[str, str], Outcome] = {}
    for each in outcomes:
        key = (each.metric, each.source)
        if key not in found or found[key].measured_at < each.measured_at:
            found[key] = each
    return sorted(found.values(), key=lambda each: (_rank(each.metric), each.metric, each.source))


def in_words(outcomes: Iterable[Outcome]) -> str:
    """Return how a piece did in a few words: `1,204 views, 212 likes (mastodon)`; empty where nothing is known."""
    told = latest(outcomes)[:TOLD]
    sources = {each.source for each in told} - {""}
    one = f" ({sources.pop()})" if len(sources) == 1 and all(each.source for each in told) else ""
    return ", ".join(_told(each, with_source=not one) for each in told) + one


def _told(outcome: Outcome, *, with_source: bool) -> str:
    value = f"{outcome.value:,.0f}" if outcome.value == int(outcome.value) else f"{outcome.value:,.2f}"
    return f"{value} {outcome.metric}" + (f" ({outcome.source})" if with_source and outcome.source else "")


def _rank(metric: str) -> int:
    return FIRST.index(metric) if metric in FIRST else len(FIRST)

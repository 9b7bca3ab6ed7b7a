"""When a creator's posts went out on a channel, how each did at about the same age, and which times are taken."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import Connection, and_, func, or_, select

from core.links import place
from core.outcomes import FIRST, Outcome
from core.timing import Posted
from memory.consents import revoked_works
from memory.database import Database
from memory.outcomes import figures
from memory.tables import proposals, publications, works

FORMATS = {
    "newsletter": ("email", "substack"),
    "site": ("feed", "html", "markdown", "ghost", "medium"),
    "wordpress": ("wordpress",),
}
"""Formats of imported works that are a channel's own, where the channel's name is not the format's."""

YOUNGEST = timedelta(days=2)
"""A figure taken sooner after publication is not a post's figure yet."""

RIPE = timedelta(days=7)
"""Of several figures, the one nearest this age counts, so that posts are compared at the same age."""

MOST = 500
"""The latest posts that are looked at: an audience's habits of years ago say little."""

_MEANT = ("waiting", "held")
_SET = ("waiting", "held", "approved", "scheduled")
_GONE = ("cancelled", "rejected", "deleted", "missed")


class Taken(NamedTuple):
    """A time of an account that is taken: by what went out, or by what is planned."""

    at: datetime
    what: str
    proposal: str | None
    channel: str
    brief: str | None = None


class Timings:
    """What the past and the plan say of times; one workspace at a time."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def posted(self, workspace: str, channel: str) -> tuple[str, tuple[Posted, ...]]:
        """Return the metric that most posts of a channel have, and those posts; ("", ()) where none has any.

        What a revoked consent covers, and what has a date but no time of day, is left out.
        """
        with self._database.read() as conn:
            times = _times(conn, workspace, channel)
            ripe = {
                subject: [each for each in found if each.measured_at - times[subject] >= YOUNGEST]
                for subject, found in figures(conn, workspace, times).items()
            }
        metrics = Counter(metric for each in ripe.values() for metric in {outcome.metric for outcome in each})
        if not metrics:
            return "", ()
        metric = min(metrics, key=lambda name: (-metrics[name], _rank(name), name))
        posts = [
            Posted(at=times[subject], value=figure.value)
            for subject, each in ripe.items()
            if (figure := _at_one_age(times[subject], [one for one in each if one.metric == metric]))
        ]
        return metric, tuple(posts)

    def taken(
        self, workspace: str, *, channel: str | None = None, account: str | None = None, since: datetime
    ) -> tuple[Taken, ...]:
        """Return the times that are taken from `since` on, of all channels or one account of one, soonest first."""
        with self._database.read() as conn:
            found = [*_planned(conn, workspace, since), *_out(conn, workspace, since)]
        return tuple(
            Taken(each.at, each.what, each.proposal, each.channel, each.brief)
            for each in sorted(found, key=lambda row: (row.at, row.proposal or ""))
            if channel in (None, each.channel) and account in (None, each.account)
        )


class _Row(NamedTuple):
    at: datetime
    what: str
    proposal: str
    channel: str
    account: str
    brief: str


def _times(conn: Connection, workspace: str, channel: str) -> dict[str, datetime]:
    """Return when each post of a channel went out, by work or publication; a post is counted once."""
    sent = select(publications.c.id, publications.c.published_at, publications.c.url).where(
        publications.c.workspace == workspace,
        publications.c.channel == channel,
        publications.c.published_at.is_not(None),
        publications.c.part == 1,
    )
    out = conn.execute(sent.order_by(publications.c.published_at.desc()).limit(MOST)).all()
    addresses = {place(row.url) for row in out if row.url}
    formats = FORMATS.get(channel, (channel,))
    made = select(works.c.id, works.c.published_at, works.c.url).where(
        works.c.workspace == workspace, works.c.format.in_(formats), works.c.published_at.is_not(None)
    )
    revoked = revoked_works(conn, workspace)
    past = [
        row
        for row in conn.execute(made.order_by(works.c.published_at.desc()).limit(MOST))
        if row.id not in revoked and _has_a_time(row.published_at) and not (row.url and place(row.url) in addresses)
    ]
    found = sorted([*out, *past], key=lambda row: (row.published_at, row.id), reverse=True)[:MOST]
    return {row.id: row.published_at for row in found}


def _has_a_time(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) != (0, 0, 0)  # a bare date is midnight UTC


def _at_one_age(published: datetime, outcomes: Iterable[Outcome]) -> Outcome | None:
    return min(
        outcomes,
        key=lambda each: (abs(each.measured_at - published - RIPE), each.measured_at, each.source),
        default=None,
    )


def _planned(conn: Connection, workspace: str, since: datetime) -> list[_Row]:
    at = func.coalesce(proposals.c.at, proposals.c.suggested_at)
    rows = select(proposals).where(
        proposals.c.workspace == workspace,
        at >= since,
        or_(
            and_(proposals.c.at.is_not(None), proposals.c.state.in_(_SET)),
            and_(proposals.c.at.is_(None), proposals.c.state.in_(_MEANT)),
        ),
    )
    return [
        _Row(row.at or row.suggested_at, f"{row.id}, {row.state}", row.id, row.channel, row.account, row.brief_id)
        for row in conn.execute(rows)
    ]


def _out(conn: Connection, workspace: str, since: datetime) -> list[_Row]:
    """Return what went out, or is on its way without a time of its own."""
    at = func.coalesce(publications.c.published_at, publications.c.due_at)
    rows = (
        select(publications, proposals.c.at.label("set_at"), proposals.c.brief_id)
        .join(proposals, proposals.c.id == publications.c.proposal_id)
        .where(
            publications.c.workspace == workspace,
            at >= since,
            publications.c.part == 1,
            publications.c.state.not_in(_GONE),
        )
    )
    return [
        _Row(
            row.published_at or row.due_at,
            f"{row.proposal_id}, {'live' if row.published_at else 'on its way'}",
            row.proposal_id,
            row.channel,
            row.account,
            row.brief_id,
        )
        for row in conn.execute(rows)
        if row.published_at or row.set_at is None
    ]


def _rank(metric: str) -> int:
    return FIRST.index(metric) if metric in FIRST else len(FIRST)

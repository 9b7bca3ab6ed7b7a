"""What went out through here, as pieces that a text may repeat: the posts themselves, and how they did."""

import re
from collections.abc import Collection, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection, select

from core.channels import channels
from core.outcomes import in_words
from core.repetition import Gram, Past
from memory.consents import lost
from memory.outcomes import figures
from memory.proposals import load
from memory.tables import proposals, publications, works

NEWEST = 1_000
"""Posts that are looked into: they have no full text, and whoever repeats an older one has it imported by then."""

_TITLE = 8  # words by which a post is named
_WORD = re.compile(r"\w+")


def gone_out(
    conn: Connection, workspace: str, runs: Sequence[Gram], *, brief_id: str | None, besides: Collection[str], most: int
) -> tuple[Past, ...]:
    """Return the posts that went out and hold runs of a text's words, those that hold most first.

    Left out: what went out for the same brief (it says the same on purpose), what consent was revoked for, and what
    was imported since, which is found as a work.
    """
    phrases = [f" {_plain(' '.join(run))} " for run in runs]
    said = ((f" {_plain(row.text)} ", row) for row in _posts(conn, workspace))
    held = [(sum(phrase in text for phrase in phrases), row) for text, row in said]
    best = sorted((each for each in held if each[0]), key=lambda each: -each[0])
    known = set(conn.scalars(select(works.c.url).where(works.c.workspace == workspace, works.c.url.is_not(None))))
    meant = (
        row
        for _, row in best
        if row.brief_id != brief_id
        and row.publication_id not in besides
        and row.url not in known
        and lost(conn, load(conn, workspace, row.proposal_id)) is None
    )
    mine = list(islice(meant, most))  # consent is asked of those alone that are told
    did = figures(conn, workspace, [row.publication_id for row in mine])
    return tuple(_past(row, in_words(did[row.publication_id])) for row in mine)


def _posts(conn: Connection, workspace: str) -> Sequence[Any]:
    columns = (
        publications.c.id.label("publication_id"),
        *(publications.c[name] for name in ("proposal_id", "published_at", "url")),
        *(proposals.c[name] for name in ("brief_id", "channel", "text")),
    )
    first = (publications.c.workspace == workspace, publications.c.state == "published", publications.c.part == 1)
    rows = select(*columns).join(proposals, proposals.c.id == publications.c.proposal_id).where(*first)
    return conn.execute(rows.order_by(publications.c.published_at.desc(), publications.c.id).limit(NEWEST)).all()


def _plain(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _past(row: Any, did: str) -> Past:
    words = row.text.split()
    title = " ".join(words[:_TITLE]) + (" …" if len(words) > _TITLE else "")
    label = next((each.label for each in channels() if each.name == row.channel), row.channel)
    return Past(row.publication_id, title, row.text, row.published_at, did, row.publication_id, f" on {label}")

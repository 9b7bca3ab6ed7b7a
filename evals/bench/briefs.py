"""Briefs: are the earlier posts that an author linked to among those that recall finds for the new post's brief?

The brief is the new post's title and excerpt; only earlier posts may be found; the truth is what the post linked to.
"""

import csv
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from core.errors import WrongUse
from core.works import Work, Workspace
from memory import Memory
from memory.clock import utc_now
from memory.importers import collect

DEPTHS = (5, 10, 20)
GAIN_AT = 10

WORKSPACE = "bench"

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Asked:
    """One brief: the post it stands for, and the works that post linked to."""

    post: Work
    truth: frozenset[str]


def run(
    posts_path: Path, qrels_path: Path, *, database_url: str | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Import the posts into a home of their own, recall for every brief, and return how well it went.

    `recall` is the mean share of the truth among the first 5, 10 and 20 works, `ndcg10` the mean gain among the first
    ten; `text_only` says the same without the brief's authors and tags. `progress` counts embedded texts.
    `database_url` names an empty PostgreSQL database to keep them in; without it that is SQLite. Raises WrongUse for
    a database that has been used: what is in it stays as it is.
    """
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        memory = Memory.open(Path(home), database_url=database_url)
        try:
            if memory.workspaces.list():
                raise WrongUse("That database has workspaces already.", "Name an empty one, made for this.")
            memory.workspaces.add(Workspace(id=WORKSPACE, name="Bench", created_at=utc_now()))
            memory.works.remember(WORKSPACE, collect([posts_path]).pieces)
            memory.index.bring_up_to_date(WORKSPACE, progress)
            return measure(memory, WORKSPACE, qrels_path)
        finally:
            memory.close()


def measure(memory: Memory, workspace: str, qrels_path: Path) -> dict[str, Any]:
    """Return the figures for a workspace that holds the posts already."""
    briefs = read_qrels(qrels_path, memory.works.list(workspace))
    with_context = [found(memory, brief) for brief in briefs]
    text_only = [found(memory, brief, context=False) for brief in briefs]
    return {"queries": len(briefs), **figures(briefs, with_context), "text_only": figures(briefs, text_only)}


def read_qrels(path: Path, works: Sequence[Work]) -> list[Asked]:
    """Read pairs of ids (tab separated: query_post, past_post) as briefs over these works."""
    by_id = {work.source.rpartition("#")[2]: work for work in works}
    truth: dict[str, set[str]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            truth.setdefault(row["query_post"], set()).add(by_id[row["past_post"]].id)
    return [Asked(by_id[post], frozenset(ids)) for post, ids in truth.items()]


def found(memory: Memory, brief: Asked, *, context: bool = True) -> list[str]:
    """Return the ids of the works that recall finds for a brief, best first."""
    post = brief.post
    recalled = memory.recall(
        post.workspace,
        f"{post.title}\n\n{post.excerpt}",
        k=max(DEPTHS),
        before=post.published_at,
        as_of=post.published_at,
        like_authors=post.authors if context else (),
        like_tags=post.tags if context else (),
    )
    return [work.work_id for work in recalled]


def figures(briefs: Sequence[Asked], rankings: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Return mean recall at each depth and mean nDCG@10, to four places."""
    pairs = [(ranking, brief.truth) for brief, ranking in zip(briefs, rankings, strict=True)]
    recall: Mapping[str, float] = {
        str(k): _mean([len(truth.intersection(ranking[:k])) / len(truth) for ranking, truth in pairs]) for k in DEPTHS
    }
    return {"recall": recall, "ndcg10": _mean([_ndcg(ranking, truth) for ranking, truth in pairs])}


def _ndcg(ranking: Sequence[str], truth: frozenset[str]) -> float:
    gain = sum(1 / math.log2(place + 2) for place, work in enumerate(ranking[:GAIN_AT]) if work in truth)
    return gain / sum(1 / math.log2(place + 2) for place in range(min(len(truth), GAIN_AT)))


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0

"""A creator's own tags: does a new post get those that its author gave it, of the ones in use by then?

Posts are imported as the product does and tagged in the order of time, each by what is earlier. What an author makes up
for a post can't be found, so a tag counts once earlier posts carry it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from core.errors import BadInput
from core.markdown_text import plain
from core.works import Work, Workspace
from memory import Memory
from memory.clock import utc_now
from memory.importers import collect

WORKSPACE = "bench"
WARM_UP = 50
"""The first posts, which only teach."""

SETTLED = 10
"""Earlier posts with a tag from which it is settled: `p1` and `r5` are over such tags; `by_uses` says the others."""

USES = (1, 3, 5, 10)

Progress = Callable[[str, int, int], None]


def run(posts: Path, progress: Progress | None = None) -> dict[str, Any]:
    """Return how often the first tag is right (`p1`) and the share of a post's tags among the first five (`r5`)."""
    with TemporaryDirectory(prefix="greenroom-bench-") as home:
        memory = Memory.open(Path(home))
        try:
            memory.workspaces.add(Workspace(id=WORKSPACE, name="Bench", created_at=utc_now()))
            memory.works.remember(WORKSPACE, collect([posts]).pieces)
            memory.index.bring_up_to_date(WORKSPACE, _as("texts", progress))
            return measure(memory, WORKSPACE, progress)
        finally:
            memory.close()


def measure(memory: Memory, workspace: str, progress: Progress | None = None) -> dict[str, Any]:
    """Return the figures for a workspace that holds the posts already, beside those of the commonest tags."""
    works = sorted(
        (w for w in memory.works.list(workspace) if w.published_at), key=lambda w: (w.published_at, w.source)
    )
    if len(works) <= WARM_UP:
        raise BadInput(f"{len(works)} dated posts are too few.", f"At least {WARM_UP + 1} are needed, with tags.")
    rows = []
    for at, work in enumerate(works):
        earlier = [other for other in works[:at] if other.published_at < work.published_at]  # type: ignore[operator]
        used = Counter(tag for other in earlier for tag in set(other.tags))
        if at >= WARM_UP and work.tags:
            rows.append((work, used, found(memory, work), [tag for tag, _ in used.most_common()]))
        if progress:
            progress("posts", at + 1, len(works))
    by_uses = {str(uses): _figures(rows, uses) for uses in USES}
    settled = by_uses[str(SETTLED)]
    return {**settled, "settled_at": SETTLED, "by_uses": by_uses}


def found(memory: Memory, work: Work) -> list[str]:
    """Return the tags for a post by what is earlier, best first."""
    ranked = memory.own_tags(
        work.workspace, plain(work.body), title=work.title, authors=work.authors, k=1000, before=work.published_at
    )
    return [each.tag for each in ranked]


def _figures(rows: Sequence[tuple[Work, Counter[str], list[str], list[str]]], uses: int) -> dict[str, Any]:
    pairs = []
    for work, used, ranked, common in rows:
        truth = {tag for tag in work.tags if used[tag] >= uses}
        if truth:
            of_use = [tag for tag in ranked if used[tag] >= uses]
            pairs.append((truth, of_use, [tag for tag in common if used[tag] >= uses]))
    if not pairs:
        return {"posts": 0, "p1": None, "r5": None, "commonest": {"p1": None, "r5": None}}
    ours = _measured([(truth, ranked) for truth, ranked, _ in pairs])
    return {"posts": len(pairs), **ours, "commonest": _measured([(truth, common) for truth, _, common in pairs])}


def _measured(pairs: Sequence[tuple[set[str], list[str]]]) -> dict[str, float]:
    first = [bool(ranked and ranked[0] in truth) for truth, ranked in pairs]
    recall = [len(truth.intersection(ranked[:5])) / len(truth) for truth, ranked in pairs]
    return {"p1": round(fmean(first), 4), "r5": round(fmean(recall), 4)}


def _as(what: str, progress: Progress | None) -> Callable[[int, int], None] | None:
    return (lambda done, total: progress(what, done, total)) if progress else None

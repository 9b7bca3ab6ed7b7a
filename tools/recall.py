"""Find what the creator already said: the first thing every brief does."""

from core.briefs import Brief
from core.works import Recalled
from tools.context import Context

_QUERY_WORDS = 120  # the embedder reads about 256 word pieces; beyond that a query only blurs


def lean_on(context: Context, brief: Brief, k: int = 8) -> tuple[Recalled, ...]:
    """Return up to `k` past works that fit the brief, best first; never the work the brief is made from."""
    if "memory" in context.without:
        return ()
    query = " ".join(f"{brief.ask} {brief.source_title} {brief.source_text}".split()[:_QUERY_WORDS])
    source = context.memory.works.get(brief.workspace, brief.source_work_id) if brief.source_work_id else None
    found = context.memory.recall(
        brief.workspace,
        query,
        k=k + 1,
        title=brief.source_title or brief.ask,
        like_authors=source.authors if source else (),
        like_tags=source.tags if source else (),
    )
    return tuple(work for work in found if work.work_id != brief.source_work_id)[:k]

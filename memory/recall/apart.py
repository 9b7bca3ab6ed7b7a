"""How far apart pieces are, by the vectors that are kept of them."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from sqlalchemy import select

from memory.database import Database
from memory.index.vectors import of_hashes
from memory.tables import passages


def distances(
    database: Database, workspace: str, work_ids: Sequence[str], *, model: str, dim: int
) -> dict[tuple[str, str], float]:
    """Return how far apart each two works are: 1 - cosine of the means of their passages' kept vectors.

    Nothing is embedded: a work without vectors of `model` yet is in no pair.
    """
    rows = select(passages.c.work_id, passages.c.content_hash).where(
        passages.c.workspace == workspace, passages.c.work_id.in_(list(work_ids))
    )
    with database.read() as conn:
        found = conn.execute(rows.order_by(passages.c.number)).all()
        kept = of_hashes(conn, [row.content_hash for row in found], model, dim)
    means = {}
    for work_id in dict.fromkeys(work_ids):
        mine = kept[[place for place, row in enumerate(found) if row.work_id == work_id]]
        mine = mine[~np.isnan(mine[:, 0])] if len(mine) else mine
        if len(mine) and (length := float(np.linalg.norm(mean := mine.mean(axis=0)))) > 0:
            means[work_id] = mean / length
    return {(one, other): 1.0 - float(means[one] @ means[other]) for one, other in combinations(means, 2)}

"""Voice: does a held-out post score above the post by somebody else that is nearest to it by topic?

`run` follows one protocol for any file: authors stand in two fixed folds and are scored with a background fitted on the
other fold, negatives come from the same fold (so no background has seen them), or, where the shipped background holds
none of the file's authors, with the shipped one. The last posts by date are held out, the known ones come just before.
"""

import gzip
import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.works import Work
from evals.bench.calibration import Placed, calibration, held
from memory.voice.background import LENGTHS, Background, load
from memory.voice.fitting import Sample, fit
from memory.voice.portrait import portray
from memory.voice.prose import Prose, written
from memory.voice.score import HALFWAY, Place, position

MOST = 40
"""Posts of one author in a background, evenly over the years: enough for a steady rate, and no author fills it."""

HELD_OUT, FEWEST = 20, 5
"""How many posts of an author are held out at most, and with how few an author is left out."""

_REFUSED = Place(HALFWAY, 1.0)

Embed = Callable[[Sequence[str]], NDArray[np.float32]]


@dataclass(frozen=True)
class Post:
    """One row of the file: the same post cut to each of LENGTHS."""

    author: str
    cluster: str
    licence: str
    date: str
    texts: dict[int, str]


@dataclass(frozen=True)
class Trial:
    """One author's held-out posts, the posts of others set against them, and what is known of the author."""

    author: str
    known: tuple[Post, ...]
    own: tuple[Post, ...]
    others: tuple[Post, ...]


def run(path: Path, known: Sequence[int] = (10, 30, 100), embed: Embed | None = None) -> dict[str, Any]:
    """Return the mean AUC over authors, the AUC over all texts, and how many authors, by known posts and words.

    With it, whether scores and intervals hold what they say, over all of these texts.
    """
    posts = read_posts(path)
    vectors = (embed or _minilm())([post.texts[max(LENGTHS)] for post in posts])
    groups = _groups(posts)
    auc: dict[str, Any] = {}
    pooled: dict[str, Any] = {}
    authors: dict[str, int] = {}
    placed: list[Placed] = []
    for many in known:
        scored = [
            _scores(trial, background) for fold, background in groups for trial in _trials(posts, vectors, fold, many)
        ]
        key = str(many)
        authors[key] = len(scored)
        auc[key] = {str(length): _mean([area(*map(_middles, one[length])) for one in scored]) for length in LENGTHS}
        pooled[key] = {
            str(length): _pooled([(_middles(own), _middles(others)) for own, others in (one[length] for one in scored)])
            for length in LENGTHS
        }
        placed += scored
    found = {"auc": auc, "pooled_auc": pooled, "authors": authors, "posts": len(posts)}
    return {**found, "calibration": calibration(placed), "interval_holds": held(placed)}


def read_posts(path: Path) -> list[Post]:
    """Return the rows of a gzipped JSONL file, in its order."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [_post(json.loads(line)) for line in lines if line.strip()]


def sample(post: Post) -> Sample:
    """Return a post as a background counts it."""
    return Sample(post.author, {length: Prose.of(written(post.texts[length])) for length in LENGTHS})


def evenly(posts: Iterable[Post]) -> list[Post]:
    """Return at most MOST posts of each author, evenly over the years."""
    by_author: dict[str, list[Post]] = defaultdict(list)
    for post in sorted(posts, key=lambda post: (post.date, post.texts[max(LENGTHS)])):
        by_author[post.author].append(post)
    chosen: list[Post] = []
    for _, mine in sorted(by_author.items()):
        step = max(1.0, len(mine) / MOST)
        chosen += [mine[int(place * step)] for place in range(min(MOST, len(mine)))]
    return chosen


def folds(posts: Iterable[Post]) -> tuple[frozenset[str], frozenset[str]]:
    """Return the authors of two fixed halves: alternate ones, ordered by cluster and name."""
    authors = [author for _, author in sorted({(post.cluster, post.author) for post in posts})]
    return frozenset(authors[::2]), frozenset(authors[1::2])


def area(own: Sequence[float], others: Sequence[float]) -> float:
    """Return the chance that one of `own` is above one of `others`; a tie counts half."""
    mine, theirs = np.array(own)[:, None], np.array(others)[None]
    return float((mine > theirs).mean() + 0.5 * (mine == theirs).mean())


def _post(row: dict[str, str]) -> Post:
    texts = {length: row[f"w{length}"] for length in LENGTHS}
    return Post(row["author"], row.get("cluster", ""), row.get("licence", ""), row["date"], texts)


def _groups(posts: Sequence[Post]) -> list[tuple[frozenset[str], Background]]:
    """Return the authors that are scored together, each group with a background that knows none of them."""
    shipped = load()
    everyone = frozenset(post.author for post in posts)
    if not everyone & set(shipped.authors):
        return [(everyone, shipped)]
    first, second = folds(posts)
    fitted = [fit([sample(post) for post in evenly(posts) if post.author in fold]) for fold in (first, second)]
    return [(first, fitted[1]), (second, fitted[0])]


def _trials(posts: Sequence[Post], vectors: NDArray[np.float32], fold: frozenset[str], known: int) -> Iterable[Trial]:
    places: dict[str, list[int]] = defaultdict(list)
    for place in sorted(range(len(posts)), key=lambda place: (posts[place].date, place)):
        places[posts[place].author].append(place)
    for author in sorted(fold):
        mine = places[author]
        held = mine[max(known, len(mine) - HELD_OUT) :]
        if len(held) >= FEWEST:
            others = np.array([place for name in sorted(fold - {author}) for place in places[name]])
            nearest = [others[int(np.argmax(vectors[others] @ vectors[place]))] for place in held]
            before = mine[len(mine) - len(held) - known : len(mine) - len(held)]
            yield Trial(author, *(tuple(posts[place] for place in chosen) for chosen in (before, held, nearest)))


def _scores(trial: Trial, background: Background) -> Placed:
    voiceprint = portray([_work(number, post) for number, post in enumerate(trial.known)], background)

    def scores(texts: Iterable[str]) -> list[Place]:
        return [position(voiceprint, background, text, "en") or _REFUSED for text in texts]

    return {
        length: (scores(post.texts[length] for post in trial.own), scores(post.texts[length] for post in trial.others))
        for length in LENGTHS
    }


def _work(number: int, post: Post) -> Work:
    body, then = post.texts[max(LENGTHS)], datetime(2000, 1, 1, tzinfo=UTC)
    return Work(
        id=str(number),
        workspace="bench",
        source=str(number),
        title="",
        body=body,
        format="text",
        published_at=None,
        authors=(post.author,),
        tags=(),
        excerpt="",
        url=None,
        language="en",
        license=post.licence,
        version=1,
        content_hash="",
        words=len(body.split()),
        imported_at=then,
    )


def _middles(places: Sequence[Place]) -> list[float]:
    return [place.middle for place in places]


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None


def _pooled(pairs: Sequence[tuple[list[float], list[float]]]) -> float | None:
    if not pairs:
        return None
    return round(area([x for own, _ in pairs for x in own], [x for _, others in pairs for x in others]), 4)


def _minilm() -> Embed:
    from memory.embedding import open_embedder
    from memory.face import CACHE

    return open_embedder("minilm", CACHE).embed

import gzip
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from evals.bench.voice import Post, area, folds, read_posts, run
from evals.make_voice_background import permissive
from tests.memory.voices import STYLES, write


def _file(path: Path, authors: dict[str, str], posts: int) -> Path:
    rows = [
        {
            "author": author,
            "cluster": "made up",
            "licence": "CC0-1.0",
            "date": f"2020-{1 + number % 12:02d}-{1 + number // 12:02d}",
            **{f"w{length}": write(style, length, seed=number + place * 1000) for length in (40, 100, 300)},
        }
        for place, (author, style) in enumerate(authors.items())
        for number in range(posts)
    ]
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return path


def _by_number(texts: Sequence[str]) -> NDArray[np.float32]:
    return np.eye(len(texts), dtype=np.float32)


def test_separates_authors_who_write_nothing_alike(tmp_path: Path) -> None:
    path = _file(tmp_path / "v.jsonl.gz", {style: style for style in STYLES}, posts=16)
    found = run(path, known=(10, 100), embed=_by_number)
    assert found["authors"] == {"10": 3, "100": 0}
    assert found["auc"]["10"]["300"] == 1.0
    assert found["auc"]["100"] == {"40": None, "100": None, "300": None}


def test_does_not_tell_one_author_from_themselves(tmp_path: Path) -> None:
    path = _file(tmp_path / "v.jsonl.gz", {f"twin {number}": "plain" for number in range(4)}, posts=24)
    auc = run(path, known=(10,), embed=_by_number)["pooled_auc"]["10"]
    assert all(0.25 < auc[length] < 0.75 for length in ("40", "100", "300"))


def test_area_counts_a_tie_as_half() -> None:
    assert area([1, 2], [0, 0]) == 1
    assert area([1], [1]) == 0.5
    assert area([0, 3], [1, 2]) == 0.5


def test_folds_share_no_author_and_take_every_cluster(tmp_path: Path) -> None:
    posts = [Post(f"a{n}", "web" if n < 4 else "rust", "CC0", "2020-01-01", {}) for n in range(8)]
    first, second = folds(posts)
    assert first | second == {post.author for post in posts}
    assert not first & second
    assert len({post.cluster for post in posts if post.author in first}) == 2


@pytest.mark.parametrize(("licence", "kept"), [("MIT", 3), ("CC BY 4.0", 3), ("CC BY-SA 4.0", 0), ("CC BY-NC 4.0", 0)])
def test_only_permissive_licences_go_into_the_background(tmp_path: Path, licence: str, kept: int) -> None:
    posts = read_posts(_file(tmp_path / "v.jsonl.gz", {"one": "plain"}, posts=3))
    rows = [Post(post.author, post.cluster, licence, post.date, post.texts) for post in posts]
    assert len(permissive(rows)) == kept

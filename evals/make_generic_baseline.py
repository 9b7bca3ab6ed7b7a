"""Make the baseline of generic-writing risk that ships: `python -m evals.make_generic_baseline voice.jsonl.gz`.

Reads rows of `author, licence, date, w40, w100, w300`, keeps the permissively licensed ones, and writes how their
signals are spread. No text is kept.
"""

import sys
from collections import Counter
from pathlib import Path

import numpy as np

from evals.bench.voice import read_posts
from evals.make_voice_background import permissive
from memory.generic.baseline import LENGTHS, MEASURED_AT, SHIPPED, save, standing, together, told_apart, with_totals
from memory.generic.signals import levels
from memory.voice.prose import Prose, written


def main(arguments: list[str]) -> None:
    """Write the baseline and say what went in."""
    posts = permissive(read_posts(Path(arguments[0])))
    many = Counter(post.author for post in posts)
    shares = np.array([1 / many[post.author] / len(many) for post in posts])
    tables = {length: np.array([levels(Prose.of(written(post.texts[length]))) for post in posts]) for length in LENGTHS}
    found = {length: standing(table, shares) for length, table in tables.items()}
    covariance = together(tables[MEASURED_AT], *found[MEASURED_AT], shares)
    usual = {length: with_totals(*found[length], told_apart(covariance), tables[length], shares) for length in LENGTHS}
    save(usual, covariance, SHIPPED)
    print(f"{len(posts)} posts by {len(many)} authors: {', '.join(many)}")


if __name__ == "__main__":
    main(sys.argv[1:])

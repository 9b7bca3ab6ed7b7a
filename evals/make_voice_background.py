"""Make the voice background that ships: `python -m evals.make_voice_background voice.jsonl.gz`.

Reads rows of `author, licence, date, w40, w100, w300`, keeps the permissively licensed ones, and writes counts and
fitted rates beside the code of voice. No text is kept.
"""

import sys
from collections import defaultdict
from pathlib import Path

from evals.bench.voice import Post, read_posts, sample
from memory.voice.background import SHIPPED, save
from memory.voice.fitting import fit

PERMISSIVE = ("CC0", "MIT", "Apache", "zlib", "CC BY 4.0", "BSD", "ISC")
"""How a licence begins whose statistics may ship. Share-alike and non-commercial ones are left out."""

MOST = 60
"""Posts of one author: enough for a steady rate, and no author fills the file."""


def main(arguments: list[str]) -> None:
    """Write the statistics and say what went in."""
    posts = permissive(read_posts(Path(arguments[0])))
    background = fit([sample(post) for post in posts])
    save(background, SHIPPED)
    print(f"{len(posts)} posts by {len(background.authors)} authors: {', '.join(background.authors)}")
    print(f"gap {background.english.gap.round(2)}, spread {background.english.spread.round(2)}")


def permissive(posts: list[Post]) -> list[Post]:
    """Return each author's posts under permissive licences, at most MOST, evenly over the years."""
    by_author = defaultdict(list)
    for post in posts:
        if post.licence.startswith(PERMISSIVE):
            by_author[post.author].append(post)
    return [post for author in sorted(by_author) for post in _evenly(by_author[author])]


def _evenly(posts: list[Post]) -> list[Post]:
    ordered = sorted(posts, key=lambda post: (post.date, post.texts[300]))
    step = max(1.0, len(ordered) / MOST)
    return [ordered[int(place * step)] for place in range(min(MOST, len(ordered)))]


if __name__ == "__main__":
    main(sys.argv[1:])

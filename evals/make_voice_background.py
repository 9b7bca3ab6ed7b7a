"""Make the voice background that ships: `python -m evals.make_voice_background voice.jsonl.gz`.

Reads rows of `author, licence, date, w40, w100, w300`, keeps the permissively licensed ones, and writes counts and
fitted rates beside the code of voice. No text is kept.
"""

import sys
from pathlib import Path

from evals.bench.voice import Post, evenly, read_posts, sample
from memory.voice.background import SHIPPED, save
from memory.voice.fitting import fit

PERMISSIVE = ("CC0", "MIT", "Apache", "zlib", "CC BY 4.0", "BSD", "ISC")
"""How a licence begins whose statistics may ship. Share-alike and non-commercial ones are left out."""


def main(arguments: list[str]) -> None:
    """Write the statistics and say what went in."""
    posts = permissive(read_posts(Path(arguments[0])))
    background = fit([sample(post) for post in posts])
    save(background, SHIPPED)
    print(f"{len(posts)} posts by {len(background.authors)} authors: {', '.join(background.authors)}")
    print(f"gap {background.english.gap.round(2)}, spread {background.english.spread.round(2)}")


def permissive(posts: list[Post]) -> list[Post]:
    """Return each author's posts under permissive licences, so many of them as a background takes."""
    return evenly(post for post in posts if post.licence.startswith(PERMISSIVE))


if __name__ == "__main__":
    main(sys.argv[1:])

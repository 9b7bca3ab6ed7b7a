"""Make the list of words that begin a sentence without naming anybody:
`python -m evals.make_common_words voice.jsonl.gz posts.jsonl`.

Reads rows of `author, licence, …, w300` (the permissively licensed ones) and posts with a `body` in the public domain,
and keeps the words that two texts at least write small. No text is kept.
"""

import gzip
import json
import sys
from collections import Counter
from pathlib import Path

import regex

from core.grounding.common import LIST
from core.markdown_text import plain
from evals.make_voice_background import PERMISSIVE

LEAST_TEXTS = 2
_WORD = regex.compile(r"[\p{L}][\p{L}\p{M}]*(?:['’][\p{L}]+)*")
_AFTER_WORD = regex.compile(r"[\p{Ll},;]\s$")
_SHARE_ALIKE = "CC BY-SA"


def main(arguments: list[str]) -> None:
    """Write the list and say what went in."""
    small, large, texts = Counter[str](), Counter[str](), Counter[str]()
    count = 0
    for text in _texts(Path(arguments[0]), Path(arguments[1])):
        count += 1
        texts.update(_count(plain(text), small, large))
    words = sorted(word for word in texts if texts[word] >= LEAST_TEXTS and small[word] >= large[word])
    LIST.write_text("\n".join(words) + "\n", encoding="utf-8")
    print(f"{len(words)} words from {count} texts")


def _texts(voice: Path, posts: Path) -> list[str]:
    with gzip.open(voice, "rt", encoding="utf-8") as rows:
        read = [json.loads(row) for row in rows]
    kept = [row["w300"] for row in read if row["licence"].startswith(PERMISSIVE) and _SHARE_ALIKE not in row["licence"]]
    return kept + [json.loads(row)["body"] for row in posts.read_text(encoding="utf-8").splitlines() if row]


def _count(text: str, small: Counter[str], large: Counter[str]) -> set[str]:
    """Count the words that are written small, and those with a capital that no beginning explains."""
    seen = set()
    for match in _WORD.finditer(text):
        word = match[0].replace("’", "'")
        if word.islower():
            small[word] += 1
            seen.add(word)
        elif word[0].isupper() and _AFTER_WORD.search(text, max(0, match.start() - 2), match.start()):
            large[word.casefold()] += 1
    return seen


if __name__ == "__main__":
    main(sys.argv[1:])

"""A creator's piece as it stands in its file: what it says of itself, and its body."""

from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml


class PieceFile(NamedTuple):
    """A Markdown file with front matter."""

    stem: str
    title: str
    tags: tuple[str, ...]
    language: str
    body: str


@lru_cache(maxsize=1024)
def piece(path: Path) -> PieceFile:
    """Return a piece. Raises ValueError where it has no front matter."""
    _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
    said = yaml.safe_load(front)
    return PieceFile(path.stem, str(said["title"]), tuple(map(str, said["tags"])), str(said["lang"]), body.strip())

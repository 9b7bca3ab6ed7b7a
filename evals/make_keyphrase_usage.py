"""Make the usage of words that ships: `python -m evals.make_keyphrase_usage posts.jsonl voice.jsonl.gz`.

Reads blog posts in the public domain, the permissively licensed rows of a set of posts, and the prose in the
docstrings of well-known libraries (BSD, MIT, Apache-2.0) as they are installed. Only counts are written, no text.
"""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import core.keyphrases
from core.keyphrases.usage import Usage
from core.markdown_text import plain
from evals.bench.voice import read_posts
from evals.make_voice_background import PERMISSIVE
from memory.importers import collect

LIBRARIES = (
    "numpy", "scipy", "sklearn", "networkx", "sympy", "torch", "transformers", "sqlalchemy", "huggingface_hub",
    "sentence_transformers", "mpmath", "PIL", "jinja2", "flask", "babel", "onnx", "langgraph",
)  # fmt: skip

FILE = Path(core.keyphrases.__file__).with_name("usage.tsv")

LEAST_TEXTS = 3
"""Texts that a word must be in to be kept: what only one author writes says nothing of English."""

_WORDS = 300  # of docstrings taken as one text, so that rarity is counted over texts of like length
_KEPT = re.compile(r"[a-z][a-z'-]*[a-z]")
_NO_PROSE = re.compile(r">>>|^\s*[-=~^]{3,}\s*$", re.MULTILINE)


def main(arguments: list[str]) -> None:
    """Write the counts and say what went in."""
    texts = [*_posts(Path(arguments[0])), *_rows(Path(arguments[1])), *_bundled(_docstrings())]
    usage = Usage.learn(texts)
    rows = {word: row for word, row in usage.rows(LEAST_TEXTS).items() if _KEPT.fullmatch(word) and len(word) < 30}
    lines = ["\t".join((word, *map(str, row))) for word, row in sorted(rows.items())]
    FILE.write_text(f"# texts: {usage.texts}\n" + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{usage.texts} texts of {sum(len(text.split()) for text in texts)} words: {len(rows)} words kept")


def _posts(path: Path) -> Iterator[str]:
    for piece in collect([path]).pieces:
        yield f"{piece.title}.\n\n{plain(piece.body)}"


def _rows(path: Path) -> Iterator[str]:
    return (post.texts[300] for post in read_posts(path) if post.licence.startswith(PERMISSIVE))


def _bundled(paragraphs: Iterator[str]) -> Iterator[str]:
    bundle: list[str] = []
    for paragraph in paragraphs:
        bundle.append(paragraph)
        if sum(len(each.split()) for each in bundle) > _WORDS:
            yield "\n\n".join(bundle)
            bundle = []


def _docstrings() -> Iterator[str]:
    """Yield the paragraphs of prose in the libraries' docstrings, each once, in a fixed order."""
    seen: set[str] = set()
    for path in (path for name in LIBRARIES for path in _sources(name)):
        for paragraph in _paragraphs(path):
            if paragraph not in seen:
                seen.add(paragraph)
                yield re.sub(r":\w+:|[`*_]", " ", paragraph)


def _sources(name: str) -> list[Path]:
    spec = find_spec(name)
    places = spec.submodule_search_locations if spec else None
    if not places:
        raise SystemExit(f"{name} is not installed: the counts would be others.")
    return sorted(path for place in places for path in Path(place).rglob("*.py") if "tests" not in path.parts)


def _paragraphs(path: Path) -> Iterator[str]:
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"))
    except (SyntaxError, UnicodeDecodeError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            for paragraph in re.split(r"\n\s*\n", ast.get_docstring(node) or ""):
                if not _NO_PROSE.search(paragraph) and _is_prose(words := paragraph.split()):
                    yield " ".join(words)


def _is_prose(words: list[str]) -> bool:
    letters = sum(word.strip(".,()").isalpha() for word in words)
    return len(words) >= 8 and words[-1][-1] in ".:" and letters >= 0.75 * len(words)


if __name__ == "__main__":
    main(sys.argv[1:])

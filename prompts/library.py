"""Reads the prompt files, fills them strictly, and wraps a task's material so that it can't break out."""

import hashlib
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

FOLDER = Path(__file__).parent
_over: tuple[Path, ...] = ()  # what they have goes before what stands here
_REQUEST = re.compile(r'<request(?: task="([a-z_]+)")?>\n(.*?)\n</request>(?:\n\n<do task="([a-z_]+)"/>)?', re.DOTALL)
_INCLUDE = re.compile(r'{% include "([^"]+)" %}')
_ANY_TONE = '{% include "tone/" ~ channel'  # which sheets it will be is known only when it is filled
_ESCAPES = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def render(name: str, **values: Any) -> str:
    """Return `prompts/<name>.md` filled with `values`; an unknown variable raises `jinja2.UndefinedError`."""
    return _environment().get_template(f"{name}.md").render(**values).strip()


def version(name: str) -> str:
    """Return the first 12 hex digits of the SHA-256 of the prompt's file and of everything it may include."""
    digest = hashlib.sha256()
    for path in _with_included(f"{name}.md"):
        digest.update(path.encode() + b"\0" + _found(path).read_bytes())
    return digest.hexdigest()[:12]


def tones() -> tuple[str, ...]:
    """Return the channels that have a tone sheet, sorted."""
    return tuple(sorted({path.stem for folder in (*_over, FOLDER) for path in (folder / "tone").glob("*.md")}))


def is_known(path: Path) -> bool:
    """Say whether a built-in prompt is called so (`draft.md`, `tone/x.md`)."""
    return path.suffix == ".md" and (FOLDER / path).is_file()


def parse(text: str) -> None:
    """Raise `jinja2.TemplateSyntaxError`, with the line, for a text that can't be filled."""
    _environment().parse(text)


@contextmanager
def over(folder: Path) -> Iterator[None]:
    """Take what `folder` has before the built-in prompts while the context lasts: for evaluating prompts of one's own.

    For the whole process. Raises FileNotFoundError where it has no prompt that is known here.
    """
    global _over  # noqa: PLW0603 - the words of a process are one thing, as its environment is
    if not any(is_known(path.relative_to(folder)) for path in folder.rglob("*.md")):
        raise FileNotFoundError(f"{folder} holds no prompt of a name that is known here")
    before, _over = _over, (folder,)
    _environment.cache_clear()
    try:
        yield
    finally:
        _over = before
        _environment.cache_clear()


def _found(path: str) -> Path:
    return next((folder / path for folder in _over if (folder / path).is_file()), FOLDER / path)


def request(task: str, data: dict[str, Any]) -> str:
    """Return the task's material as JSON inside a `<request>` block; no material can close the block.

    The order of `data` is kept: what calls share should come first.
    """
    return f'<request task="{task}">\n{_body(data)}\n</request>'


def request_first(task: str, data: dict[str, Any], words: str) -> str:
    """Return the material first and the task's name and words after it: calls that share material share a prefix.

    A server that keeps the beginning of a prompt then reads the material of a brief once for all its calls.
    """
    return f'<request>\n{_body(data)}\n</request>\n\n<do task="{task}"/>\n\n{words}'


def _body(data: dict[str, Any]) -> str:
    body = json.dumps(data, ensure_ascii=False, allow_nan=False)
    for character, escape in _ESCAPES.items():
        body = body.replace(character, escape)
    return body


def parse_request(text: str) -> tuple[str, dict[str, Any]] | None:
    """Return the task and the material of a `<request>` block, or None where there is none."""
    found = _REQUEST.search(text)
    if not found:
        return None
    try:
        data = json.loads(found[2])
    except json.JSONDecodeError:
        return None  # somebody wrote the tag by hand
    task = found[1] or found[3]
    return (task, data) if task and isinstance(data, dict) else None


def _with_included(path: str) -> list[str]:
    text = _found(path).read_text(encoding="utf-8")
    paths = [path]
    for included in _INCLUDE.findall(text):
        paths += _with_included(included)
    if _ANY_TONE in text:
        paths += [f"tone/{sheet}.md" for sheet in tones()]
    return paths


@lru_cache(maxsize=1)
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    # Markdown for a model, not HTML for a browser: escaping would change the words
    return Environment(
        loader=FileSystemLoader([*_over, FOLDER]),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )

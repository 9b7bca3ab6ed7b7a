"""The texts that drafts are made from: posts, translated pages or transcripts."""

import gzip
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from core.errors import BadInput
from core.languages import detect
from core.markdown_text import plain

SHORTEST = 80  # words of a text; a shorter one makes no draft
_LAYOUTS = "Rows hold a body (posts), w300 (voice), or lang and tgt (translations); or name Markdown files."


class Text(NamedTuple):
    """One source: what it says, in which language, and a person's own short version of it, where there is one."""

    name: str
    language: str
    title: str
    body: str
    excerpt: str = ""
    stated: str = ""  # what is known of it beside its words: a day, tags


def read(path: Path) -> list[Text]:
    """Return the texts of a file or a folder. Raises BadInput, naming the line."""
    if path.is_dir():
        files = sorted(each for each in path.rglob("*") if each.suffix in (".md", ".txt"))
        found = [text for each in files for text in _file(each)]
    elif path.suffix in (".md", ".txt"):
        found = list(_file(path))
    else:
        found = list(_rows(path))
    found = [text for text in found if len(text.body.split()) >= SHORTEST or text.language in ("ja", "zh")]
    if not found:
        raise BadInput(f"{path.name} holds no text that is long enough.", _LAYOUTS)
    return found


def _file(path: Path) -> Iterator[Text]:
    body = path.read_text(encoding="utf-8", errors="replace")
    parts = [body[at : at + 12_000] for at in range(0, len(body), 12_000)]  # an episode makes several
    for number, part in enumerate(parts):
        yield Text(f"{path.stem}#{number}", detect(plain(part)) or "en", path.stem, part)


def _rows(path: Path) -> Iterator[Text]:
    opened = gzip.open if path.suffix == ".gz" else open
    pages: dict[tuple[str, str], list[str]] = defaultdict(list)
    with opened(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines, start=1):
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadInput(f"{path.name}, line {number}: {error}.", _LAYOUTS) from None
            if "tgt" in row:
                pages[row.get("path", ""), row["lang"]].append(row["tgt"])
            elif "body" in row or "w300" in row:
                yield _post(number, row)
            else:
                raise BadInput(f"{path.name}, line {number} has no text.", _LAYOUTS)
    for (name, language), parts in pages.items():
        yield Text(name, language, "", "\n\n".join(parts))


def _post(number: int, row: dict[str, Any]) -> Text:
    body = row.get("body") or row["w300"]
    stated = "\n".join([row.get("date") or "", *_words(row.get("tags")), *_words(row.get("authors"))])
    name, title = str(row.get("id", number)), row.get("title") or ""
    return Text(name, detect(plain(body)) or "en", title, body, row.get("excerpt") or "", stated)


def _words(value: object) -> Iterable[str]:
    return [str(each) for each in value] if isinstance(value, list) else []

"""A person's texts: which files they are, what they say of themselves, and what is written into or beside them."""

import os
from collections.abc import Collection
from pathlib import Path
from typing import Literal

from app.folder_files import read, replace
from core.errors import BadInput
from core.metadata_files import Existing, Fields, dublin_core, front_matter, json_ld, open_graph, with_given
from tools.tagged import Asked

Where = Literal["into", "json-ld", "opengraph", "dublin-core"]

WRITES: tuple[Where, ...] = ("into", "json-ld", "opengraph", "dublin-core")
BESIDE = {"json-ld": ".jsonld", "opengraph": ".og.html", "dublin-core": ".dc.xml"}
"""What is written beside a file, by the ending that its name gets."""

MARKDOWN, PAGES, PLAIN = (".md", ".markdown"), (".html", ".htm"), (".txt",)
LARGEST = 4 * 1024 * 1024  # bytes of a text


def texts_of(folder: Path) -> list[str]:
    """Return the texts in a folder and below it, as paths with slashes, in order; hidden ones and links are left out.

    Raises BadInput where there is none.
    """
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        for name in files:
            path = Path(place) / name
            is_ours = name.endswith(tuple(BESIDE.values()))
            is_text = path.suffix.lower() in MARKDOWN + PAGES + PLAIN and not is_ours
            if is_text and not name.startswith(".") and not path.is_symlink() and path.is_file():
                found.append(path.relative_to(folder).as_posix())
    if not found:
        raise BadInput(f"There are no texts in {folder}.", "Markdown, HTML and .txt files are read.")
    return sorted(found)


def asked_of(path: Path, text: str) -> Asked:
    """Return a file's body, and what it says of itself."""
    suffix = path.suffix.lower()
    if suffix in PAGES:
        from memory.importers import collect

        pieces = collect([path]).pieces
        if not pieces:
            raise BadInput(f"{path.name} has no text that can be told from its menus.")
        said = open_graph.said_in(text)
        title = said["title"] or pieces[0].title
        return Asked(pieces[0].body, title, said["description"], pieces[0].tags, pieces[0].authors)
    if suffix not in MARKDOWN:
        return Asked(text)
    there = front_matter.said_in(text, path.name)
    tags = there.get("tags", ())
    tags = tags if isinstance(tags, list) else [each.strip() for each in str(tags).split(",")] if tags else []
    title, summary = (there.get(key, "") for key in ("title", "description"))
    return Asked(
        front_matter.body_of(text, path.name),
        str(title or ""),
        str(summary or ""),
        tuple(str(each) for each in tags if str(each).strip()),
        with_given(Fields(), front_matter.read(text, path.name)).authors,
    )


def write(path: Path, text: str, fields: Fields, wheres: Collection[Where], existing: Existing) -> list[str]:
    """Write into or beside a file; return the names of the files that changed."""
    changed = []
    if path.suffix.lower() in MARKDOWN:
        fields = with_given(fields, front_matter.read(text, path.name))
    for where in wheres:
        place = path if where == "into" else path.with_name(path.name + BESIDE[where])
        old = text if where == "into" else text_of(place) if place.exists() else ""
        new = _written(where, place, old, fields, existing)
        if new != old:
            replace(place, new.encode("utf-8"))
            changed.append(place.name)
    return changed


def _written(where: Where, place: Path, old: str, fields: Fields, existing: Existing) -> str:
    if where == "into" and place.suffix.lower() in PAGES:
        return open_graph.into_page(old, fields, name=place.name)
    if where == "into":
        return front_matter.write(old, fields, existing=existing, name=place.name)
    if where == "json-ld":
        return json_ld.write(old, fields, existing=existing, name=place.name)
    if where == "dublin-core":
        return dublin_core.write(old, fields, existing=existing, name=place.name)
    return open_graph.write(old, fields, existing=existing)


def refuse_impossible(path: Path, where: Where) -> None:
    """Raise BadInput where nothing can be written into a file of this kind."""
    if where == "into" and path.suffix.lower() not in MARKDOWN + PAGES:
        hint = "It is as it was. Write beside it: --write json-ld"
        raise BadInput(f"{path.name} is no Markdown and no page: nothing can be written into it.", hint)


def text_of(path: Path) -> str:
    """Return a file's text with its line ends as they are. Raises BadInput for what is no UTF-8."""
    try:
        return read(path, LARGEST).decode("utf-8")
    except UnicodeDecodeError as error:
        raise BadInput(f"{path.name} is no UTF-8 text (byte {error.start}).", "It is as it was.") from None


def chosen_writes(wished: Collection[str]) -> tuple[Where, ...]:
    """Return where to write, by the words of a command. Raises BadInput for a word that is none of them."""
    same = {"front-matter": "into", "html": "into"}
    words = [same.get(each, each) for each in wished]
    for each in words:
        if each not in WRITES:
            raise BadInput(f"--write takes {', '.join(WRITES)} or front-matter, not {each!r}.")
    return tuple(where for where in WRITES if where in words)

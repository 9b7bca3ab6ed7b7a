"""Proposed words as a sheet: to look through and edit in any spreadsheet, and to take back."""

import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from core.errors import BadInput
from core.photos import Photo
from core.picture_words import PictureWords

COLUMNS = ("path", "title", "description", "keywords", "alt", "creators", "rights", "notes", "sha256")
_MANY = ("keywords", "creators")
_BETWEEN = "; "
_RISKY = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for a formula when a cell begins with it


def write_sheet(file: Path, photos: Iterable[Photo]) -> int:
    """Write photos into a new CSV file and return how many. Raises BadInput where there is one already."""
    out = io.StringIO()
    rows = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    rows.writeheader()
    count = 0
    for photo in photos:
        count += 1
        rows.writerow({name: _safe(value) for name, value in _row(photo).items()})
    try:
        with file.open("x", encoding="utf-8-sig") as sheet:
            sheet.write(out.getvalue())
    except OSError as error:
        raise BadInput(f"{file} can't be written: {error.strerror}.", "Nothing was written over.") from None
    return count


def read_sheet(file: Path, photos: Iterable[Photo]) -> dict[str, PictureWords]:
    """Return the words of a sheet by path. Raises BadInput, naming the line, for what can't be used; then none is.

    An emptied cell takes the proposed words away; what stands in the file already stays.
    """
    known = {photo.path: photo for photo in photos}
    try:
        text = file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{file} can't be read as a sheet: {error}.") from None
    found: dict[str, PictureWords] = {}
    for number, row in _rows(text, file.name):
        path = row.get("path", "")
        photo = known.get(path)
        if photo is None:
            raise BadInput(f"{file.name}, line {number}: there is no photo {path!r} here.", "Nothing was written.")
        words = _words(photo, row, f"{file.name}, line {number}")
        # a run that was cut off wrote some of the sheet into the photos: their hashes are others, their words are these
        is_done = photo.state == "written" and words.over(photo.words) == photo.words
        if row.get("sha256", photo.sha256) != photo.sha256 and not is_done:
            raise BadInput(
                f"{file.name}, line {number}: {path} is another picture by now.", "Make a new sheet with --sheet FILE"
            )
        found[path] = words
    return found


def _row(photo: Photo) -> dict[str, str]:
    words = photo.words
    told = {name: getattr(words, name) for name in COLUMNS if name in PictureWords.model_fields}
    flat = {name: _BETWEEN.join(value) if name in _MANY else value for name, value in told.items()}
    return {"path": photo.path, **flat, "notes": " ".join(photo.notes), "sha256": photo.sha256}


def _rows(text: str, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    rows = csv.DictReader(io.StringIO(text), restkey="more", strict=True)
    try:
        if "path" not in (rows.fieldnames or ()):
            raise BadInput(f"{name}, line 1: there is no column “path”.", f"Columns: {', '.join(COLUMNS)}.")
        for row in rows:
            if row.get("more"):
                raise BadInput(f"{name}, line {rows.line_num}: it has more cells than columns.")
            yield rows.line_num, {key: _plain(value or "") for key, value in row.items()}
    except csv.Error as error:
        raise BadInput(f"{name}, line {rows.line_num}: {error}.", "Nothing was written.") from None


def _words(photo: Photo, row: dict[str, str], where: str) -> PictureWords:
    said: dict[str, object] = photo.words.model_dump()
    for name in PictureWords.model_fields:
        if name in row and name in _MANY:
            said[name] = tuple(each.strip() for each in row[name].split(";") if each.strip())
        elif name in row and name in COLUMNS:
            said[name] = row[name].strip()
    try:
        return PictureWords.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        raise BadInput(
            f"{where}, {'.'.join(map(str, first['loc']))}: {first['msg']}.", "Nothing was written."
        ) from None


def _safe(value: str) -> str:
    return f"'{value}" if value.startswith(_RISKY) else value


def _plain(value: str) -> str:
    return value[1:] if value.startswith("'") and value[1:].startswith(_RISKY) else value

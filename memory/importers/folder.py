"""Which files of a folder are meant: found in sorted order, with a reason for each that is left."""

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath, PurePosixPath

from memory.importers.material import Unreadable, looks_binary, printable

_EXPORT = b"Greenroom-Export:"
# Furniture of a site or an archive: nobody expects it to be read.
_SILENT = re.compile(
    r"\.(jpe?g|png|gif|webp|avif|heic|tiff?|svg|ico|bmp|raw|dng|cr2|nef|psd|mp3|m4a|wav|flac|ogg|opus|aac|aiff?|mp4|mov|"
    r"mkv|webm|avi|m4v|css|m?js|map|woff2?|ttf|otf|eot)"
)
# Binary, but somebody's words are in it: say that it was left.
_DOCUMENTS = re.compile(r"\.(pdf|docx?|odt|rtf|epub|pages|pptx?|odp|key|xlsx?|ods|zip|gz|7z|rar|tgz|tar)")


def files_in(folder: Path, readable: frozenset[str], root: Path | None = None) -> Iterator[Path | Unreadable]:
    """Yield what to read under `folder`, and an error for each file or link that looks meant but can't be read.

    Hidden files and folders, media and unknown binary files are passed over in silence.
    """
    root = root or folder.resolve()
    if is_export(folder):
        yield Unreadable(printable(folder), "is an export of Greenroom; import it by itself")
        return
    try:
        entries = _entries(folder)
    except OSError as error:
        yield Unreadable(printable(folder), f"can't be opened ({error.strerror})")
        return
    for name, is_folder in entries:
        path = folder / name
        if name.startswith("."):
            continue
        if is_folder and not path.is_symlink():
            yield from files_in(path, readable, root)
        elif is_folder:
            if not path.resolve().is_relative_to(root):  # one that stays inside is read at its real place
                yield Unreadable(printable(path), "leads out of the imported folder; import its real place instead")
        elif suffix_of(name) in readable:
            yield path
        elif _looks_meant(path):
            yield unknown_format(path, readable)


def is_export(folder: Path) -> bool:
    """Say whether a folder is an export of ours: its files are rows and copies, which come back another way."""
    try:
        with (folder / "bag-info.txt").open("rb") as file:
            return file.read(len(_EXPORT)) == _EXPORT
    except OSError:
        return False


def suffix_of(name: str) -> str:
    """Return a file's extension in lower case; `.tar.gz` is one."""
    lower = name.lower()
    return ".tar.gz" if lower.endswith(".tar.gz") else PurePosixPath(lower).suffix


def looks_meant_by_name(name: str) -> bool:
    """Say whether somebody's words are likely in a file that nobody here reads."""
    return bool(_DOCUMENTS.fullmatch(suffix_of(name)))


def unknown_format(path: PurePath, readable: frozenset[str]) -> Unreadable:
    """Return the error for a file whose extension nobody reads, with the ones that are read."""
    return Unreadable(printable(path), f"not a format Greenroom reads ({', '.join(sorted(readable))})")


def _entries(folder: Path) -> list[tuple[str, bool]]:
    with os.scandir(folder) as entries:
        names = sorted(entry.name for entry in entries)
    return [(name, (folder / name).is_dir()) for name in names]  # unlike entry.is_dir(), no error for a circular link


def _looks_meant(path: Path) -> bool:
    suffix = path.suffix.lower()
    if _SILENT.fullmatch(suffix):
        return False
    if _DOCUMENTS.fullmatch(suffix):
        return True
    try:
        with path.open("rb") as file:
            return not looks_binary(file.read(4096))
    except OSError:
        return False

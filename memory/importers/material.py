"""One file, opened: its bytes, its text, and the name it keeps between imports."""

import re
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePath, PurePosixPath
from typing import NamedTuple

from core.errors import BadInput

LARGEST = 50 * 1024 * 1024  # bytes; an archive of that size is a mistake or several pieces in one file

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"))
_WIDE_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Only real text encodings: Python also knows `punycode`, `utf-7` and `unicode_escape`, which nobody writes in.
_DECLARED = re.compile(
    rb"(?:charset|encoding)\s*=\s*[\"']?\s*"
    rb"(iso-8859-\d{1,2}|windows-125\d|cp125\d|koi8-[ru]|shift_jis|euc-jp|euc-kr|gb2312|gbk|gb18030|big5)\b",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_LATIN_NOTE = "not UTF-8: read as Western European (Windows-1252); look at accented letters"


class Unreadable(BadInput):
    """A file, or one line or entry of it, can't be used: `where` names it, `reason` says why."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(f"{where}: {reason}")
        self.where = where
        self.reason = reason


class Failure(NamedTuple):
    """A file, or a line or entry of it, that was not imported, and why."""

    path: str
    error: str


@dataclass(frozen=True)
class Material:
    """What an importer reads: `text` is decoded and free of NUL, `source` is stable between imports."""

    path: Path  # as the caller named it, for messages
    source: str  # posix path inside the import root
    data: bytes
    text: str
    notes: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """The file's name for messages."""
        return printable(self.path)

    def unreadable(self, reason: str, line: int | None = None) -> Unreadable:
        """Return the error that names this file, and the line (from 1) if it is known."""
        return Unreadable(f"{self.where}:{line}" if line else self.where, reason)


def open_material(path: Path, root: Path) -> Material:
    """Read and decode one file under `root`; Unreadable if it is outside, special, empty, binary or over 50 MB."""
    try:
        real, base = path.resolve(strict=True), root.resolve(strict=True)
        if not real.is_relative_to(base):
            raise Unreadable(printable(path), "leads out of the imported folder; import its real place instead")
        status = real.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(printable(path), "is not a regular file")
        if status.st_size > LARGEST:
            raise Unreadable(printable(path), f"is {status.st_size // 2**20} MB; the most is {LARGEST // 2**20}")
        data = real.read_bytes()
    except FileNotFoundError:
        raise Unreadable(printable(path), "there is no such file") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a circle of symbolic links
        raise Unreadable(printable(path), f"can't be read ({getattr(error, 'strerror', None) or error})") from None
    text, notes = _decode(data, lambda reason: Unreadable(printable(path), reason))
    return Material(path, printable(PurePosixPath(real.relative_to(base))), data, text, notes)


def printable(path: PurePath) -> str:
    """Return a path as text that can be stored and printed, whatever bytes its name has."""
    return unicodedata.normalize("NFC", str(path).encode("utf-8", "replace").decode("utf-8"))


def looks_binary(head: bytes) -> bool:
    """Say whether the first bytes of a file are not text in any encoding that we read."""
    if head.startswith(tuple(mark for mark, _ in _BOMS + _WIDE_BOMS)):
        return False
    return b"\x00" in head or _too_many_controls(head.decode("latin-1"), bytes_above_ascii=True)


def _decode(data: bytes, unreadable: Callable[[str], Unreadable]) -> tuple[str, tuple[str, ...]]:
    if not data.strip():
        raise unreadable("is empty")
    try:
        text, notes = _as_text(data)
    except UnicodeError:
        raise unreadable("starts with a byte order mark, but the rest does not fit it") from None
    if "\x00" in text or _too_many_controls(text):
        raise unreadable("looks like a binary file, not text")
    if not text.strip("\ufeff \t\r\n"):
        raise unreadable("is empty")
    return text, notes


def _as_text(data: bytes) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in _BOMS + _WIDE_BOMS:
        if data.startswith(mark):
            return data.decode(encoding), ()
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError:
        return _as_legacy_text(data)


def _as_legacy_text(data: bytes) -> tuple[str, tuple[str, ...]]:
    declared = _DECLARED.search(data[:2048])
    for encoding in ([declared[1].decode("ascii")] if declared else []) + ["cp1252"]:
        try:
            return data.decode(encoding), () if declared and encoding != "cp1252" else (_LATIN_NOTE,)
        except (UnicodeDecodeError, LookupError):
            continue
    return data.decode("latin-1"), (_LATIN_NOTE,)


def _too_many_controls(text: str, *, bytes_above_ascii: bool = False) -> bool:
    # Bytes 0x80-0x9f are control characters in Latin-1 but ordinary parts of UTF-8, so raw heads don't count them.
    count = sum(1 for match in _CONTROL.finditer(text) if not (bytes_above_ascii and ord(match[0]) >= 0x80))
    return count * 20 > len(text)

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


class LeftOut(NamedTuple):
    """Entries that were not meant: drafts, replies, reposts. `reason` names them in the plural."""

    reason: str
    number: int = 1


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
    real, base = real_file(path, root)
    try:
        size = real.stat().st_size
        if size > LARGEST:
            raise Unreadable(printable(path), f"is {size // 2**20} MB; the most is {LARGEST // 2**20}")
        data = real.read_bytes()
    except OSError as error:
        raise Unreadable(printable(path), f"can't be read ({error.strerror or error})") from None
    return decoded(path, printable(PurePosixPath(real.relative_to(base))), data)


def decoded(path: Path, source: str, data: bytes) -> Material:
    """Return what `data` says; Unreadable (which names `path`) if it is empty, binary or broken."""
    text, notes = _decode(data, lambda reason: Unreadable(printable(path), reason))
    return Material(path, source, data, text, notes)


def real_file(path: Path, root: Path) -> tuple[Path, Path]:
    """Return where a file and its root really are; Unreadable if it is outside, or is no regular file."""
    try:
        real, base = path.resolve(strict=True), root.resolve(strict=True)
        if not real.is_relative_to(base):
            raise Unreadable(printable(path), "leads out of the imported folder; import its real place instead")
        if not stat.S_ISREG(real.stat().st_mode):
            raise Unreadable(printable(path), "is not a regular file")
    except FileNotFoundError:
        raise Unreadable(printable(path), "there is no such file") from None
    except (OSError, RuntimeError) as error:  # RuntimeError: a circle of symbolic links
        raise Unreadable(printable(path), f"can't be read ({getattr(error, 'strerror', None) or error})") from None
    return real, base


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

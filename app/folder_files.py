"""A person's folder of photos: which files are photos, where their sidecars lie, and writing one file safely."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from core.errors import BadInput

PHOTOS = (".jpg", ".jpeg", ".png", ".webp")
SIDECAR = ".xmp"
LARGEST = 256 * 1024 * 1024  # bytes of a photo
LARGEST_SIDECAR = 4 * 1024 * 1024
_HALF = ".greenroom.part"


def photos_of(folder: Path) -> list[str]:
    """Return the photos in a folder and below it, as paths with slashes, in order; hidden ones and links are left out.

    Raises BadInput where there is no such folder.
    """
    if not folder.is_dir():
        raise BadInput(
            f"There is no folder {folder}.", "Check the path: photos are looked for in a folder and below it."
        )
    found = []
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(each for each in folders if not each.startswith("."))
        here = Path(place)
        for name in files:
            path = here / name
            if not name.startswith(".") and path.suffix.lower() in PHOTOS and not path.is_symlink() and path.is_file():
                found.append(path.relative_to(folder).as_posix())
    return sorted(found)


def seen(path: Path) -> str:
    """Return what changes when a file or its sidecar does: sizes and times."""
    beside = sidecar_of(path)
    marks = [path.stat(), *([beside.stat()] if beside.is_file() else [])]
    return " ".join(f"{each.st_size}-{each.st_mtime_ns}" for each in marks)[:64]


def read(path: Path, most: int = LARGEST) -> bytes:
    """Return a file's bytes. Raises BadInput where it can't be read or is too large."""
    try:
        if path.stat().st_size > most:
            raise BadInput(f"{path.name} has more than {most:,} bytes.")
        return path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path.name} can't be read: {error.strerror}.") from None


def sidecar_of(path: Path) -> Path:
    """Return where a photo's sidecar lies, or would: the one that is there, else NAME.xmp.

    Where other files share the photo's name but for its ending (a raw file, a second rendition), it is NAME.jpg.xmp.
    """
    whole, short = path.with_name(path.name + SIDECAR), path.with_suffix(SIDECAR)
    if whole.exists():
        return whole
    shared = any(each.stem == path.stem and each != path and each.suffix != SIDECAR for each in _beside(path))
    return whole if shared else short


def _beside(path: Path) -> Sequence[Path]:
    return [each for each in path.parent.glob(f"{_escaped(path.stem)}.*") if each.is_file()]


def _escaped(name: str) -> str:
    return "".join(f"[{each}]" if each in "*?[" else each for each in name)


def replace(path: Path, data: bytes) -> None:
    """Put a file in place in one step, with the rights that the one before had: a reader sees the old or the new one.

    Raises BadInput where it can't be written; then the old one is as it was.
    """
    half = path.with_name(f".{path.name}.{os.getpid()}{_HALF}")
    try:
        _sweep(path)
        with half.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, half)
        half.replace(path)
    except OSError as error:
        half.unlink(missing_ok=True)
        raise BadInput(f"{path.name} can't be written: {error.strerror}.", "It is as it was.") from None


def _sweep(path: Path) -> None:
    """Remove what a run that was killed left half written of this file: no other run would ever take it up."""
    for half in path.parent.glob(f".{_escaped(path.name)}.*{_HALF}"):
        pid = half.name.removeprefix(f".{path.name}.").removesuffix(_HALF)
        if pid.isdecimal() and not _runs(int(pid)):
            half.unlink(missing_ok=True)


def _runs(pid: int) -> bool:
    """Say whether a process may still run; on systems where asking would end it, it always may."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True

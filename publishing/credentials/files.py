"""Private files: a folder and files that only their owner reads, written all or not at all."""

import os
import secrets
from pathlib import Path

FOLDER_MODE = 0o700
FILE_MODE = 0o600


def private_folder(folder: Path) -> Path:
    """Return the folder, made if it isn't there, closed to everybody else."""
    folder.mkdir(mode=FOLDER_MODE, parents=True, exist_ok=True)
    if _others_may(folder):
        folder.chmod(FOLDER_MODE)
    return folder


def write_private(path: Path, data: bytes) -> None:
    """Put bytes in place in one step, on the disk when this returns."""
    half = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, FILE_MODE), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        half.replace(path)
    finally:
        half.unlink(missing_ok=True)
    _sync_folder(path.parent)


def open_to_others(*paths: Path) -> list[str]:
    """Return how to close what others may read."""
    modes = {path: FOLDER_MODE if path.is_dir() else FILE_MODE for path in paths if path.exists()}
    return [f"others may read {path}: chmod {mode:o} {path}" for path, mode in modes.items() if _others_may(path)]


def _others_may(path: Path) -> bool:
    return os.name == "posix" and bool(path.stat().st_mode & 0o077)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

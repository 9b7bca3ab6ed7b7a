from pathlib import Path

from core.works import Piece
from memory.importers import read


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return path


def piece_of(folder: Path, name: str, content: str | bytes) -> Piece:
    (piece,) = read(write(folder, name, content), root=folder)
    return piece

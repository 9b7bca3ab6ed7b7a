"""The translation memory of a workspace: what is in it, looked up, brought in and written out as TMX."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import BadInput
from core.translated import Reuse

if TYPE_CHECKING:
    from app.studio import Studio
    from memory.translations import Translation


@dataclass(frozen=True)
class TakenIn:
    """What became of a TMX."""

    added: int
    unchanged: int
    bad: tuple[tuple[int, str], ...]

    def as_json(self) -> dict[str, Any]:
        """Return the object that `tm import` prints."""
        failed = [{"line": line, "error": reason} for line, reason in self.bad]
        return {"added": self.added, "unchanged": self.unchanged, "failed": failed}


def import_tmx(studio: "Studio", file: str, *, by: str | None = None, secret: str | None = None) -> TakenIn:
    """Bring a TMX in as approved by whom it says. What can't be used is named by its line; the rest is kept."""
    from memory.translations.tmx import TmxReading

    path = Path(file).expanduser()
    if not path.is_file():
        raise BadInput(f"{file} is no file.", "Name a .tmx file.")
    who, proof = studio.speaker(by, secret)
    reading = TmxReading(path, studio.workspace.locale)
    taken = studio.memory.translations.take(studio.workspace.id, reading, file=path.name, by=who, secret=proof)
    return TakenIn(taken.added, taken.unchanged, tuple((each.line, each.reason) for each in reading.bad))


def export_tmx(studio: "Studio", file: str, *, source: str | None = None, target: str | None = None) -> int:
    """Write the pairs to a new TMX file; return how many. It is not written over one that is there."""
    from memory.translations.tmx import write

    rows = studio.memory.translations.all(studio.workspace.id, source=source, target=target)
    try:
        with Path(file).expanduser().open("x", encoding="utf-8", newline="\n") as out:
            return write(rows, out, source or studio.workspace.locale)
    except OSError as error:
        raise BadInput(f"{file} can't be written: {error.strerror}.", "Nothing was written over.") from None


def search(studio: "Studio", text: str, *, source: str, target: str, most: int) -> tuple[Reuse, ...]:
    """Return what was approved before that is like a text, best first."""
    memory = studio.memory.translations
    return memory.matches(studio.workspace.id, [text], source=source, target=target, least=50, most=most)[0]


def listed(studio: "Studio", target: str | None, limit: int) -> "tuple[list[tuple[str, str, int]], list[Translation]]":
    """Return how many pairs there are of each two locales, and the latest of them."""
    memory, space = studio.memory.translations, studio.workspace.id
    return memory.counts(space), memory.all(space, target=target)[::-1][:limit]

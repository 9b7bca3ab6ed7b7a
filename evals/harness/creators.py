"""The fictional creators that whole briefs, recall, voice and tags are measured on: a folder each."""

from functools import cached_property, lru_cache
from pathlib import Path

from pydantic import Field

from core.base import Noun
from evals.harness.cards import Split, made, read_yaml

CREATORS = Path(__file__).parents[1] / "creators"


class About(Noun):
    """What `creator.yaml` says: what `greenroom init` would be told, and who it is."""

    name: str
    who: str
    field: str
    locale: str  # BCP 47
    timezone: str  # IANA
    split: Split
    channels: tuple[str, ...] = Field(min_length=1)
    accounts: dict[str, str]
    licence: str


class Generic(Noun):
    """One past work as a bland generator would tell it: the same content, nobody's voice."""

    id: str
    work: str  # the file's stem
    text: str


class Creator:
    """One creator's folder. `works` is what a workspace imports; what is held out is never imported."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.slug = folder.name

    @cached_property
    def about(self) -> About:
        """What is said of them."""
        path = self.folder / "creator.yaml"
        return made(About, read_yaml(path), str(path))

    @property
    def works(self) -> Path:
        """The folder to import."""
        return self.folder / "works"

    @cached_property
    def held_out(self) -> list[Path]:
        """Pieces of theirs that no workspace has seen."""
        return sorted((self.folder / "held_out").glob("*.md"))

    @cached_property
    def generic(self) -> list[Generic]:
        """The same content in nobody's voice."""
        path = self.folder / "generic.yaml"
        rows = (read_yaml(path) or []) if path.is_file() else []
        return [made(Generic, row, f"{path}: entry {at}") for at, row in enumerate(rows, 1)]


@lru_cache(maxsize=4)
def creators(folder: Path = CREATORS) -> tuple[Creator, ...]:
    """Return every creator, by name of the folder."""
    return tuple(Creator(path.parent) for path in sorted(folder.glob("*/creator.yaml")))


def creator(slug: str, folder: Path = CREATORS) -> Creator:
    """Return one. Raises KeyError."""
    return next((each for each in creators(folder) if each.slug == slug), None) or _missing(slug, folder)


def _missing(slug: str, folder: Path) -> Creator:
    raise KeyError(f"there is no creator {slug!r} in {folder}")

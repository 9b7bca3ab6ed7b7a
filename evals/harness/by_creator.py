"""Tasks whose cases stand with the creators: their folders hold the rows, the dataset's file holds the card."""

from pathlib import Path
from typing import ClassVar, Generic

from evals.harness.cards import DATASETS, C, Card, distinct, made, named, read_yaml
from evals.harness.creators import CREATORS, Creator, creators
from evals.harness.task import Task


class ByCreator(Task[C], Generic[C]):
    """A task that has cases for each creator. The split is the creator's: nothing of a held-out one is tuned on."""

    people: ClassVar[Path] = CREATORS

    def dataset(self, folder: Path = DATASETS) -> tuple[Card, list[C]]:
        """Return the card and the cases of every creator."""
        path = folder / self.file
        card, more = self.read(path)
        found = [case for who in creators(self.people) for case in self.of(who)]
        return card, distinct([*found, *more], path)

    def of(self, who: Creator) -> list[C]:
        """Return one creator's cases, from the file in their folder that is called as the task."""
        path = who.folder / self.file
        rows = (read_yaml(path) or []) if path.is_file() else []  # a creator need not serve every task
        about = {"creator": who.slug, "split": who.about.split}
        return [made(self.case, {**about, **row}, f"{path}: {named(row, at)}") for at, row in enumerate(rows, 1)]

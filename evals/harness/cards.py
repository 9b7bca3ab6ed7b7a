"""Datasets: one YAML file a task, with a card that says what it is and cases that each say what is expected."""

import hashlib
from pathlib import Path
from typing import Any, Literal, TypeVar

import yaml
from pydantic import Field, ValidationError, model_validator

from core.base import Noun
from core.errors import BadInput

DATASETS = Path(__file__).parents[1] / "datasets"
HELP = "docs/evals.md shows the form of a case."
HELD_OUT_OF = 3
"""One case of so many is held out, where nobody says which."""

_SAFE = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The safe loader, in C where there is one: the attacks alone are 2,700 lines."""

Split = Literal["train", "held-out"]


class Card(Noun):
    """What a dataset is. `size` is counted, never said."""

    what: str
    how_made: str
    licence: str
    split: str = "by the hash of the case's id: one of three is held out"
    how_read: str = ""  # what a reader of the cases has to know
    terms: str = ""  # what the words of its fields mean


class Case(Noun):
    """One thing to be measured. A task adds its own fields."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    split: Split | None = None
    creator: str = ""  # the fictional creator whose workspace it runs in; "": one without works

    @property
    def held(self) -> Split:
        """Which part it belongs to: as it says, else by the hash of its id, so that adding one moves no other."""
        if self.split:
            return self.split
        digest = hashlib.sha256(self.id.encode()).digest()
        return "held-out" if digest[0] % HELD_OUT_OF == 0 else "train"


class Ruled(Case):
    """A case about rules, which says one thing: what is clean breaks none, and of what is not they are named."""

    expect: tuple[str, ...] = ()
    clean: bool

    @model_validator(mode="after")
    def _says_one_thing(self) -> "Ruled":
        if self.clean == bool(self.expect):
            raise ValueError("`expect` names the rules that are broken, and is empty where `clean` is true")
        return self


C = TypeVar("C", bound=Case)
N = TypeVar("N", bound=Noun)


def read_dataset(path: Path, kind: type[C]) -> tuple[Card, list[C]]:
    """Return a dataset's card and its cases. Raises BadInput that names the file, the case and the field."""
    told = read_yaml(path)
    if not isinstance(told, dict) or "card" not in told:
        raise BadInput(f"{path}: a dataset begins with `card:`.", HELP)
    if unknown := sorted(map(str, set(told) - {"card", "cases"})):  # `case:` would be a file without cases
        raise BadInput(f"{path}: {unknown[0]!r}: beside `card` there is only `cases`.", HELP)
    card = made(Card, told["card"], f"{path}: card")
    rows = told.get("cases") or []
    if not isinstance(rows, list):
        raise BadInput(f"{path}: `cases` is no list.", HELP)
    return card, distinct([made(kind, row, f"{path}: {named(row, at)}") for at, row in enumerate(rows, 1)], path)


def read_yaml(path: Path) -> Any:
    """Return what a YAML file holds. Raises BadInput that names the file and the line."""
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_SAFE)
    except FileNotFoundError:
        raise BadInput(f"{path}: there is no such file.", HELP) from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 1}" if mark else ""
        raise BadInput(f"{path}{where}: {getattr(error, 'problem', None) or error}.", HELP) from None


def made(kind: type[N], row: Any, where: str) -> N:
    """Return a row as a noun. Raises BadInput that names where it stands and the field."""
    try:
        return kind.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "the case"
        known = f" Its fields are: {', '.join(kind.model_fields)}." if first["type"] == "extra_forbidden" else ""
        raise BadInput(f"{where}: {field}: {first['msg']}.{known}", HELP) from None


def named(row: Any, at: int) -> str:
    """Return how an error names a case: by its id, else by its place."""
    return f"case {row['id']!r}" if isinstance(row, dict) and row.get("id") else f"case {at}"


def distinct(cases: list[C], path: Path) -> list[C]:
    """Return the cases, if no id is there twice: a figure would count one of them for two."""
    seen = set[str]()
    for case in cases:
        if case.id in seen:
            raise BadInput(f"{path}: the id {case.id!r} is there twice.", "Give one of them another id.")
        seen.add(case.id)
    return cases

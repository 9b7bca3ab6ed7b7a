"""Figures behind the doors: which piece a line means, and how it did."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from core.errors import BadInput, NotFound
from core.links import place
from core.outcome_sheets import read
from core.outcomes import Measured
from core.publications import Publication
from core.works import Work

if TYPE_CHECKING:
    from memory import Memory


class Pieces:
    """What a workspace made, by everything that a sheet may call it."""

    def __init__(self, works: Iterable[Work], publications: Iterable[Publication]) -> None:
        self._known: dict[str, dict[str, str]] = {}
        for publication in publications:
            subject = {"publication_id": publication.id}
            for name in (publication.id, publication.remote_id, publication.url and place(publication.url)):
                if name:
                    self._known.setdefault(name, subject)
        for work in works:
            for name in (work.id, work.source, work.url and place(work.url)):
                if name:
                    self._known.setdefault(name, {"work_id": work.id})

    def find(self, name: str) -> dict[str, str] | None:
        """Return the piece as a figure's fields name it."""
        return self._known.get(name) or self._known.get(place(name))


def pieces(memory: "Memory", workspace: str) -> Pieces:
    """Return what a workspace made."""
    return Pieces(memory.works.list(workspace), memory.publications.list(workspace))


def figures(memory: "Memory", workspace: str, text: str, name: str, now: datetime) -> list[Measured]:
    """Return a sheet's figures; one without a date was measured now. BadInput names the line that can't be used."""
    known = pieces(memory, workspace)
    found = []
    for figure in read(text, name):
        subject = known.find(figure.piece)
        if subject is None:
            raise BadInput(
                f"{name}, line {figure.line}: {figure.piece!r} is no work or publication of this workspace.",
                "Nothing was taken in. Name it by its id, its address, or what it was imported from.",
            )
        found.append(_measured({**subject, **figure._asdict()}, figure.measured_at, now, f"{name}, line {figure.line}"))
    return found


def one(memory: "Memory", workspace: str, piece: str, given: dict[str, Any], at: str, now: datetime) -> Measured:
    """Return one figure of a piece. Raises NotFound and BadInput."""
    subject = pieces(memory, workspace).find(piece)
    if subject is None:
        raise NotFound(f"{piece!r} is no work or publication of this workspace.", "`greenroom works` lists them.")
    return _measured({**subject, **given}, at, now, "The figure")


def _measured(values: dict[str, Any], at: str, now: datetime, where: str) -> Measured:
    from memory.importers.dates import read_date

    said = read_date(at) if at.strip() else None
    if said is not None and said.at is None:
        raise BadInput(f"{where}: {at!r} is no date: {said.note or 'not understood'}.", "Nothing was taken in.")
    fields = {name: value for name, value in values.items() if name in Measured.model_fields}
    try:
        return Measured.model_validate({**fields, "measured_at": said.at if said else now})
    except ValidationError as error:
        first = error.errors()[0]
        problem = f"{'.'.join(map(str, first['loc']))} {first['msg'].removeprefix('Value error, ')}".strip()
        raise BadInput(f"{where}: {problem}.", "Nothing was taken in.") from None

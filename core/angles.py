"""Angles as a document that a person edits: one heading and one paragraph each; what is deleted is not used."""

import re
from collections.abc import Sequence

from core.briefs import Angle
from core.errors import BadInput

_HEADING = re.compile(r"^## +(.+?)\s*$", re.MULTILINE)
_WORKS = re.compile(r"^leans on: (.+)$", re.MULTILINE)


def to_document(angles: Sequence[Angle]) -> str:
    """Return the angles as Markdown."""
    return "\n".join(_one(angle) for angle in angles)


def _one(angle: Angle) -> str:
    works = f"\nleans on: {', '.join(angle.work_ids)}\n" if angle.work_ids else ""
    return f"## {angle.title}\n\n{angle.premise}\n{works}"


def from_document(text: str) -> tuple[Angle, ...]:
    """Return the angles that stand in the document, in its order; BadInput where there is no heading."""
    pieces = _HEADING.split(text)[1:]
    if not pieces:
        raise BadInput("The angles have no heading.", "Begin each angle with a line such as: ## The title")
    return tuple(
        _angle(number, title, body)
        for number, (title, body) in enumerate(zip(pieces[::2], pieces[1::2], strict=True), 1)
    )


def _angle(number: int, title: str, body: str) -> Angle:
    works = _WORKS.search(body)
    return Angle(
        id=f"a{number}",
        title=title,
        premise=_WORKS.sub("", body).strip() or title,
        work_ids=tuple(part.strip() for part in works[1].split(",")) if works else (),
        source="person",
    )

"""Dealing with one publication by hand: find out, try again, take out of line, take down."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from core.errors import NotFound, WrongUse
from core.publications import Publication

if TYPE_CHECKING:
    from app.studio import Studio

ACTS = ("reconcile", "retry", "cancel", "delete")


def tend(
    studio: "Studio", publication_id: str, what: str, *, by: str | None = None, secret: str | None = None
) -> Publication:
    """Deal with one publication of this workspace, as an owner or editor.

    Raises NotFound for another workspace's; NotAllowed for who may not, and where it is too late.
    """
    if what not in ACTS:
        raise WrongUse(f"{what!r} is nothing that can be done with a publication.", f"Use one of {', '.join(ACTS)}.")
    if studio.memory.publications.get(publication_id).workspace != studio.workspace.id:
        raise NotFound(f"There is no publication {publication_id} here.", "`greenroom publications` lists them.")
    who, proof = studio.speaker(by, secret)
    studio.memory.members.refuse(
        studio.workspace.id, who, proof, roles=("owner", "editor"), what=f"{what} what is on its way"
    )
    acts: dict[str, Callable[[str, str], Publication]] = {
        "reconcile": lambda each, _by: studio.desk.reconcile(each),
        "retry": studio.desk.retry,
        "cancel": studio.desk.cancel,
        "delete": studio.desk.delete,
    }
    return acts[what](publication_id, who)

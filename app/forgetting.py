"""Forgetting as doors ask for it: a wish in, a signed receipt out. Only an owner may, and an agent never."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import BadInput, NotAllowed, NotFound, WrongUse
from core.members import is_agent
from core.publications import PublicationState
from memory.forgetting import Checked, Foreseen, Signed, Wish

if TYPE_CHECKING:
    from app.studio import Studio
    from core.proposals import Proposal

_BEING_SENT: tuple[PublicationState, ...] = ("preparing", "armed", "reconciling")


def wish_for(
    studio: "Studio",
    works: Sequence[str],
    *,
    person: str | None = None,
    source: str | None = None,
    whole: str | None = None,
    mentions: bool = False,
    also_decided: bool = False,
) -> Wish:
    """Return the wish that a door's words stand for: works, or one of person, source and `whole` (a workspace).

    Raises WrongUse for none of them, or several at once.
    """
    if sum([bool(works), person is not None, source is not None, whole is not None]) != 1:
        raise WrongUse(
            "Say what is to be forgotten: works by their ids, or one of --person, --source, --workspace.",
            "Look first: greenroom forget … --dry-run",
        )
    if mentions and person is None:
        raise WrongUse("--mentions goes with --person.")
    words: dict[str, Any] = {"workspace": whole or studio.workspace.id, "also_decided": also_decided}
    if person is not None:
        return Wish(kind="person", named=person, mentions=mentions, **words)
    if source is not None:
        return Wish(kind="source", named=source, sources=_read_in(source), **words)
    return Wish(kind="workspace", **words) if whole else Wish(kind="work", works=tuple(dict.fromkeys(works)), **words)


def foresee(studio: "Studio", wish: Wish) -> Foreseen:
    """Return what it would come to; nothing is changed."""
    return studio.memory.forgetting.foresee(wish)


def forget(studio: "Studio", wish: Wish, *, by: str | None = None, secret: str | None = None) -> Signed:
    """Forget, and go on with what an earlier process left; return the signed receipt.

    A work that was forgotten before gives its receipt again. Raises NotAllowed for all but owners, and while a
    workspace is sending; NotFound where there is nothing of the kind.
    """
    who, proof = _owner(studio, wish.workspace, by, secret)
    forgetting = studio.memory.forgetting
    forgetting.finish()
    try:
        if wish.kind == "workspace":
            from app.connecting import forget_accounts

            _refuse_sending(studio, wish.workspace)
            forgetting.foresee(wish)
            forget_accounts(studio, wish.workspace, by=who)
        elif wish.also_decided:
            _void(studio, wish, who)
        return forgetting.forget(wish, by=who, secret=proof)
    except NotFound:
        before = forgetting.of_work(wish.workspace, wish.works[0]) if len(wish.works) == 1 else None
        if before is None:
            raise
        return before


def check(studio: "Studio", file: Path) -> Checked:
    """Check a receipt's signature. Raises BadInput for a file that is no receipt."""
    try:
        signed = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadInput(f"{file} can't be read as a receipt: {type(error).__name__}.") from error
    return studio.memory.forgetting.check(signed)


def write_receipt(file: Path, signed: Signed) -> None:
    """Write a signed receipt, in one step."""
    half = file.with_name(f".{file.name}.part")
    half.write_text(json.dumps(signed, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    half.replace(file)


def _read_in(source: str) -> tuple[str, ...]:
    """Return what an import of this path would call its pieces; nothing where it is no path on this disk."""
    path = Path(source).expanduser()
    if not path.exists():
        return ()
    from memory.importers import Reading

    return tuple(dict.fromkeys(piece.source for piece in Reading([path])))


def _owner(studio: "Studio", workspace: str, by: str | None, secret: str | None) -> tuple[str, str | None]:
    if is_agent(by or studio.settings.user):
        raise NotAllowed("The agent forgets nothing: a person does.", "Nothing was changed.")
    studio.memory.workspaces.get(workspace)
    from app.speaking import speaker

    who, proof = speaker(studio.settings, studio.memory, workspace, by, secret)
    studio.memory.members.refuse(workspace, who, proof, roles=("owner",), what="forget what is here")
    return who, proof


def _refuse_sending(studio: "Studio", workspace: str) -> None:
    sending = studio.memory.publications.list(workspace, states=_BEING_SENT)
    if sending:
        raise NotAllowed(
            f"{len(sending)} posts of this workspace are being sent. Nothing was changed.",
            "Stop the worker, and look: greenroom publications",
        )


def _void(studio: "Studio", wish: Wish, by: str) -> None:
    """Take back what was approved and has not left: its words are to go, so it can't be sent any more."""
    leaning = studio.memory.forgetting.leaning(wish)
    reason = "Words that it leans on are to be forgotten."

    def ground(proposal: "Proposal") -> str | None:
        return reason if proposal.id in leaning and proposal.state in ("approved", "scheduled") else None

    studio.memory.voiding.sweep(wish.workspace, ground, by=by)

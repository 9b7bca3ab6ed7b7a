"""The look of a workspace's cards: part of its policy, changed by an owner alone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.errors import BadInput
from core.look import Look
from core.policy import policy_of, read_policy

if TYPE_CHECKING:
    from app.studio import Studio


def look_of(studio: "Studio") -> Look:
    """Return the look in force."""
    return policy_of(studio.workspace).look


def changed_look(studio: "Studio", said: Sequence[str], secret: str | None) -> Look:
    """Change the look by NAME=VALUE and return it. Raises BadInput where it could not be read, or a font is not here.

    Raises NotAllowed where the workspace has members and who asks is none of its owners.
    """
    from app.carding import shelf_of
    from app.founding import Wanted, founded

    pairs = dict(_pair(each) for each in said)
    policy = dict(studio.workspace.policy)
    policy["look"] = {key: value for key, value in {**policy.get("look", {}), **pairs}.items() if value}
    look = read_policy(policy).look
    for name in ("title", "text"):
        if family := pairs.get(name):
            shelf_of(studio).family(family, 600)
    founded(studio.settings.model_copy(update={"workspace": studio.workspace.id}), Wanted(policy=policy), secret=secret)
    return look


def _pair(said: str) -> tuple[str, str]:
    name, sign, value = said.partition("=")
    if not sign or name not in Look.model_fields:
        raise BadInput(f"--set {said!r} says nothing of the look.", f"NAME=VALUE, with: {', '.join(Look.model_fields)}")
    return name, value.strip()

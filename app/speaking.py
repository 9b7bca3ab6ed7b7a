"""Who speaks: the person this process works for, or another one whose secret is given."""

from app.settings import Settings
from core.errors import NotAllowed
from memory import Memory
from memory.passphrases import HOW


def speaker(
    settings: Settings, memory: Memory, workspace: str, by: str | None, secret: str | None
) -> tuple[str, str | None]:
    """Return (name, secret) of who decides: `by` is the settings' user, or a member whose secret comes along.

    Whether the secret is right, memory says. Raises NotAllowed where somebody can't be spoken for at all.
    """
    given = secret or (settings.secret.get_secret_value() if settings.secret else None)
    own = settings.user.strip()
    name = own if by is None else by.strip()
    if name == own:
        return name, given
    if not memory.members.list(workspace, removed=True):
        raise NotAllowed(
            f"This workspace has no members besides {own}, so nobody can decide as {name}.",
            f"Add them, with a secret of their own: greenroom members add {name!r} --role editor",
        )
    if not memory.members.has_secret(workspace, name):
        raise NotAllowed(f"{name} is no member with a secret here, so nobody else can decide as {name}.", HOW)
    if not given:
        raise NotAllowed(f"Deciding as {name} needs {name}'s secret.", HOW)
    return name, given

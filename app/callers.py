"""Who a program works for: one member in one workspace, and what their token allows. For the IDE's door and the API."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.errors import NotAllowed, PrivateMaterial

if TYPE_CHECKING:
    from app.studio import Studio
    from memory.tokens import Decides, Token

REVOKED = "This token was ended. Nothing was done."


@dataclass(frozen=True)
class Caller:
    """One program: the studio as its member sees it. `token_id`: None at the member's own terminal."""

    studio: "Studio"
    decides: "Decides" = "never"
    sees_private: bool = False
    token_id: str | None = None

    def show(self, value: Any) -> Any:
        """Return a plain value as this program may read it: what is private is left out of lists.

        Raises PrivateMaterial where that is not enough.
        """
        if self.sees_private:
            return value
        secrets = self.studio.memory.privacy.secrets(self.studio.workspace.id)
        if not secrets:
            return value
        kept = _without(secrets, value)
        if secrets.taints(kept):
            raise PrivateMaterial(
                "This is marked private, and a hosted model may be behind this program. Nothing was shown.",
                "Look at it in a terminal, or use a token made with --private (docs/ide.md).",
            )
        return kept

    def refuse_ended(self) -> None:
        """Raise NotAllowed where the token was ended since it was shown."""
        if self.token_id is not None and self.studio.memory.tokens.still(self.token_id) is None:
            raise NotAllowed(REVOKED, "greenroom tokens list")

    def refuse_viewers(self) -> None:
        """Raise NotAllowed where the member may look, and make nothing."""
        studio = self.studio
        members = studio.memory.members.list(studio.workspace.id)
        if any(each.name == studio.settings.user and each.role == "viewer" for each in members):
            raise NotAllowed(
                f"{studio.settings.user} may look here, and start or change nothing.", "greenroom members list"
            )


@dataclass(frozen=True)
class Callers:
    """Opens the studio of whoever a token is for, over the memory of one process."""

    studio: "Studio"
    _open: "dict[tuple[str, str], Studio]" = field(default_factory=dict)

    def of(self, token: "Token") -> Caller:
        """Return who comes with a token. A secret in this process's settings is nobody else's proof."""
        key = (token.workspace, token.member)
        if key not in self._open:
            self._open[key] = self._beside(*key)
        return Caller(self._open[key], token.decides, token.sees_private, token.id)

    def opened(self, bearer: str) -> Caller | None:
        """Return who comes with these words; None if they open nothing."""
        token = self.studio.memory.tokens.open(bearer)
        return self.of(token) if token else None

    def _beside(self, workspace: str, member: str) -> "Studio":
        from app.studio import Studio

        whose = {"workspace": workspace, "user": member, "secret": None}
        settings, given = self.studio.settings.model_copy(update=whose), self.studio.given_model
        made = Studio(settings, self.studio.memory, model=given, clock=self.studio.clock)
        if "crew" in vars(self.studio):
            made.crew.desk.grace = self.studio.crew.desk.grace  # how long an approval can be taken back
        return made


def _without(secrets: Any, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _without(secrets, each) for key, each in value.items()}
    if isinstance(value, list):
        return [each for each in value if not secrets.taints(each)]
    return value

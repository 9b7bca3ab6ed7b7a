"""Which member a Slack person is. The link is an owner's word; the proof is a session, as on the web."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import SecretStr

from core.errors import BadInput, GreenroomError, NotAllowed
from memory.sessions import Lasting

if TYPE_CHECKING:
    from app.studio import Studio
    from core.members import Member

_LASTING = Lasting()


def issuer(team: str) -> str:
    """Return under which name members are known in one Slack workspace."""
    if not (team.isascii() and team.isalnum() and team[:1] in "TE"):
        raise BadInput(f"{team!r} is no id of a Slack workspace: it looks like T0123ABCD.")
    return f"https://slack.com/{team}"


class Stranger(NotAllowed):
    """Somebody in Slack who is nobody here."""


@dataclass
class SlackPeople:
    """The studio as each person in Slack sees it, over the memory of one process."""

    studio: "Studio"
    team: str
    _bearers: dict[str, str] = field(default_factory=dict, repr=False)  # member -> the bearer of their session

    def of(self, user: str, team: str | None = None) -> "Studio":
        """Return the studio of a person in Slack. Raises NotAllowed for one who is no member: what to say to them."""
        from app.studio import Studio

        member = self.member(user, team)
        if member is None:
            raise Stranger(
                "I don't know you yet, so I can't show or decide anything for you. Nothing was done.",
                f"An owner of {self.studio.workspace.name} can link you: greenroom slack-app link {user} NAME",
            )
        if not member.secret_hash:
            raise NotAllowed(
                f"Here you are {member.name}, but {member.name} has no secret yet, and nobody decides without one.",
                f"An owner gives one with: greenroom members secret {member.name!r}",
            )
        whose = {
            "workspace": self.studio.workspace.id,
            "user": member.name,
            "secret": SecretStr(self._bearer(member, user)),
        }
        settings = self.studio.settings.model_copy(update=whose)
        return Studio(settings, self.studio.memory, model=self.studio.given_model, clock=self.studio.clock)

    def member(self, user: str, team: str | None = None) -> "Member | None":
        """Return which member somebody is; None for a stranger, a guest of another Slack workspace, a program."""
        if team is not None and team != self.team:
            return None
        found = self.studio.memory.identities.member(self.studio.workspace.id, issuer(self.team), user)
        return None if found is None or found.role == "agent" else found

    def reviewers(self) -> list[str]:
        """Return the Slack ids of members who may decide: whom a message goes to where no channel is named."""
        known = self.studio.memory.identities.list(self.studio.workspace.id)
        here = [each.subject for each in known if each.issuer == issuer(self.team)]
        return [user for user in here if (who := self.member(user)) is not None and who.role in ("owner", "editor")]

    def maker(self, user: str, team: str | None = None) -> "Studio":
        """Return the studio of somebody who may start something. Raises NotAllowed for who may only look."""
        from app.callers import Caller

        studio = self.of(user, team)
        Caller(studio).refuse_viewers()
        return studio

    def _bearer(self, member: "Member", user: str) -> str:
        sessions = self.studio.memory.sessions
        kept = self._bearers.get(member.name, "")
        if kept and sessions.open(kept, lasting=_LASTING) is not None:
            return kept
        _, self._bearers[member.name] = sessions.begin(member, "slack", lasting=_LASTING, agent=f"Slack {user}")
        return self._bearers[member.name]


def said(error: GreenroomError) -> str:
    """Return an error as it is said to a person."""
    return f"{error.message} {error.hint}".strip()

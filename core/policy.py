"""What a workspace asks of its agent. The default asks for nothing but the one checkpoint that is always there."""

from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator

from core.base import Noun
from core.errors import BadInput
from core.works import Workspace


class AddedStage(Noun):
    """A stage before `proposals` that somebody else decides first: a brand editor, a localization reviewer."""

    stage: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$")
    channels: tuple[str, ...] | None = None  # None: all of them
    locales: tuple[str, ...] | None = None

    def covers(self, channel: str, locale: str) -> bool:
        """Say whether proposals of this channel and locale pass it."""
        return channel in (self.channels or (channel,)) and locale in (self.locales or (locale,))


class Disclosure(Noun):
    """A line that is added before anybody approves: where a language model drafted, or always."""

    line: str = Field(min_length=1)
    when: Literal["ai", "always"] = "ai"


class Approval(Noun):
    """Who approves. By default each member whose role allows it; the agent never."""

    four_eyes: bool = False  # nobody approves what they asked for or worded themselves
    passphrase: bool = False  # every decision needs the member's own secret, the founder's too
    approvers: dict[str, tuple[str, ...]] = Field(default_factory=dict)  # "bluesky" or "bluesky:@me.example" -> names


class Outbox(Noun):
    """How what was approved goes out."""

    missed: Literal["ask", "skip", "late"] = "ask"  # what becomes of a post whose time passed while nothing could send
    grace_minutes: int = Field(default=120, ge=1, le=10_080)  # how late a timed post may go; inside the approved hash
    late_hours: int = Field(default=72, ge=1, le=720)  # with `missed: late`: the grace that is frozen instead
    gaps: dict[str, Annotated[int, Field(ge=0, le=10_080)]] = Field(default_factory=dict)  # channel -> minutes

    def grace(self) -> int:
        """Return the minutes after its time in which a timed post may still leave, as they are frozen and approved."""
        return self.late_hours * 60 if self.missed == "late" else self.grace_minutes


class Policy(Noun):
    """A workspace's policy. The default is the safe one: members decide by role, the agent never, nothing goes late."""

    channels: tuple[str, ...] = ()  # what a brief drafts for when it names none
    stop_at: tuple[Literal["angles"], ...] = ()
    stages: tuple[AddedStage, ...] = ()
    disclosure: Disclosure | None = None
    signature: dict[str, str] = Field(default_factory=dict)  # channel -> a last line, there before anybody approves
    approval: Approval = Approval()
    outbox: Outbox = Outbox()

    @field_validator("disclosure", mode="before")
    @classmethod
    def _a_line_is_enough(cls, value: Any) -> Any:
        return {"line": value} if isinstance(value, str) else value


def read_policy(data: dict[str, Any]) -> Policy:
    """Return a checked policy; BadInput names the field that can't be read."""
    try:
        return Policy.model_validate(data)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise BadInput(
            f"The policy can't be read at {where}: {first['msg']}.", "Mend it, or leave that part out."
        ) from None


def policy_of(workspace: Workspace) -> Policy:
    """Return a workspace's policy."""
    return read_policy(workspace.policy)

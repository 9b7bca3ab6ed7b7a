"""What a workspace asks of its agent. The default asks for nothing but the one checkpoint that is always there."""

from typing import Any, Literal

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


class Policy(Noun):
    """A workspace's policy."""

    channels: tuple[str, ...] = ()  # what a brief drafts for when it names none
    stop_at: tuple[Literal["angles"], ...] = ()
    stages: tuple[AddedStage, ...] = ()
    disclosure: Disclosure | None = None

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

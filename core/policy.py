"""What a workspace asks of its agent. The default asks for nothing but the one checkpoint that is always there."""

from collections.abc import Iterator
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field, ValidationError, field_validator

from core.base import Noun
from core.errors import BadInput
from core.look import Look
from core.timing_policy import Timing
from core.works import Workspace


class AddedStage(Noun):
    """A stage before `proposals` that somebody else decides first: a brand editor, a localization reviewer."""

    stage: str = Field(pattern=r"^[a-z][a-z0-9_]{0,40}$", description="its name, as the decision will carry it")
    channels: tuple[str, ...] | None = Field(
        default=None, description="the channels that pass it; none said: all of them"
    )
    locales: tuple[str, ...] | None = Field(
        default=None, description="the locales that pass it; none said: all of them"
    )

    def covers(self, channel: str, locale: str) -> bool:
        """Say whether proposals of this channel and locale pass it."""
        return channel in (self.channels or (channel,)) and locale in (self.locales or (locale,))


class Disclosure(Noun):
    """A line that is added before anybody approves: where a language model drafted, or always."""

    line: str = Field(min_length=1, description="the line that is added, as audiences read it")
    when: Literal["ai", "always"] = Field(
        default="ai", description="`ai`: where a language model drafted; `always`: to everything"
    )


class Approval(Noun):
    """Who approves. By default each member whose role allows it; the agent never."""

    four_eyes: bool = Field(
        default=False, description="nobody approves what they asked for, worded or moved themselves"
    )
    passphrase: bool = Field(
        default=False, description="every decision needs the member's own secret, the founder's too"
    )
    approvers: dict[str, tuple[str, ...]] = Field(
        default_factory=dict,
        description="a channel (`bluesky`) or one account of it (`bluesky:@me.example`): who alone may approve for it",
    )


class Outbox(Noun):
    """How what was approved goes out."""

    missed: Literal["ask", "skip", "late"] = Field(
        default="ask",
        description="a post whose time passed while nothing could send: a person is asked, it is skipped, or it may "
        "still go for `late_hours`",
    )
    grace_minutes: int = Field(
        default=120, ge=1, le=10_080, description="how late a timed post may still go; frozen and approved with it"
    )
    late_hours: int = Field(
        default=72, ge=1, le=720, description="with `missed: late`, what is frozen instead of the grace"
    )
    gaps: dict[str, Annotated[int, Field(ge=0, le=10_080)]] = Field(
        default_factory=dict, description="a channel: at least so many minutes between two of its posts"
    )

    def grace(self) -> int:
        """Return the minutes after its time in which a timed post may still leave, as they are frozen and approved."""
        return self.late_hours * 60 if self.missed == "late" else self.grace_minutes


class Localization(Noun):
    """How translations are made and looked at."""

    review_segments: bool = Field(
        default=False, description="a translation is approved only once every one of its segments was"
    )
    back_translation: bool = Field(
        default=True, description="what a machine translated is translated back, for who can't read it"
    )
    address: dict[str, str] = Field(
        default_factory=dict, description="a locale (`es`, `de-AT`): how readers are addressed there"
    )

    def address_in(self, locale: str) -> str:
        """Return how readers are addressed in a locale, by what is said of it or of its language."""
        return self.address.get(locale) or self.address.get(locale.partition("-")[0], "")


class Policy(Noun):
    """A workspace's policy. The default is the safe one: members decide by role, the agent never, nothing goes late."""

    channels: tuple[str, ...] = Field(default=(), description="what a brief drafts for when it names no channel")
    stop_at: tuple[Literal["angles"], ...] = Field(
        (), description="`angles`: see the angles before anything is drafted"
    )
    stages: tuple[AddedStage, ...] = Field(default=(), description="stages that somebody decides before the last one")
    disclosure: Disclosure | None = Field(
        default=None, description="a line that says how it was made; a text alone is its `line`"
    )
    signature: dict[str, str] = Field(
        default_factory=dict, description="a channel: a last line, there before anybody approves"
    )
    approval: Approval = Field(default=Approval(), description="who approves")
    outbox: Outbox = Field(default=Outbox(), description="how what was approved goes out")
    localization: Localization = Field(default=Localization(), description="how translations are made and looked at")
    look: Look = Field(default=Look(), description="how cards and covers look")
    timing: Timing = Field(default=Timing(), description="for whom times are proposed, and what they keep to")

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
            f"The policy can't be read at {where}: {first['msg'].removeprefix('Value error, ')}.",
            "Mend it, or leave that part out.",
        ) from None


def policy_of(workspace: Workspace) -> Policy:
    """Return a workspace's policy."""
    return read_policy(workspace.policy)


class Described(Noun):
    """One field of the policy: where it stands, what it is without a word, and what it means."""

    path: str  # "approval.four_eyes"; "stages[].stage" in each item of a list
    default: Any
    meaning: str


def described(model: type[BaseModel] = Policy, at: str = "") -> Iterator[Described]:
    """Yield every field that a policy can set, the parts of a part after it."""
    for name, field in model.model_fields.items():
        default = "needed" if field.is_required() else field.get_default(call_default_factory=True)
        part, many = _part(field.annotation)
        plain = default.model_dump(mode="json") if isinstance(default, BaseModel) else default
        yield Described(path=f"{at}{name}", default=plain, meaning=field.description or "")
        if part:
            yield from described(part, f"{at}{name}{'[]' if many else ''}.")


def _part(annotation: Any) -> tuple[type[BaseModel] | None, bool]:
    """Return the noun that a field is made of, and whether it holds several."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation, False
    found = [each for each in get_args(annotation) if isinstance(each, type) and issubclass(each, BaseModel)]
    return (found[0] if found else None), Ellipsis in get_args(annotation)

"""What the API is asked to do: check, score and tag a text, draft, and record a member's decision."""

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import Field, SecretStr

from app.api.whose import Whose
from app.asking import Asking
from app.callers import Caller
from core.decisions import Verb
from core.drafts import Dimension
from core.errors import BadInput, NotAllowed

Object = dict[str, Any]
LONGEST = 400_000


class Text(Asking):
    """A text, and where it is for."""

    text: str = Field(min_length=1, max_length=LONGEST)
    channel: str | None = None


class Ask(Asking):
    """A brief. `source`: a past work's id, or the material itself; no file and no address is opened for a program."""

    ask: str = ""
    source: str | None = Field(default=None, max_length=LONGEST)
    channels: list[str] | None = None
    locales: list[str] | None = None
    variants: int = Field(default=1, ge=1, le=5)
    vary: Dimension | None = None
    thread: bool = False
    at: Literal["auto"] | datetime | None = None
    private: bool = False


class Decide(Asking):
    """A member's decision: `sha` is the hash that they were shown. `secret`: theirs, where they decide with one."""

    verb: Verb
    sha: str
    note: str = Field(default="", max_length=4000)
    body: str | None = Field(default=None, max_length=LONGEST)
    secret: SecretStr | None = None


class Undo(Asking):
    """`secret`: the member's, where they decide with one."""

    secret: SecretStr | None = None


def asking_router(whose: Whose) -> APIRouter:
    """Return the routes that do something."""
    router = APIRouter()
    who = Depends(whose)
    _texts(router, who)
    _briefs(router, who)
    _decisions(router, who)
    return router


def _texts(router: APIRouter, who: Any) -> None:
    @router.post("/check", tags=["texts"])
    def check(caller: Annotated[Caller, who], given: Text) -> Object:
        """Check a text against a channel's rules: `greenroom check --json`."""
        from app.checking import checked

        if not given.channel:
            raise BadInput("body.channel: say for which channel.")
        return _object(caller.show(checked(caller.studio, given.text, given.channel)))

    @router.post("/voice/score", tags=["texts"])
    def score(caller: Annotated[Caller, who], given: Text) -> Object:
        """Measure how much a text sounds like the creator: `greenroom voice score --json`."""
        memory, space = caller.studio.memory, caller.studio.workspace.id
        return memory.voice.score(space, given.text, channel=given.channel).model_dump(mode="json")

    @router.post("/tags", tags=["texts"])
    def tags(caller: Annotated[Caller, who], given: Text) -> Object:
        """Say tags, topics and metadata of a text by rules: `greenroom tag --no-model --json`."""
        from app.tagging import Choices, tag_text
        from tools.tagged import Asked

        said = tag_text(caller.studio, Asked(given.text), Choices(model=False))
        return _object(caller.show({**said.model_dump(mode="json"), "wrote": []}))


def _briefs(router: APIRouter, who: Any) -> None:
    @router.post("/briefs", tags=["drafts"], status_code=201)
    def brief(caller: Annotated[Caller, who], given: Ask) -> Object:
        """Draft for every channel; the drafts wait: `greenroom brief --json`. It answers when they do."""
        caller.refuse_viewers()
        if isinstance(given.at, datetime) and given.at.tzinfo is None:
            raise BadInput("body.at: needs a time zone, such as 2026-11-24T08:30:00+01:00.")
        made = caller.studio.start(
            given.ask,
            from_=given.source,
            channels=given.channels,
            locales=given.locales,
            variants=given.variants,
            vary=given.vary,
            thread=given.thread,
            when=given.at or "on_approval",
            private=given.private,
            said_by_a_model=True,
        )
        return _object(caller.show(made.as_json()))


def _decisions(router: APIRouter, who: Any) -> None:
    @router.post("/proposals/{proposal_id}/decisions", tags=["decisions"], status_code=201)
    def decide(caller: Annotated[Caller, who], proposal_id: str, given: Decide) -> Object:
        """Decide by the hash that was shown: `greenroom decide --json`. Another hash is refused (409)."""
        _refuse_who_only_looks(caller)
        secret = given.secret.get_secret_value() if given.secret else None
        done = caller.studio.decide(proposal_id, given.verb, given.sha, note=given.note, body=given.body, secret=secret)
        return done.as_json()

    @router.post("/decisions/{decision_id}/undo", tags=["decisions"])
    def undo(caller: Annotated[Caller, who], decision_id: str, given: Undo | None = None) -> Object:
        """Take a decision back while nothing is being sent: `greenroom undo --json`."""
        _refuse_who_only_looks(caller)
        secret = given.secret.get_secret_value() if given and given.secret else None
        proposal = caller.studio.undo(decision_id, secret=secret)
        return {"proposal": proposal.as_json(), "undone": decision_id}


def _refuse_who_only_looks(caller: Caller) -> None:
    if caller.decides != "api":
        raise NotAllowed(
            "This token does not decide. Nothing was decided.",
            "Its member makes one that does: greenroom tokens make NAME --decides api (docs/api.md says for what).",
        )


def _object(value: Any) -> Object:
    assert isinstance(value, dict)
    return value

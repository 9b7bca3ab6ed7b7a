"""What the API shows: works, recall, the voice, proposals, the calendar, the outbox."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from app.api.whose import Whose
from app.callers import Caller
from app.ide.pages import cursor_at, start_of
from core.errors import NotFound
from core.proposals import OPEN_STATES, Proposal, State
from core.publications import Publication

Object = dict[str, Any]
PLANNED: tuple[State, ...] = ("waiting", "held", "approved", "scheduled")
MOST = 500
_WORK = ("id", "title", "source", "published_at", "words", "tags", "license", "version")
_FOUND = ("work_id", "title", "source", "published_at", "score", "signals", "url")


@dataclass(frozen=True)
class Asked:
    """Which part of a long list is asked for."""

    limit: int
    start: int

    def told(self, caller: Caller, name: str, rows: list[Object]) -> Object:
        """Return a page as this program may read it; `next`, where more follow: the cursor of the next page."""
        more = {"next": cursor_at(self.start + self.limit)} if len(rows) > self.limit else {}
        return {name: caller.show(rows[: self.limit]), **more}


def _asked(
    limit: Annotated[int, Query(ge=1, le=MOST)] = MOST, cursor: Annotated[str | None, Query(max_length=64)] = None
) -> Asked:
    return Asked(limit, start_of(cursor))


PAGE = Depends(_asked)


def reading_router(whose: Whose) -> APIRouter:
    """Return the routes that change nothing."""
    router = APIRouter(tags=["read"])
    who = Depends(whose)
    _whole(router, who)
    _past(router, who)
    _proposals(router, who)
    return router


def _whole(router: APIRouter, who: Any) -> None:
    @router.get("/workspace")
    def workspace(caller: Annotated[Caller, who]) -> Object:
        """Return the workspace, whose token this is, and whether it decides."""
        space, user = caller.studio.workspace, caller.studio.settings.user
        told = {"id": space.id, "name": space.name, "timezone": space.timezone, "locale": space.locale}
        return {"workspace": told, "member": user, "decides": caller.decides}

    @router.get("/voice")
    def voice(caller: Annotated[Caller, who], channel: str | None = None) -> Object:
        """Return how the creator writes, as measured: `greenroom voice --json`."""
        profile = caller.studio.memory.voice.profile(caller.studio.workspace.id, channel)
        return _object(caller.show(profile.model_dump(mode="json")))


def _past(router: APIRouter, who: Any) -> None:
    @router.get("/works")
    def works(caller: Annotated[Caller, who], limit: Annotated[int, Query(ge=1, le=MOST)] = 50) -> Object:
        """Return works, newest first: `greenroom works --json`."""
        secret = caller.studio.memory.privacy.works(caller.studio.workspace.id)
        rows = [each.model_dump(mode="json") for each in caller.studio.works(limit)]
        told = [{key: row[key] for key in _WORK} | {"private": row["id"] in secret} for row in rows]
        return {"works": told if caller.sees_private else [each for each in told if not each["private"]]}

    @router.get("/works/{work_id}")
    def work(caller: Annotated[Caller, who], work_id: str) -> Object:
        """Return one work with its words."""
        memory, space = caller.studio.memory, caller.studio.workspace.id
        if work_id in memory.consents.revoked_works(space):
            raise NotFound(f"The work {work_id} may not be used: consent was revoked.", "greenroom consent list")
        return {"work": caller.show(memory.works.get(space, work_id).model_dump(mode="json"))}

    @router.get("/recall")
    def recall(
        caller: Annotated[Caller, who],
        query: Annotated[str, Query(min_length=1, max_length=4000)],
        k: Annotated[int, Query(ge=1, le=50)] = 10,
    ) -> Object:
        """Return past works that fit, best first, with the passages that show why: `greenroom recall --json`."""
        found = [each.model_dump(mode="json") for each in caller.studio.recall(query, k=k)]
        told = [{key: each[key] for key in _FOUND} | {"passages": each["passages"]} for each in found]
        return {"results": caller.show(told)}


def _proposals(router: APIRouter, who: Any) -> None:
    @router.get("/proposals", responses={200: {"model": dict[str, list[Proposal] | str]}})
    def proposals(
        caller: Annotated[Caller, who],
        page: Annotated[Asked, PAGE],
        state: Annotated[list[State] | None, Query()] = None,
    ) -> Object:
        """Return proposals, oldest first; without a state, those that wait: `greenroom pending --json`."""
        states = tuple(state or OPEN_STATES)
        rows = caller.studio.proposals(states=states, limit=page.limit + 1, offset=page.start)
        return page.told(caller, "proposals", [each.as_json() for each in rows])

    @router.get("/proposals/{proposal_id}", responses={200: {"model": dict[str, Proposal]}})
    def proposal(caller: Annotated[Caller, who], proposal_id: str) -> Object:
        """Return one proposal with its exact wire payload and hash: `greenroom show --json`."""
        return {"proposal": caller.show(caller.studio.show(proposal_id).as_json())}

    @router.get("/calendar", responses={200: {"model": dict[str, list[Proposal] | str]}})
    def calendar(caller: Annotated[Caller, who], page: Annotated[Asked, PAGE]) -> Object:
        """Return what has a time, approved or proposed, soonest first: `greenroom calendar --json`."""
        rows = caller.studio.planned(PLANNED, limit=page.limit + 1, offset=page.start)
        return page.told(caller, "proposals", [each.as_json() for each in rows])

    @router.get("/publications", responses={200: {"model": dict[str, list[Publication] | str]}})
    def publications(caller: Annotated[Caller, who], page: Annotated[Asked, PAGE]) -> Object:
        """Return the outbox, soonest due first: `greenroom publications --json`."""
        space, outbox = caller.studio.workspace.id, caller.studio.memory.publications
        rows = outbox.list(space, limit=page.limit + 1, offset=page.start)
        return page.told(caller, "publications", [each.model_dump(mode="json") for each in rows])


def _object(value: Any) -> Object:
    assert isinstance(value, dict)
    return value

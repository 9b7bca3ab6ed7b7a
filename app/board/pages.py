"""The board's addresses: pages, the parts that a script puts in their place, decisions, the stream of changes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, FastAPI, Header, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.staticfiles import StaticFiles

from app.board.batch import alike
from app.board.briefs import Jobs, Wish, choices
from app.board.calendar import calendar_router
from app.board.deciding import Asked, Deciding, TakenBack, who_decides
from app.board.head import Head
from app.board.rendering import FONTS, STATIC, Pages
from app.board.rows import By, Rows
from app.board.showing import Showing
from app.board.stream import Stream
from app.board.talks import talks_router
from app.board.voice import voice_router
from app.board.works import works_router
from app.card_table import CardTable
from app.founding import sample_brief
from app.watching import Watch
from app.wording import shortened
from core.errors import GreenroomError

if TYPE_CHECKING:
    from app.studio import Studio

Asking = Annotated[str | None, Query(max_length=64)]


@dataclass
class Board:
    """The parts of one workspace's board."""

    studio: "Studio"
    table: CardTable
    watch: Watch
    rows: Rows
    deciding: Deciding
    showing: Showing
    jobs: Jobs
    stream: Stream
    pages: Pages

    @classmethod
    def of(cls, studio: "Studio", watch: Watch | None = None) -> "Board":
        """Put a studio's board together."""
        table, watch = CardTable(studio), watch or Watch(studio)
        rows, jobs, deciding = Rows(studio), Jobs(studio), Deciding(studio, watch, table)
        showing, stream = Showing(studio, table, deciding), Stream(watch, rows, jobs)
        return cls(studio, table, watch, rows, deciding, showing, jobs, stream, Pages(Head(studio)))

    def list_of(self, by: By) -> dict[str, Any]:
        """Return what the list needs. Looked at before its mark is read: what comes between is told again, not lost."""
        mark = self.stream.mark
        watched = self.watch.look()
        groups = self.rows.groups(watched.values(), by)
        waiting = sum(each.stamp.state == "waiting" for each in watched.values())
        more = waiting - sum(group.waiting - group.more for group in groups)
        told = {"groups": groups, "by": by, "stands": mark, "waiting": waiting, "more": more}
        return told | {"jobs": self.jobs.list()}

    def next_steps(self) -> list[tuple[str, str]]:
        """Return (words, address) of the three best next steps, from what the workspace holds."""
        works = self.studio.works(limit=1)
        if not works:
            return [("Bring in your past work", "/works"), ("Start a brief: what do you want to tell?", "/brief")]
        title = shortened(works[0].title or works[0].body, 60)
        sample = sample_brief(self.studio.workspace)
        first = [(f"{sample[0]}, from its notes", "/brief?sample=1")] if sample else []
        return [
            *first,
            (f"Turn \u201c{title}\u201d into posts", f"/brief?source={works[0].id}"),
            ("Start a brief: what do you want to tell?", "/brief"),
            ("Look through what is remembered of your work", "/works"),
        ]

    def first(self, groups: list[Any]) -> str | None:
        """Return the id of the first row that waits, else of the first there is."""
        rows = [row for group in groups for row in group.rows]
        waits = (row["id"] for row in rows if row["state"]["name"] == "waiting")
        return next(waits, rows[0]["id"] if rows else None)


def board_router(studio: "Studio", watch: Watch | None = None) -> APIRouter:
    """Return the board of a studio. `WebGuard` keeps other sites out; every decision names the hash that was shown."""
    studio.crew.desk.grace = timedelta(seconds=studio.settings.undo_seconds)
    board = Board.of(studio, watch)

    @asynccontextmanager
    async def while_it_runs(_app: object) -> AsyncIterator[None]:
        yield
        board.deciding.close()
        board.jobs.close()

    router = APIRouter(lifespan=while_it_runs)
    _pages(router, board)
    _parts(router, board)
    _words(router, board)
    _briefs(router, board)
    router.include_router(works_router(studio, board.pages))
    router.include_router(talks_router(studio, board.pages))
    router.include_router(voice_router(studio, board.pages))
    router.include_router(calendar_router(studio, board.watch, board.rows, board.pages))
    return router


def mount_assets(app: FastAPI) -> None:
    """Serve the board's scripts, styles and fonts: all of them ours, none from outside."""
    app.mount("/board/static", StaticFiles(directory=STATIC))
    app.mount("/board/fonts", StaticFiles(directory=FONTS))


def _pages(router: APIRouter, board: Board) -> None:
    @router.get("/")
    def the_board(by: By = "brief", p: Asking = None, seen: Asking = None) -> Response:
        listed = board.list_of(by)
        card, said, chosen = None, "", p or board.first(listed["groups"])
        if chosen:
            try:
                card = board.showing.card(chosen, seen)
            except GreenroomError as error:
                said = f"{error.message} {error.hint}".strip()
        steps = [] if listed["groups"] else board.next_steps()
        return board.pages.page("board.html.j2", **listed, card=card, said=said, asked=p is not None, steps=steps)

    @router.get("/alike/{proposal_id}")
    def look_alikes(proposal_id: str) -> Response:
        try:
            cards = [board.showing.card(each) for each in alike(board.watch.look(), proposal_id)]
        except GreenroomError as error:
            return board.pages.page("nothing.html.j2", 404, said=error.message)
        return board.pages.page("batch.html.j2", cards=cards, first=proposal_id)


def _parts(router: APIRouter, board: Board) -> None:
    @router.get("/board/list")
    def the_list(by: By = "brief") -> Response:
        listed = board.list_of(by)
        return board.pages.part("list.html.j2", **listed, card=None)

    @router.get("/board/card/{proposal_id}")
    def a_card(proposal_id: str, seen: Asking = None) -> Response:
        try:
            return board.pages.part("card.html.j2", card=board.showing.card(proposal_id, seen))
        except GreenroomError as error:
            return JSONResponse({"said": f"{error.message} {error.hint}".strip()}, 404)

    @router.get("/board/events")
    def changes(mark: Asking = None, last_event_id: Annotated[str, Header()] = "") -> Response:
        events = board.stream.events(last_event_id or mark or "")
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(events, media_type="text/event-stream", headers=headers)


def _words(router: APIRouter, board: Board) -> None:
    @router.post("/board/decide")
    def decide(asked: Annotated[Asked, Body()], request: Request) -> dict[str, Any]:
        return board.deciding.decide(asked, who_decides(request))

    @router.post("/board/undo")
    def undo(asked: Annotated[TakenBack, Body()], request: Request) -> dict[str, Any]:
        return board.deciding.undo(asked, who_decides(request))


def _briefs(router: APIRouter, board: Board) -> None:
    @router.get("/brief")
    def new_brief(
        ask: Annotated[str, Query(max_length=4000)] = "", source: Asking = None, sample: bool = False
    ) -> Response:
        given = sample_brief(board.studio.workspace) if sample else None
        ask, material = given or (ask, "")
        return board.pages.page("brief.html.j2", ask=ask, material=material, source=source or "", channels=choices())

    @router.post("/board/brief")
    def begin(wish: Annotated[Wish, Body()], request: Request) -> Response:
        try:
            job = board.jobs.start(wish, who_decides(request))
        except GreenroomError as error:
            return JSONResponse({"said": f"{error.message} {error.hint}".strip()}, 400)
        return JSONResponse({"id": job.id})

    @router.get("/board/jobs")
    def how_far() -> Response:
        return board.pages.part("jobs.html.j2", jobs=board.jobs.list())

    @router.post("/board/jobs/{job_id}/dismiss")
    def dismiss(job_id: str) -> Response:
        board.jobs.dismiss(job_id)
        return board.pages.part("jobs.html.j2", jobs=board.jobs.list())

"""Earlier conversations as a page: each leads to the chat, which goes on with it."""

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Response

from app.accounts.who import People, who_asks
from app.board.rendering import Pages
from app.linked_works import titled
from app.talks import Talks
from app.wording import number_of, shortened
from core.dialogue import Thread

if TYPE_CHECKING:
    from app.studio import Studio

SHOWN = 200


def talks_router(studio: "Studio", pages: Pages) -> APIRouter:
    """Return the page of who asks: nobody sees another's conversations on it."""
    router = APIRouter()
    people = People(studio)

    @router.get("/talks")
    def earlier_conversations() -> Response:
        found = Talks(people.mine()).earlier()
        zone = ZoneInfo(studio.workspace.timezone)
        named = [each.model_copy(update={"title": titled(studio, each.title)}) for each in found[:SHOWN]]
        talks = [_shown(each, zone) for each in named]
        may_speak = who_asks().role != "viewer"
        return pages.page("talks.html.j2", talks=talks, more=len(found) - len(talks), may_speak=may_speak)

    return router


def _shown(talk: Thread, zone: ZoneInfo) -> dict[str, Any]:
    began, last = (_moment(each, zone) for each in (talk.began_at, talk.last_at))
    return {
        "id": talk.thread,
        "title": shortened(talk.title, 100) or "A conversation",
        "when": last,
        "began": began if began != last else "",
        "at": talk.last_at.isoformat(),
        "turns": number_of(talk.turns, "turn", "turns"),
    }


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    there = moment.astimezone(zone)
    return f"{there.day} {there:%B %Y, %H:%M}"

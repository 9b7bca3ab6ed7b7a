"""The calendar: what is planned and what went out, by week or month; another time makes a new version, which waits."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Body, Query, Response
from pydantic import Field

from app.accounts.who import Person, who_asks
from app.asking import Asking
from app.board.rendering import Pages
from app.board.rows import Rows, moment_of
from app.revising import REVISABLE, Wish
from app.timing import look, wanted
from app.watching import Watch, Watched
from core.errors import GreenroomError
from core.wall_time import FIRST_YEAR, LAST_YEAR, to_instant
from core.whens import in_words

if TYPE_CHECKING:
    from app.studio import Studio

View = Literal["week", "month"]
FIRST, LAST = date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)
"""The days that can be looked at."""

LEFT_OUT = ("rejected", "stale", "superseded")


class Move(Asking):
    """Another time for what was shown. `sha`: its hash there; `wall`: by the clocks of the workspace."""

    id: str = Field(max_length=64)
    sha: str = Field(max_length=64)
    wall: datetime


def calendar_router(studio: "Studio", watch: Watch, rows: Rows, pages: Pages) -> APIRouter:
    """Return the calendar of a studio."""
    router = APIRouter(prefix="/calendar")

    @router.get("")
    def calendar(view: View = "week", day: Annotated[date | None, Query(ge=FIRST, le=LAST)] = None) -> Response:
        today = studio.clock().astimezone(ZoneInfo(studio.workspace.timezone)).date()
        first, last = _span(day or today, view)
        entries = list(_entries(studio, watch.look().values(), rows, first, last))
        return pages.page("calendar.html.j2", **_laid(view, day or today, today, first, last, entries))

    @router.post("/move")
    def move(asked: Annotated[Move, Body()]) -> dict[str, Any]:
        try:
            return _moved(studio, asked, who_asks())
        except GreenroomError as error:
            return {"done": False, "said": f"{error.message} {error.hint}".strip()}
        finally:
            watch.look()

    return router


def _span(day: date, view: View) -> tuple[date, date]:
    """Return the first and the last day that are shown: whole weeks, from Monday on."""
    begins = day if view == "week" else day.replace(day=1)
    first = begins - timedelta(days=begins.weekday())
    if view == "week":
        return first, first + timedelta(days=6)
    ends = (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    return first, ends + timedelta(days=6 - ends.weekday())


def _entries(
    studio: "Studio", watched: Iterable[Watched], rows: Rows, first: date, last: date
) -> Iterable[dict[str, Any]]:
    zone = ZoneInfo(studio.workspace.timezone)
    for each in watched:
        at = moment_of(each)
        if at is None or each.stamp.state in LEFT_OUT:
            continue
        wall = at.astimezone(zone)
        if first <= wall.date() <= last:
            row = rows.row(each)
            proposed = each.row.at is None and each.open
            movable = each.stamp.state in REVISABLE and row["state"]["name"] != "live"
            yield {**row, "wall": wall, "proposed": proposed, "movable": movable and row["channel"] != "angles"}
    for slot in studio.memory.series.free(studio.workspace.id, after=studio.clock()):
        wall = slot.at.astimezone(zone)
        if first <= wall.date() <= last:
            yield {"id": "", "wall": wall, "title": slot.channel, "channel": slot.channel}


def _laid(view: View, day: date, today: date, first: date, last: date, entries: list[dict[str, Any]]) -> dict[str, Any]:
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    entries.sort(key=lambda entry: (entry["wall"], entry["title"]))
    _close(entries)
    step = timedelta(days=7) if view == "week" else timedelta(days=31)
    around = day if view == "week" else day.replace(day=15)
    return {
        "view": view,
        "day": day,
        "today": today,
        "title": f"{first.day} {first:%B} to {last.day} {last:%B} {last.year}" if view == "week" else f"{day:%B %Y}",
        "before": around - step,
        "after": around + step,
        "days": [(each, [entry for entry in entries if entry["wall"].date() == each]) for each in days],
    }


def _close(entries: list[dict[str, Any]]) -> None:
    """Mark what comes within an hour of another post on the same channel."""
    before: dict[str, dict[str, Any]] = {}
    for one in entries:  # in their order, so only the one before can be as close
        if not one["id"]:
            continue
        one["close"], other = False, before.get(one["channel"])
        if other is not None and one["wall"] - other["wall"] < timedelta(hours=1):
            one["close"] = other["close"] = True
        before[one["channel"]] = one


def _moved(studio: "Studio", asked: Move, person: Person) -> dict[str, Any]:
    """Give it the time; what was approved is void with that. Says what speaks against the time, if anything."""
    proposal = studio.show(asked.id)
    if proposal.sha != asked.sha or proposal.superseded_by:
        return {"done": False, "said": "This has changed since you saw it. Nothing was moved; look again."}
    wall = asked.wall.replace(tzinfo=None, second=0, microsecond=0)
    at, note = to_instant(wall, studio.workspace.timezone)
    told = look(studio, wanted(studio, proposal.id, None, None, None), at)
    revision = studio.revise(proposal.id, Wish(at=at, note="moved in the calendar"), by=person.by, secret=person.secret)
    void = " Its approval is void with that: it waits for you again." if revision.voided else " It waits for you."
    against = " ".join(conflict.words for each in told for conflict in each.conflicts)
    said = f"Moved to {in_words(at, studio.workspace.timezone)}.{void} {note} {against}"
    return {"done": True, "said": " ".join(said.split()), "id": revision.proposal.id}

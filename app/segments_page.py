"""Translations beside their sources, segment by segment, as pages: looked at, approved, worded anew by key or click."""

import base64
import hashlib
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from jinja2 import Environment, FileSystemLoader, Undefined
from pydantic import Field

from app.accounts.who import People
from app.asking import Asking
from app.board.head import Head
from app.board.rendering import HERE as BOARD
from app.board.rendering import environment
from app.segment_rows import Review, review, reviews
from app.segmenting import edit, say, say_back, undo, update
from app.studio import Studio
from app.wording import SEGMENT_SIGNS, beside_segment
from core.channels import channel
from core.errors import GreenroomError, NotFound, Stale
from core.locales import direction
from models import is_rehearsal

HERE = Path(__file__).parent
LONGEST = 20_000


class Asked(Asking):
    """What a page asks for. `shown`: the hash of the segment as it stood there; another is refused."""

    verb: Literal["approve", "approve_all", "edit", "comment", "undo", "update", "back"]
    segment: str = Field(default="", max_length=64)
    shown: str = Field(default="", max_length=64)
    text: str = Field(default="", max_length=LONGEST)
    act: str = Field(default="", max_length=64)


def segments_router(studio: Studio) -> APIRouter:
    """Return the pages of a studio's translations. `WebGuard` keeps other sites from asking for anything."""
    router, people, head = APIRouter(prefix="/segments"), People(studio), Head(studio)

    @router.get("")
    def all_that_need_a_person() -> Response:
        return _html("segments_list.html.j2", head=head(), rows=[_headline(each) for each in reviews(studio)])

    @router.get("/{ref}")
    def a_translation_beside_its_source(ref: str) -> Response:
        try:
            return _page(studio, review(studio, ref), head())
        except GreenroomError as error:
            return PlainTextResponse(_told(error), 404)

    @router.post("/{ref}")
    def a_persons_word(ref: str, asked: Annotated[Asked, Body()]) -> Response:
        try:
            mine = people.mine()
            return _page(mine, _carried_out(mine, ref, asked), head())
        except GreenroomError as error:
            status = 404 if isinstance(error, NotFound) else 409 if isinstance(error, Stale) else 400
            return JSONResponse({"error": _told(error)}, status)

    return router


def _carried_out(studio: Studio, ref: str, asked: Asked) -> Review:
    if asked.verb == "approve_all":
        return say(studio, ref, [], "approve")
    if asked.verb == "update":
        return update(studio, ref)
    if asked.verb == "back":
        return say_back(studio, ref)
    if asked.verb == "undo":
        undo(studio, asked.act)
        return review(studio, ref)
    if asked.verb == "edit":
        return edit(studio, ref, asked.segment, asked.text, shown=asked.shown)
    note = asked.text if asked.verb == "comment" else ""
    return say(studio, ref, [asked.segment], asked.verb, note=note, shown=asked.shown)


def _page(studio: Studio, found: Review, head: dict[str, Any]) -> Response:
    line = found.looked.line
    rows = [row.as_json() for row in found.rows]
    return _html(
        "segments_page.html.j2",
        head=head,
        **_headline(found),
        notices=found.notices,
        behind=found.behind,
        can_say_back=_can_say_back(studio) and any(row["target"] and not row["back"] for row in rows),
        rows=[{**row, "lines": beside_segment({**row, "findings": []}), "approval": _standing(row)} for row in rows],
        source_locale=line.source_locale,
        source_dir=direction(line.source_locale),
        locale=line.locale,
        dir=direction(line.locale),
    )


def _headline(found: Review) -> dict[str, Any]:
    line, proposal = found.looked.line, found.looked.proposal
    approved = sum(row.state == "approved" for row in found.rows)
    empty = sum(row.state == "empty" for row in found.rows)
    gaps = f", {empty} to be translated" if empty else ""
    stale = proposal.reason if proposal and proposal.state == "stale" else ""
    return {
        "ref": found.proposal.id if found.proposal else found.looked.draft.id,
        "headline": f"{channel(line.channel).label}: {line.source_locale} → {line.locale}",
        "sub": stale or f"{approved} of {len(found.rows)} approved{gaps}",
        "stale": bool(stale),
    }


def _can_say_back(studio: Studio) -> bool:
    context = studio.crew.context
    return context.translator is not None or not is_rehearsal(context.model)


def _standing(row: dict[str, Any]) -> str:
    """Return the id of the approval that stands on a segment, for who wants to take it back."""
    approvals = (each["id"] for each in row["acts"] if each["verb"] == "approve" and each["undone_by"] is None)
    return next(approvals, "") if row["state"] == "approved" else ""


def _told(error: GreenroomError) -> str:
    return f"{error.message} {error.hint}".strip()


def _html(template: str, **values: Any) -> Response:
    """Return a page that runs our one script and no other, and loads and sends nothing elsewhere."""
    page = _templates().get_template(template)
    policy = (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
        f"script-src 'sha256-{_digest()}'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    text = page.render(script=_script(), signs=SEGMENT_SIGNS, here="Translations", **values)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy, "Cache-Control": "no-store"})


@cache
def _templates() -> Environment:
    both = FileSystemLoader([HERE, BOARD / "templates"])
    made: Environment = environment().overlay(loader=both, undefined=Undefined)
    return made


@cache
def _script() -> str:
    return (HERE / "segments_page.js").read_text(encoding="utf-8")


@cache
def _digest() -> str:
    return base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()

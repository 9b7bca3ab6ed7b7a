"""A draft as its readers would see it: the approved-to-be document itself, and the pictures that go with it."""

from fastapi import Response
from fastapi.responses import FileResponse, HTMLResponse, PlainTextResponse, RedirectResponse

from app.studio import Studio
from core.errors import GreenroomError, NotFound
from publishing.site.templating import ASSETS

SHOWN = frozenset(("image/jpeg", "image/png", "image/gif", "image/webp"))
_AS_IT_SAYS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}  # it is a picture, and nobody else's
_ELSEWHERE = "Only this draft can be looked at here; the rest of the site is at /site/."


def preview(studio: Studio, proposal_id: str, rest: str) -> Response:
    """Return the page or mail of a proposal, byte for byte, or one of the files it is shown with."""
    try:
        payload = studio.show(proposal_id).payload
    except NotFound as error:
        return PlainTextResponse(error.message, 404)
    place = str(payload.get("path", ""))
    if not rest:
        where = place.removesuffix("index.html")
        return RedirectResponse(f"/preview/{proposal_id}/{where}", 307) if place else _document(payload.get("html"))
    if place and rest in (place, place.removesuffix("index.html")):
        return _document(payload.get("page"))
    file = (ASSETS / rest.removeprefix("assets/")).resolve()
    if rest.startswith("assets/") and file.is_relative_to(ASSETS.resolve()) and file.is_file():
        return FileResponse(file)
    return PlainTextResponse(_ELSEWHERE, 404)


def picture(studio: Studio, workspace: str, sha256: str) -> Response:
    """Return one of this workspace's pictures: exactly the bytes of that hash, or nothing."""
    try:
        if workspace != studio.workspace.id:
            raise NotFound("There is no such file.")
        stored = studio.memory.files.get(workspace, sha256)
        if stored.mime not in SHOWN:
            raise NotFound("There is no such file.")
        data = studio.memory.files.read(workspace, sha256)
    except GreenroomError as error:
        return PlainTextResponse(error.message, 404)
    return Response(data, media_type=stored.mime, headers=_AS_IT_SAYS)


def _document(html: object) -> Response:
    return HTMLResponse(html) if isinstance(html, str) else PlainTextResponse("This draft has no page of its own.", 404)

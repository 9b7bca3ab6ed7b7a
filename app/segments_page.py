"""A translation beside its source, segment by segment, as a page."""

from pathlib import Path

from fastapi import Response
from fastapi.responses import HTMLResponse, PlainTextResponse
from jinja2 import Environment, FileSystemLoader

from app.cards import RIGHT_TO_LEFT
from app.segment_rows import Review, review
from app.studio import Studio
from app.wording import SEGMENT_SIGNS, beside_segment
from core.channels import channel
from core.errors import GreenroomError

HERE = Path(__file__).parent


def segments_page(studio: Studio, ref: str) -> Response:
    """Return the page of a translation, by its proposal or its draft."""
    try:
        found = review(studio, ref)
    except GreenroomError as error:
        return PlainTextResponse(f"{error.message} {error.hint}".strip(), 404)
    return HTMLResponse(_page(found))


def _page(found: Review) -> str:
    line, rows = found.looked.line, [row.as_json() for row in found.rows]
    page = Environment(loader=FileSystemLoader(HERE), autoescape=True).get_template("segments_page.html.j2")
    approved = sum(row.state == "approved" for row in found.rows)
    right = line.locale.split("-")[0].lower() in RIGHT_TO_LEFT
    proposal = found.looked.proposal
    return page.render(
        headline=f"{channel(line.channel).label}: {line.source_locale} → {line.locale}",
        sub=proposal.reason if proposal and proposal.state == "stale" else f"{approved} of {len(rows)} approved",
        rows=[{**row, "lines": beside_segment({**row, "findings": []})} for row in rows],
        signs=SEGMENT_SIGNS,
        source_locale=line.source_locale,
        locale=line.locale,
        dir="rtl" if right else "ltr",
    )

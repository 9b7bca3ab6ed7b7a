"""Past works as pages: what the receipts of a draft lead to."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Query, Response

from app.board.forgetting import add_forgetting
from app.board.rendering import Pages
from app.forgetting import wish_for
from app.wording import STATES, number_of, shortened
from core.channels import channel
from core.errors import GreenroomError
from core.locales import direction
from core.proposals import Proposal
from core.works import Recalled, Work

if TYPE_CHECKING:
    from app.studio import Studio

SHOWN = 60


def works_router(studio: "Studio", pages: Pages) -> APIRouter:
    """Return the pages of a studio's past works."""
    router = APIRouter(prefix="/works")

    @router.get("")
    def past_works(q: Annotated[str, Query(max_length=400)] = "") -> Response:
        found = _found(studio, q.strip())
        return pages.page("works.html.j2", q=q.strip(), works=found, shown=SHOWN)

    @router.get("/{work_id}")
    def a_past_work(work_id: str) -> Response:
        try:
            work = studio.memory.works.get(studio.workspace.id, work_id)
        except GreenroomError as error:
            return pages.page("nothing.html.j2", 404, said=error.message)
        revoked = work.id in studio.memory.consents.revoked_works(studio.workspace.id)
        learned, leaning = _learned(studio, work)
        values: dict[str, Any] = {"body": work.body, "revoked": revoked, "learned": learned, "leaning": leaning}
        return pages.page("work.html.j2", work=_shown(work), **values)

    add_forgetting(router, studio, pages)
    return router


def _learned(studio: "Studio", work: Work) -> tuple[list[str], list[dict[str, str]]]:
    """Return what was learned from a work, in words, and the drafts that lean on it, the newest first."""
    passages = studio.memory.works.passages_of(work.id)
    learned = [number_of(len(passages), "passage", "passages") + " to recall and to quote"]
    learned += [f"Its tags: {', '.join(work.tags)}"] if work.tags else []
    told = studio.memory.outcomes.in_words(studio.workspace.id, [work.id])
    learned += [f"How it did: {told[work.id]}"] if told.get(work.id) else []
    ids = studio.memory.forgetting.leaning(wish_for(studio, [work.id]))
    found = sorted((studio.show(each) for each in ids), key=lambda each: each.created_at, reverse=True)
    drafts = [each for each in found if each.state != "superseded"]
    return learned, [{"id": each.id, "title": _name(each), "says": STATES[each.state]} for each in drafts]


def _name(proposal: Proposal) -> str:
    return "Angles" if proposal.channel == "angles" else channel(proposal.channel).label


def _found(studio: "Studio", words: str) -> list[dict[str, Any]]:
    if not words:
        return [_shown(each) for each in studio.works(limit=SHOWN)]
    found = studio.recall(words, k=20)
    get, space = studio.memory.works.get, studio.workspace.id
    return [{**_shown(get(space, each.work_id)), "line": _evidence(each)} for each in found]


def _evidence(found: Recalled) -> str:
    """Return the passage for which a work was found."""
    return shortened(found.passages[0].text, 220) if found.passages else ""


def _shown(work: Work) -> dict[str, Any]:
    day = work.published_at
    return {
        "id": work.id,
        "title": work.title or shortened(work.body, 60) or "Without a title",
        "line": shortened(work.body, 220),
        "day": f"{day.day} {day:%B %Y}" if day else "",
        "tags": list(work.tags),
        "authors": ", ".join(work.authors),
        "source": work.source,
        "words": f"{work.words:,}",
        "url": work.url if work.url and work.url.startswith(("http://", "https://")) else "",
        "locale": work.language or "",
        "dir": direction(work.language) if work.language else "auto",
    }

"""How the creator writes, as a picture, and what their edits taught, as cards to keep or to forget."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Body, Response
from pydantic import Field

from app.accounts.who import who_asks
from app.asking import Asking
from app.board.rendering import Pages
from app.preferring import rules, say
from core.errors import GreenroomError
from core.preferences import Preference

if TYPE_CHECKING:
    from app.studio import Studio
    from memory.voice import VoiceProfile

SHOWN_HABITS = 10


class Said(Asking):
    """A person's word on a rule."""

    id: str = Field(max_length=64)
    word: Literal["accept", "reject", "undo"]


def voice_router(studio: "Studio", pages: Pages) -> APIRouter:
    """Return the page of a studio's voice."""
    router = APIRouter(prefix="/voice")

    @router.get("")
    def voice() -> Response:
        profile = studio.memory.voice.profile(studio.workspace.id)
        return pages.page("voice.html.j2", profile=profile, habits=habits(profile), rules=_rules(studio))

    @router.post("/say")
    def a_persons_word(asked: Annotated[Said, Body()]) -> dict[str, Any]:
        person = who_asks()
        try:
            say(studio, asked.id, asked.word, by=person.by, secret=person.secret)
        except GreenroomError as error:
            return {"done": False, "said": f"{error.message} {error.hint}".strip()}
        words = {"accept": "Kept to from now on.", "reject": "Forgotten.", "undo": "It asks again."}
        return {"done": True, "said": words[asked.word]}

    return router


def habits(profile: "VoiceProfile") -> list[dict[str, Any]]:
    """Return the habits that set this voice apart, each with two bars (0..100) on one scale."""
    found = []
    for each in profile.habits[:SHOWN_HABITS]:
        most = max(each.yours, each.others) or 1.0
        bars = {"yours_bar": round(100 * each.yours / most, 1), "others_bar": round(100 * each.others / most, 1)}
        found.append(
            {"label": each.label, "per": each.per, "yours": _rate(each.yours), "others": _rate(each.others), **bars}
        )
    return found


def _rate(value: float) -> str:
    if value < 0.005:
        return "none"
    return f"{value:.2f}" if value < 0.1 else f"{value:.1f}" if value < 10 else f"{value:.0f}"


def _rules(studio: "Studio") -> list[dict[str, str]]:
    zone = studio.workspace.timezone
    found = sorted(rules(studio, rejected=True), key=lambda each: _ORDER.get(each.state, 9))
    return [{"id": each.id, "says": each.says, "because": each.because(zone), "state": _named(each)} for each in found]


def _named(rule: Preference) -> str:
    return "holds" if rule.state == "active" else "asks" if rule.state == "candidate" else "forgotten"


_ORDER = {"candidate": 0, "active": 1}

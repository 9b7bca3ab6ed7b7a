"""Forgetting a work from its page: first what goes and what stays, by name; then a person's word, and the receipt."""

from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Body, Query, Response
from pydantic import Field

from app.accounts.who import Person, who_asks
from app.asking import Asking
from app.board.rendering import Pages
from app.forgetting import foresee, forget, wish_for
from app.wording import number_of
from core.errors import GreenroomError

if TYPE_CHECKING:
    from app.studio import Studio

_GOES = {
    "works": ("the work itself", "works"),
    "work_versions": ("version of its text", "versions of its text"),
    "passages": ("passage it is found and quoted by", "passages it is found and quoted by"),
    "vectors": ("entry in the search index", "entries in the search index"),
    "files": ("file that only it names", "files that only it names"),
    "photos": ("photo's words", "photos' words"),
    "outcomes": ("figure of how it did", "figures of how it did"),
    "signatures": ("measure of its style", "measures of its style"),
    "near_duplicates": ("note on what resembles it", "notes on what resembles it"),
    "consents": ("consent", "consents"),
    "embargoes": ("embargo", "embargoes"),
    "sensitivities": ("note on how sensitive it is", "notes on how sensitive it is"),
    "segment_acts": ("word on a translated segment", "words on translated segments"),
    "translations": ("sentence of the translation memory", "sentences of the translation memory"),
    "suggestions": ("suggestion", "suggestions"),
    "drafts": ("draft's use of it", "drafts' use of it"),
    "briefs": ("brief's text", "briefs' texts"),
    "plans": ("plan of a brief", "plans of briefs"),
    "facts": ("fact that was read from it", "facts that were read from it"),
    "lessons": ("lesson", "lessons"),
    "preferences": ("example of a learned preference", "examples of learned preferences"),
    "preference_words": ("word of a learned preference", "words of learned preferences"),
    "turns": ("turn of a conversation", "turns of conversations"),
    "proposals": ("proposal", "proposals"),
    "decisions": ("decision", "decisions"),
    "publications": ("publication", "publications"),
}


class Asked(Asking):
    """A person's word that a work is to be forgotten. `also_decided`: with what was proposed and decided of it."""

    id: str = Field(max_length=64)
    also_decided: bool = False


def add_forgetting(router: APIRouter, studio: "Studio", pages: Pages) -> None:
    """Add the two addresses to the works' pages. That only an owner forgets, memory sees to."""

    @router.get("/{work_id}/forget")
    def what_goes(work_id: str, all: Annotated[bool, Query()] = False) -> Response:  # as the address has it
        try:
            work = studio.memory.works.get(studio.workspace.id, work_id)
            found = foresee(studio, wish_for(studio, [work_id], also_decided=all))
        except GreenroomError as error:
            return pages.page("nothing.html.j2", 404, said=error.message)
        return pages.page("forget.html.j2", work=work, all=all, **_worded(found.receipt))

    @router.post("/forget")
    def forgotten(asked: Annotated[Asked, Body()]) -> dict[str, Any]:
        return _forgotten(studio, asked, who_asks())


def _forgotten(studio: "Studio", asked: Asked, person: Person) -> dict[str, Any]:
    wish = wish_for(studio, [asked.id], also_decided=asked.also_decided)
    try:
        signed = forget(studio, wish, by=person.by, secret=person.secret)
    except GreenroomError as error:
        return {"done": False, "said": f"{error.message} {error.hint}".strip()}
    receipt = signed["receipt"]
    left = f" Still to do: {', '.join(receipt['pending'])}." if receipt["pending"] else ""
    return {"done": True, "receipt": receipt["id"], "said": f"Forgotten. Receipt {receipt['id']}, signed.{left}"}


def _worded(receipt: dict[str, Any]) -> dict[str, Any]:
    """Return what a receipt foresees, in words: `goes`, `blanked`, `stays`, `notes`."""
    voice = (
        ["the measure of your voice, which is taken anew without it"] if receipt["removed"]["voice_profiles"] else []
    )
    return {
        "goes": _told(receipt["removed"]) + voice,
        "blanked": _told(receipt["blanked"]),
        "stays": _told({name: count for name, count in receipt["kept"].items() if name != "ledger"}),
        "stale": len(receipt["stale"]),
        "notes": receipt["notes"],
    }


def _told(counts: dict[str, int]) -> list[str]:
    ordered = sorted(counts.items(), key=lambda each: list(_GOES).index(each[0]) if each[0] in _GOES else len(_GOES))
    return [_one(name, count) for name, count in ordered if count and name != "voice_profiles"]


def _one(name: str, count: int) -> str:
    if name == "works" and count == 1:
        return "the work itself"
    plain = name.replace("_", " ")
    return number_of(count, *_GOES.get(name, (plain, plain)))

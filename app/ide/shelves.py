"""What an IDE may read: the voice guide, past works, proposals, each under a `greenroom://` address.

What may not be used (consent was revoked) or shown (private, to a program that may have a hosted model) is not there.
"""

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from app.callers import Caller
from app.wording import STATES, shortened
from core.errors import NotFound
from core.proposals import OPEN_STATES

if TYPE_CHECKING:
    from core.proposals import Proposal
    from core.works import Work

SCHEME = "greenroom"
VOICE = f"{SCHEME}://voice"
_ADDRESS = re.compile(rf"{SCHEME}://(?P<kind>works|proposals)/(?P<id>[a-z]+_[0-9a-z]{{1,32}})")
_LABEL = 80


class Book(NamedTuple):
    """One thing to read, as a list tells of it."""

    uri: str
    name: str
    description: str
    mime: str


class Page(NamedTuple):
    """What stands in it."""

    text: str
    mime: str


TEMPLATES = (
    Book(f"{SCHEME}://works/{{work_id}}", "work", "A past work, by its id", "text/markdown"),
    Book(
        f"{SCHEME}://proposals/{{proposal_id}}", "proposal", "A draft and how it stands, by its id", "application/json"
    ),
)


def books(caller: Caller) -> list[Book]:
    """Return what there is to read: the voice guide, what waits, then works, the newest first."""
    studio = caller.studio
    kept_out = _kept_out(caller)
    waiting = [_of_proposal(each) for each in studio.proposals(states=OPEN_STATES) if _may_read(caller, each)]
    works = [_of_work(each) for each in studio.works() if each.id not in kept_out]
    guide = Book(VOICE, "voice guide", f"How {studio.workspace.name} writes, as measured", "text/markdown")
    return [guide, *waiting, *works]


def read(caller: Caller, uri: str) -> Page:
    """Return what stands under an address. Raises NotFound, and PrivateMaterial."""
    if uri == VOICE:
        return Page(guide(caller), "text/markdown")
    found = _ADDRESS.fullmatch(uri)
    if found is None:
        raise NotFound(f"There is nothing at {uri[:120]}.", f"Addresses begin with {VOICE}, {SCHEME}://works/ …")
    if found["kind"] == "works":
        return Page(_work(caller, found["id"]), "text/markdown")
    told = caller.studio.show(found["id"]).as_json()
    del told["sha"]  # what an approval names is for the person who looked, not for a model to hand around
    return Page(json.dumps(caller.show(told), ensure_ascii=False, indent=2), "application/json")


def guide(caller: Caller) -> str:
    """Return the voice guide as Markdown."""
    import prompts

    studio = caller.studio
    profile = studio.memory.voice.profile(studio.workspace.id)
    kept_out = _kept_out(caller)
    return prompts.render(
        "ide/voice_guide",
        workspace=studio.workspace.name,
        works=profile.works,
        words=profile.words,
        language=profile.language,
        enough=profile.enough,
        summary=caller.show(list(profile.summary)),
        registers=[(name, caller.show(list(each.summary))) for name, each in profile.registers.items()],
        rules=caller.show(rules(caller)),
        passages=caller.show([each.text for each in profile.exemplars if each.work_id not in kept_out]),
    )


def rules(caller: Caller) -> list[str]:
    """Return the brand's facts as rules."""
    from tools.brand import brand_rules

    studio = caller.studio
    return list(brand_rules(studio.crew.context, studio.workspace.id, studio.workspace.locale))


def _work(caller: Caller, work_id: str) -> str:
    studio = caller.studio
    if work_id in _kept_out(caller):
        raise NotFound(
            f"The work {work_id} may not be used or shown here.", "Its person decides: greenroom consent list"
        )
    work = studio.memory.works.get(studio.workspace.id, work_id)
    day = f"{work.published_at:%Y-%m-%d}" if work.published_at else "no date"
    about = " · ".join(filter(None, (day, ", ".join(work.authors), ", ".join(work.tags), work.url or "")))
    return str(caller.show(f"# {work.title or work.id}\n\n{about}\n\n{work.body}"))


def _kept_out(caller: Caller) -> frozenset[str]:
    memory, space = caller.studio.memory, caller.studio.workspace.id
    private = frozenset() if caller.sees_private else memory.privacy.works(space)
    return private | memory.consents.revoked_works(space)


def _may_read(caller: Caller, proposal: "Proposal") -> bool:
    return caller.sees_private or not caller.studio.memory.privacy.is_private(proposal.workspace, proposal.brief_id)


def _of_proposal(proposal: "Proposal") -> Book:
    said = f"{proposal.channel}, {proposal.locale}: {STATES[proposal.state]}"
    name = shortened(proposal.text, _LABEL)
    return Book(f"{SCHEME}://proposals/{proposal.id}", name or proposal.id, said, "application/json")


def _of_work(work: "Work") -> Book:
    day = f"{work.published_at:%Y-%m-%d}" if work.published_at else "no date"
    name = shortened(work.title or work.body, _LABEL)
    return Book(f"{SCHEME}://works/{work.id}", name or work.id, f"Past work, {day}", "text/markdown")


def as_resource(book: Book) -> dict[str, Any]:
    """Return what the protocol says of it."""
    return {"uri": book.uri, "name": book.name, "description": book.description, "mimeType": book.mime}

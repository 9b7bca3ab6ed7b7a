"""Pictures that somebody drops on the chat: kept as `brief --image` keeps them, with words that say what they show.

Words that stand in a file, or that a model says, are proposed and shown as that; without any the person is asked. They
are material: nothing is done because of them, and what hides characters is not taken.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.attaching import MOST, keep
from app.callers import Caller
from app.conversing import Along, Put
from app.dropped import PICTURES, Dropped, safe_name
from app.photographing import revoked_files
from app.results import ChatEvent
from core.canonical import sha256
from core.channels import channel
from core.drafts import Attached
from core.errors import BadInput, GreenroomError
from core.ids import PROPOSAL, WORK, ids_in
from core.photos import THERE
from core.pictures import pictures_of
from core.proposals import Proposal
from core.unseen import findings
from tools.describe import describe, vocabulary

if TYPE_CHECKING:
    from app.studio import Studio
    from core.photos import Described
    from models import Meter

LONGEST = 2000
"""Characters of an alt text: no platform takes more."""

BEFORE = "said of the same picture before"
HIDES = "What {} says of itself holds signs that no reader sees: it was not taken."

_TOLD = ("Check:", "The model was not sure", "What ", "No alt text")


@dataclass(frozen=True)
class Shown:
    """One picture that was given. `why`: where its alt text comes from; empty where a person said it, or nobody yet."""

    picture: Attached
    why: str = ""
    model: str = ""  # which said it
    notes: tuple[str, ...] = ()

    @property
    def alt(self) -> str:
        """What is said of it."""
        return self.picture.alt

    def attached(self) -> Attached:
        """It as a brief takes it: what a model said of it stands with its file, where a draft finds it marked so."""
        return self.picture.model_copy(update={"alt": ""}) if self.model else self.picture


@dataclass
class Held:
    """The pictures that a person gave in one conversation, until they went with a draft, and after for their words."""

    shown: tuple[Shown, ...] = ()
    words: str = ""  # what is to be told with them
    works: tuple[str, ...] = ()  # ids of the texts that came with them
    asked: str = ""  # the hash of the picture whose alt text the next words are
    brief_id: str = ""  # what they went with
    told: str = ""  # what memory keeps of the person's last words, where that is more than the agent is told

    @property
    def waits(self) -> bool:
        """Whether they still go with something."""
        return bool(self.shown) and not self.brief_id

    @property
    def bare(self) -> Shown | None:
        """The first without an alt text."""
        return next((each for each in self.shown if not each.alt), None) if self.waits else None

    def of(self, sha: str) -> Shown | None:
        """The picture of a hash."""
        return next((each for each in self.shown if each.picture.sha256 == sha), None)

    def put(self, shown: Shown) -> None:
        """Put a picture with new words in its place."""
        self.shown = tuple(shown if each.picture.sha256 == shown.picture.sha256 else each for each in self.shown)

    def drop(self, sha: str) -> None:
        """Leave a picture out."""
        self.shown = tuple(each for each in self.shown if each.picture.sha256 != sha)
        self.asked = ""

    def along(self, text: str) -> Along | None:
        """Return what goes along with a person's words; nothing while one of them has no alt text."""
        if not self.waits or self.bare:
            return None
        told, self.told = self.told or text, ""
        return Along(tuple(each.attached() for each in self.shown), told)

    @property
    def text(self) -> str:
        """What the agent is told: the person's words, with the works that came beside the pictures."""
        return f"{self.words} ({', '.join(self.works)})" if self.words and self.works else self.words


def is_picture(file: Dropped) -> bool:
    """Say whether a dropped file is looked at as a picture: by its name, its bytes are looked at then."""
    return Path(safe_name(file.name)).suffix.lower() in PICTURES


def look(studio: "Studio", held: Held, files: Sequence[Dropped], put: Put, *, private: bool = False) -> list[str]:
    """Add each picture that can go with a brief to those that are held; return why the others can't, by name.

    `private`: what came with them is, so no hosted model sees them. `put` gets a step for each.
    """
    refused: list[str] = []
    for each in files:
        name = safe_name(each.name)
        put(ChatEvent("step", name=f"Looking at {name}"))
        try:
            Caller(studio).refuse_viewers()
            held.shown = (*held.shown, _looked_at(studio, held, name, each.path, private))
        except GreenroomError as error:
            refused.append(f"{error.message} {error.hint}".strip())
        except OSError as error:
            refused.append(f"{name} can't be read ({error.strerror or 'it is gone'}). Drop it again.")
        put(ChatEvent("step", name=f"Looking at {name}", done=True))
    return refused


def is_private(studio: "Studio", words: str, works: Sequence[str] = ()) -> bool:
    """Say whether one of the works that came with pictures, or a work or draft that their words name, is private."""
    privacy, space = studio.memory.privacy, studio.workspace.id
    if privacy.works(space) & {*works, *ids_in(WORK, words)}:
        return True
    drafts = [each for each in studio.pending() if each.id in ids_in(PROPOSAL, words)]
    return any(privacy.is_private(space, each.brief_id) for each in drafts)


def say(studio: "Studio", shown: Shown, text: str) -> Shown:
    """Keep a person's words as a picture's alt text. Raises BadInput for what can't be one."""
    alt = " ".join(text.split())
    if len(alt) > LONGEST:
        raise BadInput(f"An alt text has at most {LONGEST:,} characters, and this has {len(alt):,}.", "Say it shorter.")
    if hidden := next((each for each in findings(alt) if each.severity == "error"), None):
        raise BadInput(f"This can't be an alt text. {hidden.message}", "Type it once more.")
    studio.memory.files.describe(studio.workspace.id, shown.picture.sha256, alt)
    return Shown(shown.picture.model_copy(update={"alt": alt}))


def takers(studio: "Studio", words: str) -> tuple[list[Proposal], bool]:
    """Return the waiting draft that pictures may go with, and whether the words name it: else the only one there is."""
    waiting = [each for each in studio.pending() if each.draft_id and channel(each.channel).media.takes_images]
    named_ids = set(ids_in(PROPOSAL, words))
    if chosen := [each for each in waiting if each.id in named_ids]:
        return chosen, True
    return (waiting if len(waiting) == 1 else []), False


def put_with(studio: "Studio", held: Held, proposal_id: str) -> Proposal:
    """Make a new version of a draft with the pictures, as `revise ID --image` does; it waits."""
    from app.revising import Wish

    if held.bare:
        raise BadInput(f"{held.bare.picture.name} has no alt text yet.", "Say what it shows.")
    new = studio.revise(proposal_id, Wish(pictures=tuple(each.picture for each in held.shown))).proposal
    held.brief_id = new.brief_id
    return new


def change(studio: "Studio", held: Held, sha: str, text: str) -> list[Proposal]:
    """Say a picture's alt text anew; return the new versions of the drafts that it went with and that still wait."""
    from app.revising import Wish

    old = held.of(sha)
    if old is None:
        raise BadInput("That picture is not here any more.", "Drop it again.")
    was = {each.picture.sha256: (each.picture.name, each.alt) for each in held.shown}
    held.put(say(studio, old, text))
    made: list[Proposal] = []
    for each in studio.pending() if held.brief_id else ():
        has = {(picture.name, picture.alt) for picture in pictures_of(each.payload)}
        if each.brief_id == held.brief_id and was[sha] in has:  # a channel may take fewer than were given
            kept = tuple(one.picture for one in held.shown if was[one.picture.sha256] in has)
            made.append(studio.revise(each.id, Wish(pictures=kept, note=f"what {old.picture.name} shows")).proposal)
    return made


def named(shown: Sequence[Shown]) -> str:
    """Return pictures by name and alt text, in plain words."""
    return "; ".join(f"{each.picture.name}: {each.alt}" if each.alt else each.picture.name for each in shown)


def among(shown: Sequence[Shown], names: Sequence[str]) -> str:
    """Return the names of dropped files; the pictures among them with their alt texts, as far as they have one."""
    left, said = list(shown), list[str]()
    for name in names:  # telephones call several pictures alike
        one = next((each for each in left if each.picture.name == name), None)
        if one:
            left.remove(one)
        said.append(f"{name}: {one.alt}" if one and one.alt else name)
    return ", ".join(said)


def _looked_at(studio: "Studio", held: Held, name: str, path: Path, private: bool) -> Shown:
    if len(held.shown) >= MOST:
        raise BadInput(f"{name} is one too many: at most {MOST} pictures go with one brief.", "It was not kept.")
    data = path.read_bytes()
    if sha256(data) in revoked_files(studio):
        raise BadInput(f"Consent to use {name} was revoked: it was not kept.", "See: greenroom consent list")
    picture = keep(studio.memory, studio.workspace.id, path, name)
    if twin := held.of(picture.sha256):
        raise BadInput(f"{name} is the same picture as {twin.picture.name}.", "It goes along once.")
    stored = studio.memory.files.get(studio.workspace.id, picture.sha256)
    if stored.alt and stored.alt != picture.alt:
        by = stored.alt_by or ""
        why = f"by {by}, which saw it" if by else BEFORE
        return _checked(Shown(picture.model_copy(update={"alt": stored.alt}), why, by))
    return _described(studio, picture, data, private)


def _described(studio: "Studio", picture: Attached, data: bytes, private: bool) -> Shown:
    """Return a picture with the words that stand in it, else a model's that saw it, else none."""
    space, context = studio.workspace, studio.crew.context
    meter = context.meter_for(space.id, None)
    if private:
        meter.now_private()
    told: tuple[str, ...] = ()
    try:
        found = _said(studio, picture, data, meter)
    except GreenroomError as error:
        told = (f"No alt text for {picture.name}: {error.message}",)
        found = _said(studio, picture, data, None)
    notes = (*told, *(each for each in found.notes if each.startswith(_TOLD)))
    alt, why = " ".join(found.words.alt.split()), found.why.get("alt", "")
    model = found.model if alt and found.model and found.model in why else ""
    where = "what stands in its file" if why == THERE else why
    shown = _checked(Shown(picture.model_copy(update={"alt": alt}), where if alt else "", model, notes))
    if shown.model:
        studio.memory.files.describe(space.id, picture.sha256, alt, by=model)
    return shown


def _said(studio: "Studio", picture: Attached, data: bytes, meter: "Meter | None") -> "Described":
    space, context = studio.workspace, studio.crew.context
    tags = vocabulary(context, space.id)
    has = picture.alt.strip()  # nobody needs to look at what says itself what it shows
    return describe(context, data, name=picture.name, tags=tags, locale=space.locale, meter=None if has else meter)


def _checked(shown: Shown) -> Shown:
    """Return a picture without words that hide something: they pass what a draft's own text passes."""
    if not any(each.severity == "error" for each in findings(shown.alt)):
        return shown
    plain = shown.picture.model_copy(update={"alt": ""})
    return replace(shown, picture=plain, why="", model="", notes=(*shown.notes, HIDES.format(plain.name)))

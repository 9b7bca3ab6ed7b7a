"""Words for a folder of photos: proposed, looked at, then written beside the photos, or into them where that is asked.

Each photo is kept as soon as it is done: a run that was cut off goes on where it stopped.
"""

from collections.abc import Callable, Collection, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING

from app.folder_files import LARGEST_SIDECAR, photos_of, read, replace, seen, sidecar_of
from core.base import Noun
from core.canonical import sha256
from core.errors import BadInput, ModelFailed
from core.ids import new_id
from core.photos import Photo, Where
from core.picture_words import PictureWords
from media.metadata import Said, read_said, read_sidecar, same_picture, sidecar, with_words
from media.pictures import read_picture
from tools.describe import NOTHING, describe, vocabulary

if TYPE_CHECKING:
    from app.studio import Studio
    from models import Meter

MOST_FAILURES = 3
"""So many answers of a model's server that failed one after the other end a run: it would go on failing."""

Tell = Callable[[str, int, int], None]


class Failed(Noun):
    """A photo that was left out, and why."""

    path: str
    error: str


class Looked(Noun):
    """What a look at a folder came to. `photos` are all that is proposed or written there, by their paths."""

    folder: str
    model: str  # empty: no model looked
    new: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: tuple[Failed, ...] = ()
    photos: tuple[Photo, ...] = ()


class Wrote(Noun):
    """What was written, and what was left as it is."""

    folder: str
    to: Where
    written: tuple[str, ...] = ()
    nothing_new: int = 0
    failed: tuple[Failed, ...] = ()


def look(studio: "Studio", folder: Path, *, vision: bool = True, again: bool = False, tell: Tell) -> Looked:
    """Propose words for each photo that is new or changed (`again`: for each). Nothing is written to the folder."""
    folder = folder.expanduser().resolve()
    paths = photos_of(folder)
    space, store = studio.workspace.id, studio.memory.photos
    known = {each.path: each for each in store.list(space, str(folder))}
    run = _Run(studio, folder, vision)
    failed: list[Failed] = []
    new = in_a_row = 0
    for done, path in enumerate(paths, start=1):
        try:
            if again or path not in known or known[path].seen != seen(folder / path):
                run.look_at(path)
                new, in_a_row = new + 1, 0
        except BadInput as error:
            failed.append(Failed(path=path, error=error.message))
        except ModelFailed as error:
            failed.append(Failed(path=path, error=error.message))
            in_a_row += 1
            if in_a_row >= MOST_FAILURES:
                raise ModelFailed(
                    f"{error.message} After {in_a_row} failures in a row this stopped at {path}.",
                    "What was done is kept: the same command goes on. Or leave the model out: --no-vision",
                ) from None
        tell("photos", done, len(paths))
    gone = [path for path in known if path not in paths]
    for path in gone:
        store.drop(space, str(folder), path)
    photos = tuple(store.list(space, str(folder)))
    unchanged = len(paths) - new - len(failed)
    return Looked(
        folder=str(folder), model=run.model, new=new, unchanged=unchanged, gone=len(gone), failed=tuple(failed),
        photos=photos,
    )  # fmt: skip


class _Run:
    """One look at a folder: the creator's vocabulary is read once."""

    def __init__(self, studio: "Studio", folder: Path, vision: bool) -> None:
        self.studio, self.folder = studio, folder
        self.space = studio.workspace
        self.tags = vocabulary(studio.crew.context, self.space.id)
        self.revoked = revoked_files(studio)
        self.meter: Meter | None = studio.crew.context.meter_for(self.space.id, None) if vision else None
        self.model = ""

    def look_at(self, path: str) -> None:
        file = self.folder / path
        data, mark = read(file), seen(file)
        digest = sha256(data)
        if digest in self.revoked:
            raise BadInput(f"Consent to use {path} was revoked: it is not looked at.")
        found = describe(
            self.studio.crew.context,
            data,
            name=path,
            beside=_beside(file),
            tags=self.tags,
            locale=self.space.locale,
            meter=self.meter,
            workspace=self.space.id,
        )
        self.model = found.model or self.model
        perhaps = (f"Perhaps also: {', '.join(found.suggested)}",) if found.suggested else ()
        notes = (*found.notes, *perhaps)
        self.studio.memory.photos.put(
            Photo(
                id=new_id("ph"), workspace=self.space.id, folder=str(self.folder), path=path, sha256=digest, seen=mark,
                words=found.words, why=found.why, notes=notes, model=found.model, made_at=self.studio.clock(),
            )
        )  # fmt: skip


def write(
    studio: "Studio",
    folder: Path,
    how: Where,
    *,
    only: Collection[str] = (),
    edited: Mapping[str, PictureWords],
    tell: Tell,
) -> Wrote:
    """Write what is proposed into sidecars, or into the photos; `edited` words take the place of proposed ones.

    A photo that changed since it was looked at is left as it is. `only`: patterns of paths.
    """
    folder = folder.expanduser().resolve()
    photos = studio.memory.photos.list(studio.workspace.id, str(folder))
    chosen = [each for each in photos if not only or any(fnmatch(each.path, pattern) for pattern in only)]
    if not photos:
        raise BadInput(f"Nothing is proposed for {folder} yet.", "Look at it first: greenroom photos FOLDER")
    revoked = revoked_files(studio)
    written: list[str] = []
    failed: list[Failed] = []
    for done, photo in enumerate(chosen, start=1):
        if photo.state == "proposed" or photo.path in edited or photo.written_to != how:
            try:
                if photo.sha256 in revoked:
                    raise BadInput(f"Consent to use {photo.path} was revoked: it is left as it is.")
                if _write_one(studio, folder, photo, edited.get(photo.path, photo.words), how):
                    written.append(photo.path)
            except BadInput as error:
                failed.append(Failed(path=photo.path, error=f"{error.message} {error.hint}".strip()))
        tell("writing", done, len(chosen))
    rest = len(chosen) - len(written) - len(failed)
    return Wrote(folder=str(folder), to=how, written=tuple(written), nothing_new=rest, failed=tuple(failed))


def _write_one(studio: "Studio", folder: Path, photo: Photo, words: PictureWords, how: Where) -> bool:
    """Write one photo's words; return whether that changed a file."""
    file = folder / photo.path
    data = read(file)
    if sha256(data) != photo.sha256 and not (how == "embed" and _stands_there(file, data, words)):
        raise BadInput(f"{photo.path} changed since it was looked at.", "Look again: greenroom photos FOLDER")
    changed = _embed(file, data, words) if how == "embed" else _write_beside(file, words)
    now = read(file) if changed and how == "embed" else data
    studio.memory.photos.put(
        photo.model_copy(
            update={
                "words": words, "state": "written", "written_at": studio.clock(), "written_to": how,
                "sha256": sha256(now), "seen": seen(file),
            }
        )
    )  # fmt: skip
    return changed


def _embed(file: Path, data: bytes, words: PictureWords) -> bool:
    mime = read_picture(data, name=file.name).mime
    said = read_said(data, name=file.name)
    if _adds_nothing(words, said):
        return False
    new = with_words(data, mime, words, name=file.name)
    if not same_picture(new, data, mime) or read_said(new, name=file.name).words != words.over(said.words):
        raise BadInput(f"{file.name} would not be the same picture with words in it.", "Write them beside it.")
    replace(file, new)
    return True


def _stands_there(file: Path, data: bytes, words: PictureWords) -> bool:
    """Say whether a changed photo says the words already: a run that was cut off put them there, and could not note it.

    Nothing is written to it then.
    """
    return words != NOTHING and _adds_nothing(words, read_said(data, name=file.name))


def _adds_nothing(words: PictureWords, said: Said) -> bool:
    return words.over(said.words) == said.words and not said.notes


def _write_beside(file: Path, words: PictureWords) -> bool:
    place = sidecar_of(file)
    there = read(place, LARGEST_SIDECAR) if place.exists() else None
    if words == NOTHING:
        return False
    if there is not None and words.over(read_sidecar(there, name=place.name)) == read_sidecar(there, name=place.name):
        return False
    replace(place, sidecar(words, there, name=place.name))
    return True


def _beside(file: Path) -> PictureWords:
    place = sidecar_of(file)
    return read_sidecar(read(place, LARGEST_SIDECAR), name=place.name) if place.is_file() else NOTHING


def revoked_files(studio: "Studio") -> frozenset[str]:
    """Return the hashes of the files whose consent was revoked."""
    said = studio.memory.consents.list(studio.workspace.id)
    return frozenset(
        each.subject.removeprefix("file:") for each in said if not each.granted and "file:" in each.subject
    )

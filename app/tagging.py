"""Tags and metadata for a file, or a folder of files: proposed, and written into or beside them where that is asked.

Each file of a folder is noted as soon as it is done, so that a run that was cut off goes on where it stopped.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from app.folder_files import read
from app.photographing import revoked_files
from app.tag_journal import JOURNAL, Journal
from app.text_files import LARGEST, Where, asked_of, refuse_impossible, text_of, texts_of, write
from core.base import Noun
from core.canonical import sha256
from core.errors import BadInput, ModelFailed
from core.metadata_files import Existing, fields_of
from core.tagged import Tagged
from core.topics import Vocabulary
from core.topics.vocabulary import read as read_vocabulary
from tools.tagged import Asked, tagged

if TYPE_CHECKING:
    from app.studio import Studio

MOST_FAILURES = 3
"""So many answers of a model's server that failed one after the other end a run: it would go on failing."""

Tell = Callable[[str, int, int], None]


class Choices(NamedTuple):
    """How to tag: how many tags, whether a model is asked and what it may be, what is written and over what."""

    k: int = 10
    model: bool = True
    private: bool = False
    vocabulary: Vocabulary | None = None
    write: tuple[Where, ...] = ()
    existing: Existing = "keep"


class TaggedFile(Noun):
    """One file of a folder: what is said of it, and the files that were written or changed."""

    path: str
    sha256: str
    said: Tagged
    wrote: tuple[str, ...] = ()


class LeftOut(Noun):
    """A file that was left as it is, and why."""

    path: str
    error: str


class TaggedFolder(Noun):
    """What a run over a folder came to; `before` are those that an earlier run did."""

    folder: str
    model: str = ""
    done: tuple[TaggedFile, ...] = ()
    before: int = 0
    failed: tuple[LeftOut, ...] = ()


def vocabulary_from(path: Path) -> Vocabulary:
    """Return the controlled vocabulary in a .tsv or .csv file. Raises BadInput with the line that can't be used."""
    return read_vocabulary(text_of(path), scheme=path.stem, name=path.name)


def tag_text(studio: "Studio", asked: Asked, choices: Choices) -> Tagged:
    """Return what is said of a text."""
    meter = None
    if choices.model:
        meter = studio.crew.context.meter_for(studio.workspace.id, None)
        if choices.private:
            meter.now_private()
    return tagged(
        studio.crew.context, studio.workspace.id, asked, k=choices.k, vocabulary=choices.vocabulary, meter=meter
    )


def tag_file(studio: "Studio", path: Path, choices: Choices) -> TaggedFile:
    """Return what is said of a file, and write it where that is chosen. Raises BadInput; then the file is as it was."""
    text = text_of(path)
    asked = asked_of(path, text)
    refuse_revoked(studio, path, asked.text)
    for where in choices.write:
        refuse_impossible(path, where)
    said = tag_text(studio, asked, choices)
    changed = write(path, text, fields_of(said), choices.write, choices.existing)
    return TaggedFile(path=path.name, sha256=sha256(read(path, LARGEST)), said=said, wrote=tuple(changed))


def tag_folder(
    studio: "Studio", folder: Path, choices: Choices, *, out: Path | None = None, again: bool = False, tell: Tell
) -> TaggedFolder:
    """Tag every text in a folder and below it. What was done before, and has not changed since, is left alone."""
    folder = folder.expanduser().resolve()
    paths = texts_of(folder)
    journal = Journal(out or (folder / JOURNAL if choices.write else None), _how(choices), again=again)
    done: list[TaggedFile] = []
    failed: list[LeftOut] = []
    before = in_a_row = 0
    for at, path in enumerate(paths, start=1):
        try:
            if journal.has(path, sha256(read(folder / path, LARGEST))):
                before += 1
            else:
                made = tag_file(studio, folder / path, choices).model_copy(update={"path": path})
                journal.note(path, made.sha256, made.said.model_dump(mode="json"))
                done.append(made)
                in_a_row = 0
        except BadInput as error:
            failed.append(LeftOut(path=path, error=f"{error.message} {error.hint}".strip()))
        except ModelFailed as error:
            failed.append(LeftOut(path=path, error=error.message))
            in_a_row += 1
            if in_a_row >= MOST_FAILURES:
                raise _gives_up(error, in_a_row, path) from None
        tell("texts", at, len(paths))
    models = {each.said.model for each in done if each.said.model}
    return TaggedFolder(
        folder=str(folder), model=", ".join(sorted(models)), done=tuple(done), before=before, failed=tuple(failed)
    )


def _how(choices: Choices) -> list[Any]:
    """Return what makes a file be done again where it is another: as it is kept in JSON."""
    vocabulary = f"{choices.vocabulary.scheme} {len(choices.vocabulary.terms)}" if choices.vocabulary else ""
    return [choices.k, choices.model, choices.existing, sorted(choices.write), vocabulary]


def _gives_up(error: ModelFailed, times: int, path: str) -> ModelFailed:
    return ModelFailed(
        f"{error.message} After {times} failures in a row this stopped at {path}.",
        "What was done is kept: the same command goes on. Or leave the model out: --no-model",
    )


def refuse_revoked(studio: "Studio", path: Path, body: str) -> None:
    """Raise BadInput for the file of a work whose consent was revoked."""
    memory, space = studio.memory, studio.workspace.id
    revoked = memory.consents.revoked_works(space)
    flat = " ".join(body.split())
    is_revoked = sha256(read(path, LARGEST)) in revoked_files(studio) or any(
        " ".join(memory.works.get(space, each).body.split()) == flat for each in revoked
    )
    if is_revoked:
        raise BadInput(f"Consent to use {path.name} was revoked: it is left as it is.")

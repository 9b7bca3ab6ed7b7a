"""Files that somebody drops on the chat: each is remembered as a work, or refused by its name.

They are read by the importer that `greenroom import` uses, from a folder of their own that is gone afterwards. A file's
name is a word that somebody else chose: only its last part is used, and no path is ever made of the rest.
"""

import re
import shutil
import tempfile
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.conversing import Put
from app.results import ChatEvent
from app.wording import number_of, shortened
from core.errors import BadInput, GreenroomError
from core.languages import detect

if TYPE_CHECKING:
    from app.studio import Studio
    from core.works import Piece, Work

READ = (".md", ".markdown", ".txt", ".text", ".html", ".htm", ".xhtml", ".vtt", ".srt", ".sbv")
"""What is read here: one text a file. What holds many (feeds, exports, archives) is brought in by the command."""

PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".heic", ".tif", ".tiff", ".svg", ".bmp")
"""What is looked at as a picture (`app/given_pictures.py`), and refused there if it is no JPEG, PNG, GIF or WebP."""

OFFICE = (".docx", ".doc", ".odt", ".rtf", ".pdf", ".pages")
LONGEST_NAME = 120

_UNFIT = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069<>:\"|?*`]+")


@dataclass(frozen=True)
class Dropped:
    """A file as it came: the name it had where it came from, and where its bytes lie now."""

    name: str
    path: Path


@dataclass(frozen=True)
class Outcome:
    """What became of one: a work (and what was left out of it), or words that say why not."""

    name: str
    work: "Work | None" = None
    is_known: bool = False  # nothing of it is new
    said: str = ""


def take(studio: "Studio", files: Sequence[Dropped], put: Put) -> list[Outcome]:
    """Remember each file that can be read, and say of the others why not; `put` gets a step for each."""
    found = []
    for each in files:
        name = safe_name(each.name)
        put(ChatEvent("step", name=f"Reading {name}"))
        outcome = _taken(studio, name, each.path)
        found.append(outcome)
        put(ChatEvent("step", name=f"Reading {name}", text=outcome.said, done=True))
    return found


def safe_name(name: str) -> str:
    """Return the last part of a file's name without what no name should have: no path, not hidden, not empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8")))[-1]
    plain = " ".join(_UNFIT.sub(" ", last).split()).strip(". ")
    if len(plain) > LONGEST_NAME:
        stem, dot, suffix = plain.rpartition(".")
        ending = f".{suffix}" if dot and len(suffix) <= 10 else ""
        plain = (stem if ending else plain)[: LONGEST_NAME - len(ending)].rstrip(". ") + ending
    return plain or "a file without a name"


def in_words(outcome: Outcome) -> str:
    """Return what is said of one file: its title, words and language, or why it was refused. Plain words, no markup."""
    if outcome.work is None:
        return outcome.said
    work = outcome.work
    how = "was remembered already" if outcome.is_known else "is remembered"
    language = work.language or detect(work.body)
    facts = [number_of(work.words, "word", "words"), *([f"in {_named(language)}"] if language else [])]
    return f"{title_of(work)} {how} ({', '.join(facts)}). {outcome.said}".rstrip()


def title_of(work: "Work") -> str:
    """Return what a work is called, in quotation marks."""
    return f"“{shortened(work.title or work.body, 80).replace('“', '‘').replace('”', '’')}”"


def _named(language: str) -> str:
    """Return a language's English name, or its code where it has none."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language, sep="-").get_display_name("en") or language
    except (UnknownLocaleError, ValueError):
        return language


def _taken(studio: "Studio", name: str, path: Path) -> Outcome:
    try:
        _refuse(name)
        with tempfile.TemporaryDirectory(prefix="greenroom-drop-") as folder:
            return _remembered(studio, name, path, Path(folder))
    except GreenroomError as error:
        return Outcome(name, said=f"{error.message} {error.hint}".strip())
    except OSError as error:
        return Outcome(name, said=f"{name} can't be read ({error.strerror or 'it is gone'}). Drop it again.")


def _refuse(name: str) -> None:
    suffix = Path(name).suffix.lower()
    if suffix in OFFICE:
        raise BadInput(f"{name} is a {suffix[1:]} file, which is not read here.", "Save it as text, Markdown or HTML.")
    if suffix not in READ:
        raise BadInput(
            f"{name} is not read here; these are: {', '.join(READ)}.",
            "Feeds, exports and archives are brought in with: greenroom import FILE",
        )


def _remembered(studio: "Studio", name: str, path: Path, folder: Path) -> Outcome:
    from memory.importers import collect

    file = folder / name
    shutil.copyfile(path, file)
    harvest = collect([file])
    if len(harvest.pieces) != 1:
        reason = harvest.failed[0].error if harvest.failed else "there is no text in it"
        raise BadInput(f"{name}: {reason}. Nothing of it was kept.", "Look into the file, and drop it again.")
    if is_beside := _is_taken(studio, harvest.pieces[0]):
        beside = folder / sha256(file.read_bytes()).hexdigest()[:12]
        beside.mkdir()
        file = file.rename(beside / name)
    report = studio.import_paths([folder if is_beside else file])
    source = file.relative_to(folder).as_posix()
    work = studio.memory.works.by_source(studio.workspace.id, source)
    if work is None:
        raise BadInput(f"{name} was read, and nothing of it was remembered.", f"Try: greenroom import {name}")
    left = "; ".join(f"{reason}: {count}" for reason, count in harvest.left_out)
    return Outcome(name, work, is_known=bool(report.unchanged), said=f"Left out were {left}." if left else "")


def _is_taken(studio: "Studio", piece: "Piece") -> bool:
    """Say whether another text has this name already: it keeps its place, and what was dropped lies beside it."""
    there: Any = studio.memory.works.by_source(studio.workspace.id, piece.source)
    return there is not None and (there.title, there.body) != (piece.title, piece.body)

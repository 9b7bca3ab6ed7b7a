"""What a door asks of exports: make one, check one, bring one in."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from core.base import Noun
from core.canonical import sha256
from core.decisions import GENESIS, entry_hash
from core.errors import BadInput
from memory.backup.sealed import Damaged
from memory.backup.staging import staging
from memory.clock import Clock
from memory.database import Database
from memory.export.bag import Bag, Progress
from memory.export.bringing import Brought, bring, has_whole_ledger, is_empty
from memory.export.jsonld import media_path
from memory.export.making import ExportReport, export
from memory.export.merging import Merged, merge, revoked_in
from memory.export.rows import nouns, read, read_plain
from memory.files import Files, StoredFile
from memory.migrations import REVISIONS
from memory.tables import files as files_table
from memory.works import Works
from memory.workspaces import SLUG


def _quiet(_what: str, _done: int, _total: int) -> None:
    """Tell nobody."""


class ExportCheck(Noun):
    """An export that was read to its end. `withheld`: ledger entries of other workspaces, known by their hash only."""

    folder: str
    workspace: str
    exported_at: datetime
    files: int
    ledger_entries: int
    withheld: int


class BroughtIn(Noun):
    """What an import of an export came to: all of it (`restored`), or its works (`merged`), and how many media."""

    workspace: str
    restored: Brought | None = None
    merged: Merged | None = None
    media: int = 0
    missing_media: int = 0
    notes: tuple[str, ...] = ()


class Exports:
    """Exports of one home."""

    def __init__(self, database: Database, home: Path, works: Works, files: Files, clock: Clock) -> None:
        self._database = database
        self._home = home
        self._works = works
        self._files = files
        self._clock = clock

    def make(self, workspace: str, target: Path, *, greenroom: str, **choices: Any) -> ExportReport:
        """Export a workspace into a new folder (`memory.export.making.export` names the choices)."""
        at = self._clock()
        return export(self._database, self._files.path, workspace, target, at=at, greenroom=greenroom, **choices)

    def check(self, folder: Path, progress: Progress = _quiet) -> ExportCheck:
        """Compare every file with its checksum, and the ledger's entries with their chain. Raises Damaged."""
        bag, _ = self._checked(folder, progress)
        with self._tables(bag) as tables:
            entries, withheld = _check_chain(tables)
        return ExportCheck(
            folder=str(folder),
            workspace=bag.info["Greenroom-Workspace"],
            exported_at=datetime.fromisoformat(bag.info["Greenroom-Exported-At"]),
            files=len(bag.payload),
            ledger_entries=entries,
            withheld=withheld,
        )

    def origin(self, folder: Path) -> str:
        """Return which workspace an export is of. Raises Damaged."""
        return Bag(folder).info.get("Greenroom-Workspace", "")

    def is_whole(self, folder: Path) -> bool:
        """Say whether an export has its ledger in full, as far as can be told before it is checked. Raises Damaged."""
        return has_whole_ledger(folder / "data" / "tables")

    def can_restore(self, workspace: str) -> bool:
        """Say whether a workspace is empty, in a home where nothing was decided, so that a history can come back."""
        with self._database.read() as conn:
            return is_empty(conn, workspace)

    def restore(self, folder: Path, progress: Progress = _quiet) -> BroughtIn:
        """Bring everything back as it was, into the export's own workspace. Raises Damaged, WrongUse, BadInput."""
        bag, manifest = self._checked(folder, progress)
        workspace, made_at = bag.info["Greenroom-Workspace"], datetime.fromisoformat(bag.info["Greenroom-Exported-At"])
        said = {"restored_from": f"export {manifest[:12]}", "backup_made_at": made_at}
        with self._tables(bag) as tables:
            if not has_whole_ledger(tables):
                raise BadInput(
                    "This export's ledger has entries of other workspaces, known by their hash only: it can't go on "
                    "here. Nothing was changed.",
                    "Its works can be taken into a workspace of yours: greenroom init, then import it again.",
                )
            added: list[Path] = []
            try:
                missing = self._bring_media(bag, tables, workspace, added, progress)
                brought = bring(self._database, tables, workspace, clock=self._clock, said=said, progress=progress)
            except BaseException:
                for path in added:
                    path.unlink(missing_ok=True)
                raise
        return BroughtIn(
            workspace=workspace,
            restored=brought,
            media=len(added),
            missing_media=missing,
            notes=_notes(brought),
        )

    def merge(self, folder: Path, workspace: str, progress: Progress = _quiet) -> BroughtIn:
        """Take an export's works and pictures into a workspace that is in use; its history stays in the folder."""
        bag, _ = self._checked(folder, progress)
        with self._tables(bag) as tables:
            revoked = revoked_in(tables)
            merged = merge(self._works, workspace, tables, revoked)
            media = self._take_media(bag, tables, workspace, revoked)
        people = sorted(subject for subject in revoked if subject.startswith("person:"))
        said = [f"Consent was revoked there and has to be revoked here too: {', '.join(people)}"] if people else []
        return BroughtIn(
            workspace=workspace,
            merged=merged,
            media=media,
            notes=(
                "Only works and pictures were taken. Decisions, publications, facts, preferences and the ledger stay "
                "in the folder, which is their archive: greenroom export verify FOLDER",
                *said,
            ),
        )

    def _checked(self, folder: Path, progress: Progress) -> tuple[Bag, str]:
        bag = Bag(folder)
        manifest = bag.check(progress)
        if bag.info.get("Greenroom-Revision") not in REVISIONS:
            raise BadInput("This export was made by a newer Greenroom. Nothing was changed.", "Update Greenroom first.")
        if not SLUG.fullmatch(bag.info.get("Greenroom-Workspace", "")) or not _is_moment(
            bag.info.get("Greenroom-Exported-At", "")
        ):
            raise Damaged("bag-info.txt does not say whose export this is, and when it was made. Nothing was changed.")
        return bag, manifest

    @contextmanager
    def _tables(self, bag: Bag) -> Iterator[Path]:
        """Give checked copies of the tables: what is read is what was compared."""
        with staging(self._home) as folder:
            for path in bag.payload:
                if path.startswith("data/tables/") and path.endswith(".jsonl"):
                    bag.copy(path, folder / path.removeprefix("data/tables/"))
            for name in ("workspaces", "works", "work_versions", "ledger"):
                if not (folder / f"{name}.jsonl").exists():
                    raise Damaged(f"data/tables/{name}.jsonl is missing from this export. Nothing was changed.")
            yield folder

    def _bring_media(self, bag: Bag, tables: Path, workspace: str, added: list[Path], progress: Progress) -> int:
        """Put the files' bytes where they belong, each under its own hash; return how many the export does not have."""
        missing, rows = 0, _stored(tables)
        for done, each in enumerate(rows, 1):
            target, path = self._files.path(workspace, each.sha256), media_path(each)
            if bag.payload.get(path) != each.sha256:
                missing += 1
            elif not target.exists():
                half = target.with_name(f".{each.sha256}.partial")
                bag.copy(path, half)
                half.replace(target)
                added.append(target)
            progress("Media", done, len(rows))
        return missing

    def _take_media(self, bag: Bag, tables: Path, workspace: str, revoked: frozenset[str]) -> int:
        there = {each.sha256 for each in self._files.list(workspace)}
        taken = 0
        for each in _stored(tables):
            path = media_path(each)
            if each.sha256 in there or f"file:{each.sha256}" in revoked or bag.payload.get(path) != each.sha256:
                continue
            data = (bag.folder / path).read_bytes()
            if sha256(data) != each.sha256:
                raise Damaged(f"{path} was altered while it was read.")
            size = (each.width, each.height) if each.width and each.height else None
            about = {"mime": each.mime, "name": each.name, "alt": each.alt, "made_from": each.made_from}
            about["alt_by"] = each.alt_by
            self._files.add(workspace, data, size=size, **about)  # type: ignore[arg-type]
            taken += 1
        return taken


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _stored(tables: Path) -> list[StoredFile]:
    file = tables / "files.jsonl"
    shown = "data/tables/files.jsonl"
    return list(nouns(StoredFile, read(file, files_table, shown), shown)) if file.exists() else []


def _check_chain(tables: Path) -> tuple[int, int]:
    """Compare the entries of an exported ledger with their hashes; return how many there are, and are withheld."""
    prev, count, withheld = GENESIS, 0, 0
    for number, entry in read_plain(tables / "ledger.jsonl", "data/tables/ledger.jsonl"):
        count += 1
        if entry.get("prev") != prev or entry.get("seq") != count:
            raise Damaged(f"data/tables/ledger.jsonl, line {number} does not follow from the one before it.")
        if "payload" not in entry or entry["payload"].get("withheld") is True:  # the latter: its words were forgotten
            withheld += 1
        elif entry["hash"] != _hash_of(entry):
            raise Damaged(f"data/tables/ledger.jsonl, line {number} was changed: its hash does not fit.")
        prev = str(entry["hash"])
    return count, withheld


def _hash_of(entry: dict[str, Any]) -> str:
    at = datetime.fromisoformat(entry["at"])
    return entry_hash(entry["seq"], at, entry["actor"], entry["kind"], entry["payload"], entry["prev"])


def _notes(brought: Brought) -> tuple[str, ...]:
    stilled, said = brought.stilled, []
    if stilled.approvals or stilled.cancelled:
        said.append(
            f"{stilled.approvals} approvals were taken back and {stilled.cancelled} posts that waited to go out were "
            "cancelled: look at them again, and approve what is still right."
        )
    if stilled.for_a_person:
        said.append(
            f"{stilled.for_a_person} posts may have left before the export: look there (greenroom publications)."
        )
    if brought.rows["publications"]:
        said.append("What is listed as published went out through the home that was exported, before it came here.")
    if brought.rows["connections"]:
        said.append("Accounts have to be connected again: greenroom channels add CHANNEL")
    return tuple(said)

"""Exports as doors ask for them: a workspace out into open forms, and back in."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.results import ImportReport
from core.errors import WrongUse
from memory.export import BroughtIn, ExportCheck, ExportReport, is_bag

if TYPE_CHECKING:
    from app.studio import Studio
    from memory.export.fine_tuning import Pairs

Progress = Callable[[str, int, int], None]


def make_export(studio: "Studio", target: Path, *, progress: Progress, **choices: Any) -> ExportReport:
    """Export the studio's workspace into a new folder; `choices`: media, with_people, replace."""
    home = studio.settings.home.resolve()
    if home in (target.resolve(), *target.resolve().parents):
        raise WrongUse(f"{target} is inside Greenroom's own home. Nothing was written.", "Name a folder elsewhere.")
    return studio.memory.exports.make(studio.workspace.id, target, greenroom=_version(), progress=progress, **choices)


def check_export(studio: "Studio", folder: Path, progress: Progress) -> ExportCheck:
    """Read an export to its end. Raises Damaged, naming the file that is not as it was."""
    if not is_bag(folder):
        raise WrongUse(f"{folder} is no export of Greenroom.")
    return studio.memory.exports.check(folder, progress)


def export_pairs(studio: "Studio", file: Path, *, mine: bool, replace: bool) -> "Pairs":
    """Write consented works and approved pairs as chat examples for training a model elsewhere."""
    from memory.export.fine_tuning import write_pairs

    return write_pairs(studio.memory, studio.workspace, file, mine=mine, replace=replace)


def exports_among(paths: Sequence[Path]) -> bool:
    """Say whether an import names an export, which comes by itself. Raises WrongUse where it names more than that."""
    found = [path for path in paths if is_bag(path)]
    if found and len(paths) > 1:
        raise WrongUse(f"{found[0]} is an export of Greenroom: import it by itself. Nothing was changed.")
    return bool(found)


def bring_in(studio: "Studio", paths: Sequence[Path], tell: Progress) -> ImportReport:
    """Bring an export in: all of it into an empty workspace, its works alone into one that is in use."""
    started = time.monotonic()
    memory, folder = studio.memory, paths[0]
    space = _place_for(studio, folder)
    if space is None:
        done = memory.exports.restore(folder, tell)
        memory.workspaces.choose(done.workspace)
    else:
        done = memory.exports.merge(folder, space, tell)
        if done.merged and done.merged.updated:
            memory.voiding.sweep(space, memory.grounds.source, by=studio.settings.user)
    memory.index.bring_up_to_date(done.workspace, progress=lambda done, total: tell("Indexing", done, total))
    return _report(studio, done, round(time.monotonic() - started, 3))


def _place_for(studio: "Studio", folder: Path) -> str | None:
    """Return the workspace that takes the works in; None: the export's own, which is empty or not there yet.

    A workspace that somebody named, or that has work in it already, is never set aside for an export.
    """
    memory, named = studio.memory, studio.settings.workspace
    origin = memory.exports.origin(folder)
    current = named or memory.workspaces.current()
    in_use = current is not None and current != origin and not memory.exports.can_restore(current)
    if not memory.exports.can_restore(origin) or in_use or named not in (None, origin):
        return studio.workspace.id
    return None if current is None or memory.exports.is_whole(folder) else studio.workspace.id


def _report(studio: "Studio", done: BroughtIn, seconds: float) -> ImportReport:
    merged, memory = done.merged, studio.memory
    left_out: list[dict[str, str | int]] = []
    if merged and merged.older:
        left_out.append({"reason": "works of which a newer version is here", "count": merged.older})
    if merged and merged.revoked:
        left_out.append({"reason": "works whose consent was revoked", "count": merged.revoked})
    return ImportReport(
        imported=done.restored.works if done.restored else merged.imported if merged else 0,
        updated=merged.updated if merged else 0,
        unchanged=merged.unchanged if merged else 0,
        near_duplicates=merged.near_duplicates if merged else 0,
        failed=[],
        works=memory.works.count(done.workspace),
        seconds=seconds,
        without_vector=memory.index.pending_count(done.workspace),
        left_out=left_out,
        export=done.model_dump(mode="json"),
    )


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("greenroom")
    except PackageNotFoundError:
        return "unknown"

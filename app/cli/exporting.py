"""`export`: everything of a workspace in open forms, or consented pairs for training a model elsewhere."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.progress import progress

if TYPE_CHECKING:
    from memory.export import ExportCheck, ExportReport


_TOLD = ("credentials", "subscribers", "site", "media", "ledger")


def register(app: typer.Typer) -> None:
    """Add `export`."""

    @command(app, "export", example="greenroom export ~/greenroom-2026    greenroom export verify ~/greenroom-2026")
    def export(
        door: Door,
        words: Annotated[
            list[str] | None, typer.Argument(help="A folder that is not there yet. Or: verify FOLDER.")
        ] = None,
        media: Annotated[bool, typer.Option("--media/--no-media", help="Take pictures and other files along.")] = True,
        with_people: Annotated[
            bool, typer.Option("--with-people", help="Also the newsletter's list: other people's addresses.")
        ] = False,
        replace: Annotated[bool, typer.Option("--replace", help="Put it in an older export's place.")] = False,
        fine_tuning: Annotated[
            Path | None, typer.Option(help="Instead: consented works and approved pairs as chat JSONL, into this file.")
        ] = None,
        mine: Annotated[
            bool, typer.Option("--mine", help="With --fine-tuning: works without a stated licence are mine to use.")
        ] = False,
    ) -> None:
        """Write the workspace into a folder that can be read without Greenroom: Markdown, JSONL, media, checksums."""
        from core.errors import WrongUse

        words = words or []
        if fine_tuning is not None and not words:
            return _fine_tuning(door, fine_tuning, mine=mine, replace=replace)
        if len(words) == 2 and words[0] == "verify" and fine_tuning is None:
            return _verify(door, Path(words[1]))
        if len(words) != 1 or fine_tuning is not None or mine:
            raise WrongUse("Use: greenroom export FOLDER, or: greenroom export --fine-tuning FILE.jsonl")
        return _make(door, Path(words[0]), media=media, with_people=with_people, replace=replace)


def _make(door: Door, target: Path, **choices: bool) -> None:
    import time

    from app.exporting import make_export

    started = time.monotonic()
    with progress() as tell:
        report = make_export(door.studio, target.expanduser(), progress=tell, **choices)
    body = {"export": report.folder, **report.model_dump(mode="json", exclude={"folder"})}
    body["seconds"] = round(time.monotonic() - started, 3)
    door.answer(body, lambda console: _show(console, report))


def _verify(door: Door, folder: Path) -> None:
    from app.exporting import check_export

    with progress() as tell:
        check = check_export(door.studio, folder.expanduser(), tell)
    door.answer({"ok": True, **check.model_dump(mode="json")}, lambda console: _show_check(console, check))


def _fine_tuning(door: Door, file: Path, *, mine: bool, replace: bool) -> None:
    from app.exporting import export_pairs

    pairs = export_pairs(door.studio, file.expanduser(), mine=mine, replace=replace)

    def show(console: Any) -> None:
        console.print(f"{pairs.examples} examples in {pairs.file}", markup=False, soft_wrap=True)
        for kind, count in pairs.kinds.items():
            console.print(f"· {count} {kind}", markup=False)
        for why, count in pairs.left_out.items():
            console.print(f"· left out: {count} {why}", markup=False, soft_wrap=True)

    door.answer(pairs.model_dump(mode="json"), show)


def _show(console: Any, report: "ExportReport") -> None:
    console.print(f"{report.folder}", markup=False, soft_wrap=True)
    console.print(f"{report.works} works, {report.media} media files, {sum(report.rows.values())} rows", markup=False)
    for sha in report.missing:
        console.print(f"✖ file {sha[:12]} is gone from the home, and so from the export", markup=False)
    for what in _TOLD:
        if why := report.left_out.get(what):
            console.print(f"· not in it: {what}: {why}", markup=False, soft_wrap=True)
    console.print("· all that is not in it, and why: data/left-out.json", markup=False)


def _show_check(console: Any, check: "ExportCheck") -> None:
    console.print(
        f"✔ {check.files} files and {check.ledger_entries} ledger entries of {check.workspace}, as they were",
        markup=False,
    )
    if check.withheld:
        console.print(f"  {check.withheld} of them are other workspaces', known by their hash only", markup=False)

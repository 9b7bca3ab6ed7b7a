"""Backups: make one, look at what is there, check it, and come back from it."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.progress import progress

if TYPE_CHECKING:
    from memory.backup import ArchiveCheck, BackupKey, BackupReport, Kept, RestoreReport

Name = Annotated[str | None, typer.Option(help="Which backup; without it, the newest.")]
KeyFile = Annotated[
    str | None, typer.Option(help="The file that holds the key; - reads the recovery code from the standard input.")
]


def register(app: typer.Typer) -> None:
    """Add `backup` and `restore`."""
    _backup(app)
    _restore(app)


def _backup(app: typer.Typer) -> None:
    @command(app, "backup", example="greenroom backup /media/disk/greenroom s3://my-bucket/greenroom --keep 30")
    def backup(
        door: Door,
        words: Annotated[
            list[str], typer.Argument(help="Places: folders, s3://bucket/prefix. Or: verify PLACE…, list PLACE.")
        ],
        keep: Annotated[int | None, typer.Option(help="Then delete all but so many of this home's there.")] = None,
        name: Name = None,
        key_file: KeyFile = None,
    ) -> None:
        """Back everything up, encrypted, while Greenroom runs: two places, each read again. Or `verify` or `list`."""
        from core.errors import WrongUse

        what, places = (words[0], words[1:]) if words[0] in ("verify", "list") else ("make", words)
        if not places or (what == "list" and len(places) > 1):
            raise WrongUse(f"Use: greenroom backup {what} PLACE")
        if what == "make" and (name or key_file):
            raise WrongUse("--name and --key-file go with: greenroom backup verify PLACE")
        if what == "list":
            _list(door, places[0])
        elif what == "verify":
            _verify(door, places, name, key_file)
        else:
            _make(door, places, keep)


def _restore(app: typer.Typer) -> None:
    @command(app, "restore", example="greenroom restore /media/disk/greenroom --to ~/greenroom-as-it-was")
    def restore(
        door: Door,
        place: Annotated[str, typer.Argument(help="Where the backups are: a folder, or s3://bucket/prefix.")],
        name: Name = None,
        to: Annotated[Path | None, typer.Option(help="Which home to restore to; without it, this one.")] = None,
        replace: Annotated[bool, typer.Option(help="Move what is there aside first; nothing is deleted.")] = False,
        key_file: KeyFile = None,
    ) -> None:
        """Bring a backup back. What may have been sent since is looked for before anything is sent."""
        from app.safekeeping import restore_backup

        settings = door.settings.model_copy(update={"home": to}) if to else door.settings
        key = _key(door, [settings.home, door.settings.home], key_file)
        with progress() as tell:
            report = restore_backup(settings, place, key, name=name, replace=replace, progress=tell)
        door.answer(report.as_json(), lambda console: _show_restore(console, report))


def _make(door: Door, places: list[str], keep: int | None) -> None:
    from app.safekeeping import make_backup

    with progress() as tell:
        report = make_backup(door.settings, places, keep=keep, progress=tell)
    door.answer(report.as_json(), lambda console: _show_backup(console, report))
    if not all(place.ok for place in report.places):
        raise typer.Exit(1)


def _list(door: Door, place: str) -> None:
    from app.safekeeping import kept_backups

    found = kept_backups(door.settings, place)
    body = {"place": place, "backups": [kept.model_dump(mode="json") for kept in found]}
    door.answer(body, lambda console: _show_list(console, place, found))


def _verify(door: Door, places: list[str], name: str | None, key_file: str | None) -> None:
    from app.safekeeping import check_backup
    from core.errors import GreenroomError

    key = _key(door, [door.settings.home], key_file)
    checks, failed, first = [], [], None
    for place in places:
        try:
            with progress() as tell:
                checks.append(check_backup(door.settings, place, name, key, tell))
        except GreenroomError as error:
            if len(places) == 1:
                raise
            failed.append({"place": place, "ok": False, "error": f"{error.message} {error.hint}".strip()})
    first = checks[0] if checks else None
    each = [{"place": check.place, "ok": check.ok, "name": check.name, "error": check.reason} for check in checks]
    ok = not failed and all(check.ok for check in checks)
    body: dict[str, Any] = {"ok": ok, "places": [*each, *failed]}
    if first:
        body |= {"name": first.name, "members": first.members, "created_at": first.created_at.isoformat()}
        body["ledger"] = first.ledger.model_dump(mode="json")
    door.answer(body, lambda console: _show_checks(console, checks, failed))
    if not ok:
        raise typer.Exit(1)


def _key(door: Door, homes: list[Path], key_file: str | None) -> "BackupKey":
    from app.safekeeping import find_key

    def ask() -> str | None:
        if key_file == "-" and not sys.stdin.isatty():
            return sys.stdin.readline()
        if sys.stdin.isatty() and not door.json:
            return str(typer.prompt("Recovery code", err=True))  # shown: nobody copies 56 characters blind
        return None

    return find_key(homes, key_file, ask)


def _show_backup(console: Any, report: "BackupReport") -> None:
    console.print(f"{report.name}  {_size(report.bytes)}", markup=False, soft_wrap=True)
    for place in report.places:
        mark, says = ("✔", "stored and read again") if place.ok else ("✖", place.error)
        console.print(f"{mark} {place.place}: {says}", markup=False, soft_wrap=True)
        if place.dropped:
            console.print(f"  {len(place.dropped)} older ones were deleted there", markup=False, soft_wrap=True)
    if report.recovery_code:
        console.print(
            "\nYour recovery code. Write it down and keep it away from this machine: it opens every backup,\n"
            f"and without it (or the key's file) nothing does. It is not shown again.\n\n    {report.recovery_code}\n",
            markup=False,
            soft_wrap=True,
        )
    for note in report.notes:
        console.print(f"note: {note}", markup=False, soft_wrap=True)


def _show_list(console: Any, place: str, found: "list[Kept]") -> None:
    for kept in found:
        console.print(
            f"{kept.made_at:%Y-%m-%d %H:%M:%S} UTC  {_size(kept.bytes):>9}  {kept.name}", markup=False, soft_wrap=True
        )
    if not found:
        console.print(f"No backups in {place}.", markup=False, soft_wrap=True)


def _show_checks(console: Any, checks: "list[ArchiveCheck]", failed: list[dict[str, Any]]) -> None:
    for check in checks:
        mark = "✔" if check.ok else "✖"
        says = check.reason or f"{check.members} files and {check.ledger.entries} ledger entries, as they were"
        console.print(f"{mark} {check.place}: {check.name}: {says}", markup=False, soft_wrap=True)
    for each in failed:
        console.print(f"✖ {each['place']}: {each['error']}", markup=False, soft_wrap=True)


def _show_restore(console: Any, report: "RestoreReport") -> None:
    console.print(
        f"{report.home} is as it was at {report.created_at:%Y-%m-%d %H:%M:%S} UTC.", markup=False, soft_wrap=True
    )
    if report.replaced:
        console.print(f"What was there before: {report.replaced}", markup=False, soft_wrap=True)
    console.print(
        f"Quarantined: {report.publications_to_read_back} to look for before they are sent.",
        markup=False,
        soft_wrap=True,
    )
    for note in report.notes:
        console.print(f"note: {note}", markup=False, soft_wrap=True)


def _size(count: int) -> str:
    size = float(count)
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"

"""What goes out: publish-due, the worker, and the outbox."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking


def register(app: typer.Typer) -> None:
    """Add the commands on the outbox."""
    _publish_due(app)
    _worker(app)
    _publications(app)


def _publish_due(app: typer.Typer) -> None:
    @command(app, "publish-due", example="greenroom publish-due --dry-run --now '2026-11-24 08:30'")
    def publish_due(
        door: Door,
        dry_run: Annotated[bool, typer.Option(help="Say what would go out, and send nothing.")] = False,
        now: Annotated[str | None, typer.Option(help="With --dry-run: pretend it is this time.")] = None,
    ) -> None:
        """Send what is approved and due, once. Everything else is named with its reason."""
        from core.errors import WrongUse

        if now and not dry_run:
            raise WrongUse("--now goes with --dry-run: real sending follows the real clock.")
        studio = door.studio
        if dry_run:
            from app.cli.briefs import when

            report = studio.preview_due(when(door, now) if now else None)
        else:
            report = studio.publish_due()
        door.answer(report.as_json(), lambda console: _show_report(console, report, dry_run))


def _worker(app: typer.Typer) -> None:
    @command(app, "worker", example="greenroom worker")
    def worker(
        door: Door,
        once: Annotated[bool, typer.Option(help="Look once and stop.")] = False,
        beside_a_door: Annotated[bool, typer.Option("--beside-a-door", hidden=True)] = False,
    ) -> None:
        """Keep sending what is due, until stopped. `greenroom serve` and `greenroom chat` bring one along."""
        from app.worker import Worker

        studio = door.studio
        runner = Worker(studio, every=studio.settings.worker_seconds, only_send=beside_a_door)
        if beside_a_door:
            runner.stop_with_parent()
        if not once:
            runner.run(lambda each: _tell(door, each))
        else:
            report = runner.tick()
            door.answer(report.as_json(), lambda console: _show_report(console, report, False))


def _publications(app: typer.Typer) -> None:
    @command(app, "publications", example="greenroom publications    greenroom publications cancel ID")
    def publications(
        door: Door,
        what: Annotated[str | None, typer.Argument(help="reconcile, retry, cancel or delete; else nothing.")] = None,
        publication_id: Annotated[str | None, typer.Argument(help="The publication's id.")] = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Show the outbox; or deal with one of its rows: `publications reconcile|retry|cancel|delete ID`.

        `reconcile` reads back whether it is live; `retry` puts it in line again where that is safe; `cancel` takes it
        out of line; `delete` takes a live post down again.
        """
        from app.cli.cards import show_publications
        from app.tending import ACTS, tend
        from core.errors import WrongUse

        studio = door.studio
        if what is None:
            rows = studio.publications()
        elif what in ACTS and publication_id:
            rows = [tend(studio, publication_id, what, by=as_, secret=speaking(door, as_, secret_file))]
        else:
            raise WrongUse("Use: greenroom publications, or with reconcile, retry, cancel or delete and an id.")
        body = {"publications": [p.model_dump(mode="json") for p in rows]}
        door.answer(body, lambda console: show_publications(console, rows))


def _tell(door: Door, report: Any) -> None:
    if report.published or report.needs_human or report.notes:
        door.console.print(f"{len(report.published)} published, {len(report.needs_human)} need you")


def _show_report(console: Any, report: Any, dry_run: bool) -> None:
    for p in report.published:
        console.print(f"▶ {'would go out' if dry_run else 'live'}: {p.channel}  {p.url or ''}", markup=False)
    for p in report.waiting:
        console.print(f"◷ waits: {p.channel}  due {p.due_at:%Y-%m-%d %H:%M} UTC  {p.reason}", markup=False)
    for p in report.unknown:
        console.print(f"? not certain: {p.channel}  {p.reason}", markup=False)
    for p in report.needs_human:
        console.print(f"✖ needs you: {p.channel}  {p.reason}", markup=False)
    for note in report.notes:
        console.print(f"note: {note}", markup=False)
    if not (report.published or report.waiting or report.unknown or report.needs_human):
        console.print("Nothing is due. What waits for your decision: greenroom pending")

"""What is on record: the ledger, and whether this machine is fit."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add `ledger` and `doctor`."""
    _ledger(app)
    _doctor(app)


def _ledger(app: typer.Typer) -> None:
    @command(app, "ledger", example="greenroom ledger verify")
    def ledger(
        door: Door, what: Annotated[str, typer.Argument(help="`verify` to check the chain.")] = "verify"
    ) -> None:
        """Check the ledger: every entry chained to the one before, every decision as it was recorded."""
        from core.errors import WrongUse

        if what != "verify":
            raise WrongUse(f"{what!r} is not understood here.", "Use: greenroom ledger verify")
        check = door.studio.verify_ledger()
        body = {"ok": check.ok, "entries": check.entries, "first_bad": check.first_bad, "reason": check.reason}

        def show(console: Any) -> None:
            if check.ok:
                console.print(f"✔ {check.entries} entries, unbroken")
            else:
                console.print(f"✖ entry {check.first_bad}: {check.reason}", markup=False)

        door.answer(body, show)
        if not check.ok:
            raise typer.Exit(1)


def _doctor(app: typer.Typer) -> None:
    @command(app, "doctor", example="greenroom doctor")
    def doctor(door: Door) -> None:
        """Check this machine and say how to mend what is off."""
        from app.examination import examine

        checks = examine(door.studio)

        def show(console: Any) -> None:
            for check in checks:
                console.print(f"{'✔' if check.ok else '✖'} {check.name}: {check.says}", markup=False)

        ok = all(check.ok for check in checks)
        door.answer({"ok": ok, "checks": [check.__dict__ for check in checks]}, show)
        if not ok:
            raise typer.Exit(1)

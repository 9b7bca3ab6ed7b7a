"""From the embedded database to a PostgreSQL."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add `migrate`."""

    @command(app, "migrate", example="greenroom migrate --to postgresql+psycopg://greenroom@db.example/greenroom")
    def migrate(
        door: Door,
        to: Annotated[
            str | None, typer.Option(help="The empty PostgreSQL; without it, DATABASE_URL (where a password belongs).")
        ] = None,
    ) -> None:
        """Copy this home's database to a PostgreSQL, compare every row, verify the ledger, and put the old one aside.

        All of it or nothing. Stop what runs on this home first. Files and keys stay where they are.
        """
        from app.cli.progress import progress
        from app.growing import grow_home

        with progress() as tell:
            grown = grow_home(door.settings, to, tell)

        def show(console: Any) -> None:
            console.print(f"{grown.rows} rows of {len(grown.tables)} tables are there, and are the same.", markup=False)
            console.print(f"The ledger: {grown.ledger.entries} entries, {'unbroken' if grown.ledger.ok else 'BROKEN'}.")
            console.print(f"The old database is {grown.kept}; nothing uses it any more.", markup=False)
            console.print("From now on set DATABASE_URL for every command (docs/growing.md), then: greenroom reindex")

        door.answer(grown.model_dump(mode="json"), show)
        if not grown.ledger.ok:
            raise typer.Exit(1)

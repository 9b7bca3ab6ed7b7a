"""The newsletter's list, and what became of each mail: the `newsletter` group."""

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.given_text import read_text
from app.visible import shown_on

if TYPE_CHECKING:
    from core.subscribers import Recipient, Subscriber

Address = Annotated[str, typer.Argument(help="An e-mail address.")]
PublicationId = Annotated[str, typer.Argument(help="The newsletter's publication: `greenroom publications` shows it.")]
Note = Annotated[str, typer.Option(help="What you know, and from where: it goes on the ledger.")]


def register(app: typer.Typer) -> None:
    """Add the `newsletter` group."""
    group = typer.Typer(help="The newsletter's list: who gets it, who confirmed, and what became of each mail.")
    for part in (_list, _add, _import, _confirm, _unsubscribe, _remove, _export, _recipients, _settle, _resend, _serve):
        part(group)
    app.add_typer(group, name="newsletter")


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom newsletter list --state confirmed")
    def list_(
        door: Door,
        state: Annotated[
            str | None, typer.Option(help="asked, invited, confirmed, unsubscribed or bounced; all without it.")
        ] = None,
    ) -> None:
        """Show who is on the list, and how many stand in each state."""
        memory, space = door.studio.memory, door.studio.workspace.id
        rows = memory.subscribers.list(space, _states(state))
        counts = memory.subscribers.count(space)
        body = {"counts": counts, "subscribers": [row.model_dump(mode="json") for row in rows]}
        door.answer(body, lambda console: _show_list(console, rows, counts))


def _add(group: typer.Typer) -> None:
    @command(group, "add", example="greenroom newsletter add ada@example.org")
    def add(
        door: Door,
        address: Address,
        locale: Annotated[str | None, typer.Option(help="The language of the confirmation mail.")] = None,
    ) -> None:
        """Ask somebody whether they want it: they get one mail, and are on the list once they confirm."""
        from core.canonical import instant

        studio = door.studio
        source = f"asked for by {studio.settings.user} at {instant(studio.clock())}"
        row = studio.memory.subscribers.ask(studio.workspace.id, address, source=source, locale=locale)
        _answer(door, row, "The sending process sends the confirmation mail." if row.state == "asked" else "")


def _import(group: typer.Typer) -> None:
    @command(
        group, "import", example="greenroom newsletter import list.csv --source 'signed up at the fair, kept by Ines'"
    )
    def import_(
        door: Door,
        file: Annotated[str, typer.Argument(help="A line for each address, or a CSV with a column `address`.")],
        source: Annotated[
            str, typer.Option(help="Where and when they consented, and who says so. Needed.", show_default=False)
        ] = "",
    ) -> None:
        """Bring in a list that consented elsewhere. Who has left here stays away."""
        from app.listing import bring_in

        done = bring_in(door.studio, read_text(file), source)

        def show(console: Any) -> None:
            console.print(
                f"{len(done.added)} added, {done.already} there already, {len(done.stay_away)} stay away, "
                f"{len(done.refused)} can't be used",
                markup=False,
            )
            for line, why in done.refused:
                console.print(f"  line {line}: {why}", markup=False)

        door.answer(done.as_json(), show)


def _confirm(group: typer.Typer) -> None:
    @command(group, "confirm", example="greenroom newsletter confirm ada@example.org --note 'answered the mail'")
    def confirm(door: Door, address: Address, note: Note = "") -> None:
        """Put somebody who asked on the list, because they told you so."""
        from core.errors import WrongUse

        if not note.strip():
            raise WrongUse("A confirmation needs its evidence.", 'For example: --note "answered the mail on 3 May"')
        studio, space = door.studio, door.studio.workspace.id
        there = studio.memory.subscribers.get(space, address)
        said = f"confirmed by {studio.settings.user}: {note.strip()}"
        _answer(door, studio.memory.subscribers.confirm(space, there.id, note=said))


def _unsubscribe(group: typer.Typer) -> None:
    @command(group, "unsubscribe", example="greenroom newsletter unsubscribe ada@example.org")
    def unsubscribe(door: Door, address: Address) -> None:
        """Take somebody off the list who wrote to you. They stay away until they ask again themselves."""
        studio, space = door.studio, door.studio.workspace.id
        there = studio.memory.subscribers.get(space, address)
        reason = f"told {studio.settings.user}"
        _answer(door, studio.memory.subscribers.leave(space, there.id, reason=reason))


def _remove(group: typer.Typer) -> None:
    @command(group, "remove", example="greenroom newsletter remove ada@example.org")
    def remove(door: Door, address: Address) -> None:
        """Forget an address entirely, here and in the rows of what was sent. It could then be imported again."""
        studio = door.studio
        receipt = studio.memory.subscribers.remove(studio.workspace.id, address, by=studio.settings.user)
        said = f"Forgotten; {receipt['mails_blanked']} mails keep no address. Backups made before still hold it."
        door.answer(receipt, lambda console: console.print(said, markup=False))


def _export(group: typer.Typer) -> None:
    @command(group, "export", example="greenroom newsletter export > list.csv")
    def export(door: Door) -> None:
        """Print the whole list as CSV, with where each consent comes from (with --json, as JSON)."""
        from app.listing import as_csv

        rows = door.studio.memory.subscribers.list(door.studio.workspace.id)
        body = {"subscribers": [row.model_dump(mode="json") for row in rows]}
        door.answer(body, lambda _console: print(shown_on(sys.stdout, as_csv(rows)), end=""))


def _recipients(group: typer.Typer) -> None:
    @command(group, "recipients", example="greenroom newsletter recipients PUBLICATION --state unknown")
    def recipients(
        door: Door,
        publication: PublicationId,
        state: Annotated[
            str | None,
            typer.Option(help="queued, armed, accepted, deferred, refused, skipped or unknown; all without it."),
        ] = None,
    ) -> None:
        """Show what became of each mail of one newsletter."""
        from app.listing import mine

        mailings = mine(door.studio, publication)
        rows, counts = mailings.recipients(publication, _states(state)), mailings.counts(publication)
        body = {"counts": dict(counts.of), "recipients": [row.model_dump(mode="json") for row in rows]}
        door.answer(body, lambda console: _show_mails(console, rows, counts.said))


def _settle(group: typer.Typer) -> None:
    @command(
        group, "settle", example="greenroom newsletter settle PUBLICATION ada@example.org accepted --note 'she has it'"
    )
    def settle(
        door: Door,
        publication: PublicationId,
        address: Address,
        to: Annotated[str, typer.Argument(help="accepted or refused: what became of it.")],
        note: Note = "",
    ) -> None:
        """Say what became of a mail that is not certain; `greenroom publications reconcile` then closes the whole."""
        from app.listing import settle

        _settled(door, settle(door.studio, publication, address, to, note))


def _resend(group: typer.Typer) -> None:
    @command(group, "resend", example="greenroom newsletter resend PUBLICATION ada@example.org --note 'nothing came'")
    def resend(
        door: Door,
        publication: PublicationId,
        address: Annotated[str | None, typer.Argument(help="Whose mail; or --all.")] = None,
        every: Annotated[bool, typer.Option("--all", help="Every mail that is not certain.")] = False,
        note: Note = "",
    ) -> None:
        """Let a mail that is not certain go again, because you know that it has not arrived."""
        from app.listing import settle
        from core.errors import WrongUse

        if (address is None) != every:
            raise WrongUse("Name one address, or say --all.")
        _settled(door, settle(door.studio, publication, address, "queued", note))


def _serve(group: typer.Typer) -> None:
    @command(group, "serve", example="greenroom newsletter serve --port 8025")
    def serve(
        door: Door,
        port: Annotated[int, typer.Option(help="The port on this machine; a web server leads to it.")] = 8025,
    ) -> None:
        """Serve the list's pages alone, to be reached from outside through your web server (list_url)."""
        from app.listing import serve_pages

        serve_pages(door.studio, port)


def _states(state: str | None) -> tuple[Any, ...] | None:
    return None if state is None else (state,)


def _answer(door: Door, row: "Subscriber", more: str = "") -> None:
    said = f"{row.address}: {row.state}. {more}".rstrip()
    door.answer(row.model_dump(mode="json"), lambda console: console.print(said, markup=False))


def _settled(door: Door, number: int) -> None:
    said = f"{number} settled. Next: greenroom publications retry ID, or reconcile ID"
    door.answer({"settled": number}, lambda console: console.print(said, markup=False))


def _show_list(console: Any, rows: "list[Subscriber]", counts: dict[str, int]) -> None:
    for row in rows:
        console.print(f"{row.address}  {row.state}  ({row.source})", markup=False)
    console.print(", ".join(f"{number} {state}" for state, number in sorted(counts.items())) or "Nobody yet.")


def _show_mails(console: Any, rows: "list[Recipient]", said: str) -> None:
    for row in rows:
        answer = f"  {row.code or ''} {row.answer}".rstrip()
        console.print(f"{row.address or '(forgotten)'}  {row.state}{answer}", markup=False)
    console.print(said, markup=False)

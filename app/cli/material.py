"""What the creator has: import, works, recall, voice; and the index, which can always be made anew."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli import voice
from app.cli.days import moment
from app.cli.door import Door, command

if TYPE_CHECKING:
    from app.results import ImportReport


def register(app: typer.Typer) -> None:
    """Add the commands on past work."""
    _import(app)
    _works(app)
    _recall(app)
    voice.register(app)


def importing(door: Door, paths: list[Path], *, workspace: str | None = None, **scope: Any) -> "ImportReport":
    """Import with a progress bar on stderr, one for each pass."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    from app.cli.terminal import Terminal

    if workspace:
        door.studio.workspace = door.studio.memory.workspaces.get(workspace)
    from app.exporting import bring_in, exports_among
    from app.sensitivity import refuse_private_export

    columns = (TextColumn("{task.description:<9}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Terminal(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what, total=total)
            bar.update(tasks[what], completed=done, total=total)

        if exports_among(paths):
            refuse_private_export(private=scope.get("private", False))
            return bring_in(door.studio, paths, tell)
        return door.studio.import_paths(paths, progress=tell, **scope)


def _import(app: typer.Typer) -> None:
    @command(app, "import", example="greenroom import ~/letters ~/podcast/feed.xml")
    def import_(
        door: Door,
        paths: Annotated[
            list[Path],
            typer.Argument(
                help="Files, folders, or archives as services hand them out: Markdown, HTML, text, JSONL, feeds, VTT, "
                "SRT; WordPress, Ghost, Substack, Medium, Mastodon, Bluesky, X, YouTube, LinkedIn, podcasts, mbox, EML."
            ),
        ],
        since: Annotated[str | None, typer.Option(help="Leave out what is dated earlier (2024-05-01).")] = None,
        as_of: Annotated[str | None, typer.Option(help="Leave out what is dated later (2024-05-01).")] = None,
        private: Annotated[
            bool, typer.Option("--private", help="Never show it to a hosted model (docs/models.md).")
        ] = False,
    ) -> None:
        """Bring in past work. Doing it again changes nothing; a changed piece becomes a new version."""
        report = importing(door, paths, since=moment(since), as_of=moment(as_of), private=private)

        def show(console: Any) -> None:
            console.print(
                f"{report.imported} new, {report.updated} changed, {report.unchanged} as before; "
                f"{report.near_duplicates} close to another. {report.works} works in {report.seconds:.1f} s."
            )
            for left in report.left_out:
                console.print(f"· not taken: {left['count']} {left['reason']}", markup=False)
            for failure in report.failed:
                console.print(f"✖ left out: {failure['path']}: {failure['error']}", markup=False)
            for each in report.voided:
                console.print(f"✖ out of date: {each['proposal']}. {each['reason']}", markup=False)
            for note in (report.export or {}).get("notes", ()):
                console.print(f"note: {note}", markup=False)
            if report.without_vector:
                console.print(f"{report.without_vector} passages are found by their words only: greenroom reindex")

        door.answer({**report.__dict__}, show)
        if report.failed and not (report.imported or report.updated or report.unchanged):
            raise typer.Exit(1)


def _works(app: typer.Typer) -> None:
    @command(app, "works", example="greenroom works --limit 10    greenroom works mark ID private")
    def works(
        door: Door,
        what: Annotated[str | None, typer.Argument(help="`show` or `mark` for one work, else nothing.")] = None,
        work_id: Annotated[str | None, typer.Argument(help="The work's id.")] = None,
        word: Annotated[str | None, typer.Argument(help="For `mark`: `private` or `open`.")] = None,
        limit: Annotated[int, typer.Option(min=1, max=1_000_000, help="How many, newest first.")] = 50,
    ) -> None:
        """List past works, show one (`works show ID`), or keep one from hosted models (`works mark ID private`)."""
        from core.errors import WrongUse

        if what == "show" and work_id:
            return _one_work(door, work_id)
        if what == "mark" and work_id:
            return _mark(door, work_id, word)
        if what:
            raise WrongUse(f"{what!r} is not understood here.", "Use: greenroom works, or: greenroom works show ID")
        found = door.studio.works(limit)
        keys = ("id", "title", "source", "published_at", "words", "tags", "license", "version")
        secret = door.studio.memory.privacy.works(door.studio.workspace.id)
        rows = [{k: w.model_dump(mode="json")[k] for k in keys} | {"private": w.id in secret} for w in found]
        body = {"works": rows}

        def show(console: Any) -> None:
            from rich.table import Table

            if not found:
                console.print("No past work yet. Bring some in with:  greenroom import FOLDER")
                return
            table = Table("id", "date", "title", "words", "tags", box=None, pad_edge=False)
            for w in found:
                day = f"{w.published_at:%Y-%m-%d}" if w.published_at else "no date"
                table.add_row(w.id, day, w.title, str(w.words), ", ".join(w.tags[:4]))
            console.print(table, markup=False)

        return door.answer(body, show)


def _mark(door: Door, work_id: str, word: str | None) -> None:
    from app.sensitivity import mark_work

    private = mark_work(door.studio, work_id, word)
    said = "is shown to no hosted model any more" if private else "may be shown to hosted models"
    door.answer({"work_id": work_id, "private": private}, lambda console: console.print(f"{work_id} {said}"))


def _one_work(door: Door, work_id: str) -> None:
    from app.showing import beside

    work = door.studio.memory.works.get(door.studio.workspace.id, work_id)
    more = beside(door.studio.memory, work)

    def show(console: Any) -> None:
        console.print(f"{work.title}\n{work.source}, version {work.version}", markup=False)
        console.print(*more.lines(), "", sep="\n", markup=False)
        console.print(work.body, markup=False)

    private = work.id in door.studio.memory.privacy.works(work.workspace)
    door.answer({**work.model_dump(mode="json"), "private": private, **more.as_json()}, show)


def _recall(app: typer.Typer) -> None:
    @command(app, "recall", example="greenroom recall 'who keeps the tide tables' --k 5")
    def recall(
        door: Door,
        query: Annotated[str, typer.Argument(help="What to look for, by meaning and by words.")],
        k: Annotated[int, typer.Option("--k", min=1, max=200, help="How many works.")] = 10,
        before: Annotated[str | None, typer.Option(help="Only what is dated earlier (2024-05-01).")] = None,
        author: Annotated[str | None, typer.Option(help="Only this author's.")] = None,
        tag: Annotated[str | None, typer.Option(help="Only works with this tag.")] = None,
    ) -> None:
        """Find past works that fit, with the passages that show why."""
        import time

        started = time.monotonic()
        found = door.studio.recall(query, k=k, before=moment(before), author=author, tag=tag)
        seconds = round(time.monotonic() - started, 3)
        did = door.studio.memory.outcomes.in_words(door.studio.workspace.id, [r.work_id for r in found])
        body = {"results": [_result(r) | {"did": did[r.work_id]} for r in found], "seconds": seconds}

        def show(console: Any) -> None:
            if not found:
                console.print("Nothing found. Is there past work in this workspace?  greenroom works")
            for r in found:
                day = f"{r.published_at:%Y-%m-%d}" if r.published_at else "no date"
                console.print(f"\n{r.score:6.2f}  {r.title}  ({day}, {r.work_id})", markup=False)
                if did[r.work_id]:
                    console.print(f"        it did: {did[r.work_id]}", markup=False)
                for passage in r.passages[:1]:
                    console.print("        " + " ".join(passage.text.split())[:300], style="bright_black", markup=False)

        door.answer(body, show)


def _result(r: Any) -> dict[str, Any]:
    data: dict[str, Any] = r.model_dump(mode="json")
    kept = ("work_id", "title", "source", "published_at", "score", "signals", "url")
    passages = [{"text": p["text"], "score": p["score"]} for p in data["passages"]]
    return {**{key: data[key] for key in kept}, "passages": passages}

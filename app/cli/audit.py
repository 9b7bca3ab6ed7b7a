"""`audit`: what the archive has and lacks, and metadata that is proposed until a person says yes or no."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.progress import progress
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from core.audit import Audit
    from core.mending import Suggestion

_VERBS = ("accept", "reject", "undo")
_STATES = ("open", "accepted", "rejected", "undone")
_SHOWN = 40


def register(app: typer.Typer) -> None:
    """Add `audit`."""

    @command(app, "audit", example="greenroom audit --html audit.html    greenroom audit accept sg_0123456789ab")
    def audit(
        door: Door,
        words: Annotated[
            list[str] | None, typer.Argument(help="Nothing, or: suggestions, accept ID…, reject ID…, undo ID….")
        ] = None,
        html: Annotated[Path | None, typer.Option(help="Also write it as one page into this file.")] = None,
        fix: Annotated[
            bool, typer.Option("--fix", help="Propose metadata; nothing changes before you accept.")
        ] = False,
        every: Annotated[bool, typer.Option("--all", help="With accept or reject: every open suggestion.")] = False,
        state: Annotated[str, typer.Option(help="With suggestions: open, accepted, rejected, undone or all.")] = "open",
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Look over your past work: what there is, what is missing, what to mend first."""
        from core.errors import WrongUse

        what, ids = (words[0], words[1:]) if words else ("", [])
        if what in _VERBS and not (html or fix) and not (every and what == "undo"):
            return _decide(door, what, ids, every=every, by=as_, secret=speaking(door, as_, secret_file))
        if what == "suggestions" and not ids and not (html or fix or every):
            return _list(door, state)
        if what or every:
            raise WrongUse("Use: greenroom audit, audit suggestions, audit accept ID… (or --all), audit undo ID…")
        return _survey(door, html, fix=fix)


def _survey(door: Door, html: Path | None, *, fix: bool) -> None:
    import time

    from app.auditing import propose, survey, write_page

    started, proposed = time.monotonic(), None
    if fix:
        with progress() as tell:
            proposed = propose(door.studio, tell)
    found = survey(door.studio)
    if html:
        write_page(door.studio, found, html.expanduser())
    body = found.model_dump(mode="json")
    for name in ("by_format", "by_source", "by_kind"):
        body[name] = [each._asdict() for each in getattr(found, name)]
    body |= {"suggestions": proposed, "html": str(html) if html else None}
    body["seconds"] = round(time.monotonic() - started, 3)
    door.answer(body, lambda console: _show(console, found, proposed, html))


def _list(door: Door, state: str) -> None:
    from core.errors import WrongUse

    if state not in (*_STATES, "all"):
        raise WrongUse(f"{state!r} is no state of a suggestion.", f"One of: {', '.join(_STATES)}, all.")
    space = door.studio.workspace.id
    found = door.studio.memory.suggestions.list(space, None if state == "all" else state)
    titles = {work.id: work.title or work.source for work in door.studio.works()} if not door.json else {}

    def show(console: Any) -> None:
        from rich.table import Table
        from rich.text import Text

        if not found:
            console.print("No suggestions. Look for some with:  greenroom audit --fix")
            return
        table = Table("id", "of", "field", "value", "why", box=None, pad_edge=False)
        for each in found[:_SHOWN]:
            of = titles.get(each.work_id or "", (each.sha256 or "")[:12])
            table.add_row(*(Text(cell) for cell in (each.id, of, each.field, _value(each), each.reason)))
        console.print(table)
        if len(found) > _SHOWN:
            console.print(f"… and {len(found) - _SHOWN} more; --json lists all.")
        console.print("Accept with: greenroom audit accept ID…, or --all", markup=False)

    door.answer({"suggestions": [_plain(each) for each in found]}, show)


def _decide(door: Door, verb: str, ids: list[str], *, every: bool, by: str | None, secret: str | None) -> None:
    from app.auditing import decide

    with progress() as tell:
        decided = decide(door.studio, verb, ids, every=every, by=by, secret=secret, progress=tell)

    def show(console: Any) -> None:
        for each in decided[:_SHOWN]:
            version = f", version {each.version}" if each.version else ""
            console.print(f"{each.id} {each.state}: {each.field} {_value(each)}{version}", markup=False)
        if verb == "accept" and decided:
            console.print("Take one back with: greenroom audit undo ID", markup=False)

    door.answer({"suggestions": [_plain(each) for each in decided]}, show)


def _show(console: Any, found: "Audit", proposed: dict[str, int] | None, html: Path | None) -> None:
    from rich.table import Table
    from rich.text import Text

    if not found.works:
        console.print("No past work yet. Bring some in with:  greenroom import FOLDER")
        return
    kinds = ", ".join(f"{group.works} {group.name}" for group in found.by_format)
    console.print(f"{found.works} works, {found.words} words ({kinds}); {found.media.files} files", markup=False)
    table = Table("mend first", "how many", "why", "what to do", box=None, pad_edge=False)
    for each in found.mend_first:
        table.add_row(*(Text(cell) for cell in (each.label, f"{each.count} of {each.of}", each.why, each.how)))
    console.print(table)
    for share in (share for share in found.completeness if share.of):
        console.print(f"{share.field}: {share.have} of {share.of}", markup=False)
    if proposed:
        console.print(f"{proposed['new']} new suggestions, {proposed['open']} open: greenroom audit suggestions")
    if html:
        console.print(f"The page: {html}", markup=False, soft_wrap=True)


def _plain(each: "Suggestion") -> dict[str, Any]:
    return each.model_dump(mode="json", exclude={"workspace"})


def _value(each: "Suggestion") -> str:
    return ", ".join(each.value) if isinstance(each.value, list) else str(each.value)

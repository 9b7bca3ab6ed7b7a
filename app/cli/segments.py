"""Translations, segment by segment: the person's word on each."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.given_text import read_text
from app.cli.secrets_given import As, SecretFile, speaking

if TYPE_CHECKING:
    from app.segment_rows import Review
    from app.translating import Sheet

Ref = Annotated[str, typer.Argument(help="A translation's proposal, or its draft where it has gaps.")]
Which = Annotated[str, typer.Argument(help="The segment, by its number.")]
Sha = Annotated[str | None, typer.Option(help="One segment's hash, as it was shown; another is refused.")]
Note = Annotated[str, typer.Option(help="Why, for whoever looks at it next.")]


def register(app: typer.Typer) -> None:
    """Add `segments`."""
    group = typer.Typer(help="Translations beside their sources: approve, edit, comment.", no_args_is_help=True)
    for add in (_list, _open, _approve, _edit, _comment, _undo, _update, _back):
        add(group)
    app.add_typer(group, name="segments")


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom segments list p_0123456789ab")
    def list_(
        door: Door,
        ref: Annotated[str | None, typer.Argument(help="A translation; without it, all that need you.")] = None,
    ) -> None:
        """Show each segment beside its source, its checks, and who said what of it."""
        from app.segment_rows import review, reviews

        if ref:
            return _answer(door, review(door.studio, ref))
        found = reviews(door.studio)

        def show(console: Any) -> None:
            for each in found:
                console.print(_headline(each), markup=False)
            if not found:
                console.print("No translation needs you.")

        return door.answer({"translations": [each.as_json() for each in found]}, show)


def _open(group: typer.Typer) -> None:
    @command(group, "open", example="greenroom segments open p_0123456789ab --to es")
    def open_(
        door: Door,
        proposal_id: Annotated[str, typer.Argument(help="The proposal to translate.")],
        to: Annotated[str, typer.Option("--to", help="Into which locale, such as es or pt-BR.")],
    ) -> None:
        """Translate a proposal into another locale; what nobody could translate waits for your words."""
        from app.segmenting import open_grid

        _answer(door, open_grid(door.studio, proposal_id, to))


def _approve(group: typer.Typer) -> None:
    @command(group, "approve", example="greenroom segments approve p_0123456789ab 1 2 5")
    def approve(
        door: Door,
        ref: Ref,
        which: Annotated[list[str] | None, typer.Argument(help="Segments, by their numbers.")] = None,
        every: Annotated[bool, typer.Option("--all", help="All that no check found an error in.")] = False,
        sha: Sha = None,
        note: Note = "",
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Approve segments exactly as they stand. It goes with your name into the translation memory."""
        from app.segmenting import say
        from core.errors import WrongUse

        if bool(which) == every:
            raise WrongUse("Name the segments by their numbers, or give --all.", f"greenroom segments list {ref}")
        secret = speaking(door, as_, secret_file)
        found = say(door.studio, ref, which or [], "approve", note=note, shown=sha, by=as_, secret=secret)
        _answer(door, found)


def _edit(group: typer.Typer) -> None:
    @command(group, "edit", example="greenroom segments edit p_0123456789ab 3 --text 'La tapa no cierra.'")
    def edit(
        door: Door,
        ref: Ref,
        which: Which,
        text: Annotated[str | None, typer.Option(help="The new words of this segment.")] = None,
        file: Annotated[str | None, typer.Option("--file", help="A file with them; - is stdin.")] = None,
        sha: Sha = None,
        note: Note = "",
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Word one segment anew: checked again, in a new version that waits for an approval of its own."""
        from app.segmenting import edit as edited
        from core.errors import WrongUse

        if (text is None) == (file is None):
            raise WrongUse("Give the new words with --text, or with --file.")
        words = text if text is not None else read_text(str(file))
        secret = speaking(door, as_, secret_file)
        _answer(door, edited(door.studio, ref, which, words, note=note, shown=sha, by=as_, secret=secret))


def _comment(group: typer.Typer) -> None:
    @command(group, "comment", example="greenroom segments comment p_0123456789ab 3 --note 'too formal'")
    def comment(
        door: Door, ref: Ref, which: Which, note: Note = "", as_: As = None, secret_file: SecretFile = None
    ) -> None:
        """Say something about a segment. It changes nothing else."""
        from app.segmenting import say

        secret = speaking(door, as_, secret_file)
        _answer(door, say(door.studio, ref, [which], "comment", note=note, by=as_, secret=secret))


def _undo(group: typer.Typer) -> None:
    @command(group, "undo", example="greenroom segments undo act_0123456789ab")
    def undo(
        door: Door,
        act_id: Annotated[str, typer.Argument(help="What was said, by its id.")],
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Take back what was said of a segment; an approval leaves the translation memory too."""
        from app.segmenting import undo as undone

        act = undone(door.studio, act_id, by=as_, secret=speaking(door, as_, secret_file))
        body = {"undone": act.model_dump(mode="json", exclude={"workspace"})}
        door.answer(body, lambda console: console.print(f"Taken back: {act.verb} by {act.by}.", markup=False))


def _update(group: typer.Typer) -> None:
    @command(group, "update", example="greenroom segments update p_0123456789ab")
    def update(door: Door, ref: Ref, as_: As = None, secret_file: SecretFile = None) -> None:
        """Bring a translation up to its changed source: only what changed is open again."""
        from app.segmenting import update as updated

        _answer(door, updated(door.studio, ref, by=as_, secret=speaking(door, as_, secret_file)))


def _back(group: typer.Typer) -> None:
    @command(group, "back", example="greenroom segments back p_0123456789ab")
    def back(door: Door, ref: Ref) -> None:
        """Translate back what has no back-translation yet, for who can't read the language (needs a model)."""
        from app.segmenting import say_back

        _answer(door, say_back(door.studio, ref))


def _answer(door: Door, found: "Review") -> None:
    door.answer(found.as_json(), lambda console: show_review(console, found))


def show_review(console: Any, found: "Review") -> None:
    """Print a translation, segment by segment."""
    console.print(_headline(found), markup=False)
    if found.looked.proposal and found.looked.proposal.state == "stale":
        console.print(f"  out of date: {found.looked.proposal.reason}", markup=False)
    for notice in found.notices:
        console.print(f"  not done: {notice}", markup=False)
    show_rows(console, [row.as_json() for row in found.rows])
    if found.behind:
        ref = found.looked.proposal.id if found.looked.proposal else found.looked.draft.id
        console.print(f"\nBring it up to its source: greenroom segments update {ref}", markup=False)


def show_rows(console: Any, rows: list[dict[str, Any]]) -> None:
    """Print segments beside their sources."""
    from app.wording import SEGMENT_SIGNS, beside_segment

    for row in rows:
        console.print(
            f"\n{row['n']:>3} {SEGMENT_SIGNS[row['state']]} {row['words']}", markup=False, style="bright_black"
        )
        console.print(f"    {row['source']}\n    {row['target'] or '…'}", markup=False)
        for line in beside_segment(row):
            console.print(f"      {line}", markup=False)


def show_sheet(console: Any, sheet: "Sheet") -> None:
    """Print a text's segments with what was found in each."""
    from app.wording import beside_segment

    for segment, found in sheet.rows:
        console.print(f"{segment.source}\n  {segment.target or '…'}", markup=False)
        row = {**segment.model_dump(mode="json"), "findings": [], "acts": []}
        lines = [*beside_segment(row), *(f"{each.severity} {each.message}" for each in found if segment.target)]
        for line in lines:
            console.print(f"    {line}", markup=False)
    if sheet.where:
        console.print(f"Translated by {sheet.where}.", markup=False)
    for notice in sheet.notices:
        console.print(f"Not done: {notice}", markup=False)


def _headline(found: "Review") -> str:
    line, proposal = found.looked.line, found.looked.proposal
    approved = sum(row.state == "approved" for row in found.rows)
    empty = sum(row.state == "empty" for row in found.rows)
    name = found.proposal.id if found.proposal else found.looked.draft.id
    state = proposal.state if proposal else "not whole yet"
    gaps = f", {empty} to be translated" if empty else ""
    pair = f"{line.channel} {line.source_locale} → {line.locale}"
    return f"{name}  {pair}: {state}; {approved} of {len(found.rows)} approved{gaps}"

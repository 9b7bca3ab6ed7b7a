"""Suggestions on a text, and accepting some of them with one command."""

import sys
from typing import TYPE_CHECKING, Annotated, Any, cast, get_args

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking
from app.visible import shown_on

if TYPE_CHECKING:
    from app.assisting import Assistance, Subject
    from core.assists import Suggestion
    from models.assist_tasks import Do

_AROUND = 40  # characters beside a suggestion that are shown


def register(app: typer.Typer) -> None:
    """Add `assist`."""

    @command(app, "assist", example="greenroom assist p_0123456789ab --do grammar --accept 1,3")
    def assist(
        door: Door,
        target: Annotated[str, typer.Argument(help="A proposal's id, or a file; - is stdin.")],
        do: Annotated[str, typer.Option("--do", help="grammar, style, shorter, clearer or titles.")] = "grammar",
        accept: Annotated[str | None, typer.Option(help="Numbers to accept (1,3), or all that can be.")] = None,
        from_: Annotated[str | None, typer.Option("--from", help="Suggestions that --json printed before.")] = None,
        write: Annotated[bool, typer.Option("--write", help="A file: write what is accepted into it.")] = False,
        no_model: Annotated[bool, typer.Option("--no-model", help="By rules alone.")] = False,
        private: Annotated[bool, typer.Option("--private", help="A file: show it to no hosted model.")] = False,
        locale: Annotated[str | None, typer.Option(help="The text's language; known or guessed without.")] = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Suggest places to change, each with a number; nothing changes until you accept. It approves nothing."""
        from app.assisting import kept_in, refuse_unseen, subject, suggest
        from app.cli.given_text import read_text

        wanted = _task(do)
        of = subject(door.studio, target, locale, given=read_text(target) if target == "-" else None)
        _refuse_writing(of, accept, write)
        if accept and not from_:
            refuse_unseen(door.studio, of, wanted, model=not no_model)
        found = kept_in(from_, of) if from_ else suggest(door.studio, of, wanted, model=not no_model, private=private)
        if accept is None:
            return door.answer(found.as_json(), lambda console: _show(console, found, of))
        if of.channel:
            return _on_proposal(door, found, of, accept, as_, speaking(door, as_, secret_file))
        return _in_file(door, found, of, accept, write)


def _task(do: str) -> "Do":
    from core.errors import WrongUse
    from models.assist_tasks import Do as Tasks

    if do not in get_args(Tasks):
        raise WrongUse(f"--do takes {', '.join(get_args(Tasks))}, not {do!r}.")
    return cast("Do", do)


def _refuse_writing(of: "Subject", accept: str | None, write: bool) -> None:
    from core.errors import WrongUse

    if write and (of.channel or of.name == "-"):
        raise WrongUse("--write is for a file.", "A proposal gets a new version by --accept alone.")
    if write and accept is None:
        raise WrongUse("--write needs what is accepted.", "For example: --accept 1,3 --write")


def _on_proposal(
    door: Door, found: "Assistance", of: "Subject", numbers: str, by: str | None, secret: str | None
) -> None:
    from app.assisting import accept_on_proposal, chosen
    from app.cli.decisions import show_revision

    picked = chosen(found, numbers)
    result = accept_on_proposal(door.studio, of, picked, by=by, secret=secret)
    body = {**result.as_json(), "accepted": [each.model_dump(mode="json") for each in picked]}
    door.answer(body, lambda console: show_revision(console, result, door.studio.workspace.timezone))


def _in_file(door: Door, found: "Assistance", of: "Subject", numbers: str, write: bool) -> None:
    from app.assisting import accept_in_file, chosen

    picked = chosen(found, numbers)
    text = accept_in_file(of, picked, write=write)
    rows = [each.model_dump(mode="json") for each in picked]
    if door.json or write:
        body = {"target": of.name, "accepted": rows, "wrote": write, "text": text}
        words = f"{len(picked)} accepted; {of.name} is written."
        return door.answer(body, lambda console: console.print(words, markup=False))
    sys.stdout.write(shown_on(sys.stdout, text))  # the text and nothing else, byte for byte: it may go into a pipe
    print(f"greenroom: {len(picked)} accepted; the file is as it was. Write it with: --write", file=sys.stderr)
    return None


def _show(console: Any, found: "Assistance", of: "Subject") -> None:
    said = found.assisted
    for number, each in enumerate(said.suggestions, start=1):
        _show_one(console, number, each, of.texts.get(each.field, ""))
    if not said.suggestions:
        console.print("Nothing to suggest.")
    for line in (*said.left_out, *said.notes):
        console.print(f"· {line}", markup=False, style="bright_black")
    if any(each.after is not None for each in said.suggestions):
        again = f"greenroom assist {of.name} --do {said.do}"
        keep = f"keep these with: {again} --json > seen.json, then {again} --from seen.json" if said.model else again
        console.print(f"\nAccept with: {keep} --accept 1", markup=False, soft_wrap=True)


def _show_one(console: Any, number: int, each: "Suggestion", text: str) -> None:
    line = text.count("\n", 0, each.start) + 1
    where = f"line {line}" if each.field == "text" else each.field
    by = "" if each.by == "rules" else f", by {each.by}"
    console.print(f"\n{number:>3}  {where}  {each.rule}{by}: {each.why}", markup=False, soft_wrap=True)
    head = text[max(0, each.start - _AROUND) : each.start].rpartition("\n")[2]
    tail = text[each.end : each.end + _AROUND].split("\n", maxsplit=1)[0]
    if each.after is None:
        console.print(f"       {_visible(each.before)}", markup=False, soft_wrap=True)
        return
    console.print(f"     - {head}[{_visible(each.before)}]{tail}", markup=False, soft_wrap=True)
    console.print(f"     + {head}[{_visible(each.after)}]{tail}", markup=False, soft_wrap=True)


def _visible(text: str) -> str:
    return text.replace("\n", "⏎").replace("\u00a0", "⍽").replace("\u202f", "⍽")

"""`tag`: what can be said of a text, or of each in a folder, and writing it into or beside the files."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.given_text import read_text
from app.cli.progress import progress

if TYPE_CHECKING:
    from app.tagging import Choices, TaggedFolder
    from core.tagged import Tagged

_EXAMPLE = "greenroom tag draft.md    greenroom tag posts/ --write front-matter --write json-ld"


def register(app: typer.Typer) -> None:
    """Add `tag`."""

    @command(app, "tag", example=_EXAMPLE)
    def tag(
        door: Door,
        file: Annotated[str, typer.Argument(help="The file to tag, or a folder of texts; - is stdin.")],
        k: Annotated[int, typer.Option("--k", min=1, max=50, help="How many tags.")] = 10,
        write: Annotated[
            list[str] | None,
            typer.Option(help="front-matter or html (into the file), json-ld, opengraph, dublin-core (beside it)."),
        ] = None,
        existing: Annotated[
            str, typer.Option(help="What becomes of values that stand there: keep, add (to tags) or replace.")
        ] = "keep",
        vocabulary: Annotated[
            Path | None, typer.Option(help="Topics of your own instead of IPTC's: a .tsv or .csv.", exists=True)
        ] = None,
        model: Annotated[
            bool, typer.Option("--model/--no-model", help="Ask a language model too, where one is set up.")
        ] = True,
        private: Annotated[bool, typer.Option("--private", help="Show it to no hosted model.")] = False,
        out: Annotated[
            Path | None, typer.Option(help="A folder's results as JSON lines; goes on where it ends.")
        ] = None,
        again: Annotated[bool, typer.Option("--again", help="Do what was done before, too.")] = False,
    ) -> None:
        """Suggest tags, your own first, topics, a title, description and address; say who is named and addressed.

        Nothing is written unless --write says where. What stands in a file stays. Without a language model all is found
        by rules, and it says so.
        """
        from app.tagging import tag_folder

        choices = _choices(k, write, existing, vocabulary, model=model, private=private)
        if file != "-" and Path(file).is_dir():
            with progress() as tell:
                done = tag_folder(door.studio, Path(file), choices, out=out, again=again, tell=tell)
            return _answer_folder(door, done)
        return _answer_file(door, file, choices)


def _choices(
    k: int, write: list[str] | None, existing: str, vocabulary: Path | None, *, model: bool, private: bool
) -> "Choices":
    from app.tagging import Choices, vocabulary_from
    from app.text_files import chosen_writes
    from core.errors import WrongUse

    if existing not in ("keep", "add", "replace"):
        raise WrongUse(f"--existing takes keep, add or replace, not {existing!r}.")
    chosen: Any = existing
    own = vocabulary_from(vocabulary) if vocabulary else None
    return Choices(k, model, private, own, chosen_writes(write or ()), chosen)


def _answer_file(door: Door, file: str, choices: "Choices") -> None:
    from app.tagging import tag_file, tag_text
    from core.errors import WrongUse
    from tools.tagged import Asked

    if file == "-":
        if choices.write:
            raise WrongUse("What comes from stdin has no file to write into.", "Name a file.")
        said, wrote = tag_text(door.studio, Asked(read_text(file)), choices), tuple[str, ...]()
    else:
        done = tag_file(door.studio, Path(file), choices)
        said, wrote = done.said, done.wrote
    body = {**said.model_dump(mode="json"), "wrote": list(wrote)}

    def show(console: Any) -> None:
        _show(console, said)
        if wrote:
            console.print(f"\nwritten: {', '.join(wrote)}", markup=False, soft_wrap=True)
        elif choices.write:
            console.print("\nNothing was missing: the files are as they were.")

    door.answer(body, show)


def _show(console: Any, said: "Tagged") -> None:
    for each in said.tags:
        console.print(f"{each.score:.2f}  {each.tag}  ({each.source}: {each.why})", markup=False, soft_wrap=True)
    if not said.tags:
        console.print("No tags to suggest: the text names nothing, and no past work carries tags yet.")
    for name, value in _lines(said):
        console.print(f"{name}: {value}", markup=False, soft_wrap=True)
    for note in said.notes:
        console.print(f"note: {note}", markup=False, style="bright_black", soft_wrap=True)


def _lines(said: "Tagged") -> list[tuple[str, str]]:
    lines = [(name, str(value)) for name, value in said.metadata.model_dump().items() if value not in ("", None)]
    lines += [("topic", f"{' > '.join(each.path)} ({each.id}; {each.certainty}: {each.why})") for each in said.topics]
    named = [f"{each.name} <{each.url}>" if each.url else each.name for each in said.names]
    audience = [*said.audience.named, *([said.audience.level] if said.audience.level else [])]
    more = (("names", ", ".join(named)), ("audience", ", ".join(audience)))
    lines += [each for each in more if each[1]]
    lines += [("content warning", f"{each.label} ({', '.join(each.words)})") for each in said.warnings]
    return lines


def _answer_folder(door: Door, done: "TaggedFolder") -> None:
    def show(console: Any) -> None:
        for each in done.done:
            wrote = f"  → {', '.join(each.wrote)}" if each.wrote else ""
            tags = ", ".join(tag.tag for tag in each.said.tags)
            console.print(f"✔ {each.path}: {tags}{wrote}", markup=False, soft_wrap=True)
        for failed in done.failed:
            console.print(f"✖ left as it is: {failed.path}: {failed.error}", markup=False, soft_wrap=True)
        by = f"by rules and {done.model}" if done.model else "by rules, no language model was asked"
        console.print(f"{len(done.done)} tagged ({by}), {done.before} as before, {len(done.failed)} left out.")

    door.answer(done.model_dump(mode="json"), show)
    if done.failed and not done.done and not done.before:
        raise typer.Exit(1)

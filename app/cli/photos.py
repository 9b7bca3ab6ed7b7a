"""`photos`: words for a folder of photos, proposed, looked at, and then written beside or into them."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.progress import progress

if TYPE_CHECKING:
    from app.photographing import Looked, Wrote
    from core.photos import Photo

_EXAMPLE = "greenroom photos ~/Pictures/harbour    greenroom photos ~/Pictures/harbour --apply --write embed"


def register(app: typer.Typer) -> None:
    """Add `photos`."""

    @command(app, "photos", example=_EXAMPLE)
    def photos(
        door: Door,
        folder: Annotated[Path, typer.Argument(help="A folder; what lies below it counts too. JPEG, PNG, WebP.")],
        apply: Annotated[bool, typer.Option("--apply", help="Write what is proposed. Look at it first.")] = False,
        write: Annotated[
            str, typer.Option(help="Where to: sidecar (an .xmp beside each) or embed (into the photo's own file).")
        ] = "sidecar",
        only: Annotated[list[str] | None, typer.Option(help="Write only these: '2024/*.jpg'.")] = None,
        sheet: Annotated[Path | None, typer.Option(help="Write what is proposed into a new .csv, to edit.")] = None,
        edited: Annotated[Path | None, typer.Option(help="With --apply: take the words of that .csv.")] = None,
        vision: Annotated[
            bool, typer.Option("--vision/--no-vision", help="Let a model that sees look, where one is set up.")
        ] = True,
        again: Annotated[bool, typer.Option("--again", help="Look at unchanged photos too.")] = False,
    ) -> None:
        """Propose keywords, captions and alt text for each photo; write them with --apply. Photos stay as they are.

        Without a model that sees pictures, only what the files and your own tags say is proposed. A run that was cut
        off goes on where it stopped.
        """
        from app.photographing import look
        from app.photographing import write as write_all
        from core.errors import WrongUse

        if write not in ("sidecar", "embed"):
            raise WrongUse(f"--write takes sidecar or embed, not {write!r}.")
        if edited and not apply:
            raise WrongUse("--edited goes with --apply.", "Nothing was written.")
        with progress() as tell:
            if not apply:
                looked = look(door.studio, folder, vision=vision, again=again, tell=tell)
                return _answer_looked(door, looked, sheet)
            words = _edited(door, folder, edited)
            where: Any = write
            wrote = write_all(door.studio, folder, where, only=only or (), edited=words, tell=tell)
        return _answer_wrote(door, wrote)


def _edited(door: Door, folder: Path, sheet: Path | None) -> dict[str, Any]:
    from app.photo_sheets import read_sheet

    if sheet is None:
        return {}
    place = str(folder.expanduser().resolve())
    return dict(read_sheet(sheet, door.studio.memory.photos.list(door.studio.workspace.id, place)))


def _answer_looked(door: Door, looked: "Looked", sheet: Path | None) -> None:
    from app.photo_sheets import write_sheet
    from tools.describe import NOT_SEEN

    body = looked.model_dump(mode="json")
    if sheet is not None:
        body["sheet"] = str(sheet)
        write_sheet(sheet, looked.photos)

    def show(console: Any) -> None:
        for photo in looked.photos:
            _show(console, photo)
        for each in looked.failed:
            console.print(f"✖ left out: {each.path}: {each.error}", markup=False)
        by = f"{looked.model} looked" if looked.model else "no model looked"
        if unseen := sum(NOT_SEEN in photo.notes for photo in looked.photos):
            console.print(f"\n{unseen} without alt text. {NOT_SEEN}", markup=False, soft_wrap=True)
            console.print(
                "Write the words in a sheet:  … --sheet photos.csv, then --apply --edited photos.csv", soft_wrap=True
            )
        console.print(
            f"\n{looked.new} looked at ({by}), {looked.unchanged} as before. Nothing was written to the folder."
        )
        if any(photo.state == "proposed" for photo in looked.photos):
            console.print(f"Write it:  greenroom photos {looked.folder} --apply [--write embed]", markup=False)

    door.answer(body, show)
    if looked.failed and not looked.photos:
        raise typer.Exit(1)


def _show(console: Any, photo: "Photo") -> None:
    from tools.describe import NOT_SEEN

    mark = "✔" if photo.state == "written" else "△"
    console.print(f"\n{mark} {photo.path}", markup=False)
    told = [(name, getattr(photo.words, name)) for name in ("title", "description", "alt")]
    for name, value in told:
        if value:
            console.print(f"    {name}: {value}  ({photo.why.get(name, '')})", markup=False, soft_wrap=True)
    if photo.words.keywords:
        console.print(f"    keywords: {', '.join(photo.words.keywords)}", markup=False, soft_wrap=True)
    for note in (each for each in photo.notes if each != NOT_SEEN):
        console.print(f"    note: {note}", markup=False, soft_wrap=True)


def _answer_wrote(door: Door, wrote: "Wrote") -> None:
    def show(console: Any) -> None:
        for each in wrote.failed:
            console.print(f"✖ left as it is: {each.path}: {each.error}", markup=False)
        where = "into the photos" if wrote.to == "embed" else "beside the photos"
        console.print(f"{len(wrote.written)} written {where}; {wrote.nothing_new} had nothing new.", markup=False)

    door.answer(wrote.model_dump(mode="json"), show)
    if wrote.failed and not wrote.written:
        raise typer.Exit(1)

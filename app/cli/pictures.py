"""`pictures`: quote cards, covers, crops, the workspace's look and fonts; and pictures that a model makes."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.door import Door, command

if TYPE_CHECKING:
    from app.carding import Drawn

Out = Annotated[Path | None, typer.Option(help="The new file; without it, one in this folder. Never over another.")]
Format = Annotated[
    str, typer.Option("--format", help="square (1080 × 1080), portrait (1080 × 1350), wide (1200 × 630).")
]
By = Annotated[str | None, typer.Option(help="Who said it, or whose it is.")]
Locale = Annotated[str | None, typer.Option(help="The words' language; the workspace's without it.")]
Point = Annotated[str | None, typer.Option(help="What stays in sight where it is cut: 0.3,0.6 from the left top.")]


def register(app: typer.Typer) -> None:
    """Add the group `pictures`."""
    group = typer.Typer(help="Quote cards, covers, crops, the look and fonts of them.", no_args_is_help=True)
    app.add_typer(group, name="pictures")
    _add_card(group)
    _add_cover(group)
    _add_slides(group)
    _add_crop(group)
    _add_look(group)
    _add_fonts(group)
    _add_generate(group)


def _add_card(group: typer.Typer) -> None:
    @command(
        group, "card", example='greenroom pictures card "You don\'t know a harbour." --by "Ines" --format portrait'
    )
    def card(
        door: Door,
        text: Annotated[str, typer.Argument(help="The quote.")],
        by: By = None,
        source: Annotated[str | None, typer.Option(help="Where it stands.")] = None,
        work: Annotated[str | None, typer.Option(help="A past work's id: it must stand there word for word.")] = None,
        format_: Format = "square",
        layout: Annotated[str, typer.Option(help="quote, or a layout of your own.")] = "quote",
        locale: Locale = None,
        out: Out = None,
    ) -> None:
        """Draw a quote as a card, in the workspace's look. Its words stand in the file as its alt text."""
        from app.carding import draw

        fields = {"text": text, "by": by or "", "source": source or ""}
        _answer(door, draw(door.studio, layout, format_, fields, work_id=work, locale=locale, out=out))


def _add_cover(group: typer.Typer) -> None:
    @command(
        group, "cover", example='greenroom pictures cover "The biscuit tin" --kicker "Letter 12" --picture tin.jpg'
    )
    def cover(
        door: Door,
        title: Annotated[str, typer.Argument(help="The title.")],
        kicker: Annotated[str | None, typer.Option(help="The line above it.")] = None,
        by: By = None,
        picture: Annotated[Path | None, typer.Option(help="A picture on it, cut around its point.")] = None,
        focus: Point = None,
        format_: Format = "square",
        layout: Annotated[str | None, typer.Option(help="cover or picture, or a layout of your own.")] = None,
        locale: Locale = None,
        out: Out = None,
    ) -> None:
        """Draw a cover for an episode, a letter, an article: on colour, or with a picture beside the words."""
        from app.carding import draw

        name = layout or ("picture" if picture else "cover")
        fields = {"text": title, "kicker": kicker or "", "by": by or ""}
        drawn = draw(door.studio, name, format_, fields, picture=picture, focus=focus, locale=locale, out=out)
        _answer(door, drawn)


def _add_slides(group: typer.Typer) -> None:
    @command(group, "slides", example="greenroom pictures slides p_7kq2… --out slides")
    def slides(
        door: Door,
        proposal: Annotated[str, typer.Argument(help="A carousel's draft, by its id.")],
        format_: Format = "portrait",
        out: Annotated[Path, typer.Option(help="The folder for the files.")] = Path(),
    ) -> None:
        """Draw the slides of a carousel's draft: the first as a cover; each one's words are its alt text."""
        from app.sliding import slides as draw_all

        drawn = draw_all(door.studio, proposal, out, format_=format_)

        def show(console: Any) -> None:
            for each in drawn:
                console.print(f"{each.file}: {each.width} × {each.height}, {each.bytes:,} bytes", markup=False)

        door.answer({"slides": [each.model_dump() for each in drawn]}, show)


def _add_crop(group: typer.Typer) -> None:
    @command(
        group, "crop", example="greenroom pictures crop pier.jpg --for instagram    … --shape 16:9 --focus 0.3,0.6"
    )
    def crop(
        door: Door,
        file: Annotated[Path, typer.Argument(help="JPEG, PNG, GIF or WebP. It stays as it is.")],
        for_: Annotated[str | None, typer.Option("--for", help="As this channel takes it.")] = None,
        shape: Annotated[str | None, typer.Option(help="WIDTH:HEIGHT, such as 4:5.")] = None,
        focus: Point = None,
        out: Out = None,
    ) -> None:
        """Cut a picture for a channel, or to a shape, around its point. Place, camera and date are left out."""
        from app.carding import crop as cut
        from core.errors import WrongUse

        if not for_ and not shape:
            raise WrongUse("Say what to cut it for.", "--for CHANNEL, or --shape 4:5")
        _answer(door, cut(file, shape=shape, for_channel=for_, focus=focus, out=out))


def _add_look(group: typer.Typer) -> None:
    @command(group, "look", example="greenroom pictures look --set accent=#7a2e1d --set title='EB Garamond'")
    def look(
        door: Door,
        set_: Annotated[list[str] | None, typer.Option("--set", help="NAME=VALUE; an empty value: ours.")] = None,
        secret_file: Annotated[str | None, typer.Option(help="An owner's secret, where there are members.")] = None,
    ) -> None:
        """Show the colours and fonts of cards, with their contrasts; change them, where what comes can be read."""
        from app.cli.secrets_given import secret_in
        from app.looking import changed_look, look_of

        in_force = changed_look(door.studio, set_, secret_in(secret_file)) if set_ else look_of(door.studio)
        contrasts = [{**each._asdict(), "ratio": round(each.ratio, 2), "ok": each.ok} for each in in_force.contrasts()]

        def show(console: Any) -> None:
            for name, field in type(in_force).model_fields.items():
                value = getattr(in_force, name) or "ours"
                console.print(f"{name:<7} {value:<16} {field.description}", markup=False)
            for each in contrasts:
                mark = "✔" if each["ok"] else "✖"
                words = f"{each['words']} on {each['ground']}: {each['ratio']} to 1 ({each['needed']} needed)"
                console.print(f"  {mark} {words}", markup=False)

        door.answer({"look": in_force.model_dump(), "contrasts": contrasts}, show)


def _add_fonts(group: typer.Typer) -> None:
    @command(group, "fonts", example="greenroom pictures fonts --add ~/Downloads/EBGaramond-SemiBold.ttf")
    def fonts(
        door: Door,
        add: Annotated[Path | None, typer.Option(help="Keep this .ttf, .otf or .ttc in the home.")] = None,
        all_: Annotated[bool, typer.Option("--all", help="The machine's too.")] = False,
    ) -> None:
        """Show the fonts at hand: ours, yours and, with --all, the machine's; add one of your own."""
        from app.carding import add_font, shelf_of
        from media.lettering.faces import can_shape

        added = add_font(door.studio, add) if add else ()
        shelf = shelf_of(door.studio)
        faces = (*shelf.ours, *shelf.yours, *(shelf.system if all_ else ()))
        rows = [{"family": each.sheet.family, "style": each.sheet.style, "from": each.origin} for each in faces]
        body = {"fonts": rows, "added": list(added), "shapes": can_shape()}

        def show(console: Any) -> None:
            for row in rows:
                console.print(f"{row['from']:<7} {row['family']}, {row['style']}", markup=False)
            if not body["shapes"]:
                console.print("No FriBidi here: Arabic, Hebrew, Thai and Indic scripts can't be set.", markup=False)
                console.print(
                    "Install it (Debian: apt install libfribidi0; macOS: brew install fribidi).", markup=False
                )

        door.answer(body, show)


def _add_generate(group: typer.Typer) -> None:
    @command(
        group, "generate", example='greenroom pictures generate "A tin on a shelf, woodcut" --alt "A tin, its lid open"'
    )
    def generate(
        door: Door,
        prompt: Annotated[str, typer.Argument(help="What the picture shows. It is sent to the model's server.")],
        alt: Annotated[str, typer.Option(help="Its alt text: look at it, then say what it shows.")] = "",
        size: Annotated[str, typer.Option(help="WIDTHxHEIGHT in pixels, as the model offers.")] = "1024x1024",
        out: Out = None,
    ) -> None:
        """Let a model make a picture, labelled in the file as made by one. Needs an endpoint that does (exit 6)."""
        from app.making_pictures import generate as make

        made = make(door.studio, prompt, size=size, alt=alt, out=out)

        def show(console: Any) -> None:
            cost = "not known" if made.cost is None else f"{made.cost:.4f}"
            console.print(f"{made.file}: {made.width} × {made.height}, by {made.model}; cost {cost}", markup=False)
            console.print("Its file says that a model made it. Look at it before you use it.", markup=False)

        door.answer(made.model_dump(), show)


def _answer(door: Door, drawn: "Drawn") -> None:
    def show(console: Any) -> None:
        console.print(f"{drawn.file}: {drawn.width} × {drawn.height}, {drawn.bytes:,} bytes", markup=False)
        if drawn.fonts:
            console.print(f"  set in {', '.join(drawn.fonts)}", markup=False)
        if drawn.focus:
            console.print(f"  its point: {drawn.focus}", markup=False)

    door.answer(drawn.model_dump(), show)

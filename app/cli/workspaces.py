"""Make a workspace, or the sample one."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.given_text import read_text


def register(app: typer.Typer) -> None:
    """Add `init` and `sample`."""
    _init(app)
    _sample(app)


def _init(app: typer.Typer) -> None:
    @command(app, "init", example="greenroom init --name 'Tidewater Letters' --timezone Europe/Oslo")
    def init(
        door: Door,
        name: Annotated[str | None, typer.Option(help="What it is called; also what audiences see by default.")] = None,
        timezone: Annotated[str | None, typer.Option(help="An IANA zone; without it, this machine's.")] = None,
        locale: Annotated[str | None, typer.Option(help="The language drafts are written in; en without it.")] = None,
        account: Annotated[list[str] | None, typer.Option(help="bluesky=@me.example, once for each channel.")] = None,
        site_url: Annotated[str | None, typer.Option(help="Where your own site is served: https://example.org")] = None,
        policy: Annotated[
            str | None, typer.Option(help="A YAML file; docs/policy.md and `greenroom policy` say what it may hold.")
        ] = None,
        secret_file: Annotated[
            str | None, typer.Option(help="An owner's secret, where the workspace has members.")
        ] = None,
    ) -> None:
        """Make a workspace and choose it. One that is there already is chosen, and takes on what you say here."""
        from app.cli.secrets_given import secret_in
        from app.founding import Wanted, founded

        wanted = Wanted(
            name=name,
            timezone=timezone,
            locale=locale,
            accounts=_pairs(account),
            site_url=site_url,
            policy=_policy(policy),
        )
        space, swept = founded(door.settings, wanted, secret=secret_in(secret_file))
        body: dict[str, Any] = {"workspace": space.id, "home": str(door.settings.home)}
        body |= {"name": space.name, "timezone": space.timezone}
        if swept.voided or swept.too_late:
            body |= swept.model_dump(mode="json")
        door.answer(body, lambda console: _show(console, door, space, swept))


def _sample(app: typer.Typer) -> None:
    @command(app, "sample", example="greenroom sample")
    def sample(door: Door) -> None:
        """Make the sample workspace: a fictional creator's two years of work, to try things on."""
        from app.cli.material import importing
        from app.founding import found_sample

        space, folder = found_sample(door.settings)
        report = importing(door, [folder], workspace=space.id)
        body = {"workspace": space.id, "home": str(door.settings.home), "works": report.works}
        door.answer(
            body, lambda console: console.print(f"Sample workspace [bold]{space.name}[/]: {report.works} past works.")
        )


def _show(console: Any, door: Door, space: Any, swept: Any) -> None:
    lines = [f"Workspace {space.name} ({space.id}) in {door.settings.home}"]
    if swept.voided:
        lines.append(f"Unsent posts that were for another account, and are out of date now: {len(swept.voided)}.")
        lines.append("Make a new version of each with:  greenroom revise ID")
    lines += [f"{each.proposal}: {each.reason}" for each in swept.too_late]
    lines.append("Next, bring in your past work:  greenroom import FOLDER")
    console.print("\n".join(lines), markup=False)


def _pairs(said: list[str] | None) -> dict[str, str] | None:
    from core.errors import BadInput

    if said is None:
        return None
    pairs = [each.partition("=") for each in said]
    if bad := [each for each, pair in zip(said, pairs, strict=True) if not (pair[0] and pair[2])]:
        raise BadInput(f"--account {bad[0]!r} is no channel and account.", "For example: --account bluesky=@me.example")
    return {name: account for name, _, account in pairs}


def _policy(file: str | None) -> dict[str, Any] | None:
    if file is None:
        return None
    import yaml

    from core.bounds import holds_too_much
    from core.errors import BadInput

    try:
        said = yaml.safe_load(read_text(file)) or {}
    except yaml.YAMLError as error:
        raise BadInput(f"{file} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(said, dict) or holds_too_much(said):
        raise BadInput(f"{file} holds no policy.", "It is a mapping; see docs/policy.md.")
    return said

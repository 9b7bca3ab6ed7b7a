"""What models may cost, and what they cost."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command
from app.cli.secrets_given import As, SecretFile, speaking


def register(app: typer.Typer) -> None:
    """Add `budget` and `usage`."""
    group = typer.Typer(help="What model calls may cost: stopped before more is spent.", no_args_is_help=True)
    _set(group)
    _list(group)
    app.add_typer(group, name="budget")
    _usage(app)


def _set(group: typer.Typer) -> None:
    @command(group, "set", example="greenroom budget set --month 20 --brief 0.5 --member anna=5")
    def set_(
        door: Door,
        month: Annotated[str | None, typer.Option(help="A workspace's month: 20, 500k tokens, or off.")] = None,
        brief: Annotated[str | None, typer.Option(help="Each brief: 0.5, 50k tokens, or off.")] = None,
        member: Annotated[list[str] | None, typer.Option(help="A member's month: anna=5. May be repeated.")] = None,
        as_: As = None,
        secret_file: SecretFile = None,
    ) -> None:
        """Set limits. A call that could go beyond one is not made: you choose how to go on (exit 7)."""
        from app.spending import set_budget
        from core.errors import WrongUse

        if month is None and brief is None and not member:
            raise WrongUse("No limit is named.", "For example: greenroom budget set --month 20")
        asked: list[tuple[str, str, str | None]] = [("month", "", month), ("brief", "", brief)]
        for each in member or []:
            name, sign, amount = each.rpartition("=")
            if not sign or not name.strip():
                raise WrongUse(f"--member {each!r} names no member and amount.", "For example: --member anna=5")
            asked.append(("member", name.strip(), amount))
        secret = speaking(door, as_, secret_file)
        for scope, subject, limit in asked:
            if limit is not None:
                set_budget(door.studio, scope, limit, subject=subject, by=as_, secret=secret)  # type: ignore[arg-type]
        _tell(door, None)


def _list(group: typer.Typer) -> None:
    @command(group, "list", example="greenroom budget list --brief b_0123456789ab")
    def list_(
        door: Door,
        brief: Annotated[str | None, typer.Option(help="Where this brief stands, too.")] = None,
    ) -> None:
        """List the limits, and what is spent, set aside for calls under way, and left."""
        _tell(door, brief)


def _tell(door: Door, brief: str | None) -> None:
    from app.modelling import currency_of
    from app.spending import budget_line, budgets

    currency = currency_of(door.studio)
    found = budgets(door.studio, brief)

    def show(console: Any) -> None:
        for each in found:
            console.print(budget_line(each, currency), markup=False)
        if not found:
            console.print("No limit is set: greenroom budget set --month 20")

    door.answer({"currency": currency, "budgets": found}, show)


def _usage(app: typer.Typer) -> None:
    @command(app, "usage", example="greenroom usage --by stage --brief b_0123456789ab")
    def usage(
        door: Door,
        brief: Annotated[str | None, typer.Option(help="Only this brief's calls.")] = None,
        by: Annotated[
            str | None, typer.Option(help="In parts: stage, proposal, member, month, endpoint or brief.")
        ] = None,
    ) -> None:
        """Say what model calls cost so far, and with --by what each stage, proposal, member or month did."""
        from app.modelling import currency_of
        from app.spending import usage as told

        total, parts = told(door.studio, brief, by)
        currency = currency_of(door.studio)
        body = {**total.model_dump(mode="json"), "currency": currency}
        if by is not None:
            body |= {"by": by, "parts": [each.model_dump(mode="json") for each in parts]}

        def show(console: Any) -> None:
            console.print(
                f"{total.model_calls} model calls, {total.input_tokens} tokens in ({total.cached_tokens} of them kept "
                f"by the server), {total.output_tokens} out, {total.cost:.4f} {currency} where prices are known",
                soft_wrap=True,
            )
            if total.estimated:
                console.print(f"{total.estimated} calls were not counted by their server: their tokens are estimated")
            for each in parts:
                tokens = f"{each.input_tokens} in, {each.output_tokens} out"
                price = f"{each.cost:.4f} {currency}" + (f", {each.unpriced} without a price" if each.unpriced else "")
                console.print(f"  {each.key}: {each.model_calls:g} calls, {tokens}, {price}", markup=False)

        door.answer(body, show)

"""The workspace's policy as it is in force, with what each field means."""

from typing import Annotated, Any

import typer

from app.cli.door import Door, command


def register(app: typer.Typer) -> None:
    """Add `policy`."""

    @command(app, "policy", example="greenroom policy show")
    def policy(door: Door, what: Annotated[str, typer.Argument(help="`show`.")] = "show") -> None:
        """Show the policy in force, defaults included. Change it with: greenroom init --policy FILE"""
        from core.errors import WrongUse
        from core.policy import described, policy_of

        if what != "show":
            raise WrongUse(f"{what!r} is not understood here.", "Use: greenroom policy show")
        in_force = policy_of(door.studio.workspace).model_dump(mode="json")
        said = door.studio.workspace.policy
        fields = [
            {"field": each.path, "value": _at(in_force, each.path), "default": each.default, "meaning": each.meaning}
            for each in described()
            if "[]" not in each.path
        ]

        def show(console: Any) -> None:
            for each in fields:
                if not isinstance(each["value"], dict) or "." in each["field"] or not each["value"]:
                    console.print(f"{each['field']}: {_plain(each['value'])}", style="bold", markup=False)
                    console.print(f"    {each['meaning']}", markup=False)

        door.answer({"policy": in_force, "said": said, "fields": fields}, show)


def _at(value: Any, path: str) -> Any:
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "-" if value in (None, [], {}) else str(value)

"""The terminal's one boundary: shared options, one way to print, one place where errors become exit codes."""

import inspect
import json
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.visible import escaped, visible
from core.errors import GreenroomError, WrongUse

if TYPE_CHECKING:
    from rich.console import Console

    from app.settings import Settings
    from app.studio import Studio

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object on stdout, nothing else there.")]
WorkspaceName = Annotated[str | None, typer.Option("--workspace", help="Which workspace (GREENROOM_WORKSPACE).")]
Home = Annotated[Path | None, typer.Option("--home", help="Where everything is kept (GREENROOM_HOME).")]
_SHARED = {"json_": (Json, False), "workspace": (WorkspaceName, None), "home": (Home, None)}


class Door:
    """What a command is given: the studio (opened when first used) and a way to answer."""

    def __init__(self, *, json_: bool, workspace: str | None, home: Path | None) -> None:
        self.json = json_
        self._chosen: dict[str, Any] = {"workspace": workspace, "home": home}

    @cached_property
    def settings(self) -> "Settings":
        """The environment's settings with this command's flags over them."""
        from app.settings import Settings

        return Settings(**{name: value for name, value in self._chosen.items() if value is not None})

    @cached_property
    def studio(self) -> "Studio":
        """The one face behind every door."""
        from app.studio import Studio

        return Studio.open(self.settings)

    @cached_property
    def console(self) -> "Console":
        """Where people read: stdout, or stderr when stdout carries JSON."""
        from app.cli.terminal import Terminal

        return Terminal(stderr=self.json, highlight=False)

    @property
    def named(self) -> str | None:
        """The workspace that this very call names, if it does."""
        name = self._chosen["workspace"]
        return None if name is None else str(name)

    def answer(self, value: dict[str, Any], show: Callable[["Console"], None]) -> None:
        """Print `value` as JSON, or let `show` print it for a person."""
        if self.json:
            print(escaped(json.dumps(value, ensure_ascii=False, indent=2, default=str)))
        else:
            show(self.console)

    def close(self) -> None:
        """Let go of the database and the index."""
        if "studio" in self.__dict__:
            with suppress(OSError):
                self.studio.close()


def complain(error: GreenroomError, as_json: bool) -> int:
    """Say what happened, what is safe and what to do; return the exit code."""
    hint = f" {error.hint}" if error.hint else ""
    print(visible(f"greenroom: {error.message}{hint}"), file=sys.stderr)
    if as_json:
        body = {"kind": error.kind, "message": error.message, "hint": error.hint}
        print(escaped(json.dumps({"error": {**body, **error.details}}, ensure_ascii=False)))
    return error.exit_code


def unexpected(error: Exception) -> GreenroomError:
    """Return an error of the machine (a full disk, a bad setting) or of ours as one that can be shown in one line."""
    if type(error).__name__ == "ValidationError" and "Settings" in str(error):
        first = error.errors()[0]  # type: ignore[attr-defined]
        where = f"GREENROOM_{'.'.join(map(str, first['loc']))}".upper()
        return WrongUse(f"The setting {where} can't be used: {first['msg']}.", "docs/settings.md lists them.")
    words = " ".join(str(error).split())[:300] or "no more is known"
    hint = "" if isinstance(error, OSError) else "What was finished is kept; if it stays, please report it."
    return GreenroomError(f"{type(error).__name__}: {words}.", hint)


def command(app: typer.Typer, name: str, *, example: str = "") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function `f(door, …)` as a command with the shared options and the one error boundary."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        own = inspect.signature(function)
        shared = [
            inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation)
            for key, (annotation, default) in _SHARED.items()
        ]
        mine = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for key, p in own.parameters.items() if key != "door"]

        @wraps(function)
        def run(**values: Any) -> None:
            door = Door(**{key: values.pop(key) for key in _SHARED})
            code = 0
            try:
                function(door, **values)
            except GreenroomError as error:
                code = complain(error, door.json)
            except BrokenPipeError:
                with suppress(OSError):
                    sys.stdout.close()
            except Exception as error:
                if isinstance(error, typer.Exit | typer.Abort):
                    raise
                code = complain(unexpected(error), door.json)
            finally:
                door.close()
            if code:
                raise typer.Exit(code)

        run.__signature__ = own.replace(parameters=[*mine, *shared])  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in [*mine, *shared]}
        epilog = f"Example: {example}" if example else None
        app.command(name, epilog=epilog)(run)
        return run

    return register

"""What a person says to connect an account: by option, from the standard input or a file, or when asked.

A secret is never taken from the command's own words: those stay in the shell's history and in the list of processes.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

import typer

from core.errors import BadInput, WrongUse
from publishing.connecting import Field, Wanted
from publishing.settling import new_signing_secret


class Answers:
    """The values by field name, as they come in. `made`: secrets that were made here, to be shown once."""

    def __init__(self, need: Wanted, *, ask: bool) -> None:
        self._need = need
        self._asks = ask and sys.stdin.isatty()
        self._shows = ask
        self.values: dict[str, str] = {}
        self.made: dict[str, str] = {}

    def take(self, plain: Sequence[str], secret: Sequence[str], files: Sequence[str]) -> None:
        """Take what the options say. Raises WrongUse for a secret in the command's words, without repeating it."""
        for said in plain:
            name, value = _pair("--set", said)
            self._put(name, value, secret=False)
        for said in secret:
            name, value = _pair("--secret", said)
            if value != "-":
                raise WrongUse(f"{name} was given in the command itself; nothing was kept.", _why(name))
            self._put(name, _line(name), secret=True)
        for said in files:
            name, path = _pair("--secret-file", said)
            self._put(name, _content(name, Path(path)), secret=True)

    def account(self) -> str | None:
        """Ask for the account, where somebody can be asked."""
        if self._need.built_in or not self._asks:
            return None
        return str(typer.prompt(f"Account ({self._need.account})", err=True))

    def ask_for_the_rest(self) -> None:
        """Ask for what is still missing, where somebody can be asked; make the secrets that are ours to make."""
        for field in self._need.fields:
            if field.name in self.values:
                continue
            if field.generated and self._shows:
                self.values[field.name] = self.made[field.name] = new_signing_secret()
            elif self._asks and field.default is None and not field.from_file:
                self.values[field.name] = _asked(field)

    def _put(self, name: str, value: str, *, secret: bool) -> None:
        field = next((each for each in self._need.fields if each.name == name), None)
        if field is None:
            takes = ", ".join(each.name for each in self._need.fields) or "nothing"
            raise BadInput(f"{self._need.label} has no {name}.", f"It takes: {takes}.")
        if field.secret and not secret:
            raise WrongUse(f"{name} is secret; nothing was kept.", _why(name))
        if name in self.values:
            raise WrongUse(f"{name} was given twice.")
        if secret and not value.strip():
            raise BadInput(f"{name} is empty.", "Nothing was kept.")
        self.values[name] = value


def _asked(field: Field) -> str:
    """Ask for one value. What is secret is not echoed; what may be left out is, by the Enter key."""
    help_ = field.help if field.required else f"{field.help}; Enter for none".removeprefix("; ")
    label = f"{field.label} ({help_})" if help_ else field.label
    default = None if field.required else ""
    return str(typer.prompt(label, default=default, show_default=False, hide_input=field.secret, err=True))


def _pair(option: str, said: str) -> tuple[str, str]:
    name, sign, value = said.partition("=")
    if not (name and sign):
        raise BadInput(f"{option} wants a name and a value.", f"For example: {option} name=value")
    return name.strip(), value


def _why(name: str) -> str:
    return (
        "What is in a command stays in the shell's history and in the list of processes. "
        f"Use --secret {name}=- (standard input) or --secret-file {name}=PATH."
    )


def _line(name: str) -> str:
    if sys.stdin.isatty():
        return str(typer.prompt(name, hide_input=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")


def _content(name: str, path: Path) -> str:
    try:
        return path.expanduser().read_text(encoding="utf-8").strip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The file for {name}, {path}, can't be read: {type(error).__name__}.") from None

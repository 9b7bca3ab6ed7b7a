"""Slash commands: what a person types becomes the same typed call that a model would make, without asking a model."""

import re
import shlex
from functools import lru_cache
from importlib import resources
from typing import Any

from pydantic import Field

from core.base import Noun

WHERE = (
    "Nothing here publishes or decides, and no tool can. You decide: on the card, or with "
    "`greenroom decide {which} approve --sha …` (edit, changes, reject, hold)."
)
_COMMAND = re.compile(r"/([a-z]+)(?:\s+(.*))?\s*", re.DOTALL | re.IGNORECASE)
_ID = re.compile(r"[a-z]{1,5}_[0-9a-z]{12}")
_OPTION = re.compile(r"\s--([a-z]+)[ =](\"[^\"]*\"|\S+)")


class Command(Noun):
    """One slash command: the tool it calls, and which argument takes what is typed."""

    name: str
    says: str
    example: str
    tool: str = ""  # none: it is answered in words
    takes: tuple[str, ...] = ()  # arguments in the order in which they are typed; the last one takes the rest
    needs: int = 0  # how many of them must be there
    options: dict[str, str] = Field(default_factory=dict)  # what --name fills
    listed: tuple[str, ...] = ()  # options that are lists, comma-separated
    numbers: tuple[str, ...] = ()
    either: str = ""  # the argument that an id fills instead of the first one
    fixed: dict[str, Any] = Field(default_factory=dict)


class Slash(Noun):
    """What a line came to: a call, or words where there is nothing to call."""

    tool: str = ""
    arguments: dict[str, Any] = Field(default_factory=dict)
    words: str = ""


@lru_cache(maxsize=1)
def commands() -> tuple[Command, ...]:
    """Return the commands of `slash.yaml`."""
    import yaml

    text = resources.files(__package__).joinpath("slash.yaml").read_text(encoding="utf-8")
    return tuple(Command.model_validate(row) for row in yaml.safe_load(text))


def read(text: str) -> Slash | None:
    """Return what a line asks for; None where it is no command (a path, a fraction, plain words)."""
    found = _COMMAND.fullmatch(text.strip())
    if not found:
        return None
    name, rest = found[1].lower(), (found[2] or "").strip()
    command = next((each for each in commands() if each.name == name), None)
    if command is None:
        return Slash(words=f"There is no command /{name}.\n\n{listing()}")
    if not command.tool:
        return Slash(words=listing() if command.name == "help" else _you_decide(rest))
    return _call(command, rest)


def listing() -> str:
    """Return the commands as a list for the chat."""
    lines = [f"- `{each.example}`: {each.says}" for each in commands()]
    return "\n".join(["Commands (plain words do as well):", *lines])


def table() -> str:
    """Return the commands as a Markdown table, for the documentation."""
    rows = [f"| `{each.example}` | {each.says} | {each.tool and f'`{each.tool}`'} |" for each in commands()]
    return "\n".join(["| you type | it does | tool |", "|---|---|---|", *rows])


def _call(command: Command, rest: str) -> Slash:
    arguments, rest = _options(command, rest)
    if command.either and _ID.fullmatch(rest):
        return Slash(tool=command.tool, arguments={**command.fixed, **arguments, command.either: rest})
    places = rest.split(maxsplit=len(command.takes) - 1) if command.takes and rest else []
    if len(places) < command.needs:
        return Slash(words=f"/{command.name} needs more: for example `{command.example}`.")
    typed = dict(zip(command.takes, map(_bare, places), strict=False))
    return Slash(tool=command.tool, arguments={**command.fixed, **arguments, **typed})


def _options(command: Command, rest: str) -> tuple[dict[str, Any], str]:
    """Return the options that a command knows, and the text without them; another `--word` is part of the text."""
    found: dict[str, Any] = {}

    def taken(match: re.Match[str]) -> str:
        name = command.options.get(match[1])
        if name is None:
            return match[0]
        value = match[2].strip('"')
        if name in command.listed:
            found[name] = [part.strip() for part in value.split(",") if part.strip()]
        else:
            found[name] = int(value) if name in command.numbers and value.isdecimal() else value
        return ""

    left = _OPTION.sub(taken, f" {rest}")
    return found, left.strip()


def _bare(text: str) -> str:
    """Return one quoted argument without its quotation marks."""
    try:
        [only] = shlex.split(text) if text[:1] == text[-1:] == '"' and len(text) > 1 else [text]
    except ValueError:
        return text
    return only


def _you_decide(rest: str) -> str:
    named = _ID.search(rest)
    return WHERE.format(which=named[0] if named else "ID")

"""What stands in works, drafts and names is never carried out by the terminal that shows it."""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.table import Table
from rich.text import Text
from typer.testing import CliRunner

from app.cli import build
from app.cli.terminal import Terminal
from app.visible import shown_on, visible
from tests.making import make_studio
from tests.memory.making import NOON

HOSTILE = "The tin\x1b]0;owned\x07 \x1b[2J\x9b31m is\r gone \u202edesrever\n"
SHOWN = "The tin␛]0;owned␇ ␛[2J\N{REPLACEMENT CHARACTER}31m is␍ gone \N{REPLACEMENT CHARACTER}desrever"


class Screen(io.StringIO):
    """Where a person looks."""

    def isatty(self) -> bool:
        return True


def test_what_is_obeyed_is_shown_as_a_sign_and_writing_stays() -> None:
    assert visible(HOSTILE) == f"{SHOWN}\n"
    plain = "Tab\tand line\r\nעברית \u200f\u200f café 👩‍🚒\n"
    assert visible(plain) == plain.replace("\r\n", "\n")
    assert (shown_on(Screen(), HOSTILE), shown_on(io.StringIO(), HOSTILE)) == (f"{SHOWN}\n", HOSTILE)


def _table(cell: str) -> Table:
    table = Table(show_header=False)
    table.add_row(cell)
    return table


@pytest.mark.parametrize("make", [str, Text, _table])
def test_the_console_obeys_nothing_and_keeps_its_own_colours(make: Callable[[str], Any]) -> None:
    screen = Screen()
    console = Terminal(file=screen, force_terminal=True, color_system="standard", width=120, highlight=False)
    console.print(make(HOSTILE), style="red", markup=False)
    printed = screen.getvalue()
    assert "\x1b[31m" in printed and "The tin␛]0;owned" in printed and "␛[2J" in printed
    assert all(sign not in printed for sign in ("\x1b]", "\x1b[2J", "\x07", "\x9b", "\r", "\u202e"))


def test_commands_show_what_is_hostile_and_json_has_every_byte(tmp_path: Path) -> None:
    studio = make_studio(tmp_path, lambda: NOON, letters=False)
    studio.close()
    file = tmp_path / "said.md"
    file.write_text(f"Marit kept the the tin. {HOSTILE}", encoding="utf-8")

    def run(*words: str) -> str:
        return CliRunner().invoke(build(), [*words, "--home", str(studio.settings.home)]).output

    told = [run("assist", str(file)), run("show", "p_\x1b[2J")]
    assert "tin. The tin␛]0;owned" in told[0] and "␛[2J" in told[1]
    assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set("".join(told))
    named = tmp_path / "\x1b[2J\x9b.md"
    file.rename(named)
    shown = run("assist", str(named), "--json")
    assert not {"\x1b", "\x9b"} & set(shown) and json.loads(shown)["target"] == str(named)

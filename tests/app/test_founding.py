"""A workspace's id is made of its name, whatever script that is in."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.founding import slug
from core.errors import BadInput


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("Tidewater Letters", "tidewater-letters"),
        ("Café Österreich", "cafe-osterreich"),
        ("Łódź, Ørsted & Straße", "lodz-orsted-strasse"),
        ("余白 Studio", "studio"),
        ("2026", "2026"),
    ],
)
def test_latin_letters_are_kept_as_they_are_read(name: str, made: str) -> None:
    assert slug(name) == made


@pytest.mark.parametrize("name", ["余白", "Мастерская", "مساحة العمل", "สวนหลังบ้าน", "Студия A"])
def test_another_script_has_a_neutral_id_that_stays(name: str) -> None:
    made = slug(name)
    assert made.startswith("workspace-")
    assert len(made) == len("workspace-") + 8
    assert made == slug(f" {name} ")
    assert made != slug(name + name)


@pytest.mark.parametrize("name", ["🌱🌿", "—", "!!"])
def test_a_name_without_letters_is_refused_with_what_to_do(name: str) -> None:
    with pytest.raises(BadInput) as refused:
        slug(name)
    assert "--workspace" in refused.value.hint


def test_init_says_the_id_and_finds_the_workspace_again(tmp_path: Path) -> None:
    run, home = CliRunner(), ["--home", str(tmp_path)]
    first = run.invoke(build(), ["init", "--name", "余白", "--json", *home])
    again = run.invoke(build(), ["init", "--name", "余白", *home])
    assert first.exit_code == again.exit_code == 0, first.output + again.output
    made = json.loads(first.stdout)
    assert slug("余白") in json.dumps(made)
    assert f"余白 ({slug('余白')})" in again.output

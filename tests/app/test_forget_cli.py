"""Forgetting at the terminal: looked at first, asked about, and answered with a receipt that can be checked."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.cli import forgetting as door
from memory import Memory
from memory.importers import collect
from tests.memory.traces import traces

Call = Callable[..., dict[str, Any]]
PHRASE = "the quorlbane ferry left the pier before the brindlewax bell had rung at all"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GREENROOM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GREENROOM_CREDENTIALS", "file")
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "ferry.md").write_text(f"# The ferry\n\nOnce {PHRASE}.\n")
    (letters / "tide.md").write_text("# The tide\n\nNobody waits for it, whatever they say.\n")
    return tmp_path / "home"


@pytest.fixture
def call(home: Path) -> Call:
    runner = CliRunner()

    def run(*words: str, code: int = 0, typed: str | None = None) -> dict[str, Any]:
        done = runner.invoke(build(), [*words, "--json"], input=typed, catch_exceptions=False)
        assert done.exit_code == code, done.output
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    run("init", "--name", "Small harbour")
    memory = Memory.open(home)
    memory.works.remember("small-harbour", collect([home.parent / "letters"]).pieces)
    memory.close()
    return run


def ids(call: Call) -> dict[str, str]:
    return {work["title"]: work["id"] for work in call("works")["works"]}


def test_a_work_goes_and_its_receipt_can_be_checked(call: Call, home: Path) -> None:
    ferry = ids(call)["The ferry"]
    looked = call("forget", ferry, "--dry-run")
    assert looked["works"] == [{"id": ferry, "title": "The ferry"}]
    assert len(ids(call)) == 2
    file = home.parent / "receipt.json"
    signed = call("forget", ferry, "--receipt", str(file))
    assert signed["receipt"]["works"] == [ferry] and signed["receipt"]["pending"] == []
    assert json.loads(file.read_text()) == signed
    assert call("forget", "verify", str(file)) == {
        "ok": True, "ours": True, "in_ledger": True, "id": signed["receipt"]["id"],
    }  # fmt: skip
    assert traces(home, (PHRASE, "quorlbane")) == []
    assert call("forget", ferry)["receipt"] == signed["receipt"]  # asked again, it answers the same
    file.write_text(file.read_text().replace('"work"', '"person"'))
    assert call("forget", "verify", str(file), code=1)["ok"] is False
    assert call("forget", "w_nothing", code=1)["error"]["kind"] == "not_found"
    assert next(check for check in call("doctor", code=1)["checks"] if check["name"] == "forgetting")["ok"]


def test_more_than_works_needs_a_yes_and_a_path_is_read_for_what_it_brought(call: Call, home: Path) -> None:
    letters = str(home.parent / "letters" / "ferry.md")
    assert call("forget", "--source", letters, code=2)["error"]["kind"] == "wrong_use"
    assert call("forget", code=2)["error"]["kind"] == "wrong_use"
    assert len(ids(call)) == 2
    assert call("forget", "--source", letters, "--yes")["receipt"]["removed"]["works"] == 1
    assert list(ids(call)) == ["The tide"]


def test_a_workspace_is_forgotten_by_its_name_and_an_agent_forgets_nothing(
    call: Call, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREENROOM_USER", "agent")
    words = ("forget", "--workspace", "small-harbour", "--yes")
    assert call(*words, code=5)["error"]["kind"] == "not_allowed"
    monkeypatch.delenv("GREENROOM_USER")
    secret = home.parent / "hook.txt"
    secret.write_text("quorlbane-quorlbane-quorlbane-quorlbane\n")
    add = ("channels", "add", "webhook", "--account", "hook", "--no-test", "--set", "url=https://hook.example/in")
    call(*add, "--secret-file", f"signing_secret={secret}")
    assert any((home / "vault").rglob("*"))
    assert call(*words)["receipt"]["kind"] == "workspace"
    assert traces(home, (PHRASE, "small-harbour", "hook.example")) == []
    assert call("works", code=1)["error"]["kind"] == "not_found"


def test_at_a_terminal_it_shows_what_would_go_and_asks(call: Call, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "at_a_terminal", lambda: True)
    ferry, runner = ids(call)["The ferry"], CliRunner()
    no = runner.invoke(build(), ["forget", ferry], input="n\n")
    assert no.exit_code != 0 and "The ferry" in no.output
    assert len(ids(call)) == 2
    yes = runner.invoke(build(), ["forget", ferry], input="y\n")
    assert yes.exit_code == 0 and "signed with the key" in yes.output
    named = runner.invoke(build(), ["forget", "--workspace", "small-harbour"], input="harbour\n")
    assert named.exit_code == 2
    assert len(ids(call)) == 1

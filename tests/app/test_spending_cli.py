"""Budgets, endpoints, usage and what is private, as a person meets them in the terminal."""

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from tests.app.test_private_stays import answering
from tests.fakes.embeddings_server import serving as embeddings_server
from tests.fakes.openai_server import OpenAIServer, Say, openai_server
from tests.making import ASK, write_letters

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def server() -> Iterator[OpenAIServer]:
    """A hosted model that does what it is asked."""
    with openai_server("sk-big") as running:
        answering(running)
        yield running


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home with the small creator's letters in it, whose vectors cost nothing: they are hashes of words."""
    folder, patch = tmp_path_factory.mktemp("spending"), pytest.MonkeyPatch()
    with embeddings_server() as vectors:
        patch.setenv("GREENROOM_EMBEDDING_MODEL", f"openai:{vectors.model}")
        patch.setenv("GREENROOM_EMBEDDING_URL", vectors.base_url)
        patch.setenv("GREENROOM_EMBEDDING_KEY", vectors.key)
        for words in (["init", "--name", "Small harbour"], ["import", str(write_letters(folder / "letters"))]):
            assert CliRunner().invoke(build(), [*words, "--home", str(folder / "home")]).exit_code == 0
        yield folder / "home"
    patch.undo()


@pytest.fixture
def run(home: Path, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Run a command against the hosted model; `code` is the exit code that it must have."""
    monkeypatch.setenv("BIG_KEY", "sk-big")
    big = {"model": "big-1", "base_url": server.base_url, "key_env": "BIG_KEY", "max_retries": 0}
    models = {"models": {"big": {**big, "price_in": 2.0, "price_out": 10.0, "max_output": 500}}, "currency": "NOK"}
    monkeypatch.setenv("GREENROOM_MODELS", json.dumps(models))
    server.journal.clear()

    def run(*words: str, code: int = 0, as_json: bool = True) -> Any:
        options = ["--home", str(home), *(["--json"] if as_json else [])]
        result = CliRunner().invoke(build(), [*words, *options])
        assert result.exit_code == code, (result.exit_code, result.output, result.stderr)
        return json.loads(result.stdout) if as_json else result.output

    yield run
    run("budget", "set", "--month", "off", "--brief", "off", "--member", "owner=off", "--member", "anna=off")


def test_limits_are_set_listed_and_taken_away(run: Run) -> None:
    told = run("budget", "set", "--month", "20", "--brief", "50k tokens", "--member", "anna=5")
    assert told["currency"] == "NOK"
    assert [(b["scope"], b["subject"], b["amount"], b["unit"]) for b in told["budgets"]] == [
        ("brief", "", 50_000.0, "tokens"), ("member", "anna", 5.0, "money"), ("month", "", 20.0, "money"),
    ]  # fmt: skip
    said = run("budget", "list", as_json=False)
    assert "each brief: 50,000 tokens" in said and "anna, each month: 5.00 NOK, 5.00 NOK left" in said
    assert run("budget", "set", "--month", "off", "--brief", "off", "--member", "anna=off")["budgets"] == []
    assert "No limit is set" in run("budget", "list", as_json=False)


@pytest.mark.parametrize(
    ("words", "about"),
    [
        (("--month", "much"), "'much' is no amount"),
        (("--month", "-3"), "'-3' is no amount"),
        (("--brief", "5k"), "'5k' is no amount"),
        (("--member", "anna"), "--member 'anna' names no member"),
        ((), "No limit is named"),
    ],
)
def test_what_is_no_limit_is_refused_and_sets_nothing(run: Run, words: tuple[str, ...], about: str) -> None:
    error = run("budget", "set", "--brief", "1", *words, code=2) if words else run("budget", "set", code=2)
    assert about in error["error"]["message"]
    assert run("budget", "list")["budgets"] == []


def test_a_brief_stops_before_it_overspends_and_goes_on_as_a_person_chooses(run: Run, server: OpenAIServer) -> None:
    run("budget", "set", "--brief", "0.001")
    error = run("brief", ASK, "--channels", "bluesky,x", code=7)["error"]
    assert (error["kind"], error["scope"], error["unit"]) == ("over_budget", "brief", "money")
    assert "Stopped before overspending: the next call (plan) could cost up to" in error["message"]
    brief = error["brief_id"]
    assert f"greenroom brief --resume {brief} --raise" in error["hint"] and "--endpoint rehearsal" in error["hint"]
    assert server.journal == []
    assert run("usage", "--brief", brief)["model_calls"] == 0

    assert run("brief", "--resume", brief, "--raise", "lots", code=2)["error"]["kind"] == "bad_input"
    assert run("brief", "--resume", brief, "--endpoint", "nobody", code=2)["error"]["kind"] == "bad_input"
    done = run("brief", "--resume", brief, "--raise", "0.5")
    assert {each["channel"] for each in done["proposals"]} == {"bluesky", "x"}
    [limit] = run("budget", "list", "--brief", brief)["budgets"]
    assert limit["limit"] == pytest.approx(0.501) and 0 < limit["spent"] < 0.501 and limit["reserved"] == 0


def test_half_way_what_was_paid_for_is_kept(run: Run, server: OpenAIServer) -> None:
    run("budget", "set", "--brief", "0.0285")  # for the plan and one draft
    channels = "bluesky,x,mastodon,linkedin"
    brief = run("brief", ASK, "--channels", channels, code=7)["error"]["brief_id"]
    asked = len(server.journal)
    assert 1 <= asked < 5
    done = run("brief", "--resume", brief, "--endpoint", "rehearsal")
    assert {each["channel"] for each in done["proposals"]} == set(channels.split(","))
    assert len(server.journal) == asked  # from there on nobody was asked
    models = [each["provenance"]["model"] for each in done["proposals"]]
    assert models.count("big-1") == asked - 1 and "rehearsal" in models


def test_usage_says_what_each_proposal_cost(run: Run) -> None:
    made = run("brief", ASK, "--channels", "bluesky,x")
    told = run("usage", "--by", "proposal", "--brief", made["brief_id"])
    assert {part["key"] for part in told["parts"]} == {each["id"] for each in made["proposals"]}
    assert [part["model_calls"] for part in told["parts"]] == [1.5, 1.5]  # a draft, and half of the plan
    assert sum(part["cost"] for part in told["parts"]) == pytest.approx(told["cost"])
    for by, key in (("stage", "draft"), ("member", "owner"), ("endpoint", "big"), ("brief", made["brief_id"])):
        assert key in {part["key"] for part in run("usage", "--by", by)["parts"]}
    assert "NOK" in run("usage", "--by", "month", as_json=False)
    assert "can't be told by 'colour'" in run("usage", "--by", "colour", code=2)["error"]["message"]


def test_endpoints_are_listed_without_keys_and_tried(run: Run, server: OpenAIServer) -> None:
    listed = run("models", "list")
    [big] = listed["models"]
    assert (big["name"], big["kind"], big["has_key"], big["price_in"]) == ("big", "hosted", True, 2.0)
    assert "sk-big" not in json.dumps(listed)
    server.script(Say('{"word": "harbour"}'))
    assert run("models", "test", "big")["ok"]
    server.script(Say(status=500, error="broken"))
    failed = run("models", "test", "big", code=1)
    assert not failed["ok"] and failed["error"]
    assert "There are: big." in run("models", "test", "small", code=1)["error"]["hint"]


def test_a_bad_endpoint_is_named_with_its_field(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("GREENROOM_MODELS")
    file = home / "models.toml"
    for text, where in (
        ('[models.big]\nmodel = "m"\nkind = "cloud"\n', "models.toml: models.big.kind"),
        ('[models.big]\nmodel = "m"\napi_key = "sk-1"\n', "models.toml: models.big: a key has no place"),
        ('[models.big]\nmodel = "m"\nkey_env = "NO_SUCH"\n', "models.toml: models.big.key_env"),
        ('[models.big]\nmodel = "m"\n[routing]\nprivate = ["house"]\n', "routing names “house”"),
        ("[models\n", "models.toml can't be read"),
    ):
        file.write_text(text, encoding="utf-8")
        assert where in run("models", "list", code=2)["error"]["message"]
    file.unlink()
    assert run("models", "list")["models"] == []


def test_a_work_is_kept_private_and_opened_again(run: Run, server: OpenAIServer, tmp_path: Path) -> None:
    (tmp_path / "diary.md").write_text("# The diary\n\nNobody knows that the verger paid for the organ himself.\n")
    run("import", str(tmp_path), "--private")
    [diary] = [work for work in run("works")["works"] if work["title"] == "The diary"]
    assert diary["private"]
    made = run("brief", "Tell it", "--from", diary["id"], "--channels", "bluesky")
    assert [each["provenance"]["model"] for each in made["proposals"]] == ["rehearsal"]
    assert server.journal == []
    run("works", "mark", diary["id"], "open")
    assert not any(work["private"] for work in run("works")["works"])
    run("works", "mark", diary["id"], "private")
    assert "is nothing a work can be marked" in run("works", "mark", diary["id"], "secret", code=2)["error"]["message"]
    assert run("works", "mark", "w_nothing", "private", code=1)["error"]["kind"] == "not_found"


def test_a_private_brief_stops_where_the_house_has_no_model(
    run: Run, server: OpenAIServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = json.loads(os.environ["GREENROOM_MODELS"])
    monkeypatch.setenv("GREENROOM_MODELS", json.dumps({**told, "routing": {"private_without": "stop"}}))
    error = run("brief", ASK, "--channels", "bluesky", "--private", code=5)["error"]
    assert error["kind"] == "private" and "Nothing was sent" in error["message"]
    assert server.journal == []

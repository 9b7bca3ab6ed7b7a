"""The command line as a person and a script use it: real processes, JSON, exit codes, kill -9."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.app import warm
from tests.making import ASK, CHANNELS, write_letters

GREENROOM = [sys.executable, "-c", "from app.cli import main; main()"]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small creator's letters in it, made by the commands themselves."""
    folder = tmp_path_factory.mktemp("cli")
    run = runner(folder / "home")
    made = run("init", "--name", "Small harbour", "--timezone", "Europe/Oslo", "--json")
    assert json.loads(made.stdout) == {
        "workspace": "small-harbour",
        "home": str(folder / "home"),
        "name": "Small harbour",
        "timezone": "Europe/Oslo",
    }
    letters = write_letters(folder / "letters")
    (letters / "broken.jsonl").write_text('{"title": "no body"}\n')
    imported = json.loads(run("import", str(letters), "--json").stdout)
    assert {k: imported[k] for k in ("imported", "updated", "unchanged", "works")} == {
        "imported": 4,
        "updated": 0,
        "unchanged": 0,
        "works": 4,
    }
    [failure] = imported["failed"]
    assert "broken.jsonl" in failure["path"]
    return folder / "home"


def runner(home: Path) -> Run:
    """Return a function that runs a command on a home."""

    def run(*words: str, code: int = 0, stdin: str | None = None, **env: str) -> subprocess.CompletedProcess[str]:
        done = warm.run(list(words), {**os.environ, "GREENROOM_HOME": str(home), **env}, stdin)
        assert done.returncode == code, (words, done.returncode, done.stdout, done.stderr)
        return done

    return run


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command on the module's home."""
    return runner(home)


def brief(run: Run, *channels: str) -> list[dict[str, Any]]:
    """Start a brief and return its proposals."""
    done = run("brief", ASK, "--channels", ",".join(channels), "--json")
    proposals: list[dict[str, Any]] = json.loads(done.stdout)["proposals"]
    return proposals


def test_the_main_job_from_brief_to_published(run: Run) -> None:
    result = json.loads(run("brief", ASK, "--channels", ",".join(CHANNELS), "--json").stdout)
    assert set(result) >= {"brief_id", "proposals", "usage", "seconds"}
    assert set(result["usage"]) >= {"model_calls", "input_tokens", "output_tokens", "cost"}
    keys = {
        *("id", "brief_id", "channel", "account", "locale", "variant", "state", "colour", "shape", "payload", "text"),
        *("sha", "at", "voice", "findings", "receipts", "provenance"),
    }
    assert all(set(p) >= keys for p in result["proposals"])
    site = next(p for p in result["proposals"] if p["channel"] == "site")

    run("decide", site["id"], "approve", "--sha", "0" * 64, code=3)
    decided = json.loads(run("decide", site["id"], "approve", "--sha", site["sha"], "--json").stdout)
    assert set(decided["decision"]) >= {"id", "verb", "by", "at", "sha"}
    again = run("decide", site["id"], "approve", "--sha", site["sha"], "--json", code=4)
    assert json.loads(again.stdout)["error"]["kind"] == "already_decided"

    dry = json.loads(run("publish-due", "--dry-run", "--json").stdout)
    assert [p["proposal_id"] for p in dry["published"]] == [site["id"]]
    live = json.loads(run("publish-due", "--json").stdout)
    [published] = live["published"]
    page = Path(published["url"].removeprefix("file://"))
    assert page.read_text(encoding="utf-8") == site["payload"]["page"]
    listed = json.loads(run("publications", "--json").stdout)["publications"]
    [row] = [p for p in listed if p["proposal_id"] == site["id"]]
    assert (row["state"], row["remote_id"], row["url"]) == ("published", published["remote_id"], published["url"])
    assert json.loads(run("ledger", "verify", "--json").stdout)["ok"] is True


def test_kill_9_between_decision_and_publication_publishes_once(run: Run, home: Path) -> None:
    [site] = brief(run, "site")
    claim = (
        "import os, signal, sys; from pathlib import Path; from memory import Memory\n"
        f"m = Memory.open(Path({str(home)!r}))\n"
        f"m.decisions.claim('small-harbour', {site['id']!r}, 'approve', {site['sha']!r}, 'owner')\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", claim], check=False)
    assert killed.returncode == -signal.SIGKILL
    first = json.loads(run("publish-due", "--json").stdout)
    assert [p["proposal_id"] for p in first["published"]] == [site["id"]]
    assert json.loads(run("publish-due", "--json").stdout)["published"] == []


def test_kill_9_while_deciding_and_publishing_loses_nothing(run: Run, home: Path) -> None:
    proposals = brief(run, "site")
    for number, delay in enumerate((0.3, 0.7, 1.1, 1.5)):
        words = (
            ["decide", proposals[0]["id"], "approve", "--sha", proposals[0]["sha"]] if number < 2 else ["publish-due"]
        )
        child = subprocess.Popen(
            [*GREENROOM, *words],
            env={**os.environ, "GREENROOM_HOME": str(home)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(delay)
        child.kill()
        child.wait()
    done = run("decide", proposals[0]["id"], "approve", "--sha", proposals[0]["sha"], code=ANY)
    assert done.returncode in (0, 4)
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        run("publish-due")
        rows = json.loads(run("publications", "--json").stdout)["publications"]
        mine = [p for p in rows if p["proposal_id"] == proposals[0]["id"] and p["state"] != "cancelled"]
        if [p["state"] for p in mine] == ["published"]:
            break
        time.sleep(2)
    assert [p["state"] for p in mine] == ["published"]
    assert json.loads(run("ledger", "verify", "--json").stdout)["ok"] is True


class _Any:
    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


ANY: Any = _Any()


def test_edit_changes_hold_and_undo(run: Run, tmp_path: Path) -> None:
    [site] = brief(run, "site")
    document = run("show", site["id"], "--text").stdout
    body = tmp_path / "body.md"
    body.write_text(document + "\nThe lid still does not close.\n", encoding="utf-8")
    edited = json.loads(
        run("decide", site["id"], "edit", "--sha", site["sha"], "--body-file", str(body), "--json").stdout
    )
    new = edited["new_proposal"]
    assert new["supersedes"] == site["id"] and "The lid still does not close." in new["text"]
    gone = json.loads(run("decide", site["id"], "approve", "--sha", site["sha"], "--json", code=4).stdout)
    assert new["id"] in gone["error"]["message"]
    run("decide", new["id"], "hold", "--sha", new["sha"], "--note", "the photo")
    alone = run("decide", new["id"], "approve", "--sha", new["sha"], "--as", "Ines", "--json", code=5)
    assert "greenroom members add" in json.loads(alone.stdout)["error"]["hint"]
    said = run("decide", new["id"], "approve", "--sha", new["sha"], "--json", GREENROOM_USER="Ines")
    approved = json.loads(said.stdout)
    assert approved["decision"]["by"] == "Ines"
    undone = json.loads(run("undo", approved["decision"]["id"], "--json").stdout)
    assert undone["proposal"]["state"] == "waiting"


def test_a_batch_of_decisions_says_how_each_went(run: Run) -> None:
    first, second = brief(run, "bluesky", "mastodon")
    lines = [
        {"id": first["id"], "verb": "approve", "sha": first["sha"]},
        {"id": second["id"], "verb": "approve", "sha": "f" * 64},
    ]
    done = run("decide", "--file", "-", "--json", stdin="\n".join(map(json.dumps, lines)), code=3)
    results = json.loads(done.stdout)["results"]
    assert results[0]["decision"]["verb"] == "approve"
    assert results[1]["error"]["kind"] == "stale"


def test_a_channel_that_is_not_connected_waits_and_says_so(run: Run) -> None:
    [post] = brief(run, "linkedin")
    run("decide", post["id"], "approve", "--sha", post["sha"])
    report = json.loads(run("publish-due", "--json").stdout)
    [row] = [p for p in report["waiting"] if p["proposal_id"] == post["id"]]
    assert row["state"] == "paused_auth" and "LinkedIn" in row["reason"]


def test_a_time_is_kept_inside_the_hash(run: Run) -> None:
    done = run("brief", ASK, "--channels", "site", "--at", "2036-11-24 08:30", "--json")
    [site] = json.loads(done.stdout)["proposals"]
    assert site["at"] == "2036-11-24T07:30:00Z"
    run("decide", site["id"], "approve", "--sha", site["sha"])
    assert json.loads(run("publish-due", "--json").stdout)["published"] == []
    preview = run("publish-due", "--dry-run", "--now", "2036-11-24 08:31", "--json")
    assert site["id"] in [p["proposal_id"] for p in json.loads(preview.stdout)["published"]]
    planned = json.loads(run("calendar", "--json").stdout)["proposals"]
    assert site["id"] in [p["id"] for p in planned]


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["show", "p_nowhere"], 1, "not_found"),
        (["decide"], 2, "wrong_use"),
        (["brief", "x", "--channels", "myspace"], 2, "bad_input"),
        (["brief", "x", "--at", "whenever"], 2, "bad_input"),
        (["brief", "x", "--from", "no-such-file.md"], 2, "bad_input"),
        (["check", "no-such-file.md", "--channel", "x"], 2, "bad_input"),
        (["recall", "   "], 2, "wrong_use"),
        (["works", "--workspace", "nobody"], 1, "not_found"),
    ],
)
def test_errors_say_what_to_do_in_both_forms(run: Run, words: list[str], code: int, kind: str) -> None:
    done = run(*words, "--json", code=code)
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == kind and error["message"]
    assert done.stderr.startswith("greenroom: ") and len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["show"],
        ["bogus"],
        ["works", "--limit", "abc"],
        ["works", "--limit", "-5"],
        ["brief", "x", "--variants", "9"],
        ["brief", "x", "--channels", ","],
        ["brief", "x " * 5000],
        ["brief", "x", "--locales", "../.."],
        ["recall", b"\xff"],
    ],
)
def test_a_call_that_is_off_is_one_line_and_one_object(home: Path, words: list[Any]) -> None:
    env = {**os.environ, "GREENROOM_HOME": str(home)}
    done = subprocess.run([*GREENROOM, *words, "--json"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert json.loads(done.stdout)["error"]["kind"] in ("wrong_use", "bad_input")
    assert len(done.stderr.strip().splitlines()) == 1


def test_what_the_machine_refuses_is_one_line_too(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    done = runner(tmp_path / "file")("works", "--json", code=1)
    assert json.loads(done.stdout)["error"]["message"]
    assert "Traceback" not in done.stderr
    bad = runner(tmp_path / "home")("works", "--json", code=2, GREENROOM_PORT="abc")
    assert "GREENROOM_PORT" in json.loads(bad.stdout)["error"]["message"]


def test_a_batch_keeps_what_was_done_before_a_bad_line(run: Run) -> None:
    [post] = brief(run, "bluesky")
    lines = [
        json.dumps({"id": post["id"], "verb": "reject", "sha": post["sha"]}),
        json.dumps({"id": post["id"], "verb": "changes", "sha": post["sha"], "note": 5}),
        "[" * 100_000,
    ]
    done = run("decide", "--file", "-", "--json", stdin="\n".join(lines), code=2)
    results = json.loads(done.stdout)["results"]
    assert [("decision" in r, r.get("error", {}).get("kind")) for r in results] == [
        (True, None),
        (False, "bad_input"),
        (False, "bad_input"),
    ]


def test_recall_works_voice_tag_and_check_answer_in_json(run: Run, tmp_path: Path) -> None:
    found = json.loads(run("recall", "who kept the tide tables", "--k", "2", "--json").stdout)
    assert found["results"][0]["title"] == "Who owns the tide tables"
    assert set(found["results"][0]) >= {"work_id", "title", "source", "published_at", "score", "signals", "passages"}
    works = json.loads(run("works", "--json").stdout)["works"]
    assert set(works[0]) >= {"id", "title", "source", "published_at", "words", "tags", "license"}
    one = json.loads(run("works", "show", works[0]["id"], "--json").stdout)
    assert one["id"] == works[0]["id"] and one["body"]
    text = tmp_path / "post.txt"
    text.write_text("The fog signal in the harbours. " * 20)
    checked = json.loads(run("check", str(text), "--channel", "bluesky", "--json").stdout)
    assert checked["ok"] is False
    assert checked["length"]["used"] > checked["length"]["limit"] == 300
    scored = json.loads(run("voice", "score", str(text), "--json").stdout)
    assert set(scored) >= {"score", "verdict", "interval", "reasons", "works"}
    assert json.loads(run("voice", "--json").stdout)["summary"] is not None
    tagged = json.loads(run("tag", str(text), "--json").stdout)
    assert "harbours" in [t["tag"] for t in tagged["tags"]]


def test_without_a_translator_the_segments_come_back_empty(run: Run, tmp_path: Path) -> None:
    text = tmp_path / "post.md"
    text.write_text("The fog signal is off. The dogs barked for 2 days.\n")
    done = json.loads(run("localize", str(text), "--to", "es", "--json", code=6).stdout)
    assert [s["source"] for s in done["segments"]] == ["The fog signal is off.", "The dogs barked for 2 days."]
    assert {s["target"] for s in done["segments"]} == {""}
    target = tmp_path / "post.es.md"
    target.write_text("La señal de niebla está apagada. Los perros ladraron tres días.\n")
    checked = json.loads(run("localize-check", str(text), str(target), "--to", "es", "--json").stdout)
    assert [f["rule"] for f in checked["findings"]] == ["number"]
    strict = json.loads(
        run("localize-check", str(text), str(target), "--to", "es", "--json", "--strict", code=1).stdout
    )
    assert strict == checked
    refused = json.loads(run("localize", str(text), "--to", "zz-NOPE", "--json", code=2).stdout)["error"]
    assert "no language is 'zz'" in refused["message"]
    assert "Nearest: " in refused["hint"]
    assert json.loads(run("localize", "nofile.md", "--to", "es", "--json", code=2).stdout)["error"]["hint"]


def test_init_again_takes_on_what_is_said_and_refuses_what_can_not_be(run: Run, tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("channels: [site, bluesky]\n")
    made = runner(tmp_path / "home")
    made("init", "--name", "Attic", "--account", "bluesky=@attic.example", "--policy", str(policy))
    made("init", "--name", "Attic", "--site-url", "https://attic.example", "--account", "x=@attic")
    result = json.loads(made("brief", "Announce our open day at the boat shed", "--json").stdout)
    assert [(p["channel"], p["account"]) for p in result["proposals"]] == [
        ("site", "Attic"),
        ("bluesky", "@attic.example"),
    ]
    policy.write_text("stop_at: [everything]\n")
    refused = made("init", "--name", "Attic", "--policy", str(policy), code=2)
    assert "stop_at" in refused.stderr
    made("init", "--name", "Attic", "--site-url", "attic", code=2)
    made("init", "--name", "Attic", "--account", "myspace=me", code=2)


def test_without_a_workspace_it_says_how_to_make_one(tmp_path: Path) -> None:
    done = runner(tmp_path / "empty")("works", code=1)
    assert "greenroom init" in done.stderr


def test_help_names_an_example_for_every_command(run: Run) -> None:
    import typer

    from app.cli import build

    group: Any = typer.main.get_command(build())
    for name, each in group.commands.items():
        if hasattr(each, "commands"):
            continue
        assert each.help and each.epilog and "greenroom " in each.epilog, name


def test_a_shell_completes_commands_and_their_parts() -> None:
    named = "import sys; sys.argv[0] = 'greenroom'; from app.cli import main; main()"

    def completed(*words: str) -> list[str]:
        asked = {
            "COMP_WORDS": "\n".join(words),
            "COMP_CWORD": str(len(words) - 1),
            "_GREENROOM_COMPLETE": "complete_bash",
        }
        done = subprocess.run(
            [sys.executable, "-c", named],
            env=os.environ | asked,
            capture_output=True,
            text=True,
            check=True,
            timeout=180,
        )
        return done.stdout.split()

    assert {"review", "recall", "reindex"} == {*completed("greenroom", "re")} - {"restore", "revise"}
    assert completed("greenroom", "channels", "a") == ["add"]
    assert "--sha" in completed("greenroom", "decide", "--")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from app.cli import build; build()\n"
        "heavy = {'torch', 'langgraph', 'langchain_core', 'chromadb', 'sqlalchemy', 'pydantic', 'chainlit', 'numpy'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_cold_recall_does_not_pay_for_torch(home: Path) -> None:
    code = (
        "import sys; from app.cli import main; sys.argv = ['greenroom', 'recall', 'tide tables', '--json']\n"
        "try: main()\nexcept SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'torch', 'transformers', 'sklearn', 'scipy', 'langchain_core', 'langgraph', 'chromadb'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    env = {**os.environ, "GREENROOM_HOME": str(home)}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True)
    assert done.stderr.strip().splitlines()[-1] == "[]"


def test_a_command_that_is_stopped_says_what_is_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Typer makes an exit code of a stop and swallows it: nobody was told whether anything was lost."""
    import typer

    from app import cli

    stopped = typer.Typer()

    @stopped.command()
    def slow() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli, "build", lambda: stopped)
    monkeypatch.setattr(sys, "argv", ["greenroom"])
    with pytest.raises(SystemExit) as end:
        cli.main()
    assert end.value.code == 130 and "What was finished is kept" in capsys.readouterr().err

"""`greenroom channels` as a person and a script use it."""

import base64
import json
import os
import pty
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli import build
from app.examination import examine
from app.founding import Wanted, found
from app.settings import Settings
from app.studio import Studio
from core.ids import new_id
from memory import Memory
from tests.fakes.bluesky_login_fake import BlueskyLoginFake

Run = Callable[..., Any]
HANDLE = "@ines.example"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    monkeypatch.setenv("GREENROOM_HOME", str(home))
    monkeypatch.setenv("GREENROOM_CREDENTIALS", "file")
    found(Settings(home=home), Wanted(name="Small harbour", timezone="Europe/Oslo"))
    return home


@pytest.fixture
def run(home: Path) -> Run:
    """Run a command in this process; return its answer."""

    def run(*words: str, code: int = 0, stdin: str = "") -> Any:
        done = CliRunner().invoke(build(), ["channels", *words], input=stdin)
        assert done.exit_code == code, (words, done.exit_code, done.stdout, done.stderr)
        return json.loads(done.stdout) if "--json" in words else done.stdout + done.stderr

    return run


@pytest.fixture
def server() -> Iterator[BlueskyLoginFake]:
    with BlueskyLoginFake() as server:
        yield server


def add(run: Run, server: BlueskyLoginFake, *words: str, password: str | None = None, code: int = 0) -> Any:
    given = ("--set", f"service={server.base_url}", "--secret", "app_password=-")
    secret = server.password if password is None else password
    return run("add", "bluesky", *given, *words, "--json", stdin=secret + "\n", code=code)


def row(run: Run, channel: str) -> dict[str, Any]:
    [found] = [each for each in run("list", "--json")["channels"] if each["channel"] == channel]
    return found


def memory_of(home: Path) -> Memory:
    return Memory.open(home)


def test_every_channel_is_listed_with_what_to_do_next(run: Run) -> None:
    rows = {each["channel"]: each for each in run("list", "--json")["channels"]}
    assert set(rows) >= {"bluesky", "mastodon", "wordpress", "newsletter", "webhook", "linkedin", "x", "site"}
    assert {"site": "built in", "bluesky": "not connected"}.items() <= {n: r["state"] for n, r in rows.items()}.items()
    assert set(rows["bluesky"]) == {"channel", "label", "account", "state", "reason", "facts", "checked_at"}
    assert "can't send" in rows["instagram"]["reason"]
    assert "greenroom channels add bluesky" in run("list")


def test_an_account_is_tried_kept_and_named_for_proposals(run: Run, server: BlueskyLoginFake, home: Path) -> None:
    done = add(run, server, "--account", HANDLE)
    assert done == {
        "ok": True,
        "channel": "bluesky",
        "account": HANDLE,
        "facts": {"did": server.did, "handle": "ines.example", "pds": server.base_url},
        "notes": [],
        "error": None,
    }
    listed = row(run, "bluesky")
    assert (listed["state"], listed["account"], listed["facts"]) == ("connected", HANDLE, done["facts"])
    assert listed["checked_at"]
    memory = memory_of(home)
    assert memory.workspaces.get("small-harbour").accounts == {"bluesky": HANDLE}
    assert memory.connections.get("small-harbour", "bluesky", HANDLE).settings == {"service": server.base_url}
    [entry] = [each for each in memory.ledger.entries() if each.kind == "connection"]
    assert (entry.actor, entry.payload["what"]) == ("owner", "connected")
    memory.close()

    tried = run("test", "bluesky", "--json")
    assert tried == done
    assert run("test", "bluesky").startswith("✔ bluesky @ines.example: it works")
    assert len(server.calls("POST *createSession")) == 1  # the session of the first test was kept with the rest


def test_no_secret_is_said_or_kept_in_clear(
    run: Run, server: BlueskyLoginFake, home: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    shown = [add(run, server, "--account", HANDLE), add(run, server, password="wr0ng-app-password", code=1)]
    shown += [run("list", "--json"), run("list"), run("test", "bluesky"), *capfd.readouterr()]
    files = [path for path in home.rglob("*") if path.is_file()]
    for secret in (server.password, "wr0ng-app-password", "access-jwt-of-ines.example", "refresh-jwt"):
        assert secret not in str(shown)
        assert not [path for path in files if secret.encode() in path.read_bytes()]


def test_credentials_that_fail_keep_nothing_unless_asked(run: Run, server: BlueskyLoginFake, home: Path) -> None:
    done = add(run, server, "--account", HANDLE, password="wrong", code=1)
    assert (done["ok"], done["notes"]) == (False, ["Nothing was kept; what was there before still is."])
    assert "app password" in done["error"]
    assert row(run, "bluesky")["state"] == "not connected"
    assert not (home / "vault" / "secrets").exists()

    add(run, server, "--account", HANDLE)
    add(run, server, password="wrong", code=1)
    assert run("test", "bluesky", "--json")["ok"]  # what was there before still works

    add(run, server, "--keep", password="wrong", code=1)
    failed = run("test", "bluesky", "--json", code=1)
    assert not failed["ok"] and failed["error"]
    assert "✖" in run("test", "bluesky", code=1)


def test_credentials_of_another_account_are_not_taken(run: Run, server: BlueskyLoginFake) -> None:
    server.account = "mats.example"
    done = add(run, server, "--account", HANDLE, code=1)
    assert not done["ok"]
    assert row(run, "bluesky")["state"] == "not connected"


def test_without_a_test_it_is_kept_and_says_how_to_try_it(run: Run, server: BlueskyLoginFake) -> None:
    done = add(run, server, "--account", HANDLE, "--no-test")
    assert done["notes"] == ["Not tried yet: greenroom channels test bluesky"]
    assert server.calls() == []
    assert row(run, "bluesky")["checked_at"] is None
    assert "greenroom channels test bluesky" in " ".join(run("list").split())  # a narrow terminal wraps it


@pytest.mark.parametrize("option", ["--set", "--secret"])
def test_a_secret_in_the_command_itself_is_refused_without_repeating_it(run: Run, home: Path, option: str) -> None:
    error = run("add", "bluesky", "--account", HANDLE, option, "app_password=hunter2-harbour", "--json", code=2)[
        "error"
    ]
    assert "history" in error["hint"] and "--secret app_password=-" in error["hint"]
    assert "hunter2" not in json.dumps(error)
    assert not (home / "vault" / "secrets").exists()


def test_what_is_missing_is_listed_with_how_to_give_it(run: Run) -> None:
    error = run("add", "wordpress", "--account", "The blog", "--json", code=2)["error"]
    assert all(name in error["message"] for name in ("site_url", "user", "application_password"))
    assert "--secret-file application_password=PATH" in error["hint"]
    assert "--account" in run("add", "wordpress", "--json", code=2)["error"]["hint"]
    assert (
        "signing_secret"
        in run("add", "webhook", "--account", "z", "--set", "url=https://a.example/x", "--json", code=2)["error"][
            "message"
        ]
    )


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("add", "instagram"), "no channel that can be connected"),
        (("add", "site"), "built in"),
        (("add", "bluesky", "--set", "color=red"), "has no color"),
        (("add", "bluesky", "--set", "nonsense"), "wants a name and a value"),
        (("add", "bluesky", "--secret", "app_password=-"), "is empty"),
        (("add", "bluesky", "--secret-file", "app_password=/nowhere/at/all"), "can't be read"),
        (("add", "bluesky", "--set", "service=http://pds.example"), "no encryption"),
        (("add", "bluesky", "--set", "service=https://a:b@pds.example"), "no usable address"),
        (("add", "newsletter", "--set", "security=maybe"), "can't be 'maybe'"),
        (("add", "newsletter", "--set", "port=http"), "is no port"),
    ],
)
def test_what_cant_be_used_is_one_line(run: Run, tmp_path: Path, words: tuple[str, ...], says: str) -> None:
    (tmp_path / "secret").write_text("s3cret")
    rest = ["--account", HANDLE]
    if words[1] == "bluesky" and "--secret" not in words and "--secret-file" not in words:
        rest += ["--secret-file", f"app_password={tmp_path / 'secret'}"]
    if words[1] == "newsletter":
        rest += ["--set", "host=127.0.0.1", "--set", "from_address=ines@tidewater.example"]
    error = run(*words, *rest, "--json", code=2)["error"]
    assert says in error["message"]
    assert "s3cret" not in json.dumps(error)


def test_a_signing_secret_is_made_shown_once_and_never_again(run: Run, home: Path) -> None:
    said = run("add", "webhook", "--account", "zapier", "--set", "url=http://127.0.0.1:9/hook")
    [secret] = [line.strip() for line in said.splitlines() if line.strip().startswith("whsec_")]
    assert len(secret) > 40
    assert secret not in run("list") + run("test", "webhook") + json.dumps(run("test", "webhook", "--json"))
    assert not [path for path in home.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    studio = Studio.open(Settings(home=home))
    assert studio.credentials.get("small-harbour", "webhook", "zapier").values == {"signing_secret": secret}
    studio.close()


def test_several_accounts_are_told_apart(run: Run, server: BlueskyLoginFake) -> None:
    add(run, server, "--account", HANDLE)
    other = add(run, server, "--account", "@mats.example", "--no-test")
    assert f"Proposals are for {HANDLE}" in other["notes"][1]
    assert "@mats.example" in run("test", "bluesky", "--json", code=2)["error"]["message"]
    assert run("test", "bluesky", "--account", HANDLE, "--json")["ok"]
    assert run("remove", "bluesky", "--account", "@mats.example", "--json") == {
        "removed": True,
        "channel": "bluesky",
        "account": "@mats.example",
    }
    assert row(run, "bluesky")["account"] == HANDLE
    run("remove", "bluesky")
    assert row(run, "bluesky")["state"] == "not connected"
    assert "channels add bluesky" in run("remove", "bluesky", "--json", code=1)["error"]["hint"]
    run("test", "bluesky", "--account", "@nobody.example", "--json", code=1)


def test_the_agent_connects_nothing(run: Run, server: BlueskyLoginFake, monkeypatch: pytest.MonkeyPatch) -> None:
    add(run, server, "--account", HANDLE)
    monkeypatch.setenv("GREENROOM_USER", "agent:chat")
    assert add(run, server, code=5)["error"]["kind"] == "not_allowed"
    run("remove", "bluesky", code=5)
    assert row(run, "bluesky")["state"] == "connected"


def test_the_doctor_says_where_secrets_are_and_what_is_off(run: Run, server: BlueskyLoginFake, home: Path) -> None:
    def credentials() -> tuple[bool, str]:
        studio = Studio.open(Settings(home=home))
        [check] = [each for each in examine(studio) if each.name == "credentials"]
        studio.close()
        return check.ok, check.says

    assert credentials() == (
        True,
        f"0 accounts, secrets in the encrypted file {home}/vault/secrets, with the key in key",
    )
    assert not (home / "vault").exists()
    add(run, server, "--account", HANDLE)
    assert credentials()[0]
    (home / "vault" / "key").chmod(0o644)
    assert credentials() == (False, f"others may read {home}/vault/key: chmod 600 {home}/vault/key")
    (home / "vault" / "key").chmod(0o600)
    memory = memory_of(home)
    memory.connections.disconnect("small-harbour", "bluesky", HANDLE, "Bluesky ended the session.")
    memory.close()
    ok, says = credentials()
    assert not ok and "@ines.example on bluesky: Bluesky ended the session." in says and "channels add" in says
    assert "Bluesky ended the session." in row(run, "bluesky")["reason"]
    add(run, server)
    assert credentials()[0]


def test_in_a_terminal_one_is_asked_and_no_secret_is_echoed(home: Path, server: BlueskyLoginFake) -> None:
    words = ["channels", "add", "bluesky", "--set", f"service={server.base_url}"]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", "from app.cli import main; main()", *words])
    shown = answered(terminal, {"Account": HANDLE, "App password": server.password})
    assert os.waitpid(child, 0)[1] == 0, shown
    assert "it works" in shown
    assert HANDLE in shown and server.password not in shown


def answered(terminal: int, answers: dict[str, str]) -> str:
    """Answer each question as it comes up; return all that was on the screen."""
    shown, left, until = "", dict(answers), time.monotonic() + 60
    while time.monotonic() < until:
        try:
            shown += os.read(terminal, 4096).decode("utf-8", "replace")
        except OSError:  # the other side has ended
            return shown
        for question in [each for each in left if each in shown]:
            time.sleep(0.2)  # the echo is off once the question is there
            os.write(terminal, (left.pop(question) + "\n").encode())
    raise AssertionError(f"still waiting ({new_id('t')}): {shown}")


def hooked(run: Run, url: str, code: int = 0) -> Any:
    secret = "whsec_" + base64.b64encode(b"s" * 32).decode()
    words = ("--account", "zapier", "--set", f"url={url}", "--secret", "signing_secret=-", "--json")
    return run("add", "webhook", *words, stdin=secret + "\n", code=code)


def test_an_account_that_leads_somewhere_else_voids_what_was_approved_for_it(run: Run, home: Path) -> None:
    hooked(run, "http://127.0.0.1:9/one")
    with closing(Studio.open(Settings(home=home))) as studio:
        [shown] = studio.start("Announce the fog signal", channels=["webhook"]).proposals
        studio.decide(shown.id, "approve", shown.sha)
    assert not any("void" in note for note in hooked(run, "http://127.0.0.1:9/one")["notes"])
    notes = hooked(run, "http://127.0.0.1:9/other")["notes"]
    memory = memory_of(home)
    held = memory.proposals.get("small-harbour", shown.id)
    assert (held.state, "connected to another place" in held.reason) == ("stale", True)
    assert any(f"{shown.id}: the approval is void" in note for note in notes)
    assert {each.state for each in memory.publications.list()} == {"cancelled"}
    assert memory.ledger.verify().ok
    memory.close()


def test_only_an_owner_who_proves_it_connects_and_forgets(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hooked(run, "http://127.0.0.1:9/one")
    memory = memory_of(home)
    memory.members.add("small-harbour", "Tom", "editor", new_secret="a long secret", by="owner")
    memory.close()
    monkeypatch.setenv("GREENROOM_USER", "Tom")
    assert hooked(run, "http://127.0.0.1:9/other", code=5)["error"]["kind"] == "not_allowed"
    monkeypatch.setenv("GREENROOM_SECRET", "a long secret")
    assert hooked(run, "http://127.0.0.1:9/other", code=5)["error"]["kind"] == "not_allowed"
    assert run("remove", "webhook", "--json", code=5)["error"]["kind"] == "not_allowed"
    monkeypatch.setenv("GREENROOM_USER", "owner")
    monkeypatch.delenv("GREENROOM_SECRET")
    assert run("remove", "webhook", "--json")["removed"]

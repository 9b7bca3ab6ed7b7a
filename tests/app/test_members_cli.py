"""Members, secrets, consent and the policy at the terminal, as real processes."""

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.app.test_cli import GREENROOM, Run, runner
from tests.making import ASK, write_letters

SECRET = "a tin without a lid"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the small creator's letters, an owner without and an editor with a secret."""
    folder = tmp_path_factory.mktemp("members")
    run = runner(folder / "home")
    run("init", "--name", "Small harbour", "--timezone", "Europe/Oslo")
    run("import", str(write_letters(folder / "letters")))
    (folder / "mats.txt").write_text(SECRET + "\n")
    (folder / "wrong.txt").write_text("a tin with a lid\n")
    assert json.loads(run("members", "list", "--json").stdout) == {"members": [], "you": "owner", "solo": True}
    file = str(folder / "mats.txt")
    added = json.loads(run("members", "add", "Mats", "--role", "editor", "--new-secret-file", file, "--json").stdout)
    assert (added["member"]["name"], added["member"]["role"], added["member"]["has_secret"]) == ("Mats", "editor", True)
    assert "owner has no secret" in added["note"]
    return folder / "home"


@pytest.fixture
def run(home: Path) -> Run:
    return runner(home)


def waiting(run: Run, channel: str = "bluesky") -> dict[str, Any]:
    found: list[dict[str, Any]] = json.loads(run("brief", ASK, "--channels", channel, "--json").stdout)["proposals"]
    return found[0]


def refused(done: "subprocess.CompletedProcess[str]") -> str:
    error = json.loads(done.stdout)["error"]
    assert error["kind"] == "not_allowed"
    assert len(done.stderr.strip().splitlines()) == 1
    assert SECRET not in done.stdout + done.stderr
    return f"{error['message']} {error['hint']}"


def test_the_owner_is_recorded_with_the_first_member(run: Run) -> None:
    listed = json.loads(run("members", "list", "--json").stdout)
    assert [(m["name"], m["role"], m["has_secret"]) for m in listed["members"]] == [
        ("owner", "owner", False),
        ("Mats", "editor", True),
    ]
    assert "secret_hash" not in str(listed)
    assert "argon2" not in str(listed)


def test_speaking_for_another_takes_their_secret(run: Run, home: Path) -> None:
    post = waiting(run)
    words = ("decide", post["id"], "approve", "--sha", post["sha"], "--as", "Mats", "--json")
    assert "--secret-file" in refused(run(*words, code=5))
    assert "not Mats's secret" in refused(run(*words, "--secret-file", str(home.parent / "wrong.txt"), code=5))
    assert "not Mats's secret" in refused(run(*words, code=5, GREENROOM_SECRET="a tin with a lid"))
    assert "no member" in refused(run(*words[:-2], "Tom", "--json", code=5))
    assert "agent" in refused(run("decide", *words[1:5], "--json", code=5, GREENROOM_USER="agent:chat"))
    done = json.loads(run(*words, "--secret-file", str(home.parent / "mats.txt")).stdout)
    assert (done["decision"]["by"], done["proposal"]["state"]) == ("Mats", "approved")
    assert "secret" in refused(run("undo", done["decision"]["id"], "--as", "Mats", "--json", code=5))
    undone = run("undo", done["decision"]["id"], "--as", "Mats", "--json", GREENROOM_SECRET=SECRET)
    assert json.loads(undone.stdout)["proposal"]["state"] == "waiting"


def test_the_secret_may_come_on_the_standard_input(run: Run) -> None:
    post = waiting(run)
    words = ("decide", post["id"], "hold", "--sha", post["sha"], "--as", "Mats", "--secret-file", "-", "--json")
    assert json.loads(run(*words, stdin=SECRET + "\n").stdout)["decision"]["by"] == "Mats"


def test_a_batch_takes_it_too(run: Run, home: Path) -> None:
    post = waiting(run)
    line = json.dumps({"id": post["id"], "verb": "hold", "sha": post["sha"]})
    words = ("decide", "--file", "-", "--as", "Mats", "--json")
    refusal = json.loads(run(*words, stdin=line, code=5).stdout)["results"][0]["error"]
    assert refusal["kind"] == "not_allowed"
    done = run(*words, "--secret-file", str(home.parent / "mats.txt"), stdin=line)
    assert json.loads(done.stdout)["results"][0]["decision"]["by"] == "Mats"


def test_at_a_terminal_it_is_asked_for_and_not_shown(run: Run, home: Path) -> None:
    post = waiting(run)
    words = ["decide", post["id"], "hold", "--sha", post["sha"], "--as", "Mats"]
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["GREENROOM_HOME"] = str(home)
        os.execv(sys.executable, [*GREENROOM, *words])
    seen, typed, until = b"", False, time.monotonic() + 120
    while time.monotonic() < until:
        try:
            seen += os.read(terminal, 4096)
        except OSError:  # it has ended
            break
        if b"Secret of Mats: " in seen and not typed:
            time.sleep(0.3)
            os.write(terminal, SECRET.encode() + b"\n")
            typed = True
    _, status = os.waitpid(pid, 0)
    os.close(terminal)
    assert (typed, os.waitstatus_to_exitcode(status)) == (True, 0), seen
    assert SECRET.encode() not in seen
    assert json.loads(run("show", post["id"], "--json").stdout)["proposals"][0]["state"] == "held"


def test_members_are_changed_by_owners_only(run: Run, home: Path) -> None:
    file = str(home.parent / "mats.txt")
    as_mats = ("--as", "Mats", "--secret-file", file, "--json")
    for words in (
        ("members", "add", "Eve", "--role", "owner"),
        ("members", "change", "Mats", "--role", "owner"),
        ("members", "remove", "owner"),
    ):
        assert "Only an owner" in refused(run(*words, *as_mats, code=5))
    added = run("members", "add", "Per", "--role", "viewer", "--channels", "bluesky,site", "--json")
    assert json.loads(added.stdout)["member"]["channels"] == ["bluesky", "site"]
    changed = run("members", "change", "Per", "--role", "contributor", "--channels", "all", "--json")
    member = json.loads(changed.stdout)["member"]
    assert (member["role"], member["channels"]) == ("contributor", None)
    run("members", "add", "Liv", "--channels", "myspace", code=2)
    run("members", "change", "Per", code=2)
    run("members", "secret", "Per", code=2)
    run("members", "secret", "Per", "--new-secret-file", file)
    removed = json.loads(run("members", "remove", "Per", "--json").stdout)["member"]
    assert removed["removed_at"] is not None
    assert "last owner" in refused(run("members", "remove", "owner", "--json", code=5))
    assert json.loads(run("ledger", "verify", "--json").stdout)["ok"] is True


def test_a_passphrase_stops_whoever_holds_the_owners_shell(tmp_path: Path) -> None:
    run = runner(tmp_path / "home")
    policy, secret = tmp_path / "policy.yaml", tmp_path / "secret.txt"
    policy.write_text("approval: {passphrase: true}\n")
    secret.write_text("a fog signal at Ferder\n")
    run("init", "--name", "Small harbour", "--policy", str(policy))
    run("import", str(write_letters(tmp_path / "letters")))
    post = waiting(run)
    decide = ("decide", post["id"], "approve", "--sha", post["sha"], "--json")
    assert "greenroom members secret" in refused(run(*decide, code=5))
    run("members", "secret", "--new-secret-file", str(secret))
    for env in ({}, {"GREENROOM_USER": "somebody"}, {"GREENROOM_USER": "root", "GREENROOM_SECRET": "guess a secret"}):
        refused(run(*decide, code=5, **env))
    policy.write_text("approval: {passphrase: false}\n")
    refused(run("init", "--name", "Small harbour", "--policy", str(policy), "--json", code=5))
    assert json.loads(run(*decide, "--secret-file", str(secret)).stdout)["decision"]["by"] == "owner"
    run("init", "--name", "Small harbour", "--policy", str(policy), "--secret-file", str(secret))


def test_consent_at_the_terminal(run: Run) -> None:
    post = waiting(run, "site")
    subject = "work:" + next(each["work_id"] for each in post["receipts"] if each["work_id"])
    run("decide", post["id"], "approve", "--sha", post["sha"])
    done = run("consent", "revoke", subject, "--note", "her mail of 3 March", "--json")
    body = json.loads(done.stdout)
    assert (body["consent"]["subject"], body["consent"]["granted"], body["too_late"]) == (subject, False, [])
    assert post["id"] in [each["proposal"] for each in body["voided"]]
    assert json.loads(run("publish-due", "--json").stdout)["published"] == []
    [shown] = json.loads(run("show", post["id"], "--json").stdout)["proposals"]
    why = f"Consent to use the past work {subject[5:]} was revoked by owner."
    assert (shown["state"], shown["reason"]) == ("stale", why)
    assert "stale: Consent to use the past work" in run("show", post["id"]).stdout
    listed = json.loads(run("consent", "list", "--json").stdout)["consents"]
    assert [(each["subject"], each["granted"], each["note"]) for each in listed] == [
        (subject, False, "her mail of 3 March")
    ]
    run("consent", "grant", subject)
    run("consent", "revoke", "Marit", code=2)


def test_the_policy_in_force_is_shown_with_what_it_means(run: Run, tmp_path: Path) -> None:
    shown = json.loads(run("policy", "show", "--json").stdout)
    assert shown["said"] == {}
    assert shown["policy"]["approval"] == {"four_eyes": False, "passphrase": False, "approvers": {}}
    fields = {each["field"]: each for each in shown["fields"]}
    assert (fields["outbox.grace_minutes"]["value"], fields["outbox.grace_minutes"]["default"]) == (120, 120)
    assert all(each["meaning"] for each in shown["fields"])
    file = tmp_path / "policy.yaml"
    file.write_text("approval: {four_eyes: true}\noutbox: {grace_minutes: 30}\n")
    run("init", "--name", "Small harbour", "--policy", str(file))
    assert json.loads(run("policy", "--json").stdout)["policy"]["outbox"]["grace_minutes"] == 30
    assert "approval.four_eyes: yes" in run("policy").stdout
    file.write_text("{}\n")
    run("init", "--name", "Small harbour", "--policy", str(file))
    run("policy", "burn", code=2)

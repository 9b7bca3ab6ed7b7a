"""Backup and restore as a person and a script use them; and that a restore from an hour ago sends nothing twice."""

import json
import os
import pty
import shutil
import subprocess
import time
from pathlib import Path

import pytest

from tests.app.test_cli import GREENROOM, Run, runner
from tests.making import write_letters


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with letters in it, copied for each test."""
    folder = tmp_path_factory.mktemp("backups")
    run = runner(folder / "home")
    run("init", "--name", "Small harbour", "--timezone", "Europe/Oslo")
    run("import", str(write_letters(folder / "letters")))
    return folder / "home"


@pytest.fixture
def home(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "home")
    return tmp_path / "home"


@pytest.fixture
def run(home: Path) -> Run:
    return runner(home)


def body(run: Run, *words: str, code: int = 0, **options: str) -> dict:
    return json.loads(run(*words, "--json", code=code, **options).stdout)


def test_there_and_back(run: Run, home: Path, tmp_path: Path) -> None:
    first = body(run, "backup", str(tmp_path / "a"), str(tmp_path / "b"))
    assert set(first) == {"name", "bytes", "created_at", "places", "key_id", "recovery_code", "notes"}
    assert [(place["place"], place["ok"], place["verified"], place["error"]) for place in first["places"]] == [
        (str(tmp_path / "a"), True, True, None),
        (str(tmp_path / "b"), True, True, None),
    ]
    second = body(run, "backup", str(tmp_path / "a"))
    assert "recovery_code" not in second and second["key_id"] == first["key_id"]
    listed = body(run, "backup", "list", str(tmp_path / "a"))
    assert [kept["name"] for kept in listed["backups"]] == [second["name"], first["name"]]
    checked = body(run, "backup", "verify", str(tmp_path / "a"), str(tmp_path / "b"), "--name", first["name"])
    assert (checked["ok"], checked["name"], checked["ledger"]["ok"]) == (True, first["name"], True)
    assert [place["ok"] for place in checked["places"]] == [True, True]
    back = body(run, "restore", str(tmp_path / "a"), "--to", str(tmp_path / "new"), "--name", "latest")
    assert {name: back[name] for name in ("home", "name", "quarantined", "publications_to_read_back", "replaced")} == {
        "home": str(tmp_path / "new"), "name": second["name"], "quarantined": True, "publications_to_read_back": 0,
        "replaced": None,
    }  # fmt: skip
    again = runner(tmp_path / "new")
    assert body(again, "works")["works"] == body(run, "works")["works"]
    assert body(again, "recall", "tide tables")["results"][0]["title"] == "Who owns the tide tables"
    text = run("backup", "list", str(tmp_path / "b")).stdout
    assert first["name"] in text and "UTC" in text


def test_the_code_opens_what_the_key_made(run: Run, home: Path, tmp_path: Path) -> None:
    shown = run("backup", str(tmp_path / "a")).stdout
    [code] = [line.strip() for line in shown.splitlines() if line.startswith("    ")]
    assert "This is one place" in shown and code == (home / "keys" / "backup.key").read_text().strip()
    elsewhere = runner(tmp_path / "elsewhere")
    place = str(tmp_path / "a")
    refused = body(elsewhere, "restore", place, code=2)["error"]
    assert (refused["kind"], "--key-file" in refused["hint"]) == ("wrong_use", True)
    slip = ("0" if code[0] != "0" else "1") + code[1:]
    for wrong, word in ((slip, "slip"), ("te2tdzm", "no recovery code"), ("", "not here")):
        assert word in body(elsewhere, "restore", place, "--key-file", "-", code=2, stdin=wrong)["error"]["message"]
    (tmp_path / "other.key").write_text("5kcvt2j-h4w7gq6-" * 4)
    assert body(elsewhere, "restore", place, "--key-file", str(tmp_path / "other.key"), code=2)["error"]["kind"] == (
        "bad_input"
    )
    assert not (tmp_path / "elsewhere" / "greenroom.db").exists()
    assert body(elsewhere, "backup", "verify", place, "--key-file", "-", stdin=code)["ok"]
    assert body(elsewhere, "restore", place, "--key-file", "-", stdin=code.upper() + "\n")["quarantined"]
    assert body(elsewhere, "works")["works"] == body(run, "works")["works"]
    assert body(elsewhere, "backup", place)["key_id"] == body(run, "backup", place)["key_id"]


def test_at_a_terminal_it_asks_for_the_code(run: Run, home: Path, tmp_path: Path) -> None:
    code = body(run, "backup", str(tmp_path / "a"))["recovery_code"]
    ours, theirs = pty.openpty()
    asking = subprocess.Popen(
        [*GREENROOM, "restore", str(tmp_path / "a"), "--to", str(tmp_path / "new")],
        stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
        env={**os.environ, "GREENROOM_HOME": str(tmp_path / "nowhere")},
    )  # fmt: skip
    os.close(theirs)
    try:
        seen = b""
        while b"Recovery code" not in seen:
            seen += os.read(ours, 1000)
        os.write(ours, code.encode() + b"\n")
        assert asking.wait(60) == 0, seen
    finally:
        asking.kill()
        os.close(ours)
    assert (tmp_path / "new" / "greenroom.db").exists()


def test_a_place_that_fails_is_told_and_counts(run: Run, home: Path, tmp_path: Path) -> None:
    report = body(run, "backup", str(tmp_path / "gone" / "deep"), str(tmp_path / "a"), code=1)
    assert [(place["ok"], bool(place["error"])) for place in report["places"]] == [(False, True), (True, False)]
    archive = tmp_path / "a" / report["name"]
    archive.write_bytes(archive.read_bytes()[:-1])
    damaged = body(run, "backup", "verify", str(tmp_path / "a"), code=1)
    assert damaged["error"]["kind"] == "damaged"
    other = body(run, "backup", str(tmp_path / "b"))
    both = body(run, "backup", "verify", str(tmp_path / "a"), str(tmp_path / "b"), code=1)
    assert [(place["place"], place["ok"]) for place in both["places"]] == [
        (str(tmp_path / "b"), True),
        (str(tmp_path / "a"), False),
    ]
    assert both["name"] == other["name"]
    assert "cut short or changed" in run("backup", "verify", str(tmp_path / "a"), str(tmp_path / "b"), code=1).stdout


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (["backup", "verify"], "wrong_use"),
        (["backup", "list", "a", "b"], "wrong_use"),
        (["backup", "a", "--name", "x"], "wrong_use"),
        (["backup", "a", "--keep", "0"], "wrong_use"),
        (["backup", "ftp://example.org"], "wrong_use"),
        (["backup", "s3://"], "wrong_use"),
        (["restore", "a"], "wrong_use"),
    ],
)
def test_a_call_that_is_off_says_so(run: Run, words: list[str], kind: str) -> None:
    assert body(run, *words, code=2)["error"]["kind"] == kind


def test_help_says_how(run: Run) -> None:
    assert "s3://my-bucket" in run("backup", "--help").stdout and "--replace" in run("restore", "--help").stdout


def test_the_newest_few_are_kept(run: Run, tmp_path: Path) -> None:
    names = [body(run, "backup", str(tmp_path / "a"), "--keep", "2")["name"] for _ in range(4)]
    assert [kept["name"] for kept in body(run, "backup", "list", str(tmp_path / "a"))["backups"]] == names[:1:-1]


def test_while_greenroom_runs_it_backs_up_and_does_not_restore(run: Run, home: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "GREENROOM_HOME": str(home), "GREENROOM_WORKER_SECONDS": "0.2"}
    worker = subprocess.Popen([*GREENROOM, "worker"], env=environment)
    try:
        until = time.monotonic() + 60
        while not list(home.glob("greenroom.db-wal")) and time.monotonic() < until:
            time.sleep(0.1)
        assert body(run, "backup", str(tmp_path / "a"))["places"][0]["ok"]
        refused = body(run, "restore", str(tmp_path / "a"), "--replace", code=1)["error"]
        assert (refused["kind"], "greenroom worker" in refused["hint"]) == ("busy", True)
        assert worker.poll() is None
    finally:
        worker.terminate()
        worker.wait()
    assert body(run, "restore", str(tmp_path / "a"), "--replace")["replaced"].startswith(str(home / "replaced-"))


def approve(run: Run, ask: str) -> str:
    [proposal] = body(run, "brief", ask, "--channels", "site")["proposals"]
    body(run, "decide", proposal["id"], "approve", "--sha", proposal["sha"])
    return proposal["id"]


def test_a_restore_from_an_hour_ago_sends_nothing_twice(run: Run, home: Path, tmp_path: Path) -> None:
    before = approve(run, "Announce the guide to the tide tables")
    [proposal] = body(run, "brief", "Announce the fog signal", "--channels", "site")["proposals"]
    body(run, "backup", str(tmp_path / "a"))
    body(run, "decide", proposal["id"], "approve", "--sha", proposal["sha"])  # the backup does not know of this
    first = body(run, "publish-due")
    assert len(first["published"]) == 2
    written = {path: path.read_bytes() for path in home.glob("site/*/posts/*/*")}
    assert len(written) == 4  # each page with its sidecar
    back = body(run, "restore", str(tmp_path / "a"), "--replace")
    assert back["publications_to_read_back"] == 1
    [waiting] = body(run, "pending")["proposals"]
    assert waiting["id"] == proposal["id"]
    body(run, "decide", proposal["id"], "approve", "--sha", proposal["sha"])  # somebody approves it once more
    for _ in range(8):  # each is first doubted, then looked for
        body(run, "publish-due")
        found = body(run, "publications")["publications"]
        if {row["state"] for row in found} == {"published"}:
            break
    assert {row["proposal_id"]: (row["state"], row["attempts"]) for row in found} == {
        before: ("published", 1),
        proposal["id"]: ("published", 1),
    }
    assert {path: path.read_bytes() for path in home.glob("site/*/posts/*/*")} == written
    assert body(run, "ledger", "verify")["ok"]

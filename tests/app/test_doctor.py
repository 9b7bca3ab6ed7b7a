"""What the doctor finds, and that it says how to mend it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from app import examining_machine as machine
from app.examination import examine
from app.serving import refuse_a_shut_home
from app.settings import Settings
from app.studio import Studio
from core.errors import GreenroomError, NotConnected
from tests.app.translating import post, small_studio
from tests.conftest import Clock
from tests.fakes.slack_fake import BOT, SIGNING, TEAM, FakeSlack


@pytest.fixture
def studio(tmp_path: Path, clock: Clock) -> Iterator[Studio]:
    made = small_studio(tmp_path, clock)
    yield made
    made.close()


def seen_with(studio: Studio, **settings: Any) -> Any:
    return SimpleNamespace(
        settings=Settings(home=studio.settings.home, **settings), memory=studio.memory, workspace=studio.workspace
    )


def test_each_thing_is_looked_at_and_fine_on_a_new_home(studio: Studio) -> None:
    found = {check.name: check for check in examine(studio)}
    assert {"settings", "keys", "database", "index server", "disk", "clock", "time zones", "web"} <= set(found)
    assert [check for check in found.values() if not check.ok] == []


def test_a_slip_in_a_settings_name_is_told_without_its_value(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GREENROOM_HOTS", "a secret")
    monkeypatch.setenv("GREENROOM_MY_SERVER_KEY", "named in models.toml")
    ok, says = machine.settings(studio)
    assert not ok and "GREENROOM_HOTS" in says and "secret" not in says and "MY_SERVER" not in says


def test_keys_that_others_can_read_are_named(studio: Studio) -> None:
    folder = studio.settings.home / "keys"
    folder.mkdir(exist_ok=True)
    (folder / "list.key").write_bytes(b"x")
    (folder / "list.key").chmod(0o644)
    ok, says = machine.keys(studio)
    assert not ok and f"chmod 600 {folder / 'list.key'}" in says


def test_a_clock_that_went_back_is_told(studio: Studio, clock: Clock) -> None:
    shown = post(studio)
    studio.decide(shown.id, "hold", shown.sha)
    clock.now -= timedelta(days=1)
    ok, says = machine.clock(studio)
    assert not ok and "set the clock" in says
    clock.now += timedelta(days=4000)
    ok, says = machine.zones(studio)
    assert not ok and "pip install -U tzdata" in says


def test_servers_and_the_web_are_looked_at_as_they_are_set(studio: Studio) -> None:
    ok, says = machine.index_server(seen_with(studio, chroma_url="http://127.0.0.1:9"))
    assert not ok and "does not answer" in says
    assert machine.web(seen_with(studio)) == (True, "this machine only, one owner, no login")
    assert machine.slack(studio) == (True, "not set up")
    ok, says = machine.slack(seen_with(studio, slack_bot_token=BOT))
    assert not ok and "signing secret" in says
    with FakeSlack() as fake:
        there = {"slack_signing_secret": SIGNING, "slack_api_url": fake.api}
        assert machine.slack(seen_with(studio, slack_bot_token=BOT, **there)) == (True, f"connected to {TEAM}")
        with pytest.raises(NotConnected, match="invalid_auth"):
            machine.slack(seen_with(studio, slack_bot_token="xoxb-another", **there))
    found = next(check for check in examine(studio) if check.name == "web")
    assert found.ok


def test_what_one_look_trips_over_stops_none_of_the_others(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_disk(_path: object) -> None:
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr("shutil.disk_usage", no_disk)
    found = {check.name: check for check in examine(studio)}
    assert not found["disk"].ok and "Read-only file system" in found["disk"].says
    assert found["ledger"].ok and found["time zones"].ok


def test_serving_from_a_home_that_is_shut_says_so_at_once(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    with pytest.raises(GreenroomError, match="can't be written to"):
        refuse_a_shut_home(studio.settings)

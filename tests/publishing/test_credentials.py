"""Accounts and their secrets: nothing is emptied, nothing leaks, and only `invalid_grant` disconnects."""

import logging
import time
import traceback
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.errors import NotConnected, NotFound, Rejected, TryLater, Unknown
from memory import Memory
from publishing import Desk
from publishing.credentials import Secret, Staged, Vault
from publishing.credentials.store import VaultClosed
from tests.fakes.recording_platform import RecordingPlatform
from tests.publishing.making import NOON, Clock, approved
from tests.publishing.vaults import INES, PASSWORD, connect, vault


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def held(memory: Memory, home: Path, clock: Clock) -> Vault:
    return vault(memory, home, clock)


def never(_now: Secret) -> Secret:
    raise AssertionError("nothing was to be asked")


def gives(**values: str):
    return lambda _now: Secret(values=values)


def raises(error: Exception):
    def refresh(_now: Secret) -> Secret:
        raise error

    return refresh


def test_an_account_that_is_connected_has_its_secret_and_settings(held: Vault, memory: Memory, home: Path) -> None:
    connect(held)
    assert held.has(*INES)
    assert held.get(*INES).values == {"password": PASSWORD}
    assert held.settings(*INES) == {"service": "https://pds.example"}
    assert held.facts(*INES) == {}
    memory.connections.checked(*INES, {"limit": 300})
    assert held.facts(*INES) == {"limit": 300}
    assert vault(memory, home, Clock()).get(*INES).values == {"password": PASSWORD}


def test_what_is_not_connected_opens_nothing_and_says_what_to_do(held: Vault, home: Path) -> None:
    assert not held.has(*INES)
    for act in (lambda: held.get(*INES), lambda: held.settings(*INES), lambda: held.fresh(*INES, never)):
        with pytest.raises(NotConnected) as caught:
            act()
        assert caught.value.hint == "Connect it: greenroom channels add bluesky"
    assert held.facts(*INES) == {}
    held.keep(*INES, Secret(values={"password": "x"}))
    assert not held.has(*INES)
    with pytest.raises(NotFound):
        held.forget(*INES)
    assert not (home / "vault" / "secrets").exists()


def test_an_empty_value_never_takes_the_place_of_one(held: Vault) -> None:
    connect(held, access_token="a1", refresh_token="r1", client_secret="c1")
    held.keep(*INES, Secret(values={"access_token": "a2", "refresh_token": "", "session": ""}))
    assert held.get(*INES).values == {"access_token": "a2", "refresh_token": "r1", "client_secret": "c1"}
    held.keep(*INES, Secret(values={}))
    assert held.get(*INES).values == {"access_token": "a2", "refresh_token": "r1", "client_secret": "c1"}


def test_the_end_of_a_token_goes_with_the_token(held: Vault) -> None:
    connect(held, access_token="a1", refresh_token="r1")
    held.keep(*INES, Secret(values={"access_token": "a2"}, expires_at=NOON))
    held.keep(*INES, Secret(values={"refresh_token": ""}))
    assert held.get(*INES).expires_at == NOON
    held.keep(*INES, Secret(values={"access_token": "a3"}))
    assert held.get(*INES).expires_at is None


def test_connecting_anew_leaves_nothing_of_the_old_credentials(held: Vault) -> None:
    connect(held, password="old", session="of the old one")
    connect(held, password="new")
    assert held.get(*INES).values == {"password": "new"}


def test_forgetting_takes_the_secret_too(held: Vault, memory: Memory) -> None:
    connect(held)
    held.forget(*INES, by="mats")
    memory.connections.add(*INES, settings={})
    with pytest.raises(NotConnected, match="is not in the encrypted file"):
        held.get(*INES)
    assert not held.has(*INES)


def test_a_token_that_lasts_is_returned_without_asking(held: Vault, clock: Clock) -> None:
    connect(held, access_token="a1")
    held.keep(*INES, Secret(values={"access_token": "a2"}, expires_at=clock.now + timedelta(minutes=5)))
    assert held.fresh(*INES, never).values == {"access_token": "a2"}
    clock.pass_by(minutes=4, seconds=1)
    assert held.fresh(*INES, gives(access_token="a3")).values == {"access_token": "a3"}
    assert held.get(*INES).values == {"access_token": "a3"}


def test_a_token_that_was_refused_is_refreshed_though_it_should_last(held: Vault, clock: Clock) -> None:
    connect(held, access_token="a1", refresh_token="r1")
    held.keep(*INES, Secret(values={"access_token": "a2"}, expires_at=clock.now + timedelta(hours=2)))
    stale = held.get(*INES)
    fresh = held.fresh(*INES, gives(access_token="a3", refresh_token=""), stale=stale)
    assert fresh.values == {"access_token": "a3", "refresh_token": "r1"}
    assert held.fresh(*INES, never, stale=stale) == fresh


def test_only_the_end_of_a_grant_disconnects(held: Vault, memory: Memory) -> None:
    connect(held, access_token="a1")
    for error in (Unknown("X answered 503."), Rejected("X says no (400)."), ValueError(PASSWORD), OSError("cut")):
        with pytest.raises(Unknown):
            held.fresh(*INES, raises(error), stale=held.get(*INES))
        assert held.has(*INES)
    with pytest.raises(TryLater) as later:
        held.fresh(*INES, raises(TryLater("X asks to wait.", NOON)), stale=held.get(*INES))
    assert later.value.until == NOON
    assert held.has(*INES)

    with pytest.raises(NotConnected, match="invalid_grant"):
        held.fresh(*INES, raises(NotConnected("X says invalid_grant.")), stale=held.get(*INES))
    assert not held.has(*INES)
    assert memory.connections.get(*INES).state == "disconnected"
    with pytest.raises(NotConnected, match="disconnected: X says invalid_grant") as caught:
        held.get(*INES)
    assert "greenroom channels add bluesky" in caught.value.hint
    connect(held, access_token="new")
    assert held.get(*INES).values == {"access_token": "new"}


def test_posts_of_a_disconnected_account_pause_and_go_on_once_it_is_back(
    memory: Memory, held: Vault, social: RecordingPlatform, clock: Clock
) -> None:
    connect(held, access_token="a1")
    account = ("ines", "bluesky", "ines.example")
    held.connect(*account, Secret(values={"access_token": "a1"}), settings={})
    social.ready = held_by(held)  # type: ignore[method-assign]
    desk = Desk(memory, {"bluesky": social}, clock)
    made, decision = approved(memory, channel="bluesky", text="Hello from the harbour.")
    desk.enqueue(made, decision)
    with pytest.raises(NotConnected):
        held.fresh(*account, raises(NotConnected("invalid_grant")), stale=held.get(*account))
    [waiting] = desk.publish_due().waiting
    assert waiting.state == "paused_auth"
    held.connect(*account, Secret(values={"access_token": "a2"}), settings={})
    [live] = desk.publish_due().published
    assert live.id == waiting.id


def held_by(held: Vault):
    return lambda workspace, account: held.has(workspace, "bluesky", account)


def test_a_refresh_is_not_asked_for_where_its_answer_could_not_be_kept(
    held: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    connect(held, refresh_token="r1")
    stale = held.get(*INES)

    def full(*_: object) -> None:
        raise VaultClosed("The disk is full.")

    monkeypatch.setattr(type(held._store), "write", full)
    with pytest.raises(VaultClosed):
        held.fresh(*INES, never, stale=stale)


def test_a_refresh_may_keep_something_itself(held: Vault) -> None:
    connect(held, refresh_token="r1")

    def refresh(now: Secret) -> Secret:
        held.keep(*INES, Secret(values={"note": "kept meanwhile"}))
        return Secret(values={"refresh_token": "r2"})

    assert held.fresh(*INES, refresh, stale=held.get(*INES)).values["refresh_token"] == "r2"


def test_threads_that_refresh_at_once_ask_once(held: Vault, clock: Clock) -> None:
    stale = connect(held, refresh_token="r0")
    asked: list[str] = []

    def refresh(now: Secret) -> Secret:
        asked.append(now.values["refresh_token"])
        time.sleep(0.2)
        return Secret(values={"refresh_token": f"r{len(asked)}"})

    with ThreadPoolExecutor(4) as pool:
        got = list(pool.map(lambda _: held.fresh(*INES, refresh, stale=stale).values, range(4)))
    assert (asked, got) == (["r0"], [{"refresh_token": "r1"}] * 4)


def test_a_vault_that_cant_be_opened_disconnects_nothing(memory: Memory, home: Path, clock: Clock) -> None:
    connect(vault(memory, home, clock, key="the right passphrase"))
    wrong = vault(memory, home, clock, key="a wrong one")
    assert not wrong.has(*INES)
    with pytest.raises(NotConnected, match="can't be read: That is not the key") as caught:
        wrong.get(*INES)
    assert "GREENROOM_VAULT_KEY" in caught.value.hint
    with pytest.raises(VaultClosed):  # says nothing of a post: a sender may keep after it has sent
        wrong.keep(*INES, Secret(values={"session": "s"}))
    assert memory.connections.get(*INES).state == "connected"
    assert vault(memory, home, clock, key="the right passphrase").has(*INES)


def test_a_secret_shows_nothing_wherever_it_is_printed() -> None:
    secret = Secret(values={"password": PASSWORD, "token": "t0ken"})
    staged = Staged("ines", "bluesky", "@ines", secret, {})
    for shown in (
        repr(secret),
        str(secret),
        f"{secret}",
        repr([secret]),
        repr(staged),
        str(list(secret.__rich_repr__())),
    ):
        assert PASSWORD not in shown
    with pytest.raises(ValidationError) as caught:
        Secret(values={"password": [PASSWORD]})  # type: ignore[list-item]
    assert PASSWORD not in str(caught.value)


def test_a_platforms_words_that_quote_a_secret_are_scrubbed(held: Vault, memory: Memory) -> None:
    connect(held, access_token="acc3ss-token", refresh_token="refr3sh-token")
    words = "invalid_grant: refr3sh-token of acc3ss-token has ended"
    with pytest.raises(NotConnected) as caught:
        held.fresh(*INES, raises(NotConnected(words)), stale=held.get(*INES))
    assert caught.value.message == "invalid_grant: … of … has ended"
    assert memory.connections.get(*INES).reason == "invalid_grant: … of … has ended"


def test_no_secret_is_in_the_database_the_ledger_a_log_or_an_error(
    held: Vault, memory: Memory, home: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    secrets = ["hunter2-in-the-harbour", "acc3ss-token-of-ines", "refr3sh-token-of-ines", "n3w-access-token"]
    password, access, refresh, new = secrets
    said: list[str] = []
    with caplog.at_level(logging.DEBUG):
        connect(held, password=password, access_token=access, refresh_token=refresh)
        held.keep(*INES, Secret(values={"access_token": access}))
        held.fresh(*INES, gives(access_token=new), stale=held.get(*INES))
        for error in (Unknown(f"it said {new}"), ValueError(password), NotConnected(f"{refresh} has ended")):
            try:
                held.fresh(*INES, raises(error), stale=held.get(*INES))
            except (Unknown, NotConnected):
                said.append(traceback.format_exc())
    connect(held, password=password)
    held.forget(*INES)
    said += [caplog.text, *capfd.readouterr(), str(memory.ledger.entries()), repr(memory.connections.list())]
    on_disk = [path for path in home.rglob("*") if path.is_file()]
    assert any(path.name == "greenroom.db-wal" for path in on_disk)
    assert len(said) == 8
    for secret in secrets:
        assert not [path for path in on_disk if secret.encode() in path.read_bytes()]
        assert not [words for words in said if secret in words]


def test_staged_credentials_are_one_accounts_and_are_kept_by_nobody() -> None:
    staged = Staged(*INES, Secret(values={"refresh_token": "r1"}), {"service": "https://pds.example"})
    assert staged.has(*INES) and not staged.has("ines", "x", "@ines.example")
    assert staged.settings(*INES) == {"service": "https://pds.example"}
    staged.keep(*INES, Secret(values={"session": "s1", "refresh_token": ""}))
    assert staged.fresh(*INES, gives(refresh_token="r2")).values == {"session": "s1", "refresh_token": "r2"}
    assert staged.get(*INES).values == {"session": "s1", "refresh_token": "r2"}
    with pytest.raises(NotConnected):
        staged.get("mats", "bluesky", "@ines.example")

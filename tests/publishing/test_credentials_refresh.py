"""Refreshing over HTTP with tokens that rotate, by processes that come at once."""

import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.errors import NotConnected, TryLater, Unknown
from memory import Memory
from publishing import http
from publishing.credentials import Refresh, Secret, Vault
from publishing.credentials.oauth import refresh_grant
from tests.fakes import http_fake
from tests.fakes.token_fake import TokenFake
from tests.publishing.making import NOON, Clock
from tests.publishing.vaults import INES, connect, vault


@pytest.fixture
def fake() -> Iterator[TokenFake]:
    with TokenFake() as fake:
        yield fake


@pytest.fixture
def held(memory: Memory, tmp_path: Path, clock: Clock) -> Vault:
    return vault(memory, tmp_path / "home", clock)


def refresh(fake: TokenFake, **changes: Any) -> Refresh:
    name, secret = fake.client
    given: dict[str, Any] = {"client_id": name, "client_secret": secret, "who": "X", "clock": lambda: NOON}
    return refresh_grant(http.client(timeout_s=5), f"{fake.base_url}/oauth2/token", **given | changes)


def start(held: Vault, fake: TokenFake) -> Secret:
    return connect(held, access_token=fake.access, refresh_token=fake.valid)


@pytest.mark.parametrize("auth", ["form", "basic"])
def test_new_tokens_are_kept_with_their_end(held: Vault, fake: TokenFake, auth: str) -> None:
    stale = start(held, fake)
    fresh = held.fresh(*INES, refresh(fake, auth=auth), stale=stale)
    assert fresh == held.get(*INES)
    assert fresh.values == {"access_token": fake.access, "refresh_token": fake.valid}
    assert fresh.expires_at == NOON + timedelta(hours=2)
    [call] = fake.calls()
    assert ("client_secret" in call.form) is (auth == "form")
    assert ("Authorization" in call.headers) is (auth == "basic")


def test_a_refresh_token_that_is_not_given_anew_stays(held: Vault, fake: TokenFake) -> None:
    stale = start(held, fake)
    fake.rotates = False
    assert held.fresh(*INES, refresh(fake), stale=stale).values["refresh_token"] == fake.valid


@pytest.mark.parametrize(
    ("said", "end"), [(60, 60), ("60", 60), (None, None), ("soon", None), (1 << 80, None), ({}, None)]
)
def test_an_end_that_is_not_said_is_not_guessed(held: Vault, fake: TokenFake, said: object, end: int | None) -> None:
    stale = start(held, fake)
    fake.expires_in = said
    fresh = held.fresh(*INES, refresh(fake), stale=stale)
    assert fresh.expires_at == (None if end is None else NOON + timedelta(seconds=end))


def test_invalid_grant_disconnects_and_quotes_no_token(held: Vault, fake: TokenFake, memory: Memory) -> None:
    connect(held, refresh_token="a-token-of-another-life")
    with pytest.raises(NotConnected, match="invalid_grant") as caught:
        held.fresh(*INES, refresh(fake), stale=held.get(*INES))
    assert "another-life" not in caught.value.message
    assert memory.connections.get(*INES).state == "disconnected"


def test_without_a_refresh_token_nothing_is_asked_and_a_person_must(held: Vault, fake: TokenFake) -> None:
    connect(held, access_token="a1")
    with pytest.raises(NotConnected, match="no refresh token"):
        held.fresh(*INES, refresh(fake), stale=held.get(*INES))
    assert fake.calls() == []


@pytest.mark.parametrize(
    "fault",
    [
        http_fake.refuse(400, {"error": "invalid_request", "error_description": "invalid_grant"}),
        http_fake.refuse(400, {"error": ["invalid_grant"]}),
        http_fake.refuse(400, "invalid_grant"),
        http_fake.refuse(401, {"error": "invalid_client"}),
        http_fake.refuse(403),
        http_fake.refuse(500, {"error": "invalid_grant"}),
        http_fake.refuse(503),
        http_fake.refuse(302, None, Location="/elsewhere"),
        http_fake.refuse(200, {"token_type": "bearer"}),
        http_fake.refuse(200, {"access_token": ""}),
        http_fake.refuse(200, ["access_token"]),
        http_fake.refuse(200, b"<html>"),
        http_fake.unread(),
        http_fake.unprocessed(),
    ],
    ids=str,
)
def test_anything_else_disconnects_nothing_and_loses_nothing(
    held: Vault, fake: TokenFake, fault: http_fake.Fault
) -> None:
    stale = start(held, fake)
    fake.script("POST /oauth2/token", fault)
    with pytest.raises(Unknown) as caught:
        held.fresh(*INES, refresh(fake), stale=stale)
    assert fake.client[1] not in caught.value.message
    assert held.get(*INES) == stale
    assert held.fresh(*INES, refresh(fake), stale=stale).values["refresh_token"] == fake.valid


def test_a_platform_that_asks_to_wait_is_waited_for(held: Vault, fake: TokenFake) -> None:
    stale = start(held, fake)
    fake.script("POST /oauth2/token", http_fake.too_many(90))
    with pytest.raises(TryLater) as caught:
        held.fresh(*INES, refresh(fake), stale=stale)
    assert caught.value.until == NOON + timedelta(seconds=90)
    assert held.has(*INES)


CHILD = """
import sys, time
from pathlib import Path
from memory import Memory
from publishing import http
from publishing.credentials.oauth import refresh_grant
from tests.publishing.making import Clock
from tests.publishing.vaults import INES, vault

home, url, stale, go = Path(sys.argv[1]), sys.argv[2], sys.argv[3] == "stale", Path(sys.argv[4])
memory = Memory.open(home, clock=Clock())
held = vault(memory, home, Clock())
given = held.get(*INES) if stale else None
client = {"client_id": "app", "client_secret": "s3cret app", "auth": "basic"}
ask = refresh_grant(http.client(), url, who="X", clock=Clock(), **client)
print("ready", flush=True)
while not go.exists():
    time.sleep(0.001)
for _ in range(3):
    got = held.fresh(*INES, ask, stale=given)
print(got.values["refresh_token"], flush=True)
memory.close()
"""


@pytest.mark.parametrize("how", ["stale", "ended"])
def test_processes_that_refresh_at_once_ask_once_and_all_get_the_same(
    held: Vault, fake: TokenFake, tmp_path: Path, how: str
) -> None:
    start(held, fake)
    fake.script("POST /oauth2/token", http_fake.slow(0.5))
    go = tmp_path / "go"
    words = [sys.executable, "-c", CHILD, str(tmp_path / "home"), f"{fake.base_url}/oauth2/token", how, str(go)]
    children = [
        subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) for _ in range(3)
    ]
    assert [child.stdout.readline() for child in children] == ["ready\n"] * 3
    time.sleep(0.05)
    go.touch()
    ended = [child.communicate(timeout=60)[0] for child in children]
    assert ended == [f"{fake.valid}\n"] * 3
    assert len(fake.calls()) == 1
    assert not fake.revoked
    assert held.get(*INES).values["refresh_token"] == fake.valid

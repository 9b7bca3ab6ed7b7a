"""Sessions, logins and identities: who is asking, and how slow guessing is."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import argon2
import pytest

from core.errors import BadInput, NotAllowed, NotFound
from core.works import Workspace
from memory import Memory, logins
from memory.logins import WRONG
from memory.sessions import Lasting, Session
from tests.memory.conftest import NOON, Clock
from tests.memory.making import waiting

INES, MATS = "harbour at low tide", "three wooden boats"
LASTING = Lasting(timedelta(hours=1), timedelta(days=2))


@pytest.fixture
def home(tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[Memory]:
    cheap = partial(argon2.PasswordHasher, time_cost=1, memory_cost=8, parallelism=1)  # argon2 itself, less of it
    monkeypatch.setattr(argon2, "PasswordHasher", cheap)
    logins._nobodys.cache_clear()
    memory = Memory.open(tmp_path / "home", clock=clock)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    memory.workspaces.add(Workspace(id="other", name="Other", created_at=NOON))
    memory.members.set_secret("ines", "Ines", INES, by="Ines")
    memory.members.add("ines", "Mats", "editor", by="Ines", secret=INES, new_secret=MATS)
    yield memory
    memory.close()


def signed_in(memory: Memory, name: str = "Mats", secret: str = MATS) -> tuple[Session, str]:
    member = memory.logins.check("ines", name, secret, address="10.0.0.1")
    return memory.sessions.begin(member, "password", lasting=LASTING, address="10.0.0.1", agent="A browser\n")


def test_a_session_decides_as_its_member_and_as_nobody_else(home: Memory) -> None:
    _, bearer = signed_in(home)
    shown = waiting(home, "Low tide at nine.", brief_id="b_1")
    with pytest.raises(NotAllowed, match="not signed in"):
        home.decisions.claim("ines", shown.id, "approve", shown.sha, "Ines", secret=bearer)
    assert home.decisions.claim("ines", shown.id, "approve", shown.sha, "Mats", secret=bearer).by == "Mats"
    assert home.ledger.verify().ok
    with pytest.raises(NotAllowed):
        home.members.add("ines", "Eve", "owner", by="Mats", secret=bearer)


ENDS: list[Callable[[Memory, str], object]] = [
    lambda memory, bearer: memory.sessions.end(bearer),
    lambda memory, bearer: memory.sessions.end_all("ines", member="Mats"),
    lambda memory, bearer: memory.members.set_secret("ines", "Mats", "another one of his", by="Mats", secret=MATS),
    lambda memory, bearer: memory.members.remove("ines", "Mats", by="Ines", secret=INES),
]


@pytest.mark.parametrize("end", ENDS)
def test_what_ends_a_session_ends_its_decisions(home: Memory, end: Callable[[Memory, str], object]) -> None:
    _, bearer = signed_in(home)
    assert home.sessions.open(bearer, lasting=LASTING) is not None
    end(home, bearer)
    assert home.sessions.open(bearer, lasting=LASTING) is None
    assert home.sessions.list("ines") == []
    shown = waiting(home, "Low tide at nine.", brief_id="b_1")
    with pytest.raises(NotAllowed, match="not signed in"):
        home.decisions.claim("ines", shown.id, "approve", shown.sha, "Mats", secret=bearer)


def test_a_session_ends_when_idle_and_when_its_whole_time_is_over(home: Memory, clock: Clock) -> None:
    _, bearer = signed_in(home)
    for _ in range(3):
        clock.pass_by(minutes=50)
        assert home.sessions.open(bearer, lasting=LASTING) is not None
    clock.pass_by(minutes=61)
    assert home.sessions.open(bearer, lasting=LASTING) is None
    _, bearer = signed_in(home)
    for _ in range(47):
        clock.pass_by(hours=1, minutes=-1)
        assert home.sessions.open(bearer, lasting=LASTING) is not None
    clock.pass_by(hours=2)
    assert home.sessions.open(bearer, lasting=LASTING) is None


def test_nothing_that_is_kept_opens_a_session(home: Memory) -> None:
    session, bearer = signed_in(home)
    assert session.agent == "A browser"
    database = home._database.path
    assert database is not None
    home._database.pragma("wal_checkpoint(TRUNCATE)")
    assert bearer.encode() not in database.read_bytes()
    for guess in ("", "grs_", session.id, bearer[:-1], "x" * 500, bearer.upper()):
        assert home.sessions.open(guess, lasting=LASTING) is None
    with pytest.raises(BadInput, match="does not begin with"):
        home.members.set_secret("ines", "Mats", bearer, by="Mats", secret=MATS)


@pytest.mark.parametrize(
    ("name", "secret"),
    [
        ("Mats", "wrong"),
        ("Nobody", MATS),
        ("", ""),
        ("Mats", "x" * 5000),
        ("agent", MATS),
        ("Mats", "\x00"),
        ("M" * 900, "a"),
    ],
)
def test_a_wrong_name_and_a_wrong_secret_are_answered_alike(home: Memory, name: str, secret: str) -> None:
    with pytest.raises(NotAllowed) as refused:
        home.logins.check("ines", name, secret, address="10.0.0.9")
    assert refused.value.message == WRONG


def test_guessing_gets_slow_and_a_restart_is_no_way_around(home: Memory, clock: Clock) -> None:
    for _ in range(6):
        with pytest.raises(NotAllowed, match="go together"):
            home.logins.check("ines", "Mats", "wrong", address="10.0.0.9")
    again = Memory.open(home.home, clock=clock)
    with pytest.raises(NotAllowed, match="Too many tries"):
        again.logins.check("ines", "Mats", MATS, address="10.0.0.9")
    again.close()
    assert home.logins.check("ines", "mats", MATS, address="10.0.0.1").name == "Mats"  # from where nobody guessed
    clock.pass_by(seconds=11)
    assert home.logins.check("ines", "Mats", MATS, address="10.0.0.9").name == "Mats"


def test_one_address_may_not_go_through_many_names(home: Memory) -> None:
    for number in range(31):
        with pytest.raises(NotAllowed, match="go together"):
            home.logins.check("ines", f"name {number}", "wrong", address="10.0.0.9")
        if number < 10:
            home.logins.check("ines", "Mats", MATS, address="10.0.0.9")
    with pytest.raises(NotAllowed, match="Too many tries"):
        home.logins.check("ines", "one more", "wrong", address="10.0.0.9")


def test_only_an_owner_says_who_signs_in_as_whom(home: Memory) -> None:
    with pytest.raises(NotAllowed):
        home.identities.link("ines", "Ines", "proxy", "eve@example.org", by="Mats", secret=MATS)
    made = home.identities.link("ines", "Mats", "https://id.example/", "mats@example.org", by="Ines", secret=INES)
    found = home.identities.member("ines", "https://id.example", "mats@example.org")
    assert found is not None and found.name == "Mats"
    assert home.identities.member("other", "https://id.example", "mats@example.org") is None
    assert home.identities.member("ines", "proxy", "mats@example.org") is None
    with pytest.raises(BadInput, match="linked already"):
        home.identities.link("ines", "Ines", "https://id.example", "mats@example.org", by="Ines", secret=INES)
    with pytest.raises(NotFound):
        home.identities.link("ines", "Eve", "proxy", "eve", by="Ines", secret=INES)
    home.identities.unlink("ines", made.id, by="Ines", secret=INES)
    assert home.identities.member("ines", "https://id.example", "mats@example.org") is None
    assert [entry.payload["what"] for entry in home.ledger.entries()][-2:] == ["identity linked", "identity unlinked"]

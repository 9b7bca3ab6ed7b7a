"""Which accounts are connected."""

import pytest
from sqlalchemy.exc import IntegrityError

from core.errors import NotFound
from memory import Memory
from tests.memory.conftest import Clock

INES = ("ines", "bluesky", "@ines.example")


def told(memory: Memory) -> list[tuple[str, dict[str, str]]]:
    return [(e.actor, e.payload) for e in memory.ledger.entries() if e.kind == "connection"]


def entry(what: str, account: str = "@ines.example", **more: str) -> dict[str, str]:
    return {"workspace": "ines", "channel": "bluesky", "account": account, "what": what, **more}


def test_an_account_is_kept_with_what_is_known_of_it(memory: Memory, clock: Clock) -> None:
    made = memory.connections.add(*INES, settings={"service": "https://pds.example"}, facts={"did": "did:plc:1"})
    assert (made.state, made.reason, made.connected_at, made.checked_at) == ("connected", "", clock.now, None)
    assert memory.connections.get(*INES) == memory.connections.find(*INES) == made
    assert memory.connections.find("ines", "bluesky", "@else.example") is None


def test_connecting_again_replaces_all_that_was_known(memory: Memory, clock: Clock) -> None:
    memory.connections.add(*INES, settings={"service": "https://old.example"}, facts={"limit": 1})
    memory.connections.disconnect(*INES, "the password was changed")
    clock.pass_by(hours=1)
    again = memory.connections.add(*INES, settings={"service": "https://new.example"}, tested=True, by="mats")
    assert memory.connections.list("ines") == [again]
    assert (again.settings, again.facts, again.state) == ({"service": "https://new.example"}, {}, "connected")
    assert again.connected_at == again.checked_at == clock.now
    assert told(memory) == [
        ("owner", entry("connected")),
        ("sender", entry("disconnected", reason="the password was changed")),
        ("mats", entry("replaced")),
    ]
    assert memory.ledger.verify().ok


def test_a_passed_test_keeps_the_facts_and_tells_the_ledger_nothing(memory: Memory, clock: Clock) -> None:
    memory.connections.add(*INES, settings={})
    clock.pass_by(minutes=5)
    found = memory.connections.checked(*INES, {"limit": 300})
    assert (found.facts, found.checked_at) == ({"limit": 300}, clock.now)
    assert told(memory) == [("owner", entry("connected"))]


def test_removing_forgets_it_and_says_who_did(memory: Memory) -> None:
    memory.connections.add(*INES, settings={})
    memory.connections.add("ines", "bluesky", "@other.example", settings={})
    memory.connections.remove(*INES, by="mats")
    assert [each.account for each in memory.connections.list()] == ["@other.example"]
    assert told(memory)[-1] == ("mats", entry("removed"))


def test_what_is_not_connected_says_how_to_connect_it(memory: Memory) -> None:
    for act in (
        lambda: memory.connections.get(*INES),
        lambda: memory.connections.remove(*INES),
        lambda: memory.connections.checked(*INES, {}),
        lambda: memory.connections.disconnect(*INES, "x"),
    ):
        with pytest.raises(NotFound) as caught:
            act()
        assert "greenroom channels add bluesky" in caught.value.hint
    assert told(memory) == []


def test_an_account_belongs_to_a_workspace_that_is_there(memory: Memory) -> None:
    with pytest.raises(IntegrityError):
        memory.connections.add("nobody", "bluesky", "@ines.example", settings={})
    assert told(memory) == []

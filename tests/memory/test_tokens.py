"""Tokens: told once, bound to a member and a workspace, ended at once, and never opened by a copy of the ledger."""

import pytest

from core.errors import BadInput, NotAllowed, NotFound
from memory import Memory
from memory.forgetting import Wish
from memory.tokens import PREFIX, Asked
from tests.memory.conftest import Clock

SECRET = "four words of hers"


def test_a_token_is_told_once_and_kept_nowhere(memory: Memory) -> None:
    made, bearer = memory.tokens.make("ines", Asked("Zed on my laptop"), by="owner")
    assert (made.member, made.workspace, made.decides, made.sees_private) == ("owner", "ines", "never", False)
    assert memory.tokens.open(bearer) == made and memory.tokens.still(made.id) == made
    assert [each.id for each in memory.tokens.list("ines")] == [made.id]
    for file in (each for each in memory.home.rglob("*") if each.is_file()):
        assert bearer.removeprefix(PREFIX).encode() not in file.read_bytes()
    assert (memory.home / "keys" / "token.key").stat().st_mode & 0o077 == 0


WRONG = ("", "grt_", "x", "grt_" + "a" * 43, "grt_" + "a" * 4000, "grt_\ud800", "grt_é")


def test_nothing_else_opens(memory: Memory) -> None:
    _, bearer = memory.tokens.make("ines", Asked("one"), by="owner")
    for each in (*WRONG, bearer[:-1], bearer + "a", bearer.upper(), bearer.removeprefix(PREFIX)):
        assert memory.tokens.open(each) is None


def test_it_ends_when_its_time_is_over_and_when_it_is_revoked(memory: Memory, clock: Clock) -> None:
    short, first = memory.tokens.make("ines", Asked("short", days=1), by="owner")
    long, second = memory.tokens.make("ines", Asked("long"), by="owner")
    clock.pass_by(days=1)
    assert memory.tokens.open(first) is None and memory.tokens.open(second) == long
    ended = memory.tokens.revoke("ines", long.id, by="owner")
    assert ended.revoked_by == "owner" and memory.tokens.open(second) is None
    assert memory.tokens.revoke("ines", long.id, by="owner") == ended
    with pytest.raises(NotFound):
        memory.tokens.revoke("ines", "t_none", by="owner")
    assert memory.tokens.list("ines") == [] and {e.id for e in memory.tokens.list("ines", ended=True)} == {
        short.id,
        long.id,
    }
    assert memory.ledger.verify().ok


def test_members_make_their_own_and_an_owner_one_that_never_decides(memory: Memory, clock: Clock) -> None:
    memory.members.add("ines", "Mats", "editor", by="owner", new_secret=SECRET)
    memory.members.add("ines", "Ida", "viewer", by="owner", new_secret=SECRET)
    made, bearer = memory.tokens.make("ines", Asked("his", "Mats"), by="owner")
    assert made.member == "Mats"
    with pytest.raises(NotAllowed, match="Only Mats"):
        memory.tokens.make("ines", Asked("his", "Mats", "api"), by="owner")
    with pytest.raises(NotAllowed, match="secret is needed"):
        memory.tokens.make("ines", Asked("his"), by="Mats")
    with pytest.raises(NotAllowed, match="Only an owner"):
        memory.tokens.make("ines", Asked("hers", "Ida"), by="Mats", secret=SECRET)
    with pytest.raises(NotAllowed, match="may make"):
        memory.tokens.make("ines", Asked("hers", sees_private=True), by="Ida", secret=SECRET)
    with pytest.raises(NotAllowed, match="is Mats's"):
        memory.tokens.revoke("ines", made.id, by="Ida", secret=SECRET)
    memory.members.remove("ines", "Mats", by="owner")
    assert memory.tokens.open(bearer) is None
    clock.pass_by(seconds=2)
    memory.members.add("ines", "Mats", "editor", by="owner")
    assert memory.tokens.open(bearer) is None  # who comes back makes new ones


def test_another_home_opens_nothing_by_the_same_ledger(memory: Memory) -> None:
    _, bearer = memory.tokens.make("ines", Asked("one"), by="owner")
    (memory.home / "keys" / "token.key").unlink()
    assert memory.tokens.open(bearer) is None


def test_what_was_ended_stays_so_when_who_ended_it_is_forgotten(memory: Memory) -> None:
    memory.members.add("ines", "Mats Holm", "editor", by="owner", new_secret=SECRET)
    memory.members.add("ines", "Ida Vik", "owner", by="owner", new_secret=SECRET)
    his, bearer = memory.tokens.make("ines", Asked("his"), by="Mats Holm", secret=SECRET)
    kept, other = memory.tokens.make("ines", Asked("kept"), by="Mats Holm", secret=SECRET)
    memory.tokens.revoke("ines", his.id, by="Ida Vik", secret=SECRET)
    memory.members.remove("ines", "Ida Vik", by="owner")
    memory.forgetting.forget(Wish(kind="person", workspace="ines", named="Ida Vik"), by="owner")
    assert memory.tokens.open(bearer) is None and memory.tokens.open(other) == kept
    memory.members.remove("ines", "Mats Holm", by="owner")
    memory.forgetting.forget(Wish(kind="person", workspace="ines", named="Mats Holm"), by="owner")
    assert memory.tokens.open(other) is None
    assert "Holm" not in str([each.payload for each in memory.ledger.entries()])
    assert memory.ledger.verify().ok


def test_a_wish_that_can_not_be_is_refused(memory: Memory) -> None:
    for asked in (Asked(""), Asked("a\nb\x00"), Asked("x" * 81), Asked("x", days=0), Asked("x", decides="always")):
        with pytest.raises(BadInput):
            memory.tokens.make("ines", asked, by="owner")
    assert memory.ledger.entries() == []

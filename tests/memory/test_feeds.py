"""Subscriptions to the calendar: a secret address each, of which nothing but a hash is kept."""

import pytest

from core.errors import NotAllowed, NotFound
from core.works import Workspace
from memory import Memory
from tests.memory.conftest import NOON

SECRET = "a tin without a lid"


def everything(memory: Memory) -> str:
    """All that is kept, as one text."""
    with memory._database.read() as conn:
        rows = [str(conn.exec_driver_sql(f"SELECT * FROM {name}").all()) for name in ("feeds", "ledger")]
    return " ".join(rows)


def test_a_token_opens_its_own_feed_and_is_kept_nowhere(memory: Memory) -> None:
    made, token = memory.feeds.make("ines", by="Ines")
    other, second = memory.feeds.make("ines", by="Ines", with_text=True)
    assert (memory.feeds.open(token), memory.feeds.open(second)) == (made, other)
    assert (other.with_text, made.with_text) == (True, False)
    assert len({token, second}) == 2
    assert len(token) >= 43
    kept = everything(memory)
    assert token not in kept
    assert second not in kept
    assert [entry.kind for entry in memory.ledger.entries()] == ["feed", "feed"]


@pytest.mark.parametrize("token", ["", "x", "a" * 5000, "half \ud83e", "%00", "' OR 1=1 --"])
def test_what_is_no_token_opens_nothing(memory: Memory, token: str) -> None:
    memory.feeds.make("ines", by="Ines")
    assert memory.feeds.open(token) is None


def test_revoked_it_opens_nothing_from_then_on(memory: Memory) -> None:
    made, token = memory.feeds.make("ines", by="Ines")
    gone = memory.feeds.revoke("ines", made.id, by="Ines")
    assert (gone.revoked_by, memory.feeds.open(token), memory.feeds.list("ines")) == ("Ines", None, [])
    assert memory.feeds.revoke("ines", made.id, by="Ines") == gone
    assert memory.feeds.list("ines", revoked=True) == [gone]
    with pytest.raises(NotFound):
        memory.feeds.revoke("ines", "f_none", by="Ines")


def test_another_workspace_neither_sees_nor_ends_it(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="tom", name="Tom", created_at=NOON))
    made, _ = memory.feeds.make("ines", by="Ines")
    assert memory.feeds.list("tom") == []
    with pytest.raises(NotFound):
        memory.feeds.revoke("tom", made.id, by="Tom")


def test_everybody_makes_their_own_and_an_owner_for_others(memory: Memory) -> None:
    for name, role in (("Vera", "viewer"), ("Mats", "editor")):
        memory.members.add("ines", name, role, by="Ines", new_secret=SECRET)  # type: ignore[arg-type]
    made, token = memory.feeds.make("ines", by="Vera", secret=SECRET)
    for_mats, _ = memory.feeds.make("ines", by="Ines", member="Mats")
    assert (made.member, for_mats.member, for_mats.made_by) == ("Vera", "Mats", "Ines")
    for by, secret, member in (
        ("Vera", None, None),  # no secret
        ("Vera", SECRET, "Mats"),  # for somebody else
        ("agent", None, None),
        ("Tom", None, None),
    ):
        with pytest.raises(NotAllowed):
            memory.feeds.make("ines", by=by, member=member, secret=secret)
    with pytest.raises(NotFound, match="Liv is no member"):
        memory.feeds.make("ines", by="Ines", member="Liv")
    with pytest.raises(NotAllowed):
        memory.feeds.revoke("ines", for_mats.id, by="Vera", secret=SECRET)
    assert memory.feeds.open(token) is not None


def test_it_ends_with_the_membership(memory: Memory) -> None:
    memory.members.add("ines", "Vera", "viewer", by="Ines", new_secret=SECRET)
    _, token = memory.feeds.make("ines", by="Vera", secret=SECRET)
    _, own = memory.feeds.make("ines", by="Ines")
    memory.members.remove("ines", "Vera", by="Ines")
    assert memory.feeds.open(token) is None
    assert memory.feeds.open(own) is not None

"""A person goes: their own works, their turns in conversations, their rows and their name."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import NotAllowed
from core.works import Piece, Work, Workspace
from memory import Memory
from memory.forgetting import Wish
from memory.forgetting.names import Name
from memory.forgetting.people import turns_of, without_them
from tests.memory.conftest import NOON
from tests.memory.making import waiting
from tests.memory.test_forgetting import Letters
from tests.memory.traces import traces

TALK = (
    "**Ines:** Welcome, Marit Vik, to the show.\n\n"
    "**Marit Vik:** The xylquor lantern on the pier was always mine to light at dusk.\n\n"
    "Nobody else had the zumblefrith key to it in all those years.\n\n"
    "**Ines:** And who lights it now?\n\n**Marit Vik:** The brindlewax council does."
)
SAID = ("xylquor lantern on the pier", "zumblefrith", "brindlewax")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def memory(home: Path) -> Iterator[Memory]:
    memory = Memory.open(home, embedder=Letters(), clock=lambda: NOON)
    memory.workspaces.add(Workspace(id="ines", name="Ines", created_at=NOON))
    extra = {"speakers": ["Ines", "Marit Vik"], "timestamps": [[0.0, 10], [4.0, 60], [12.0, TALK.index("And who")]]}
    memory.works.remember("ines", [
        Piece(source="talk", title="At the pier", body=TALK, format="transcript", extra=extra),
        Piece(source="hers", title="Her poem", body="Quorlbane, she wrote, of the sea.", authors=("Marit  vik",)),
        Piece(source="both", title="Ours", body="We both wrote of gulls.", authors=("Ines", "Marit Vik")),
        Piece(source="mine", title="Of a friend", body="I met Marit Vik’s brother; Marit Viking was not there."),
    ])  # fmt: skip
    yield memory
    memory.close()


def work(memory: Memory, source: str) -> Work | None:
    return memory.works.by_source("ines", source)


def wish(**more: bool) -> Wish:
    return Wish(kind="person", workspace="ines", named="marit vik", **more)


def test_turns_are_cut_out_and_times_move_with_what_is_left(memory: Memory) -> None:
    talk = work(memory, "talk")
    assert talk is not None
    name = Name("Marit Vik")
    assert [TALK[start:end][:24] for start, end in turns_of(TALK, name, talk)] == [
        "**Marit Vik:** The xylqu", "Nobody else had the zumb", "**Marit Vik:** The brind",
    ]  # fmt: skip
    left = without_them(talk, name, mentions=True)
    assert left.body == "**Ines:** Welcome, [forgotten], to the show.\n\n**Ines:** And who lights it now?"
    kept = without_them(talk, name, mentions=False)
    assert kept.extra["speakers"] == ["Ines"]
    assert kept.extra["timestamps"] == [[0.0, 10], [12.0, kept.body.index("And who")]]


def test_a_person_goes_with_what_is_theirs(memory: Memory, home: Path) -> None:
    memory.consents.say("ines", "person:Marit Vik", granted=False, by="owner", note="her mail")
    memory.index.bring_up_to_date("ines")
    quoting = waiting(memory, "She said: nobody else had the zumblefrith key to it in all those years!")
    receipt = memory.forgetting.forget(wish(mentions=True, also_decided=True), by="owner")["receipt"]
    assert receipt["removed"]["works"] == 1 and receipt["removed"]["consents"] == 1
    assert sorted(receipt["rewritten"]) == sorted(w.id for w in memory.works.list("ines"))
    assert (receipt["stale"], receipt["pending"]) == ([quoting.id], [])
    assert (
        traces(home, (*SAID, "Quorlbane", "quorlbane", "Marit Vik,", "Marit Vik:", "Marit Vik’s", '"Marit Vik"')) == []
    )
    both, mine = work(memory, "both"), work(memory, "mine")
    assert both is not None and mine is not None
    assert (both.authors, mine.body) == (("Ines",), "I met [forgotten] brother; Marit Viking was not there.")
    assert len(memory.works.versions("ines", mine.id)) == 1
    assert memory.ledger.verify().ok
    assert [found.title for found in memory.recall("ines", "gulls", k=1)] == ["Ours"]


def test_works_that_only_name_them_are_told_of_and_stay(memory: Memory) -> None:
    mine = work(memory, "mine")
    assert mine is not None
    foreseen = memory.forgetting.foresee(wish())
    assert [title for _, title in foreseen.works] == ["Her poem"]
    assert [title for _, title in foreseen.rewritten] == ["At the pier", "Ours"]
    receipt = memory.forgetting.forget(wish(), by="owner")["receipt"]
    assert receipt["mentions"] == [mine.id]
    assert "Marit" not in str(receipt)
    assert work(memory, "mine") == mine


def test_an_address_goes_from_the_list_and_from_the_mails(memory: Memory, home: Path) -> None:
    memory.subscribers.add_consented("ines", "Quillon@post.example", source="signed up at the fair")
    named = Wish(kind="person", workspace="ines", named="quillon@POST.example")
    assert memory.forgetting.forget(named, by="owner")["receipt"]["removed"]["subscribers"] == 1
    assert traces(home, ("Quillon@post.example",)) == []


def test_a_present_member_is_not_forgotten_and_a_past_one_is(memory: Memory, home: Path) -> None:
    memory.members.add("ines", "Marit Vik", "editor", by="owner", new_secret="four plain words here")
    with pytest.raises(NotAllowed, match="is a member"):
        memory.forgetting.forget(wish(), by="owner")
    shown = waiting(memory, "Plain.")
    memory.decisions.claim("ines", shown.id, "reject", shown.sha, "Marit Vik", secret="four plain words here")
    memory.members.remove("ines", "Marit Vik", by="owner")
    receipt = memory.forgetting.forget(wish(mentions=True), by="owner")["receipt"]
    assert (receipt["removed"]["members"], receipt["withheld"]) == (1, 3)
    assert memory.ledger.verify().ok
    assert traces(home, ('"Marit Vik"', "Marit Vik|")) == []


def test_only_an_owner_forgets_and_an_agent_never(memory: Memory) -> None:
    memory.members.add("ines", "Tom", "editor", by="owner", new_secret="four plain words here")
    for by, secret in (("Tom", "four plain words here"), ("agent", None), ("Tom", None), ("Nobody", None)):
        with pytest.raises(NotAllowed):
            memory.forgetting.forget(wish(), by=by, secret=secret)
    assert work(memory, "hers") is not None

"""A newsletter's list: nobody without consent, nobody back who left, no address left behind, no link made up."""

import stat
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import BadInput, NotAllowed, NotFound, WrongUse
from core.subscribers import Counts, Outcome, Subscriber, normal_address, without_address
from memory import Memory
from memory.list_key import ListKey
from memory.subscribers import ONCE_MORE
from tests.memory.conftest import Clock

ADA = "ada@example.org"
FORM = "the form at noon"


def asked(memory: Memory, address: str = ADA) -> Subscriber:
    return memory.subscribers.ask("ines", address, source=FORM)


def state(memory: Memory, address: str = ADA) -> str:
    return memory.subscribers.get("ines", address).state


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Ada.L+tide@Example.ORG ", "Ada.L+tide@example.org"),
        ("ines@BLÅVEIS.example.", "ines@xn--blveis-jua.example"),
        ("a@例え.jp", "a@xn--r8jz45g.jp"),
        ("o'hara@x-y.example", "o'hara@x-y.example"),
    ],
)
def test_an_address_has_one_form(written: str, kept: str) -> None:
    assert normal_address(written) == kept
    assert normal_address(kept) == kept


@pytest.mark.parametrize(
    "written",
    [
        "", "ada", "@example.org", "ada@", "ada@localhost", "ada@@example.org", ".ada@example.org", "a..b@example.org",
        "ada@example..org", "ada@-x.org", "ada@127.0.0.1", "ada@[127.0.0.1]", "Ada <ada@example.org>", "a b@x.org",
        "ada@example.org\nBcc: eve@evil.example", "ada@exa mple.org", '"a"@example.org', "å@example.org",
        "a@" + "x" * 64 + ".org", "a" * 65 + "@x.org", "a@" + "x.".join(["y"] * 130) + ".org", "a@b.example,c@d.org",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(BadInput):
        normal_address(written)


@given(st.text(max_size=80))
def test_whatever_passes_can_stand_in_an_envelope_and_a_header(text: str) -> None:
    for written in (text, f"{text}@example.org", f"ada@{text}.org"):
        try:
            kept = normal_address(written)
        except BadInput:
            continue
        assert kept.isascii()
        assert kept.isprintable()
        assert not set(kept) & set(' <>,;:"()[]\\')
        assert normal_address(kept) == kept


def test_only_who_confirms_is_on_the_list(memory: Memory, clock: Clock) -> None:
    ada = asked(memory)
    assert (ada.state, ada.source) == ("asked", FORM)
    clock.pass_by(minutes=5)
    there = memory.subscribers.confirm("ines", ada.id, note="by the link")
    assert (there.state, there.confirmed_at) == ("confirmed", clock.now)
    assert memory.subscribers.get("ines", "ADA@EXAMPLE.org") == there  # another spelling of the same mailbox
    assert asked(memory, "Ada@example.org") == there
    assert memory.subscribers.count("ines") == {"confirmed": 1}
    assert FORM in there.source
    assert "by the link" in there.source


def test_who_left_is_back_only_by_asking_and_confirming_again(memory: Memory, clock: Clock) -> None:
    ada = memory.subscribers.confirm("ines", asked(memory).id)
    memory.subscribers.leave("ines", ada.id)
    memory.subscribers.leave("ines", ada.id)
    with pytest.raises(NotAllowed):
        memory.subscribers.confirm("ines", ada.id)  # an old mail's link
    imported = memory.subscribers.add_consented("ines", ADA, source="a list that Ines vouches for")
    assert (imported.state, state(memory)) == ("unsubscribed", "unsubscribed")
    clock.pass_by(hours=30)
    assert asked(memory).state == "asked"
    assert memory.subscribers.confirm("ines", ada.id).state == "confirmed"


def test_an_import_needs_a_word_on_the_consent(memory: Memory) -> None:
    for source in ("", "   ", "me"):
        with pytest.raises(WrongUse, match="consent"):
            memory.subscribers.add_consented("ines", ADA, source=source)
    assert memory.subscribers.list("ines") == []
    asked(memory)
    assert memory.subscribers.add_consented("ines", ADA, source="the fair, says Ines").state == "confirmed"


def test_one_confirmation_mail_a_day_at_most(memory: Memory, clock: Clock) -> None:
    ada = asked(memory)
    assert memory.subscribers.to_invite("ines") == [ada]
    assert memory.subscribers.invite(ada)
    assert not memory.subscribers.invite(ada)  # another process
    memory.subscribers.invited(ada, Outcome(state="accepted", code=250))
    assert (asked(memory).state, memory.subscribers.to_invite("ines")) == ("invited", [])
    memory.subscribers.leave("ines", ada.id)
    assert asked(memory).asked_at == clock.now + timedelta(days=1)
    assert memory.subscribers.to_invite("ines") == []
    clock.pass_by(hours=24)
    assert [each.id for each in memory.subscribers.to_invite("ines")] == [ada.id]


@pytest.mark.parametrize(
    ("outcome", "then"),
    [
        (Outcome(state="accepted", code=250), "invited"),
        (Outcome(state="unknown"), "invited"),
        (Outcome(state="refused", code=554, answer="spam"), "invited"),
        (Outcome(state="refused", code=550, answer=f"<{ADA}> no such user", hard=True), "bounced"),
        (Outcome(state="deferred", code=450, answer="greylisted"), "asked"),
        (Outcome(state="queued"), "asked"),
    ],
)
def test_how_a_confirmation_mail_can_end(memory: Memory, outcome: Outcome, then: str) -> None:
    ada = asked(memory)
    memory.subscribers.invite(ada)
    memory.subscribers.invited(ada, outcome)
    assert state(memory) == then
    assert ADA not in memory.subscribers.get("ines", ADA).reason


def test_a_confirmation_mail_that_is_put_off_goes_once_more_and_no_more(memory: Memory, clock: Clock) -> None:
    asked(memory)
    for turn in range(3):
        for due in memory.subscribers.to_invite("ines"):
            assert turn < 2
            memory.subscribers.invite(due)
            memory.subscribers.invited(due, Outcome(state="deferred", code=450, answer="greylisted"))
        clock.pass_by(seconds=ONCE_MORE.total_seconds())
    assert state(memory) == "invited"


def test_a_link_is_for_one_person_one_workspace_and_one_purpose(memory: Memory) -> None:
    ada, bea = asked(memory), asked(memory, "bea@example.org")
    link = memory.subscribers.link("ines", ada.id, "unsubscribe")
    assert memory.subscribers.of_link("ines", link, "unsubscribe") == ada
    token = link.partition(".")[2]
    assert len(token) == 43
    assert "ada" not in link.replace(ada.id, "")
    wrong = [
        (link, "confirm"),
        (f"{bea.id}.{token}", "unsubscribe"),
        (link[:-1], "unsubscribe"),
        (f"{link}x", "unsubscribe"),
        (f"{ada.id}.", "unsubscribe"),
        (f"{ada.id}.\ud800", "unsubscribe"),
        ("", "unsubscribe"),
    ]
    assert [memory.subscribers.of_link("ines", *each) for each in wrong] == [None] * len(wrong)
    assert memory.subscribers.of_link("other", link, "unsubscribe") is None


def test_the_key_is_its_owners_and_stays(tmp_path: Path) -> None:
    first, second = ListKey(tmp_path), ListKey(tmp_path)
    assert first.token("ines", "s_1", "confirm") == second.token("ines", "s_1", "confirm")
    file = tmp_path / "keys" / "list.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [each.name for each in file.parent.iterdir()] == ["list.key"]
    assert ListKey(tmp_path / "other").token("ines", "s_1", "confirm") != first.token("ines", "s_1", "confirm")


def test_a_removed_address_leaves_no_byte_behind(memory: Memory, clock: Clock) -> None:
    address = "a-very-findable-address@example.org"
    ada = memory.subscribers.confirm("ines", asked(memory, address).id)
    memory.subscribers.leave("ines", ada.id, reason=f"{address} wrote")
    receipt = memory.subscribers.remove("ines", address, by="ines")
    assert receipt == {"subscriber": ada.id, "mails_blanked": 0, "scrubbed": True}
    with pytest.raises(NotFound):
        memory.subscribers.get("ines", address)
    memory.close()
    for file in memory.home.rglob("*"):
        if file.is_file():
            assert b"findable" not in file.read_bytes(), file
    assert memory.ledger.verify().ok


def test_an_answer_is_kept_without_the_address() -> None:
    said = "550 5.1.1 <Ada@Example.org>: ada@example.org unknown"
    assert without_address(ADA, said) == "550 5.1.1 <…>: … unknown"
    assert without_address("", said) == said


def test_counts_are_said_in_words() -> None:
    counts = Counts(of={"accepted": 497, "refused": 2, "unknown": 1, "armed": 1, "queued": 3, "deferred": 1})
    assert counts.said == "497 accepted, 2 refused, 2 not certain, 4 still to come"
    assert Counts(of={}).said == "nobody to send to"

"""Senders of a newsletter are really killed, and really at work at once: nobody twice, nobody forgotten."""

import os
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.publications import Publication
from memory import Memory
from publishing import DeskSettings
from publishing.mailing_round import Round
from tests.counterparts.mail import MailServer
from tests.publishing import mailing
from tests.publishing.mailing import credentials, desk, queued, states, subscribe
from tests.publishing.making import Clock

MANY = 200


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer.start() as server:
        yield server


@pytest.fixture
def home(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(os, "fsync", lambda _: None)
    memory.close()
    return memory.home


def everybody(count: int) -> list[str]:
    return [f"reader{number}@example.org" for number in range(count)]


def die_at(home: Path, clock: Clock, server: MailServer, at: int, where: str) -> bool:
    """Send in a forked child that kills itself at the `at`-th passing of a place; say whether it did."""
    child = os.fork()
    if child == 0:
        memory, passed = Memory.open(home, clock=clock), 0

        def fuse(when: str) -> None:
            nonlocal passed
            passed += when == where
            if when == where and passed == at:
                os.kill(os.getpid(), signal.SIGKILL)

        arm, record = memory.mailings.arm, memory.mailings.record

        def fused_arm(*given: object, **named: object) -> bool:
            fuse("before arming")
            armed = arm(*given, **named)  # type: ignore[arg-type]
            fuse("armed, before DATA")
            return armed

        def fused_record(*given: object) -> None:
            fuse("answered, before the commit")
            record(*given)  # type: ignore[arg-type]
            fuse("committed")

        memory.mailings.arm, memory.mailings.record = fused_arm, fused_record  # type: ignore[method-assign]
        desk(memory, credentials(server), clock).publish_due()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def accounted_for(memory: Memory, row: Publication, server: MailServer) -> Counter[str]:
    """Assert that nobody got it twice, and that every row says what happened; return the states."""
    got = Counter(mail.recipients[0] for mail in server.received)
    assert set(got.values()) <= {1}
    known = states(memory, row)
    assert {address for address, state in known.items() if state == "accepted"} <= set(got)
    assert set(got) <= {address for address, state in known.items() if state in ("accepted", "unknown")}
    return Counter(known.values())


@pytest.mark.parametrize(
    ("where", "left", "state"),
    [
        ("before arming", {"accepted": MANY}, "published"),
        ("committed", {"accepted": MANY}, "published"),
        ("armed, before DATA", {"accepted": MANY - 1, "unknown": 1}, "needs_human"),
        ("answered, before the commit", {"accepted": MANY - 1, "unknown": 1}, "needs_human"),
    ],
)
def test_killed_among_200_recipients(
    home: Path, clock: Clock, server: MailServer, where: str, left: dict[str, int], state: str
) -> None:
    memory = Memory.open(home, clock=clock)
    subscribe(memory, *everybody(MANY))
    row = queued(memory, desk(memory, credentials(server), clock))
    memory.close()
    assert die_at(home, clock, server, 117, where)
    memory = Memory.open(home, clock=clock)
    to = desk(memory, credentials(server), clock)
    to.publish_due()  # the dead are not waited for: the rest goes at once
    assert accounted_for(memory, row, server) == left
    mailing.settle_down(to, clock, hours=2)
    asks = memory.publications.get(row.id)
    assert (asks.state, accounted_for(memory, row, server)) == (state, left)
    if state == "needs_human":
        assert f"{MANY - 1} accepted, 1 not certain" in asks.reason
        memory.mailings.settle(row.id, None, "accepted", by="ines", note="their log")
        assert to.reconcile(row.id).state == "published"
    memory.close()


def test_killed_again_and_again(home: Path, clock: Clock, server: MailServer) -> None:
    """Four kills in one newsletter leave at most four people of whom nobody knows, and nobody without an ending."""
    memory = Memory.open(home, clock=clock)
    subscribe(memory, *everybody(40))
    row = queued(memory, desk(memory, credentials(server), clock))
    memory.close()
    places = ["armed, before DATA", "answered, before the commit", "committed", "before arming"]
    kills = sum(die_at(home, clock, server, 7, where) for where in places)
    memory = Memory.open(home, clock=clock)
    mailing.settle_down(desk(memory, credentials(server), clock), clock, hours=3)
    assert kills == 4
    assert accounted_for(memory, row, server) == {"accepted": 38, "unknown": 2}
    memory.close()


def test_two_workers_hold_one_newsletter(memory: Memory, clock: Clock, server: MailServer) -> None:
    """One was paused beyond its deadline and wakes in the middle of the other's round."""
    subscribe(memory, *everybody(60))
    given = credentials(server)
    first, second = desk(memory, given, clock), desk(memory, given, clock)
    row = queued(memory, first)
    started, taken_over = threading.Event(), threading.Event()
    hand_over, calls = Round._one, [0]

    def slow(self: Round, recipient: object) -> None:
        calls[0] += 1
        if calls[0] == 11:  # the first worker sleeps here
            started.set()
            assert taken_over.wait(30)
        hand_over(self, recipient)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Round, "_one", slow)
        sleeper = threading.Thread(target=first.publish_due)
        sleeper.start()
        assert started.wait(30)
        clock.pass_by(minutes=21)
        live = second.publish_due().published
        taken_over.set()
        sleeper.join()
    assert [each.id for each in live] == [row.id]
    assert accounted_for(memory, row, server) == {"accepted": 60}
    assert memory.publications.get(row.id).state == "published"


def test_a_row_is_armed_once_however_many_try(memory: Memory, clock: Clock, server: MailServer) -> None:
    subscribe(memory, "ada@example.org")
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    claimed = memory.publications.claim_due("w", clock(), DeskSettings().lease, 1)[0]
    memory.mailings.prepare(claimed, stable="a" * 64, domain="ines.example")
    [recipient] = memory.mailings.due(row.id)
    assert not memory.mailings.arm(recipient, epoch=claimed.epoch)  # the publication itself is not armed
    memory.publications.step(row.id, epoch=claimed.epoch, to="armed")
    assert not memory.mailings.arm(recipient, epoch=claimed.epoch + 1)
    barrier, won = threading.Barrier(8), []

    def race() -> None:
        barrier.wait()
        won.append(memory.mailings.arm(recipient, epoch=claimed.epoch))

    racers = [threading.Thread(target=race) for _ in range(8)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()
    assert sorted(won) == [False] * 7 + [True]


def test_what_a_sleeper_knows_for_certain_wins_over_not_certain(
    memory: Memory, clock: Clock, server: MailServer
) -> None:
    from core.subscribers import Outcome

    subscribe(memory, "ada@example.org")
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    claimed = memory.publications.claim_due("w", clock(), DeskSettings().lease, 1)[0]
    memory.mailings.prepare(claimed, stable="a" * 64, domain="ines.example")
    memory.publications.step(row.id, epoch=claimed.epoch, to="armed")
    [recipient] = memory.mailings.due(row.id)
    memory.mailings.arm(recipient, epoch=claimed.epoch)
    memory.mailings.presume(row.id)
    assert states(memory, row) == {"ada@example.org": "unknown"}
    memory.mailings.record(recipient, Outcome(state="accepted", code=250, answer="queued"))
    assert states(memory, row) == {"ada@example.org": "accepted"}
    memory.mailings.record(recipient, Outcome(state="deferred", code=450))
    assert states(memory, row) == {"ada@example.org": "accepted"}


def test_a_round_stops_in_time(memory: Memory, clock: Clock, server: MailServer) -> None:
    """What a round doesn't reach goes with the next one; nobody is asked."""
    subscribe(memory, *everybody(30))
    to = desk(memory, credentials(server), clock)
    row = queued(memory, to)
    hand_over = Round._one

    def slow(self: Round, recipient: object) -> None:
        hand_over(self, recipient)  # type: ignore[arg-type]
        clock.pass_by(minutes=1)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Round, "_one", slow)
        [rest] = to.publish_due().unknown
        assert f"{len(server.received)} accepted, {30 - len(server.received)} still to come" in rest.reason
        assert len(server.received) == 10  # ten of the twenty minutes are kept for the slowest answer
        for _ in range(40):
            clock.pass_by(minutes=5)
            to.publish_due()
    assert memory.publications.get(row.id).state == "published"
    assert accounted_for(memory, row, server) == {"accepted": 30}

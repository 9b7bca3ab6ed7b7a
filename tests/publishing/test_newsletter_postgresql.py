"""The newsletter's rows on a real PostgreSQL: four workers at once, and nobody gets it twice."""

import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.subscribers import Outcome
from memory import Memory
from publishing import DeskSettings
from tests.counterparts.mail import MailServer
from tests.counterparts.postgresql import PostgreSQLServer
from tests.publishing.mailing import credentials, desk, queued, states, subscribe
from tests.publishing.making import INES, Clock


@pytest.fixture
def memory(postgresql: PostgreSQLServer, tmp_path: Path, clock: Clock) -> Iterator[Memory]:
    memory = Memory.open(tmp_path / "home", database_url=postgresql.new_database(), clock=clock)
    memory.workspaces.add(INES)
    yield memory
    memory.close()


def at_once(*calls: object) -> None:
    threads = [threading.Thread(target=call) for call in calls]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_four_workers_three_newsletters(memory: Memory, clock: Clock) -> None:
    readers = [f"r{number}@example.org" for number in range(20)]
    subscribe(memory, *readers)
    with MailServer.start() as server:
        workers = [desk(memory, credentials(server), clock) for _ in range(4)]
        rows = [queued(memory, workers[0], title=f"Letter {number}") for number in range(3)]
        at_once(*[worker.publish_due for worker in workers])
        got = Counter(
            (mail.recipients[0], mail.data.partition(b"Subject: ")[2].partition(b"\r\n")[0]) for mail in server.received
        )
    assert len(got) == 60
    assert set(got.values()) == {1}
    assert {memory.publications.get(row.id).state for row in rows} == {"published"}


def test_one_of_eight_arms_a_row_and_every_ending_is_kept(memory: Memory, clock: Clock) -> None:
    subscribe(memory, "ada@example.org")
    to = desk(memory, credentials(None), clock)
    row = queued(memory, to)
    claimed = memory.publications.claim_due("w", clock(), DeskSettings().lease, 1)[0]
    memory.mailings.prepare(claimed, stable="a" * 64, domain="ines.example")
    assert memory.mailings.prepare(claimed, stable="a" * 64, domain="ines.example").of == {"queued": 1}
    memory.publications.step(row.id, epoch=claimed.epoch, to="armed")
    [recipient] = memory.mailings.due(row.id)
    won: list[bool] = []
    at_once(*[lambda: won.append(memory.mailings.arm(recipient, epoch=claimed.epoch)) for _ in range(8)])
    assert sorted(won) == [False] * 7 + [True]
    memory.mailings.presume(row.id)
    memory.mailings.doubt(row.id)
    memory.mailings.leave_out_who_left(row.id)
    assert memory.mailings.settle(row.id, "ADA@example.org", "queued", by="ines", note="their log") == 1
    memory.mailings.record(recipient, Outcome(state="refused", code=550, answer="no such user", hard=True))
    assert (states(memory, row), memory.subscribers.count("ines")) == ({"ada@example.org": "refused"}, {"bounced": 1})
    receipt = memory.subscribers.remove("ines", "ada@example.org", by="ines")
    assert (receipt["mails_blanked"], receipt["scrubbed"]) == (1, False)
    assert memory.ledger.verify().ok


def test_two_ask_at_once(memory: Memory) -> None:
    asking = [lambda: memory.subscribers.ask("ines", "Ada@example.org", source="the form") for _ in range(8)]
    at_once(*asking)
    assert memory.subscribers.count("ines") == {"asked": 1}

"""Two processes decide the same proposal, five hundred times: exactly one wins, and the other is told who."""

from collections import Counter
from typing import Any

from core.errors import AlreadyDecided, Stale
from tests.publishing.making import proposal
from tests.races.conftest import Where
from tests.races.processes import SPAWN, together

ROUNDS = 500


def decide_all(barrier: Any, answers: Any, where: Where, name: str, verb: str, shown: list[tuple[str, str]]) -> None:
    memory, won, told = where.open(), [], Counter[str]()
    for proposal_id, sha in shown:
        barrier.wait()
        try:
            memory.decisions.claim("ines", proposal_id, verb, sha, name)  # type: ignore[arg-type]
            won.append(proposal_id)
        except AlreadyDecided as error:
            told[error.message.split(" at ")[0]] += 1
    answers.put((name, won, dict(told)))
    memory.close()


def test_exactly_one_wins_each_time(where: Where) -> None:
    memory = where.open()
    shown = [proposal(memory, text=f"Post {n}.") for n in range(ROUNDS)]
    pairs = [(made.id, made.sha) for made in shown]
    found = together(decide_all, [(where, "Ines", "approve", pairs), (where, "Tom", "reject", pairs)])
    won = {name: ids for name, ids, _ in found}
    told = {name: words for name, _, words in found}
    assert Counter(won["Ines"] + won["Tom"]) == Counter(made.id for made in shown)
    assert told["Ines"] == ({"Already decided by Tom": len(won["Tom"])} if won["Tom"] else {})
    assert told["Tom"] == ({"Already decided by Ines": len(won["Ines"])} if won["Ines"] else {})
    states = Counter(made.state for made in memory.proposals.list("ines"))
    assert states == Counter({"approved": len(won["Ines"]), "rejected": len(won["Tom"])})
    check = memory.ledger.verify()
    assert (check.ok, check.entries) == (True, ROUNDS)
    memory.close()


def edit_all(barrier: Any, answers: Any, where: Where, changes: list[tuple[str, Any]]) -> None:
    """The agent's own revision takes a waiting proposal's place."""
    memory, done = where.open(), []
    for old_id, new in changes:
        barrier.wait()
        try:
            memory.proposals.supersede(old_id, new)
            done.append(old_id)
        except Exception as error:  # it was approved first
            assert type(error).__name__ in ("NotAllowed", "AlreadyDecided"), error
    answers.put(("edited", done))
    memory.close()


def approve_all(barrier: Any, answers: Any, where: Where, shown: list[tuple[str, str]]) -> None:
    memory, done = where.open(), []
    for proposal_id, sha in shown:
        barrier.wait()
        try:
            memory.decisions.claim("ines", proposal_id, "approve", sha, "Ines")
            done.append(proposal_id)
        except (Stale, AlreadyDecided):
            pass
    answers.put(("approved", done))
    memory.close()


def test_an_approval_that_meets_an_edit_is_of_what_was_shown_or_nothing(where: Where) -> None:
    memory = where.open()
    old = [proposal(memory, text=f"Post {n}.") for n in range(150)]
    changes = [
        (each.id, each.model_copy(update={"id": each.id + "x", "supersedes": each.id, "state": "waiting"}))
        for each in old
    ]
    found = dict(together_two(where, changes, [(each.id, each.sha) for each in old]))
    assert Counter(found["edited"] + found["approved"]) == Counter(each.id for each in old)
    for each in old:
        now = memory.proposals.get("ines", each.id)
        assert now.state == ("approved" if each.id in found["approved"] else "superseded")
        assert (memory.decisions.release("ines", each.id) is not None) == (each.id in found["approved"])
    memory.close()


def together_two(where: Where, changes: list[Any], shown: list[tuple[str, str]]) -> list[Any]:
    barrier, answers = SPAWN.Barrier(2), SPAWN.Queue()
    pair = [
        SPAWN.Process(target=edit_all, args=(barrier, answers, where, changes)),
        SPAWN.Process(target=approve_all, args=(barrier, answers, where, shown)),
    ]
    for process in pair:
        process.start()
    found = [answers.get(timeout=300) for _ in pair]
    for process in pair:
        process.join()
    return found

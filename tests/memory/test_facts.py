"""Brand facts in both times: whatever is said when, what was known is kept and what is over is never current."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput, NotAllowed, NotFound
from core.facts import Stated, state
from core.works import Workspace
from memory import Memory
from tests.memory.conftest import NOON, Clock

DAY = timedelta(days=1)


def banned(term: str = "leverage", **more: object) -> Stated:
    return state({"kind": "banned", "term": term, **more})


def test_a_fact_is_replaced_and_what_was_known_stays(memory: Memory, clock: Clock) -> None:
    first = memory.facts.add("ines", banned(instead="use"), by="ines")
    clock.pass_by(days=2)
    second = memory.facts.replace("ines", first.id, {"instead": "apply"}, by="ines")
    assert [fact.instead for fact in memory.facts.current("ines")] == ["apply"]
    known_then = memory.facts.as_of("ines", valid=NOON + DAY, known=NOON + DAY)
    true_then = memory.facts.as_of("ines", valid=NOON + DAY)
    assert [[fact.instead for fact in facts] for facts in (known_then, true_then)] == [["use"], ["use"]]
    assert (second.id, second.valid_from) == (first.id, clock.now)
    assert [fact.superseded_at is None for fact in memory.facts.history("ines", first.id)] == [False, True, True]


def test_a_correction_says_that_it_was_always_so(memory: Memory, clock: Clock) -> None:
    first = memory.facts.add("ines", banned(instead="uze"), by="ines")
    clock.pass_by(days=2)
    memory.facts.replace("ines", first.id, {"instead": "use", "valid_from": first.valid_from}, by="ines")
    assert [fact.instead for fact in memory.facts.as_of("ines", valid=NOON + DAY)] == ["use"]
    assert [fact.instead for fact in memory.facts.as_of("ines", valid=NOON + DAY, known=NOON + DAY)] == ["uze"]


def test_what_ended_or_has_not_begun_is_not_current(memory: Memory, clock: Clock) -> None:
    fact = memory.facts.add("ines", banned(), by="ines")
    memory.facts.add("ines", banned("synergy", valid_from=NOON + 2 * DAY), by="ines")
    clock.pass_by(days=1)
    memory.facts.end("ines", fact.id, by="ines")
    assert memory.facts.current("ines") == ()
    clock.pass_by(days=1)
    assert [fact.term for fact in memory.facts.current("ines")] == ["synergy"]
    with pytest.raises(BadInput, match="ended already"):
        memory.facts.end("ines", fact.id, by="ines")


def test_a_sheet_is_taken_in_once(memory: Memory, clock: Clock) -> None:
    sheet = [banned(instead="use"), banned("synergy"), state({"kind": "keep", "term": "Greenroom"})]
    assert len(memory.facts.take("ines", sheet, by="ines").added) == 3
    clock.pass_by(days=1)
    again = memory.facts.take("ines", [*sheet[:2], banned("leverage", instead="apply", locale="en")], by="ines")
    assert (len(again.added), len(again.replaced), again.unchanged) == (1, 0, 2)
    changed = memory.facts.take("ines", [banned(instead="apply")], by="ines")
    assert [fact.instead for fact in changed.replaced] == ["apply"]
    exported = [fact.stated() for fact in memory.facts.current("ines")]
    assert memory.facts.take("ines", exported, by="ines").unchanged == 4


def test_only_owners_and_editors_change_facts_and_the_ledger_tells(memory: Memory) -> None:
    with pytest.raises(NotAllowed):
        memory.facts.add("ines", banned(), by="agent:chat")
    memory.members.add("ines", "Mats", "contributor", by="ines", new_secret="a long secret")
    with pytest.raises(NotAllowed, match="what the brand holds to"):
        memory.facts.add("ines", banned(), by="Mats", secret="a long secret")
    fact = memory.facts.add("ines", banned(), by="ines")
    last = memory.ledger.entries()[-1]
    assert (last.kind, last.actor, last.payload["fact"], last.seq) == ("fact", "ines", fact.id, fact.seq)
    assert memory.ledger.verify().ok


def test_no_workspace_sees_or_changes_anothers(memory: Memory) -> None:
    memory.workspaces.add(Workspace(id="olav", name="Olav", created_at=NOON))
    fact = memory.facts.add("ines", banned(), by="ines")
    assert memory.facts.current("olav") == ()
    for call in (memory.facts.history, lambda w, i: memory.facts.end(w, i, by="olav")):
        with pytest.raises(NotFound):
            call("olav", fact.id)


_days = st.integers(0, 8)
_steps = st.lists(
    st.tuples(st.sampled_from(["say", "end", "wait"]), _days, st.one_of(st.none(), _days), st.sampled_from("abc")),
    max_size=8,
)


_numbers = count()


@given(steps=_steps)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_said_in_whatever_order_both_times_answer_like_a_diary(
    memory: Memory, clock: Clock, steps: list[tuple[str, int, int | None, str]]
) -> None:
    space, morning = f"space-{next(_numbers)}", clock.now
    memory.workspaces.add(Workspace(id=space, name=space, created_at=NOON))
    fact = memory.facts.add(space, banned(note="a", valid_from=morning), by="ines")
    diary = dict.fromkeys(range(20), "a")  # day -> what is true then, as known now
    pages: list[tuple[datetime, dict[int, str]]] = []
    for what, start, end, note in steps:
        pages.append((clock.now, dict(diary)))
        clock.pass_by(days=1)
        stretch = range(start, 20 if end is None else end)
        begin, until = morning + start * DAY, None if end is None else morning + end * DAY
        try:
            if what == "say":
                new = {"note": note, "valid_from": begin, "valid_to": until}
                memory.facts.replace(space, fact.id, new, by="ines")
                diary |= dict.fromkeys(stretch, note)
            elif what == "end":
                memory.facts.end(space, fact.id, by="ines", at=begin)
                diary = {day: said for day, said in diary.items() if day < start}
        except BadInput:
            pass  # it would end before it begins, or has ended: nothing may have changed
    pages.append((clock.now, diary))
    for known, page in pages:
        said = [memory.facts.as_of(space, valid=morning + day * DAY, known=known) for day in range(20)]
        wanted = [[page[day]] if day in page else [] for day in range(20)]
        assert [[each.note for each in facts] for facts in said] == wanted
    for each in memory.facts.current(space):
        assert each.superseded_at is None
        assert each.valid_from <= clock.now
        assert each.valid_to is None or clock.now < each.valid_to


def test_what_is_new_since_an_approval_is_what_the_person_could_not_know(memory: Memory, clock: Clock) -> None:
    known = memory.facts.add("ines", banned("synergy"), by="ines")
    seq = memory.ledger.entries()[-1].seq
    late = memory.facts.add("ines", banned(), by="ines")  # in the very second
    assert [fact.id for fact in memory.facts.new_since("ines", NOON, seq)] == [late.id]
    clock.pass_by(days=1)
    memory.facts.end("ines", known.id, by="ines", at=clock.now + DAY)  # says the same, only until when
    memory.facts.replace("ines", late.id, {"severity": "note"}, by="ines")
    assert [fact.id for fact in memory.facts.new_since("ines", NOON, seq)] == [late.id]
    assert memory.facts.new_since("ines", clock.now) == ()

"""What the Slack door knows after a restart."""

from concurrent.futures import ThreadPoolExecutor

from memory import Memory
from tests.memory.conftest import Clock


def test_what_slack_tells_is_begun_once_by_one_of_many(memory: Memory, clock: Clock) -> None:
    notes = memory.slack_notes
    with ThreadPoolExecutor(4) as many:
        assert sum(many.map(lambda _: notes.begin("ines", "event:Ev1", channel="C1", thread="1.1"), range(8))) == 1
    assert not notes.begin("ines", "event:Ev1")
    assert [(each.channel, each.thread) for each in notes.cut_off("ines")] == [("C1", "1.1")]
    assert notes.cut_off("ines") == []
    notes.begin("ines", "event:Ev2", channel="C1")
    notes.end("ines", "event:Ev2")
    assert notes.cut_off("ines") == []
    clock.pass_by(days=31)
    assert notes.begin("ines", "event:Ev3") and notes.begin("ines", "event:Ev1")


def test_where_a_card_lies_is_kept_with_what_it_shows(memory: Memory) -> None:
    notes = memory.slack_notes
    place = notes.lay("ines", "C1", "1.2", thread="1.1", root="p_1", proposal_id="p_1")
    notes.lay("ines", "C1", "1.3", thread="", root="p_9", proposal_id="p_9")
    notes.shown(place.model_copy(update={"proposal_id": "p_2", "stamp": "p_2|waiting", "rest": ("1.4", "F1")}))
    [kept] = notes.places("ines", ["p_1"])
    assert (kept.proposal_id, kept.stamp, kept.rest, kept.thread) == ("p_2", "p_2|waiting", ("1.4", "F1"), "1.1")
    assert notes.places("mats") == []
    notes.lift(place.id)
    assert [each.root for each in notes.places("ines")] == ["p_9"]


def test_a_picture_is_claimed_once_before_it_is_laid(memory: Memory) -> None:
    notes = memory.slack_notes
    place = notes.lay("ines", "C1", "1.2", thread="", root="p_1", proposal_id="p_1")
    assert [notes.claim_chart(place, "a" * 64), notes.claim_chart(place, "a" * 64)] == [True, False]
    assert notes.charted(place.id, "a" * 64, ("1.5", "F0001")) and not notes.charted(place.id, "b" * 64, ("1.6",))
    notes.shown(place.model_copy(update={"stamp": "p_1|waiting"}))  # what is shown of the card leaves it as it is
    [kept] = notes.places("ines")
    assert (kept.chart, kept.chart_of) == (("1.5", "F0001"), "a" * 64)
    assert notes.claim_chart(kept, "")
    assert [(each.chart, each.chart_of) for each in notes.places("ines")] == [((), "")]
    notes.lift(place.id)
    assert not notes.claim_chart(place, "a" * 64)

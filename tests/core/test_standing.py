"""When a rule holds: three edits in two pieces, hardly contradicted; the newest first, and the person's word before."""

from datetime import UTC, datetime, timedelta

from core.edits.standing import Life, Said, Sign, Voice, life_of
from core.preferences import because

START = datetime(2026, 5, 1, 12, tzinfo=UTC)


def signs(*voices: Voice, pieces: int = 9, days: int = 2) -> list[Sign]:
    return [
        Sign(
            voice=voice,
            decision_id=f"dec_{at}",
            proposal_id=f"p_{at}",
            piece=f"b_{at % pieces}",
            at=START + timedelta(days=days * at),
            edit=at,
        )
        for at, voice in enumerate(voices, 1)
    ]


def life(*voices: Voice, words: tuple[Said, ...] = (), later: int = 0, pieces: int = 9) -> Life:
    found = signs(*voices, pieces=pieces)
    return life_of(found, words, edit=len(found) + later, now=START + timedelta(days=2 * (len(found) + later)))


def test_three_edits_in_two_pieces_make_a_rule() -> None:
    assert life("for", "for").state == "candidate"
    assert life("for", "for", "for", pieces=1).state == "candidate"
    held = life("for", "for", "for", pieces=2)
    assert (held.state, [sign.decision_id for sign in held.support]) == ("active", ["dec_1", "dec_2", "dec_3"])


def test_a_fifth_of_contradiction_is_too_much_to_begin_with() -> None:
    assert life("for", "against", "for", "for").state == "candidate"
    assert life("against", "for", "for", "for", "for", "for").state == "active"


def test_one_slip_does_not_end_a_rule_and_two_in_a_row_do() -> None:
    assert life("for", "for", "for", "for", "against").state == "active"
    assert life("for", "for", "for", "for", "for", "kept", "kept", "overruled", "overruled").state == "candidate"
    assert life("for", "for", "for", "overruled", "overruled", "for", "for").state == "candidate"  # from nothing again


def test_a_habit_that_is_taken_up_anew_holds_after_three_edits() -> None:
    assert life("against", "against", "against", "against", "for", "for").state == "candidate"
    assert life("against", "against", "against", "against", "for", "for", "for").state == "active"
    assert life("for", "against", "for", "against", "for", "for").state == "candidate"


def test_what_we_wrote_ourselves_is_no_support() -> None:
    assert life("for", "for", "kept", "kept", "kept").state == "candidate"


def test_a_rule_that_no_edit_shows_any_more_fades() -> None:
    assert life("for", "for", "for", later=10).state == "active"
    assert life("for", "for", "for", later=200).state == "faded"


def test_the_persons_word_goes_first() -> None:
    after = START + timedelta(days=5)
    assert life("for", words=(Said(word="accept", by="ines", at=after),)).state == "active"
    rejected = (Said(word="reject", by="ines", at=after),)
    assert life("for", "for", "for", "for", words=rejected).state == "rejected"
    undone = (*rejected, Said(word="undo", by="ines", at=after, seq=2))
    assert life("for", "for", "for", "for", words=undone).state == "active"


def test_edits_after_an_acceptance_may_end_it() -> None:
    accepted = (Said(word="accept", by="ines", at=START + timedelta(days=3)),)
    assert life("for", "overruled", words=accepted).state == "active"
    assert life("for", "overruled", "overruled", "overruled", words=accepted).state == "candidate"


def test_days_are_named_as_people_name_them() -> None:
    days = [datetime(2026, 5, 3, 9, tzinfo=UTC), datetime(2026, 5, 7, 9, tzinfo=UTC)]
    assert because(days) == "from your edits of 3 and 7 May"
    assert because(days[:1]) == "from your edit of 3 May"
    assert because([*days, datetime(2026, 6, 1, 23, 30, tzinfo=UTC)], "Europe/Oslo") == (
        "from your edits of 3, 7 May and 2 June"
    )
    assert because([]) == "you said so"

"""Whether an ask names anything, and what is a yes."""

import pytest

from core.asks import accepts, declines, is_thin
from core.conversation import LEFT_OUT, LONGEST, Told, digest


@pytest.mark.parametrize(
    "ask",
    ["write a post", "Make something for Bluesky, please", "Draft a newsletter", "announce something new", "",
     "post it", "Schreib bitte einen Beitrag", "Escribe algo para LinkedIn", "Écris un post court", "Skriv et innlegg"],
)  # fmt: skip
def test_an_ask_that_names_nothing_is_thin(ask: str) -> None:
    assert is_thin(ask)


@pytest.mark.parametrize(
    "ask",
    ["Announce my next talk", "write a post about rain", "The ferry", "Ein Beitrag über Regen",
     "Escribe sobre la lluvia", "雨について書いて", "напиши о дожде", "Turn “Kelp, by weight” into posts"],
)  # fmt: skip
def test_an_ask_that_names_something_is_not(ask: str) -> None:
    assert not is_thin(ask)


def test_one_key_is_a_yes() -> None:
    assert all(map(accepts, ("y", "Y", "yes.", " ok ", "sí", "1")))
    assert all(map(declines, ("n", "No.", "nein")))
    assert not any(map(accepts, ("", "yes, but about rain", "why")))


def test_a_digest_keeps_what_the_person_said_and_what_was_made() -> None:
    turns = [
        Told("person", "Call it the tin, never the box."),
        Told("Greenroom", "Good."),
        Told("tool", 'brief: {"proposals":[{"id":"p_4k2m8x0r1t6v"}]}'),
        Told("tool", "recall: nothing"),
    ]
    first = digest("", turns)
    assert first == "- The person said: “Call it the tin, never the box.”\n- brief: p_4k2m8x0r1t6v"
    assert digest(first, [Told("person", "Shorter.")]).endswith("- The person said: “Shorter.”")


def test_a_digest_stays_within_its_length_and_says_what_it_left_out() -> None:
    long = digest("", [Told("person", f"{n} " + "word " * 60) for n in range(80)])
    assert len(long) <= LONGEST + len(LEFT_OUT) + 1
    assert long.startswith(LEFT_OUT) and "“79 word" in long
    assert digest(long, []).count(LEFT_OUT) == 1

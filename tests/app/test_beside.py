"""What goes out beside the words is in view before it is approved."""

from app.beside import beside
from app.cards import _fields
from core.proposals import Proposal
from tests.memory.making import proposal

CARD = {"uri": "https://tide.example/a", "title": "The almanac", "description": "A tin."}


def of(**payload: object) -> Proposal:
    return proposal("One.", payload={"channel": "bluesky", "text": "One.", **payload}, channel="bluesky")


def test_a_link_card_is_shown_with_all_its_words() -> None:
    assert _fields(of(embed=CARD)) == [["Link card", "The almanac · A tin. · https://tide.example/a"]]


def test_a_thread_says_how_many_posts_and_which_has_a_card() -> None:
    made = of(parts=[{"text": "One."}, {"text": "Two.", "embed": {**CARD, "description": ""}}])
    assert list(beside(made.payload)) == [
        ("Thread", "2 posts, one after the other"),
        ("Link card of post 2", "The almanac · https://tide.example/a"),
    ]


def test_a_plain_post_has_nothing_beside_it() -> None:
    assert _fields(of()) == []

"""A rehearsal draft is one post: a line of hyphens in the creator's own pieces never makes a thread of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import channels
from core.threads import posts
from models.rehearsal.drafting import draft
from models.rehearsal.vectors import Vectors
from models.tasks import PastWork
from tests.models.material import WORKS, request, sourced

THREADED = [place for place in channels() if place.threads]
RULES = ("\n---\n", "\n\n---\n\n", "\n-----\n", ".\n --- \n", " ---\n")
BY_WORDS = Vectors(None)


def ruled(work: PastWork, rule: str) -> PastWork:
    """The same piece, with a rule after every sentence and in the middle of one."""
    passages = tuple(passage.replace(". ", f".{rule}").replace(" of ", f"{rule}of ", 1) for passage in work.passages)
    return work.model_copy(update={"passages": passages, "title": f"{work.title}{rule}and on"})


@pytest.mark.parametrize("place", THREADED, ids=lambda place: place.name)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_in_a_past_work_or_the_source_parts_nothing(place: object, rule: str) -> None:
    works = tuple(ruled(work, rule) for work in WORKS)
    source = rule.join(["The tide gauge at Ferder has kept the height of the sea since 1928.", *WORKS[0].passages])
    for given_source in ("", source):
        asked = request(place.name, **sourced(given_source)).model_copy(update={"works": works})  # type: ignore[attr-defined]
        made = draft(asked, BY_WORDS)
        assert [post.text for post in posts(place, made.text)] == [made.text]  # type: ignore[arg-type]


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["---", "The tide turns twice a day.", "", "Marit wrote the tables down.", "- -"])))
def test_whatever_the_ask_holds(lines: list[str]) -> None:
    text = "\n".join(["Announce the walk along the harbour.", *lines])
    for place in THREADED:
        asked = request(place.name).model_copy(update={"ask": text})
        for works in ((), WORKS):
            made = draft(asked.model_copy(update={"works": works}), BY_WORDS)
            assert len(posts(place, made.text)) == 1
            assert "\n---" not in made.text

"""Variants differ where they should, and every other word is the same."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import channel
from core.drafts import Content
from core.variants import part_of, parted, with_part

POST = "Marit kept them in a tin. We wrote that in 2024.\n\nOut now: our episode.\n\nMore here: https://a.example/41\n\n#tides"
SENTENCES = st.lists(
    st.sampled_from(
        ["The tin is red.", "“Nobody owns it. Nobody.”", "It was 1987.", "She said: “Yes. No.”", "(So. It is.)"]
    ),
    min_size=1,
    max_size=6,
)


def test_the_hook_is_the_opening_paragraph_or_the_subject() -> None:
    assert (
        part_of(channel("bluesky"), Content(text=POST), "hook").text
        == "Marit kept them in a tin. We wrote that in 2024."
    )
    letter = Content(text=POST, subject="What the tide left", title="The tin")
    assert part_of(channel("newsletter"), letter, "hook")[::3] == ("subject", "What the tide left")


def test_another_call_to_action_leaves_the_hashtags_where_they_are() -> None:
    part = part_of(channel("bluesky"), Content(text=POST), "cta")
    assert part.text == "More here: https://a.example/41"
    made = with_part(Content(text=POST), part, "Pass it on: https://a.example/41")
    assert made.text == POST.replace("More here", "Pass it on")
    assert with_part(Content(text=POST), part, "").text == POST.replace("More here: https://a.example/41\n\n", "")


def test_a_text_without_one_gets_it_before_the_hashtags() -> None:
    text = "Out now: our episode.\n\n#tides"
    part = part_of(channel("bluesky"), Content(text=text), "cta")
    assert with_part(Content(text=text), part, "Tell us.").text == "Out now: our episode.\n\nTell us.\n\n#tides"
    bare = Content(text="Out now: our episode.")
    assert with_part(bare, part_of(channel("x"), bare, "cta"), "Tell us.").text == "Out now: our episode.\n\nTell us."


@pytest.mark.parametrize("name", ["bluesky", "linkedin", "newsletter", "carousel"])
@settings(max_examples=60, deadline=None)
@given(
    blocks=st.lists(SENTENCES, min_size=1, max_size=4), joint=st.sampled_from(["\n\n", "\n\n---\n\n"]), data=st.data()
)
def test_units_make_the_text_again_and_no_quotation_is_cut(
    name: str, blocks: list[list[str]], joint: str, data: st.DataObject
) -> None:
    text = joint.join(" ".join(block) for block in blocks)
    units = parted(channel(name), text)
    everything = set(range(1, len(units.units) + 1))
    if name != "newsletter":  # where a line of hyphens is a block like any other
        assert units.keeping(everything) == text
    kept = units.keeping(data.draw(st.sets(st.sampled_from(sorted(everything)), min_size=1)))
    assert kept.count("“") == kept.count("”")
    assert kept.count("(") == kept.count(")")

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.channels import channels
from core.counting import Length, count, cut_at, fits, lengths
from core.drafts import Content, Picture
from core.rules import findings
from core.threads import posts, split

PLACES = {place.name: place for place in channels()}
THREADED = ("bluesky", "mastodon", "x", "threads")
LINES = st.sampled_from(
    ["---", "-----", " --- ", "--", "- --", "-- -", "", "  ", "one", "—", "two words", "\u0e44\u0e17\u0e22", "---\r"]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one post\n\nof two paragraphs\n", ("one post\n\nof two paragraphs\n",)),
        ("one\n---\ntwo", ("one", "two")),
        ("one\n\n\n-----\n\n  two\r\n --- \r\n\r\nthree\n", ("one", "two", "three")),
        ("---\none\n---\n---\n\n---\ntwo\n---", ("one", "two")),
        ("one -- two --- three", ("one -- two --- three",)),
        ("| a |\n|---|\n--\n- ---\n---x", ("| a |\n|---|\n--\n- ---\n---x",)),
        ("---", ("---",)),
        ("", ("",)),
        ("one\n———\ntwo", ("one\n———\ntwo",)),
    ],
)
def test_a_line_of_hyphens_parts_posts(text: str, expected: tuple[str, ...]) -> None:
    assert split(text) == expected


@given(st.lists(LINES, max_size=9))
def test_no_word_is_lost_and_no_line_of_hyphens_is_sent(lines: list[str]) -> None:
    text = "\n".join(lines)
    found = posts(PLACES["bluesky"], text)
    assert all(text[post.start : post.end] == post.text for post in found)
    assert "".join("".join(split(text)).split()).replace("-", "") == "".join(text.split()).replace("-", "")
    if len(found) > 1:
        assert all(post.text == post.text.strip() != "" for post in found)
        assert all(split(post.text) == (post.text,) for post in found)


def test_where_there_are_no_threads_the_text_is_one_post() -> None:
    assert tuple(name for name, place in PLACES.items() if place.threads) == THREADED
    assert [post.text for post in posts(PLACES["site"], "one\n\n---\n\ntwo")] == ["one\n\n---\n\ntwo"]


def test_each_post_is_measured_by_itself() -> None:
    text = "x" * 290 + "\n---\n" + "y" * 300
    assert count("bluesky", text) == Length(used=300, limit=300, unit="graphemes")
    assert fits("bluesky", text)
    assert lengths("linkedin", text)[0].used == 595
    assert not fits("bluesky", text + "y")
    assert cut_at("bluesky", text + "yy") == len(text)
    assert findings("bluesky", Content(text=text)) == ()


def test_limits_of_one_thread_count_their_own_longest_post() -> None:
    """300 graphemes and 3,000 bytes: another post may be the longest by each."""
    text = "x" * 300 + "\n---\n" + "\U0001f468\u200d\U0001f469\u200d\U0001f467\u200d\U0001f466" * 100
    assert [each.used for each in lengths("bluesky", text)] == [300, 2500]


def test_a_finding_names_the_post_and_stands_in_the_whole_text() -> None:
    text = "fine\n---\n" + "é" * 302 + "\n---\nfine too"
    (found,) = findings("bluesky", Content(text=text))
    assert found.message == "Post 2 of 3 has 302 graphemes; Bluesky takes 300: 2 too many."
    assert text[slice(*found.span or ())] == "éé"


def test_links_and_hashtags_are_counted_post_by_post() -> None:
    links = "https://a.org " * 5
    assert findings("threads", Content(text=f"See {links}\n---\nand {links}")) == ()
    (found,) = findings("threads", Content(text=f"See this\n---\n{links}https://b.org"))
    assert found.message == "Threads takes at most 5 links; post 2 of 2 has 6."
    (tags,) = findings("threads", Content(text="Ships #one\n---\nand #two #three"))
    assert tags.message == "Threads takes at most 1 of post 2 of 2's 2 hashtags."


def test_pictures_that_are_too_many_too_big_or_not_described() -> None:
    def picture(size: int, alt: str) -> Picture:
        return Picture(sha256="0" * 64, mime="image/jpeg", bytes=size, width=4, height=3, alt=alt)

    many = (picture(2_000_001, "a boat"), picture(2_000_000, ""), *[picture(1, "a boat")] * 3)
    found = {each.rule: each for each in findings("bluesky", Content(text="Boats", pictures=many))}
    assert set(found) == {"image_bytes", "missing_alt", "too_many_images"}
    assert found["image_bytes"].message == "Image 1 has 2,000,001 bytes; Bluesky takes 2,000,000."
    assert {each.severity for each in found.values()} == {"error"}

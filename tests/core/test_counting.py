import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.channels import channel, channels
from core.counting import Length, count, cut_at, fits, lengths, shorten
from core.drafts import Content
from core.errors import BadInput
from core.linkedin import RESERVED, escape, unescape

FAMILY = "👩‍👩‍👧‍👦"
words = st.text(st.characters(blacklist_categories=["Cs"]))
posts = st.lists(
    st.sampled_from(
        [
            "We write plainly.",
            "ภาษาไทยที่ดี",
            "日本語です。",
            FAMILY,
            "🇳🇴",
            "https://example.org/a/b",
            "#Tag",
            "a_b*c",
            "é",
            "\n\n",
        ]
    ),
    max_size=120,
).map(" ".join)


def used(name: str, text: str) -> int:
    return count(name, text).used


def test_bluesky_counts_graphemes_and_bytes_and_the_binding_one_leads() -> None:
    assert count("bluesky", "x" * 300) == Length(used=300, limit=300, unit="graphemes")
    assert lengths("bluesky", Content(text=FAMILY)) == (
        Length(used=1, limit=300, unit="graphemes"),
        Length(used=25, limit=3000, unit="bytes"),
    )
    many = FAMILY * 121
    assert count("bluesky", many) == Length(used=3025, limit=3000, unit="bytes")
    assert not fits("bluesky", many)
    assert count("bluesky", many).over == 25


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("plain", 5),
        ("see https://example.org/" + "a" * 200, 4 + 23),
        ("see https://example.org/日本語/ページ ok", 4 + 23 + 3),
        ("(https://example.org/a).", 1 + 23 + 2),
        ("example.org stays as it is", 26),
        ("@ines@writing.example hello", 11),
        ("@ines hello", 11),
        ("ines@writing.example", 20),
        ("https://example.org/@ines@writing.example", 23),
        (FAMILY, 1),
        ("http://localhost:8000/a", 23),
    ],
)
def test_mastodon_counts_a_link_23_and_a_mention_without_its_domain(text: str, length: int) -> None:
    assert used("mastodon", text) == length


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("plain", 5),
        ("é", 1),
        (unicodedata.normalize("NFD", "é"), 1),
        ("日本語", 6),
        ("한국", 4),
        ("ไทย", 3),
        ("–—‘’“”…", 1 + 1 + 1 + 1 + 1 + 1 + 2),
        ("\u200d\u2028", 1 + 2),
        ("😀", 2),
        (FAMILY, 2),
        ("👍🏽", 2),
        ("🇳🇴🇸🇪", 4),
        ("🇦🇦", 4),
        ("1️⃣", 2),
        ("❤️", 2),
        ("❤", 2),
        ("❤︎", 4),
        ("⭐️", 2),
        ("©", 1),
        ("©️", 2),
        ("🏴󠁧󠁢󠁥󠁮󠁧󠁿", 2),
        ("🏳️‍🌈", 2),
        ("🤦🏻‍♀️", 2),
        ("🧑🏿‍🚀", 2),
        ("👩‍❤️‍💋‍👨", 2),
        ("👩‍🍕", 2 + 1 + 2),
        ("https://example.org", 23),
        ("HTTP://EXAMPLE.ORG/" + "a" * 300, 23),
        ("example.org", 23),
        ("www.example.co.uk/path", 23),
        ("example.notatld", 15),
        ("https://example.notatld/a", 25),
        ("ines@example.org", 16),
        ("@example.org", 12),
        ("#example.org", 12),
        ("$example.org", 12),
        ("a-.org", 6),
        ("3.14", 4),
        ("end.It's", 23 + 2),
        ("https://example.org/a.", 24),
        ("https://example.org/a, b", 23 + 3),
        ("(https://example.org/a_(b))", 25),
        ("https://example.org?q=1&b=2 x", 25),
        ("https://example.org:8080/a#b", 23),
        ("https://t.co/abcDEF12/a", 25),
        ("見てexample.orgね", 4 + 23 + 2),
        ("https://例え.テスト", 8 + 4 + 1 + 6),
        ("https://пример.рф/путь", 23),
        ("https://example.org/日本", 23 + 4),
        ("https://example.org/@ines/", 23),
        ("example.org example.net", 47),
        ("ftp://example.org", 6 + 11),
        ("/example.org", 12),
    ],
)
def test_x_weighs_as_x_does(text: str, weight: int) -> None:
    assert used("x", text) == weight


def test_linkedin_counts_the_escaped_text() -> None:
    assert escape("(a) #b_c | d") == r"\(a\) \#b\_c \| d"
    assert used("linkedin", "(a)") == 5
    assert used("linkedin", "😀") == 2
    assert not fits("linkedin", "#" * 1501)
    assert fits("linkedin", "#" * 1500)


@given(words)
def test_escaping_for_linkedin_loses_nothing(text: str) -> None:
    commentary = escape(text)
    assert unescape(commentary) == text
    assert len(commentary) == len(text) + sum(char in RESERVED for char in text)


@pytest.mark.parametrize(
    ("text", "length"),
    [("plain é", 7), ("😀", 4), (FAMILY, 25), ("🇳🇴", 8), ("❤️", 6), ("©", 1), ("日本", 2), ("1️⃣", 7), ("1", 1)],
)
def test_threads_counts_an_emoji_by_its_bytes(text: str, length: int) -> None:
    assert used("threads", text) == length


def test_where_nothing_limits_the_text_its_length_is_still_told() -> None:
    assert count("site", "abc") == Length(used=3, limit=None, unit="characters")
    assert count("newsletter", "abc").limit is None
    assert count("site", "abc").left is None
    assert fits("site", "x" * 100_000)


def test_an_unknown_channel_names_the_known_ones() -> None:
    with pytest.raises(BadInput) as error:
        count("myspace", "hello")
    assert error.value.hint.startswith("Known channels: bluesky, mastodon, x, linkedin, threads, instagram")


def test_every_figure_of_a_channel_has_a_source() -> None:
    for place in channels():
        figures = [*place.limits, place.links.max, place.links.counts_as, place.hashtags.max, place.media.images]
        assert all(figure.source for figure in figures if figure)
        assert place == channel(place.name)
    assert [limit.secondary for name in ("linkedin", "instagram", "x") for limit in channel(name).limits] == [
        True,
        True,
        False,
    ]


@settings(max_examples=40, deadline=None)
@given(posts, st.sampled_from([place.name for place in channels()]), st.booleans())
def test_a_shortened_text_fits_and_stays_as_it_is_when_shortened_again(text: str, name: str, tail: bool) -> None:
    short = shorten(name, text, keep_tail=tail)
    assert fits(name, short)
    assert shorten(name, short, keep_tail=tail) == short
    if fits(name, text):
        assert short == text


@settings(max_examples=40, deadline=None)
@given(posts, st.sampled_from(["bluesky", "x", "mastodon", "threads"]))
def test_what_is_before_the_cut_fits(text: str, name: str) -> None:
    assert fits(name, text[: cut_at(name, text)])


def test_a_text_is_cut_after_a_sentence() -> None:
    sentence = "We write for people who are busy. "
    assert shorten("bluesky", sentence * 20) == (sentence * 8).rstrip()


def test_a_long_sentence_is_cut_after_a_word() -> None:
    short = shorten("x", "word, " * 100)
    assert short.endswith("word…")
    assert used("x", short) == 4 + 45 * 6 + 2


def test_a_text_without_spaces_is_cut_between_graphemes() -> None:
    assert shorten("bluesky", FAMILY * 200) == FAMILY * 119 + "…"


def test_closing_links_and_hashtags_are_kept_when_asked() -> None:
    tail = "\n\nhttps://example.org/plain\n#PlainLanguage #Gov"
    short = shorten("bluesky", "We write for people who are busy. " * 20 + tail, keep_tail=True)
    assert short.endswith("busy." + tail)
    assert fits("bluesky", short)

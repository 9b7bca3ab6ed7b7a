import pytest

from core.hashtags import find as find_hashtags
from core.hashtags import hashtag
from core.links import find, links_in, place


@pytest.mark.parametrize(
    ("words", "tag"),
    [
        ("plain language", "#PlainLanguage"),
        ("18F", "#18F"),
        ("user’s guide", "#UsersGuide"),
        ("open-source APIs", "#OpenSourceAPIs"),
        ("ภาษา ไทย", "#ภาษาไทย"),
        ("2024", ""),
        ("…", ""),
    ],
)
def test_words_become_a_hashtag_that_can_be_read_aloud(words: str, tag: str) -> None:
    assert hashtag(words) == tag
    assert [found.tag for found in find_hashtags(tag)] == ([tag[1:]] if tag else [])


def test_digits_entities_and_anchors_are_no_hashtags() -> None:
    text = "#One #1 x#two &#39; https://example.org/#three (#four)"
    assert [text[each.start : each.end] for each in find_hashtags(text)] == ["#One", "#four"]


def test_links_are_found_as_they_stand() -> None:
    text = "See https://a.org/b_(c). Or [d](http://e.org/f), www.g.org/h and i.org; not README.md, j@k.org, https://"
    assert [text[each.start : each.end] for each in find(text)] == [
        "https://a.org/b_(c)",
        "http://e.org/f",
        "www.g.org/h",
        "i.org",
    ]
    assert links_in(text + " https://a.org/b_(c)") == ["https://a.org/b_(c)", "http://e.org/f"]
    assert [each.url for each in find("i.org/x")] == ["https://i.org/x"]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.Example.org/a/", "http://example.org/a", True),
        ("https://example.org/a?utm_source=x&b=1#c", "https://example.org/a?b=1", True),
        ("https://example.org/a?b=1&c=2", "https://example.org/a?c=2&b=1", True),
        ("https://example.org/a", "https://example.org/A", False),
        ("https://example.org/a", "https://example.org/a/b", False),
        ("https://example.org", "https://example.org.evil.net", False),
        ("https://example.org:8443/a", "https://example.org/a", False),
        ("https://example.org:443/a", "https://example.org/a", True),
        ("https://example.org@evil.net/", "https://example.org", False),
    ],
)
def test_two_links_lead_to_the_same_place_whatever_they_are_dressed_in(one: str, other: str, same: bool) -> None:
    assert (place(one) == place(other)) is same

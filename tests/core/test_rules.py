import pytest

from core.channels import channels
from core.drafts import Content, Finding
from core.rules import findings

GOOD = Content(
    text="We rewrote the form in plain words. It took three weeks (and much tea). “Worth it,” says Åse.",
    title="Plain words",
    subject="Plain words",
    preheader="What three weeks bought",
    summary="A form, rewritten",
    tags=("plain language",),
)


def found(channel: str, text: str) -> list[tuple[str, str, str]]:
    content = GOOD.model_copy(update={"text": text})
    return [(each.rule, each.severity, text[slice(*(each.span or (0, 0)))]) for each in findings(channel, content)]


@pytest.mark.parametrize("name", [place.name for place in channels()])
def test_a_careful_post_has_no_findings_anywhere(name: str) -> None:
    expected = ["media_required"] if name == "instagram" else []
    expected += ["slides"] if name == "carousel" else []
    expected += ["no_sender"] if name in ("youtube", "shownotes", "carousel") else []
    assert [finding.rule for finding in findings(name, GOOD)] == expected


def test_a_text_that_is_too_long_says_by_how_much_and_where_the_room_ends() -> None:
    assert findings("bluesky", Content(text="é" * 302)) == (
        Finding(
            rule="length",
            severity="error",
            message="It has 302 graphemes; Bluesky takes 300: 2 too many.",
            span=(300, 302),
        ),
    )


@pytest.mark.parametrize(
    ("channel", "text", "expected"),
    [
        ("bluesky", " \n", ("empty", "error", "")),
        ("threads", "https://a.org " * 6, ("too_many_links", "error", "https://a.org")),
        ("threads", "#one #two #three", ("too_many_hashtags", "warning", "#two #three")),
        ("x", "#a #b #c #d", ("many_hashtags", "note", "#a #b #c #d")),
        ("site", "See #PlainLanguage", ("many_hashtags", "note", "#PlainLanguage")),
        ("bluesky", "Hello {{ first_name }}!", ("placeholder", "error", "{{ first_name }}")),
        ("bluesky", "Read [insert link here] now", ("placeholder", "error", "[insert link here]")),
        ("bluesky", "TODO say more", ("placeholder", "error", "TODO")),
        ("linkedin", "We said it it again", ("doubled_word", "warning", "it it")),
        ("bluesky", "bell\x07", ("control_characters", "error", "\x07")),
        ("bluesky", "soft\u00adhyphen", ("invisible_characters", "note", "\u00ad")),
        ("bluesky", "see https:/example.org", ("broken_link", "error", "https:/example.org")),
        ("bluesky", "see http:// example.org", ("broken_link", "error", "http:// example.org")),
        ("bluesky", "see htp://example.org", ("broken_link", "error", "htp://example.org")),
        ("bluesky", "see https:// now", ("broken_link", "warning", "https://")),
        ("bluesky", "see https://example now", ("broken_link", "warning", "https://example")),
        ("mastodon", "now # PlainLanguage", ("hashtag_space", "warning", "# ")),
        ("mastodon", "now #plain-language", ("hashtag_cut", "note", "#plain-language")),
        ("bluesky", "a **bold** word", ("markdown_shows", "warning", "**bold**")),
        ("bluesky", "salt &amp; pepper", ("leftover", "warning", "&amp;")),
        ("bluesky", "open (bracket", ("unclosed", "note", "(")),
        ("bluesky", "he said “yes", ("unclosed", "note", "“")),
        ("site", "![](ferry.jpg)", ("missing_alt", "warning", "![](ferry.jpg)")),
        ("site", '<img src="a.png" alt=" ">', ("missing_alt", "warning", '<img src="a.png" alt=" ">')),
    ],
)
def test_a_slip_is_named_with_its_place(channel: str, text: str, expected: tuple[str, str, str]) -> None:
    assert found(channel, text) == [expected]


@pytest.mark.parametrize(
    ("channel", "text"),
    [
        ("site", "Use `{{ name }}` here.\n\n```\n{{ x }} TODO the the\n```\n"),
        ("site", "![A ferry](ferry.jpg) **bold** [link](https://example.org)"),
        ("bluesky", "I had had enough of that that day. Bye bye :)"),
        ("bluesky", "A) one\nB) two\n1) three ;-)"),
        ("bluesky", "“First paragraph goes on.\n\n“And the second closes.”"),
        ("bluesky", 'A “TODO” list, a 5" nail, index index.html'),
        ("bluesky", "https://example.org/wiki/Plain_(language) https://example.org/#a-b"),
        ("bluesky", "Family 👩‍👩‍👧‍👦, می‌خواهم"),
    ],
)
def test_what_only_looks_like_a_slip_is_left_alone(channel: str, text: str) -> None:
    assert found(channel, text) == []


def test_instagram_wants_a_picture_few_hashtags_and_no_links() -> None:
    assert found("instagram", "Look: https://example.org #a #b #c #d #e #f") == [
        ("too_many_hashtags", "error", "#f"),
        ("dead_link", "warning", "https://example.org"),
        ("media_required", "warning", ""),
    ]
    assert findings("instagram", Content(text="Look."), alts=["A ferry at dusk"]) == ()


def test_missing_alt_text_is_an_error_where_the_platform_requires_it() -> None:
    text = Content(text="Look.")
    assert [each.severity for each in findings("bluesky", text, alts=["A ferry", " "])] == ["error"]
    assert [each.severity for each in findings("mastodon", text, alts=["", "x" * 1501])] == ["error", "warning"]
    assert [each.rule for each in findings("x", text, alts=["a"] * 5)] == ["too_many_images"]


def test_a_mail_needs_a_subject_and_a_long_one_is_only_noted() -> None:
    (missing,) = findings("newsletter", GOOD.model_copy(update={"subject": " "}))
    assert (missing.rule, missing.severity, missing.field) == ("missing_subject", "error", "subject")
    (long,) = findings("newsletter", GOOD.model_copy(update={"subject": "x" * 61}))
    assert (long.rule, long.severity, long.field) == ("length", "note", "subject")


def test_a_heading_stands_for_a_title() -> None:
    assert [each.rule for each in findings("site", Content(text="Body."))] == ["missing_title"]
    assert findings("site", Content(text="# Plain words\n\nBody.")) == ()


def test_a_placeholder_in_a_subject_is_found_there() -> None:
    (finding,) = findings("newsletter", GOOD.model_copy(update={"subject": "Hi {{name}}"}))
    assert (finding.field, finding.span) == ("subject", (3, 11))


def test_what_a_link_costs_on_x_is_said_before_anybody_approves() -> None:
    assert found("x", "New: https://example.org/a and harbour.org") == [("link_costs", "note", "https://example.org/a")]
    assert found("x", "New at harbour.org: the tide") == [("link_costs", "note", "harbour.org")]
    assert found("x", "Nothing to follow here") == []
    assert found("mastodon", "New: https://example.org/a") == []
    [finding] = findings("x", Content(text="One\n\n---\n\nTwo https://example.org/a"))
    assert finding.message == "Post 2 of 2 has a link: X charges about 13 times as much for it as without one."
